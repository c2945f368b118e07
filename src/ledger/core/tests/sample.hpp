#pragma once
// Small values of the ledger's forms that every test here starts from.
#include <array>
#include <string>
#include <vector>

#include "crypto/kdf.hpp"
#include "ledger/core/batch_hasher.hpp"
#include "ledger/core/body.hpp"
#include "ledger/core/event.hpp"
#include "ledger/core/keys.hpp"
#include "ledger/core/leaf.hpp"
#include "ledger/core/wal.hpp"

namespace daicho::ledger::core::sample {

inline constexpr WallNs moment = 1'795'305'600 * second_ns;

/// A key that only tests have: its number over and over.
inline crypto::Key32 key_of(std::uint8_t number) {
    std::array<std::uint8_t, crypto::Key32::size> bytes{};
    bytes.fill(number);
    return crypto::Key32(std::span<const std::uint8_t, crypto::Key32::size>(bytes));
}

inline crypto::Digest digest_of(std::string_view text) {
    return crypto::sha256(view_of(text));
}

/// Four events of two sources, in two runs, as a BATCH leaf commits to them.
struct Batch {
    std::vector<std::string> lines{"first line", "second", "", "fourth, of another source"};
    std::vector<BodyRun> runs;
    std::vector<BlockEvent> events;
    BatchLeaf leaf;

    explicit Batch(const crypto::Key32& data_key = key_of(1), std::uint64_t first_seq = 100) {
        leaf.retention_class = "log";
        leaf.segment = first_seq - 10;
        leaf.first_seq = first_seq;
        leaf.count = 4;
        leaf.wall_first_ns = moment;
        leaf.wall_last_ns = moment + 5;
        leaf.monotonic_first_ns = 10;
        leaf.monotonic_last_ns = 15;
        leaf.boot_id = {9};
        leaf.previous = digest_of("the batch before");
        leaf.sources = {{"import:a", 3, 16}, {"udp:192.0.2.1", 1, 25}};
        runs.push_back({0, Transport::file, Framing::line, moment, 10, {}, {}});
        runs.push_back({1, Transport::udp, Framing::datagram, moment + 5, 15, {}, {}});
        for (std::size_t i = 0; i < lines.size(); ++i) {
            BodyRun& run = runs[i < 3 ? 0 : 1];
            const auto length = static_cast<std::uint32_t>(lines[i].size());
            run.items.push_back({length, 0, length});
            run.raw.push_back(view_of(lines[i]));
        }
        seal(data_key);
    }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    /// Makes the events and the root anew after `runs` were changed.
    void seal(const crypto::Key32& data_key) {
        events.clear();
        std::vector<crypto::Digest> commitments;
        const crypto::Key32 salts = salt_key(data_key, leaf.first_seq);
        for_each_event(runs, leaf.first_seq, [&](const Envelope& envelope, ByteView raw) {
            events.push_back(block_event_of(envelope, raw));
            const auto position = static_cast<std::uint32_t>(envelope.seq - leaf.first_seq);
            commitments.push_back(event_commitment(salt_at(salts, position), envelope, raw));
        });
        leaf.event_root = RangeHasher().root(commitments);
    }
    [[nodiscard]] Bytes body() const {
        Bytes out = encode_body_head(runs);
        for (const BodyRun& run : runs) {
            for (const ByteView raw : run.raw) out.insert(out.end(), raw.begin(), raw.end());
        }
        return out;
    }
    [[nodiscard]] const std::string& source_of(const BlockEvent& event) const {
        return leaf.sources[event.source].id;
    }
};

inline ClassKey class_key(const std::string& name = "log") {
    return {name, "2026-11-22", Bytes(60, 7), digest_of("commitment")};
}

inline WalHeader wal_header() {
    WalHeader header;
    header.first_leaf = 12;
    header.segment = 90;
    header.created_ns = moment;
    header.previous_batch = digest_of("before");
    header.wrapped_mac_key = Bytes(60, 8);
    header.classes = {class_key("log"), class_key("evidence")};
    return header;
}

/// A whole frame; `body` empty for a notice.
inline Bytes frame(std::uint64_t leaf_index, std::uint32_t unsynced, ByteView leaf,
                   ByteView body = {}) {
    FrameHead head;
    head.leaf_index = leaf_index;
    head.class_index = body.empty() ? no_class : std::uint8_t{0};
    head.leaf_length = static_cast<std::uint32_t>(leaf.size());
    head.body_length = static_cast<std::uint32_t>(body.size());
    head.unsynced = unsynced;
    head.mac = digest_of("mac");
    head.crc = frame_crc(head, leaf, body);
    Bytes out;
    ByteWriter to(out);
    to.raw(encode(head));
    to.raw(leaf);
    to.raw(body);
    return out;
}

}  // namespace daicho::ledger::core::sample
