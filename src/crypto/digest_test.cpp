#include "crypto/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/random.hpp"
#include "support/vectors.hpp"

namespace daicho::crypto {
namespace {

using testing_support::read_vectors;
using testing_support::Vector;

TEST(Sha256, AgreesWithEveryVectorHoweverItIsFed) {
    for (const Vector& vector : read_vectors("crypto/sha256.txt")) {
        const Bytes message = vector.bytes(0);
        EXPECT_EQ(sha256(message).hex(), vector.fields[1]);
        const ByteView head = ByteView(message).first(message.size() / 3);
        const ByteView tail = ByteView(message).subspan(message.size() / 3);
        EXPECT_EQ(sha256({head, {}, tail}).hex(), vector.fields[1]);
        Sha256 running;
        running.update(head);
        running.update(tail);
        EXPECT_EQ(running.finish().hex(), vector.fields[1]);
        for (const std::uint8_t byte : message) running.update(ByteView(&byte, 1));
        EXPECT_EQ(running.finish().hex(), vector.fields[1]) << "byte by byte, after a finish";
    }
}

TEST(TreeHashes, FollowRfc9162) {
    EXPECT_EQ(hash_empty().hex(),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    // The empty leaf and a node over it, as in certificate-transparency's reference tests.
    EXPECT_EQ(hash_leaf({}).hex(),
              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    const Digest left = hash_leaf({});
    const Digest right = hash_leaf(Bytes{0x00});
    EXPECT_EQ(right.hex(), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    EXPECT_EQ(hash_node(left, right).hex(),
              "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
}

/// `parts` cut a message at three random places.
MessageParts cut(ByteView message) {
    const auto dice = random_bytes<3>();
    std::array<std::size_t, 3> at{};
    for (std::size_t i = 0; i < 3; ++i) at[i] = message.size() * dice[i] / 256;
    std::sort(at.begin(), at.end());
    return {message.first(at[0]), message.subspan(at[0], at[1] - at[0]),
            message.subspan(at[1], at[2] - at[1]), message.subspan(at[2])};
}

void expect_same(const std::vector<MessageParts>& messages) {
    std::vector<Digest> out(messages.size());
    sha256_many(messages, out);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const MessageParts& parts = messages[i];
        ASSERT_EQ(out[i], sha256({parts[0], parts[1], parts[2], parts[3]}))
            << "message " << i << " of " << messages.size();
    }
}

TEST(Sha256Many, AgreesWithOpenSslForEveryLengthTo1200) {
    Bytes pool(1201);
    random_fill(pool);
    std::vector<MessageParts> messages;
    for (std::size_t size = 0; size <= 1200; ++size)
        messages.push_back(cut(ByteView(pool).first(size)));
    expect_same(messages);
    std::reverse(messages.begin(), messages.end());
    expect_same(messages);
    // Every length in batches of its own, so that each fills all lanes alone.
    for (std::size_t size = 0; size <= 1200; size += 1) {
        expect_same(std::vector<MessageParts>(17, cut(ByteView(pool).first(size))));
    }
}

TEST(Sha256Many, AgreesWithOpenSslForRandomBatches) {
    Bytes pool(70'000);
    random_fill(pool);
    for (std::size_t round = 0; round < 300; ++round) {
        std::vector<MessageParts> messages(round % 70);
        for (MessageParts& parts : messages) {
            const auto dice = random_bytes<5>();
            // Mostly events, now and then one that is far longer than its neighbours.
            const std::size_t size = dice[0] < 8 ? dice[1] * 256U + dice[2] : dice[1] + dice[2];
            const std::size_t offset = (dice[3] * 256U + dice[4]) % (pool.size() - size);
            parts = cut(ByteView(pool).subspan(offset, size));
        }
        expect_same(messages);
    }
}

TEST(HashNodes, AgreesWithHashNodeAlsoInPlace) {
    for (std::size_t count = 0; count <= 70; ++count) {
        std::vector<Digest> nodes(2 * count);
        for (Digest& node : nodes) node.bytes = random_bytes<digest_size>();
        std::vector<Digest> expected(count);
        for (std::size_t i = 0; i < count; ++i)
            expected[i] = hash_node(nodes[2 * i], nodes[2 * i + 1]);
        std::vector<Digest> parents(count);
        hash_nodes(nodes, parents);
        EXPECT_EQ(parents, expected) << count;
        hash_nodes(nodes, std::span(nodes).first(count));
        nodes.resize(count);
        EXPECT_EQ(nodes, expected) << count << " in place";
    }
}

TEST(HashNodesDeathTest, WantsTwoChildrenPerParent) {
    std::vector<Digest> three(3);
    std::vector<Digest> one(1);
    EXPECT_DEATH(hash_nodes(three, one), "two children");
    EXPECT_DEATH(sha256_many({}, one), "one digest");
}

}  // namespace
}  // namespace daicho::crypto
