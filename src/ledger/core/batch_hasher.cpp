#include "ledger/core/batch_hasher.hpp"

#include <algorithm>

#include "ledger/core/keys.hpp"

namespace daicho::ledger::core {

std::vector<crypto::Digest> commitments_of(const std::vector<BodyRun>& runs,
                                           std::uint64_t first_seq, const crypto::Key32& data_key) {
    std::size_t count = 0;
    for (const BodyRun& run : runs) count += run.items.size();
    Bytes salts(count * salt_size);
    crypto::Keystream(salt_key(data_key, first_seq)).blocks(0, salts);
    CommitmentLanes lanes(count);
    std::size_t position = 0;
    for_each_event(runs, first_seq, [&](const Envelope& envelope, ByteView raw) {
        lanes.add(position, ByteView(salts).subspan(position * salt_size, salt_size), envelope,
                  raw);
        ++position;
    });
    return std::move(lanes).take();
}

BatchHasher::BatchHasher(const BatchLeaf& leaf, const crypto::Key32& data_key)
    : leaf_(leaf),
      salts_(std::size_t{leaf.count} * salt_size),
      lanes_(leaf.count),
      seen_(leaf.count) {
    crypto::Keystream(salt_key(data_key, leaf.first_seq)).blocks(0, salts_);
}

Salt BatchHasher::salt(std::uint32_t position) const noexcept {
    Salt out{};
    std::copy_n(salts_.begin() + static_cast<std::ptrdiff_t>(position * salt_size), salt_size,
                out.begin());
    return out;
}

Result<Envelope> BatchHasher::envelope_of(const BlockEvent& event, std::string_view source) const {
    const std::size_t count = leaf_.sources.size();
    for (std::size_t tried = 0; tried < count; ++tried) {
        const std::size_t i = (last_source_ + tried) % count;
        if (leaf_.sources[i].id != source) continue;
        last_source_ = i;
        Envelope out;
        out.seq = event.seq;
        out.wall_ns = event.wall_ns;
        out.monotonic_ns = event.monotonic_ns;
        out.source = static_cast<std::uint16_t>(i);
        out.transport = event.transport;
        out.framing = event.framing;
        out.flags = event.flags;
        out.raw_length = static_cast<std::uint32_t>(event.raw.size());
        out.true_length = event.true_length;
        return out;
    }
    return fail(Errc::tampered,
                "event " + std::to_string(event.seq) + " names a source that its batch has not");
}

Status BatchHasher::add(const BlockEvent& event, std::string_view source) {
    if (event.seq < leaf_.first_seq || event.seq - leaf_.first_seq >= leaf_.count) {
        return fail(Errc::tampered, "event " + std::to_string(event.seq) + " is not of this batch");
    }
    const auto position = static_cast<std::uint32_t>(event.seq - leaf_.first_seq);
    if (seen_[position]) {
        return fail(Errc::tampered, "event " + std::to_string(event.seq) + " is there twice");
    }
    const Result<Envelope> envelope = envelope_of(event, source);
    if (!envelope) return fail(envelope.error());
    lanes_.add(position, ByteView(salts_).subspan(std::size_t{position} * salt_size, salt_size),
               *envelope, event.raw);
    seen_[position] = true;
    ++added_;
    return {};
}

Status BatchHasher::finish() {
    lanes_.flush();
    if (!complete()) {
        const auto missing = std::find(seen_.begin(), seen_.end(), false) - seen_.begin();
        return fail(Errc::tampered,
                    "event " +
                        std::to_string(leaf_.first_seq + static_cast<std::uint64_t>(missing)) +
                        " is missing");
    }
    if (RangeHasher().root(commitments()) != leaf_.event_root) {
        return fail(Errc::tampered, "events " + std::to_string(leaf_.first_seq) + " to " +
                                        std::to_string(leaf_.first_seq + leaf_.count - 1) +
                                        " are not the ones that their BATCH leaf commits to");
    }
    return {};
}

}  // namespace daicho::ledger::core
