#include "ledger/core/verify/chain.hpp"

#include <algorithm>
#include <array>

#include "ledger/core/keys.hpp"
#include "ledger/core/tlog/checkpoint.hpp"

namespace daicho::ledger::core::verify {
namespace {

/// A heart-beat comes every minute; twice that without any leaf is silence.
constexpr std::int64_t silence_ns = 2 * minute_ns;

}  // namespace

void Chain::seen_at(WallNs from, WallNs to) {
    // Times come from leaves: any number may stand there, so no difference is taken.
    if (last_ns_ != 0 && from > silence_ns && from - silence_ns > last_ns_)
        out_.note({Remark::silence, {}, last_ns_, from});
    last_ns_ = std::max(from, to);
    out_.report().proven.last_leaf_ns = last_ns_;
}

void Chain::leaf(const Frontier& before, ByteView entry, bool in_wal, bool is_signed) {
    const Result<LeafType> type = leaf_type_of(entry);
    if (!type) return out_.at_leaf(Problem::leaf, before.size(), type.error().message);
    Proven& proven = out_.report().proven;
    ++proven.leaves[static_cast<std::size_t>(*type)];
    if (!is_signed) ++proven.unsigned_leaves;
    if (*type == LeafType::batch) {
        batch(before.size(), entry, in_wal, is_signed);
    } else {
        notice(before, entry);
    }
}

void Chain::batch(std::uint64_t index, ByteView entry, bool in_wal, bool is_signed) {
    const Result<BatchLeaf> leaf = decode_batch(entry);
    if (!leaf) return out_.at_leaf(Problem::leaf, index, leaf.error().message);
    const SeqRange range{leaf->first_seq, leaf->first_seq + leaf->count - 1};
    const auto broken = [&](const std::string& reason) {
        out_.add({Problem::batch_chain, {}, range, index, reason});
    };
    if (leaf->first_seq != next_seq_) {
        broken("the batch before ended with " +
               (next_seq_ == 0 ? std::string("nothing") : std::to_string(next_seq_ - 1)));
    }
    if (leaf->previous != previous_) broken("it does not continue the batch before");
    // A segment bears the number of the first event of its write-ahead file.
    if (leaf->segment != segment_ && leaf->segment != leaf->first_seq)
        broken("it belongs to a segment that began elsewhere");
    segment_ = leaf->segment;
    next_seq_ = range.last + 1;
    previous_ = crypto::hash_leaf(entry);
    Proven& proven = out_.report().proven;
    proven.events += leaf->count;
    if (!is_signed) proven.unsigned_events += leaf->count;
    segments_.batch(index, *leaf, in_wal);
    seen_at(leaf->wall_first_ns, leaf->wall_last_ns);
}

void Chain::notice(const Frontier& before, ByteView entry) {
    const std::uint64_t index = before.size();
    const Result<NoticeLeaf> leaf = decode_notice(entry);
    if (!leaf) return out_.at_leaf(Problem::leaf, index, leaf.error().message);
    const Result<Facts> facts = read_facts(*leaf);
    if (!facts) {
        return out_.at_leaf(Problem::leaf, index,
                            std::string(name_of(leaf->type)) + ": " + facts.error().message);
    }
    if (leaf->type == LeafType::key_rotation) rotation(before, *leaf);
    if (leaf->type == LeafType::clock) ++clock_steps_;
    if (const auto* seal = std::get_if<SealFacts>(&*facts))
        segments_.seal(index, leaf->wall_ns, *seal, clock_steps_ > 0);
    if (const auto* exported = std::get_if<ExportFacts>(&*facts)) {
        segments_.exported(index, *exported);
        exports_[exported->target].insert(exported->tree_size);
    }
    if (const auto* retire = std::get_if<RetireFacts>(&*facts)) segments_.retire(index, *retire);
    if (const auto* gap = std::get_if<GapFacts>(&*facts)) {
        ++gaps_;
        gap_events_ += gap->events;
    }
    if (const auto* beat = std::get_if<HeartbeatFacts>(&*facts)) {
        if (beat->last_seq != (next_seq_ == 0 ? 0 : next_seq_ - 1))
            out_.at_leaf(Problem::batch_chain, index, "a heart-beat speaks of another last event");
    }
    seen_at(leaf->wall_ns, leaf->wall_ns);
}

void Chain::rotation(const Frontier& before, const NoticeLeaf& leaf) {
    const auto broken = [&](const std::string& reason) {
        out_.at_leaf(Problem::key_chain, before.size(), reason);
    };
    Result<KeyRotation> rotation = open_key_rotation(leaf, origin_);
    if (!rotation) return broken(rotation.error().message);
    if (rotation->day != day_of(leaf.wall_ns))
        broken("a key for " + rotation->day + " in a leaf of " + day_of(leaf.wall_ns));
    if (key_ && rotation->day <= day_) broken("a key for a day that is not later than " + day_);
    check_handover(before, *rotation);
    key_ = std::move(rotation->key);
    day_ = rotation->day;
}

void Chain::check_handover(const Frontier& before, const KeyRotation& rotation) {
    const auto broken = [&](const std::string& reason) {
        out_.at_leaf(Problem::key_chain, before.size(), reason);
    };
    if (!key_) {
        if (rotation.previous_key) broken("the first key speaks of a key before it");
        return;
    }
    if (!rotation.previous_key || *rotation.previous_key != *key_)
        return broken("the key before has not handed over to this one");
    const std::array<VerifierKey, 1> keys{*key_};
    const Result<OpenCheckpoint> last =
        open_checkpoint(rotation.previous_checkpoint, origin_.name, keys);
    if (!last) return broken("the last checkpoint of the key before does not open");
    if (last->checkpoint.head != before.head())
        broken("the last checkpoint of the key before is of another tree");
}

void Chain::finish() {
    if (clock_steps_ > 0)
        out_.note({Remark::clock_stepped, {}, static_cast<std::int64_t>(clock_steps_), 0});
    if (gaps_ > 0) {
        out_.note({Remark::declared_loss,
                   {},
                   static_cast<std::int64_t>(gap_events_),
                   static_cast<std::int64_t>(gaps_)});
    }
}

}  // namespace daicho::ledger::core::verify
