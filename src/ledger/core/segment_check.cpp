#include "ledger/core/segment_check.hpp"

#include <algorithm>
#include <map>

#include "ledger/core/keys.hpp"

namespace daicho::ledger::core {
namespace {

SegmentFinding finding_at(const SegmentDirectory& directory, std::size_t index,
                          std::string reason) {
    const SegmentBlock& block = directory.footer.blocks[index];
    return {static_cast<std::uint32_t>(index), block.first_seq, block.last_seq, std::move(reason)};
}

Status check_against_footer(const Block& block, const SegmentBlock& place) {
    if (block.size() != place.events || block.raw().size() != place.raw_bytes ||
        block.event(0).seq != place.first_seq ||
        block.event(block.size() - 1).seq != place.last_seq) {
        return fail(Errc::tampered, "the block holds other events than the footer says");
    }
    return {};
}

/// The batches of one segment; those that are complete are finished and let go at once, so memory
/// stays with the few that blocks of several sources share.
class OpenBatches {
public:
    OpenBatches(std::span<const BatchLeaf> leaves, const crypto::Key32& data_key)
        : leaves_(leaves), data_key_(data_key), done_(leaves.size()) {}

    Status add(const BlockEvent& event, const std::string& source) {
        const std::size_t at = index_of(event.seq);
        if (at == leaves_.size() || done_[at]) {
            return fail(Errc::tampered, "event " + std::to_string(event.seq) +
                                            " belongs to no batch of this segment");
        }
        if (last_ == open_.end() || last_->first != at) {
            last_ = open_.try_emplace(at, leaves_[at], data_key_).first;
        }
        const Status added = last_->second.add(event, source);
        if (!added || !last_->second.complete()) return added;
        const Status finished = last_->second.finish();
        done_[at] = true;
        open_.erase(last_);
        last_ = open_.end();
        return finished;
    }

    /// The bytes of the events added so far are about to go.
    void flush() {
        for (auto& [at, batch] : open_) batch.flush();
    }

    Status finish() {
        for (auto& [at, batch] : open_) {
            const Status finished = batch.finish();
            if (!finished) return finished;
        }
        for (std::size_t i = 0; i < done_.size(); ++i) {
            if (!done_[i]) {
                return fail(Errc::tampered, "events from " + std::to_string(leaves_[i].first_seq) +
                                                " on are missing");
            }
        }
        return {};
    }

private:
    std::size_t index_of(std::uint64_t seq) const {
        if (last_ != open_.end() && seq >= leaves_[last_->first].first_seq &&
            seq - leaves_[last_->first].first_seq < leaves_[last_->first].count) {
            return last_->first;
        }
        const auto after = std::upper_bound(
            leaves_.begin(), leaves_.end(), seq,
            [](std::uint64_t value, const BatchLeaf& leaf) { return value < leaf.first_seq; });
        if (after == leaves_.begin()) return leaves_.size();
        const auto at = static_cast<std::size_t>(after - leaves_.begin()) - 1;
        return seq - leaves_[at].first_seq < leaves_[at].count ? at : leaves_.size();
    }
    std::span<const BatchLeaf> leaves_;
    const crypto::Key32& data_key_;
    std::vector<bool> done_;
    std::map<std::size_t, BatchHasher> open_;
    std::map<std::size_t, BatchHasher>::iterator last_ = open_.end();  // where the last event went
};

}  // namespace

void check_block_digests(const SegmentDirectory& directory, const ReadAt& read,
                         std::vector<SegmentFinding>& findings, std::uint64_t& bytes) {
    for (std::size_t i = 0; i < directory.footer.blocks.size(); ++i) {
        const SegmentBlock& place = directory.footer.blocks[i];
        const Bytes stored = read(place.offset, place.stored_bytes);
        bytes += stored.size();
        if (stored.size() != place.stored_bytes || crypto::sha256(stored) != place.digest) {
            findings.push_back(
                finding_at(directory, i, "the stored bytes of the block were changed"));
        }
    }
}

Result<Bytes> decrypt_block(const SegmentDirectory& directory, std::uint32_t index, ByteView stored,
                            crypto::Aead& aead) {
    const bool last = index + 1 == directory.footer.blocks.size();
    Bytes packed;
    packed.reserve(stored.size());
    const Status opened =
        aead.open(block_nonce(index), block_context(directory.header, index, last), stored, packed);
    if (!opened) {
        return fail(Errc::tampered, "the block does not decrypt: it was changed or moved");
    }
    return packed;
}

Result<Block> open_block(const SegmentDirectory& directory, std::uint32_t index, ByteView stored,
                         crypto::Aead& aead) {
    const Result<Bytes> packed = decrypt_block(directory, index, stored, aead);
    if (!packed) return fail(packed.error());
    Result<Block> block = decode_block(*packed);
    if (!block) {
        return fail(Errc::tampered, "the block does not unpack: " + block.error().message);
    }
    const Status fits = check_against_footer(*block, directory.footer.blocks[index]);
    if (!fits) return fail(fits.error());
    return block;
}

Status check_events(const SegmentDirectory& directory, const ReadAt& read,
                    const crypto::Key32& data_key, std::span<const BatchLeaf> leaves,
                    SegmentFinding& finding) {
    OpenBatches batches(leaves, data_key);
    crypto::Aead aead(block_key(data_key));
    for (std::size_t i = 0; i < directory.footer.blocks.size(); ++i) {
        const SegmentBlock& place = directory.footer.blocks[i];
        const Bytes stored = read(place.offset, place.stored_bytes);
        const Result<Block> block =
            open_block(directory, static_cast<std::uint32_t>(i), stored, aead);
        if (!block) {
            finding = finding_at(directory, i, block.error().message);
            return fail(block.error());
        }
        for (std::size_t row = 0; row < block->size(); ++row) {
            const BlockEvent event = block->event(row);
            const Status added = batches.add(event, block->sources()[event.source]);
            if (!added) {
                finding = finding_at(directory, i, added.error().message);
                finding.first_seq = finding.last_seq = event.seq;
                return added;
            }
        }
        batches.flush();
    }
    const Status finished = batches.finish();
    if (!finished) finding.reason = finished.error().message;
    return finished;
}

}  // namespace daicho::ledger::core
