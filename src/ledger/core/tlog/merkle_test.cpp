#include "ledger/core/tlog/merkle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace daicho::ledger::core {
namespace {

using crypto::Digest;
using testing::ElementsAreArray;

constexpr std::uint64_t exhaustive_size_max = 130;

std::vector<Digest> leaves_of(std::uint64_t size) {
    std::vector<Digest> leaves;
    for (std::uint64_t i = 0; i < size; ++i) {
        leaves.push_back(crypto::hash_leaf(view_of("entry " + std::to_string(i))));
    }
    return leaves;
}

// The definitions of RFC 9162, 2.1, word for word and without any thought for speed.
std::size_t largest_power_below(std::size_t size) {
    std::size_t k = 1;
    while (k * 2 < size) k *= 2;
    return k;
}
Digest naive_root(std::span<const Digest> d) {
    if (d.empty()) return crypto::hash_empty();
    if (d.size() == 1) return d[0];
    const std::size_t k = largest_power_below(d.size());
    return crypto::hash_node(naive_root(d.first(k)), naive_root(d.subspan(k)));
}
Proof naive_path(std::size_t m, std::span<const Digest> d) {
    if (d.size() == 1) return {};
    const std::size_t k = largest_power_below(d.size());
    Proof path = m < k ? naive_path(m, d.first(k)) : naive_path(m - k, d.subspan(k));
    path.push_back(m < k ? naive_root(d.subspan(k)) : naive_root(d.first(k)));
    return path;
}
Proof naive_subproof(std::size_t m, std::span<const Digest> d, bool b) {
    if (m == d.size()) return b ? Proof{} : Proof{naive_root(d)};
    const std::size_t k = largest_power_below(d.size());
    Proof proof =
        m <= k ? naive_subproof(m, d.first(k), b) : naive_subproof(m - k, d.subspan(k), false);
    proof.push_back(m <= k ? naive_root(d.subspan(k)) : naive_root(d.first(k)));
    return proof;
}

/// Every way to spoil a proof by one step: a flipped bit, a hash too few or too many, two
/// exchanged.
std::vector<Proof> spoiled(const Proof& proof) {
    std::vector<Proof> out;
    for (std::size_t i = 0; i < proof.size(); ++i) {
        Proof flipped = proof;
        flipped[i].bytes[(i * 7) % 32] ^= static_cast<std::uint8_t>(1U << (i % 8));
        out.push_back(flipped);
        Proof shorter = proof;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
        out.push_back(shorter);
        Proof longer = proof;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
        out.push_back(longer);
        if (i > 0) {
            Proof exchanged = proof;
            std::swap(exchanged[i - 1], exchanged[i]);
            out.push_back(exchanged);
        }
    }
    Proof padded = proof;
    padded.emplace_back();
    out.push_back(padded);
    return out;
}

TEST(Merkle, roots_equal_the_published_vectors_of_certificate_transparency) {
    // The eight entries and roots of the reference implementation's test
    // (google/certificate-transparency, merkle_tree_test), which other implementations repeat.
    const std::vector<std::string> entries = {"",
                                              "00",
                                              "10",
                                              "2021",
                                              "3031",
                                              "40414243",
                                              "5051525354555657",
                                              "606162636465666768696a6b6c6d6e6f"};
    const std::vector<std::string> roots = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    Frontier frontier;
    EXPECT_EQ(frontier.root().hex(), roots[0]);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        ASSERT_EQ(frontier.append(crypto::hash_leaf(*from_hex(entries[i]))).value(), i);
        EXPECT_EQ(frontier.root().hex(), roots[i + 1]);
    }
}

TEST(Merkle, every_way_to_a_root_agrees_with_the_definition) {
    const auto leaves = leaves_of(exhaustive_size_max);
    Frontier one_by_one;
    RangeHasher hasher;
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
        const auto part = std::span(leaves).first(size);
        const Digest expected = naive_root(part);
        EXPECT_EQ(one_by_one.root(), expected) << size;
        EXPECT_EQ(hasher.root(part), expected) << size;
        Frontier at_once;
        ASSERT_TRUE(at_once.append_many(part));
        EXPECT_EQ(at_once.head(), (TreeHead{size, expected}));
        LeafSource source(leaves);
        EXPECT_EQ(root_at(size, source).value(), expected) << size;
        EXPECT_THAT(frontier_at(size, source)->peaks(), ElementsAreArray(one_by_one.peaks()));
        if (size == leaves.size()) break;
        ASSERT_TRUE(one_by_one.append(leaves[size]));
    }
}

TEST(Merkle, a_restored_frontier_grows_like_the_original) {
    const auto leaves = leaves_of(70);
    for (std::size_t cut = 0; cut <= leaves.size(); ++cut) {
        Frontier before;
        ASSERT_TRUE(before.append_many(std::span(leaves).first(cut)));
        auto after = Frontier::restore(cut, {before.peaks().begin(), before.peaks().end()});
        ASSERT_TRUE(after);
        ASSERT_EQ(after->append_many(std::span(leaves).subspan(cut)).value(), cut);
        EXPECT_EQ(after->root(), naive_root(leaves));
    }
}

TEST(Merkle, a_frontier_that_can_not_be_is_refused) {
    EXPECT_EQ(Frontier::restore(3, std::vector<Digest>(1)).error().code, Errc::tampered);
    EXPECT_EQ(Frontier::restore(4, std::vector<Digest>(2)).error().code, Errc::tampered);
    EXPECT_EQ(Frontier::restore(tree_size_max + 1, std::vector<Digest>(2)).error().code,
              Errc::tampered);
}

TEST(Merkle, a_full_tree_takes_no_leaf_and_stays_as_it_was) {
    auto frontier = Frontier::restore(tree_size_max - 1, std::vector<Digest>(40)).value();
    EXPECT_EQ(frontier.append_many(std::vector<Digest>(2)).error().code, Errc::too_large);
    EXPECT_EQ(frontier.size(), tree_size_max - 1);
    EXPECT_EQ(frontier.append(Digest{}).value(), tree_size_max - 1);
    const Digest root = frontier.root();
    EXPECT_EQ(frontier.append(Digest{}).error().code, Errc::too_large);
    EXPECT_EQ(frontier.root(), root);
}

TEST(Merkle, inclusion_proofs_are_those_of_the_definition_and_verify_for_every_leaf_and_size) {
    const auto leaves = leaves_of(exhaustive_size_max);
    LeafSource source(leaves);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const auto part = std::span(leaves).first(size);
        const TreeHead head{size, naive_root(part)};
        for (std::size_t index = 0; index < size; ++index) {
            const Proof expected = naive_path(index, part);
            ASSERT_EQ(prove_inclusion(index, part).value(), expected);
            ASSERT_EQ(prove_inclusion(index, size, source).value(), expected);
            ASSERT_TRUE(verify_inclusion(leaves[index], index, head, expected));
            ASSERT_LE(expected.size(), proof_length_max);
        }
    }
}

TEST(Merkle, consistency_proofs_are_those_of_the_definition_and_verify_for_every_pair_of_sizes) {
    const auto leaves = leaves_of(exhaustive_size_max);
    LeafSource source(leaves);
    std::vector<TreeHead> heads;
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
        heads.push_back({size, naive_root(std::span(leaves).first(size))});
    }
    for (std::size_t newer = 0; newer <= leaves.size(); ++newer) {
        for (std::size_t older = 0; older <= newer; ++older) {
            const Proof expected =
                older == 0 ? Proof{} : naive_subproof(older, std::span(leaves).first(newer), true);
            ASSERT_EQ(prove_consistency(older, newer, source).value(), expected);
            ASSERT_TRUE(verify_consistency(heads[older], heads[newer], expected))
                << older << " to " << newer;
        }
    }
}

TEST(Merkle, an_inclusion_proof_with_anything_changed_does_not_verify) {
    const auto leaves = leaves_of(40);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const auto part = std::span(leaves).first(size);
        const TreeHead head{size, naive_root(part)};
        for (std::size_t index = 0; index < size; ++index) {
            const Proof proof = naive_path(index, part);
            for (const Proof& other : spoiled(proof)) {
                ASSERT_FALSE(verify_inclusion(leaves[index], index, head, other));
            }
            for (std::size_t wrong = 0; wrong <= size; ++wrong) {
                if (wrong == index) continue;
                ASSERT_FALSE(verify_inclusion(leaves[index], wrong, head, proof));
            }
            Digest root = head.root;
            root.bytes[31] ^= 0x80;
            ASSERT_FALSE(verify_inclusion(leaves[index], index, {size, root}, proof));
            ASSERT_FALSE(
                verify_inclusion(crypto::hash_leaf(leaves[index].view()), index, head, proof));
        }
    }
}

TEST(Merkle, a_consistency_proof_with_anything_changed_does_not_verify) {
    const auto leaves = leaves_of(40);
    for (std::size_t newer = 1; newer <= leaves.size(); ++newer) {
        const TreeHead new_head{newer, naive_root(std::span(leaves).first(newer))};
        for (std::size_t older = 1; older <= newer; ++older) {
            const TreeHead old_head{older, naive_root(std::span(leaves).first(older))};
            const Proof proof = naive_subproof(older, std::span(leaves).first(newer), true);
            for (const Proof& other : spoiled(proof)) {
                ASSERT_FALSE(verify_consistency(old_head, new_head, other));
            }
            TreeHead forged = old_head;
            forged.root.bytes[0] ^= 1;
            ASSERT_FALSE(verify_consistency(forged, new_head, proof));
            forged = new_head;
            forged.root.bytes[0] ^= 1;
            ASSERT_FALSE(verify_consistency(old_head, forged, proof));
        }
    }
}

TEST(Merkle, a_path_of_another_length_is_refused_even_if_the_root_was_made_to_fit) {
    // Whoever makes up the root, too, can lead a path of any length to it; the size alone says how
    // long it must be.
    const auto leaves = leaves_of(20);
    const Digest extra = crypto::hash_leaf(view_of("not of this tree"));
    LeafSource source(leaves);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const auto part = std::span(leaves).first(size);
        const Digest root = naive_root(part);
        const TreeHead on_the_left{size, crypto::hash_node(extra, root)};
        const TreeHead on_the_right{size, crypto::hash_node(root, extra)};
        for (std::size_t index = 0; index < size; ++index) {
            Proof longer = naive_path(index, part);
            longer.push_back(extra);
            ASSERT_FALSE(verify_inclusion(leaves[index], index, on_the_left, longer));
            ASSERT_FALSE(verify_inclusion(leaves[index], index, on_the_right, longer));
        }
        for (std::size_t older = 1; older < size; ++older) {
            Proof longer = prove_consistency(older, size, source).value();
            longer.push_back(extra);
            const Digest older_root = naive_root(part.first(older));
            ASSERT_FALSE(verify_consistency({older, older_root}, on_the_left, longer));
            ASSERT_FALSE(verify_consistency({older, older_root}, on_the_right, longer));
            ASSERT_FALSE(verify_consistency({older, crypto::hash_node(extra, older_root)},
                                            on_the_left, longer));
        }
    }
    const Digest pair = crypto::hash_node(leaves[0], leaves[1]);
    const TreeHead too_large_for_it{4, crypto::hash_node(pair, extra)};
    EXPECT_FALSE(verify_inclusion(pair, 0, {4, pair}, {}));
    EXPECT_FALSE(verify_inclusion(leaves[0], 0, {4, pair}, Proof{leaves[1]}));
    EXPECT_TRUE(verify_consistency({2, pair}, too_large_for_it, Proof{extra}));
    EXPECT_FALSE(verify_consistency({2, pair}, {8, too_large_for_it.root}, Proof{extra}));
}

TEST(Merkle, no_proof_reaches_into_a_tree_over_the_limit) {
    const Digest leaf = leaves_of(1)[0];
    const TreeHead head{tree_size_max + 1,
                        crypto::hash_node(leaf, leaf)};  // one step from its last leaf
    EXPECT_FALSE(verify_inclusion(leaf, tree_size_max, head, Proof{leaf}));
    EXPECT_FALSE(verify_consistency({tree_size_max, leaf}, head, Proof{leaf}));
}

TEST(Merkle, the_borders_of_consistency_are_refused) {
    const TreeHead empty{0, crypto::hash_empty()};
    const TreeHead one{1, leaves_of(1)[0]};
    EXPECT_TRUE(verify_consistency(empty, empty, {}));
    EXPECT_TRUE(verify_consistency(empty, one, {}));
    EXPECT_FALSE(verify_consistency(one, empty, {}));
    EXPECT_FALSE(verify_consistency({0, one.root}, one, {}));
    EXPECT_FALSE(verify_consistency(empty, {0, one.root}, {}));
    EXPECT_FALSE(verify_consistency(empty, one, Proof(1)));
    EXPECT_FALSE(verify_consistency(one, {1, crypto::hash_empty()}, {}));
    EXPECT_FALSE(verify_consistency(one, {tree_size_max + 1, one.root}, Proof(41)));
}

TEST(Merkle, what_is_not_in_the_tree_is_not_proven) {
    const auto leaves = leaves_of(5);
    LeafSource source(leaves);
    EXPECT_EQ(prove_inclusion(5, 5, source).error().code, Errc::invalid);
    EXPECT_EQ(prove_inclusion(5, leaves).error().code, Errc::invalid);
    EXPECT_EQ(prove_inclusion(0, 6, source).error().code, Errc::not_found);
    EXPECT_EQ(prove_consistency(6, 5, source).error().code, Errc::invalid);
    EXPECT_EQ(prove_consistency(1, tree_size_max + 1, source).error().code, Errc::invalid);
    EXPECT_EQ(root_at(6, source).error().code, Errc::not_found);
    EXPECT_FALSE(verify_inclusion(leaves[0], 0, {0, crypto::hash_empty()}, {}));
    EXPECT_FALSE(verify_inclusion(leaves[0], 0, {tree_size_max + 1, leaves[0]}, {}));
}

}  // namespace
}  // namespace daicho::ledger::core
