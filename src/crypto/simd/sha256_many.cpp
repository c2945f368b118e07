// Batches of SHA-256: sixteen lanes that each take the next message when they have finished theirs,
// so that messages of different lengths waste nothing until the last ones. What then remains is
// finished one by one with OpenSSL.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "base/fault.hpp"
#include "crypto/digest.hpp"
#include "crypto/simd/sha256_avx512.hpp"

namespace daicho::crypto {
namespace {

using simd::block_size;
using simd::lane_count;

// With fewer messages the vector unit runs mostly empty lanes (measured by bench/sha256).
constexpr std::size_t worth_lanes_min = 9;

std::uint8_t* put_be64(std::uint8_t* to, std::uint64_t value) noexcept {
    for (int shift = 56; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(value >> shift);
    return to;
}
void put_be32(std::uint8_t* to, std::uint32_t value) noexcept {
    for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(value >> shift);
}

/// Cuts one message and its padding (FIPS 180-4, section 5.1.1) into blocks.
class BlockSource {
public:
    void start(const MessageParts& parts) noexcept {
        parts_ = &parts;
        part_ = 0;
        offset_ = 0;
        size_ = 0;
        for (const ByteView part : parts) size_ += part.size();
        left_ = size_;
        blocks_left_ = (size_ + 1 + 8 + block_size - 1) / block_size;
    }
    [[nodiscard]] bool done() const noexcept { return blocks_left_ == 0; }

    /// 64 bytes, good until the next call. Blocks that lie whole in one part are not copied.
    const std::uint8_t* next() noexcept {
        --blocks_left_;
        skip_finished_parts();
        if (left_ >= block_size && (*parts_)[part_].size() - offset_ >= block_size) {
            const std::uint8_t* const block = (*parts_)[part_].data() + offset_;
            offset_ += block_size;
            left_ -= block_size;
            return block;
        }
        const std::size_t had = left_;
        std::size_t filled = 0;
        while (filled < block_size && left_ > 0) {
            skip_finished_parts();
            const ByteView part = (*parts_)[part_].subspan(offset_);
            const std::size_t taken = std::min(part.size(), block_size - filled);
            std::memcpy(block_.data() + filled, part.data(), taken);
            filled += taken;
            offset_ += taken;
            left_ -= taken;
        }
        if (filled == block_size) return block_.data();
        std::memset(block_.data() + filled, 0, block_size - filled);
        // The mark stands in the block where the message ended, or alone in front where that one
        // was full.
        const bool marked_before = had == 0 && size_ % block_size != 0;
        if (!marked_before) block_[filled] = 0x80;
        if (blocks_left_ == 0) put_be64(block_.data() + block_size - 8, std::uint64_t{size_} * 8);
        return block_.data();
    }

private:
    void skip_finished_parts() noexcept {
        while (left_ > 0 && offset_ == (*parts_)[part_].size()) {
            ++part_;
            offset_ = 0;
        }
    }
    const MessageParts* parts_ = nullptr;
    std::size_t part_ = 0;
    std::size_t offset_ = 0;
    std::size_t size_ = 0;
    std::size_t left_ = 0;
    std::size_t blocks_left_ = 0;
    alignas(64) std::array<std::uint8_t, block_size> block_{};
};

/// Sixteen messages on their way.
class Lanes {
public:
    Lanes(std::span<const MessageParts> messages, std::span<Digest> out)
        : messages_(messages), out_(out) {
        blocks_.fill(idle_.data());
        for (std::size_t lane = 0; lane < lane_count; ++lane) refill(lane);
    }
    void run() {
        while (busy_ >= worth_lanes_min) {
            for (std::size_t lane = 0; lane < lane_count; ++lane) {
                blocks_[lane] = at_[lane] == none ? idle_.data() : sources_[lane].next();
            }
            simd::compress_sixteen(states_, blocks_);
            for (std::size_t lane = 0; lane < lane_count; ++lane) {
                if (at_[lane] == none || !sources_[lane].done()) continue;
                finish(lane);
                refill(lane);
            }
        }
        for (std::size_t lane = 0; lane < lane_count; ++lane) {
            if (at_[lane] != none) finish_alone(lane);
        }
    }

private:
    static constexpr std::size_t none = SIZE_MAX;

    void refill(std::size_t lane) noexcept {
        if (next_ == messages_.size()) {
            at_[lane] = none;
            return;
        }
        at_[lane] = next_;
        sources_[lane].start(messages_[next_]);
        for (std::size_t i = 0; i < 8; ++i) states_.words[i][lane] = simd::sha256_start[i];
        ++next_;
        ++busy_;
    }
    void finish(std::size_t lane) noexcept {
        std::uint8_t* const to = out_[at_[lane]].bytes.data();
        for (std::size_t i = 0; i < 8; ++i) put_be32(to + 4 * i, states_.words[i][lane]);
        --busy_;
    }
    void finish_alone(std::size_t lane) noexcept {
        SHA256_CTX ctx;
        SHA256_Init(&ctx);
        for (std::size_t i = 0; i < 8; ++i) ctx.h[i] = states_.words[i][lane];
        while (!sources_[lane].done()) SHA256_Transform(&ctx, sources_[lane].next());
        for (std::size_t i = 0; i < 8; ++i) states_.words[i][lane] = ctx.h[i];
        finish(lane);
    }

    std::span<const MessageParts> messages_;
    std::span<Digest> out_;
    std::size_t next_ = 0;
    std::size_t busy_ = 0;
    simd::LaneStates states_{};
    std::array<BlockSource, lane_count> sources_;
    std::array<std::size_t, lane_count> at_{};
    std::array<const std::uint8_t*, lane_count> blocks_{};
    alignas(64) std::array<std::uint8_t, block_size> idle_{};
};

/// Sixteen nodes at a time: 0x01, left, right and the padding fill exactly two blocks.
void hash_sixteen_nodes(const Digest* children, Digest* parents) noexcept {
    alignas(64) std::array<std::array<std::uint8_t, 2 * block_size>, lane_count> blocks;
    simd::LaneStates states;
    std::array<const std::uint8_t*, lane_count> pointers{};
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
        std::uint8_t* const block = blocks[lane].data();
        block[0] = 0x01;
        std::memcpy(block + 1, children[2 * lane].bytes.data(), digest_size);
        std::memcpy(block + 1 + digest_size, children[2 * lane + 1].bytes.data(), digest_size);
        block[block_size + 1] = 0x80;
        std::memset(block + block_size + 2, 0, block_size - 2 - 8);
        put_be64(block + 2 * block_size - 8, (1 + 2 * digest_size) * 8);
        pointers[lane] = block;
    }
    for (std::size_t i = 0; i < 8; ++i) states.words[i].fill(simd::sha256_start[i]);
    simd::compress_sixteen(states, pointers);
    for (const std::uint8_t*& pointer : pointers) pointer += block_size;
    simd::compress_sixteen(states, pointers);
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
        std::uint8_t* const to = parents[lane].bytes.data();
        for (std::size_t i = 0; i < 8; ++i) put_be32(to + 4 * i, states.words[i][lane]);
    }
}

}  // namespace

void sha256_many(std::span<const MessageParts> messages, std::span<Digest> out) {
    check(messages.size() == out.size(), "one digest per message");
    if (messages.size() >= worth_lanes_min && simd::has_sixteen_lanes()) {
        Lanes(messages, out).run();
        return;
    }
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const MessageParts& parts = messages[i];
        out[i] = sha256({parts[0], parts[1], parts[2], parts[3]});
    }
}

void hash_nodes(std::span<const Digest> children, std::span<Digest> parents) {
    check(children.size() == 2 * parents.size(), "two children per parent");
    std::size_t done = 0;
    if (simd::has_sixteen_lanes()) {
        for (; done + lane_count <= parents.size(); done += lane_count) {
            hash_sixteen_nodes(&children[2 * done], &parents[done]);
        }
    }
    for (; done < parents.size(); ++done) {
        parents[done] = hash_node(children[2 * done], children[2 * done + 1]);
    }
}

}  // namespace daicho::crypto
