#include "ledger/core/verify/segment_audit.hpp"

#include <algorithm>

#include "base/calendar/date.hpp"
#include "base/fault.hpp"
#include "ledger/core/segment_check.hpp"
#include "ledger/core/tlog/checkpoint.hpp"

namespace daicho::ledger::core::verify {
namespace {

constexpr std::size_t number_digits = 20;
/// An event may wait this long between its receipt and the file that takes it.
constexpr std::int64_t commit_delay_max_ns = hour_ns;

std::string segment_path(const std::string& file) {
    return "segment/" + file;
}

ReadAt reader_of(const File& file) {
    return [&file](std::uint64_t offset, std::size_t size) { return file.read_at(offset, size); };
}

}  // namespace

std::optional<std::pair<std::uint64_t, std::string>> parse_segment_name(std::string_view name) {
    if (name.size() < number_digits + 5 || !name.ends_with(".seg")) return std::nullopt;
    std::string_view digits = name.substr(0, number_digits);
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    const Result<std::uint64_t> number = parse_decimal(digits, UINT64_MAX);
    const std::string_view rest = name.substr(number_digits, name.size() - number_digits - 4);
    if (!number || rest.front() != '-') return std::nullopt;
    std::string retention_class(rest.substr(1));
    if (!is_class_name(retention_class) || segment_name(*number, retention_class) != name)
        return std::nullopt;
    return std::pair{*number, std::move(retention_class)};
}

void SegmentAudit::batch(std::uint64_t leaf_index, const BatchLeaf& leaf, bool in_wal) {
    const Key key{leaf.segment, leaf.retention_class};
    if (sealed_.contains(key)) {
        out_.add({Problem::seal, segment_path(segment_name(key.first, key.second)),
                  SeqRange{leaf.first_seq, leaf.first_seq + leaf.count - 1}, leaf_index,
                  "a batch of a segment that was sealed before"});
        return;
    }
    Open& open = open_[key];
    if (open.batches.empty()) {
        open.wall_first_ns = leaf.wall_first_ns;
        open.wall_last_ns = leaf.wall_last_ns;
    }
    open.wall_first_ns = std::min(open.wall_first_ns, leaf.wall_first_ns);
    open.wall_last_ns = std::max(open.wall_last_ns, leaf.wall_last_ns);
    open.batches.push_back({leaf_index, leaf.first_seq, leaf.count});
    open.leaves.push_back(leaf);
    open.events += leaf.count;
    if (in_wal) open.events_in_wal += leaf.count;
}

void SegmentAudit::compare(std::uint64_t leaf_index, const SealFacts& facts, const Open& open) {
    const SegmentBatch& last = open.batches.back();
    const bool fits = facts.batches == open.batches.size() && facts.events == open.events &&
                      facts.first_seq == open.batches.front().first_seq &&
                      facts.last_seq == last.first_seq + last.count - 1 &&
                      facts.wall_first_ns == open.wall_first_ns &&
                      facts.wall_last_ns == open.wall_last_ns;
    if (!fits) {
        out_.add({Problem::seal, segment_path(facts.file),
                  SeqRange{facts.first_seq, facts.last_seq}, leaf_index,
                  "the SEAL leaf speaks of other batches than the tree holds"});
    }
}

void SegmentAudit::seal(std::uint64_t leaf_index, WallNs wall_ns, const SealFacts& facts,
                        bool clock_stepped) {
    const Key key{facts.segment, facts.retention_class};
    const auto known = sealed_.find(key);
    if (known != sealed_.end()) {
        const bool same = known->second.digest == facts.digest &&
                          known->second.bytes == facts.bytes &&
                          known->second.events == facts.events;
        if (same) {
            out_.note({Remark::sealed_twice, segment_path(facts.file), 0, 0});
        } else {
            out_.add({Problem::seal, segment_path(facts.file), std::nullopt, leaf_index,
                      "sealed a second time, as something else"});
        }
        return;
    }
    const auto found = open_.find(key);
    if (found == open_.end()) {
        out_.add({Problem::seal, segment_path(facts.file), std::nullopt, leaf_index,
                  "the SEAL leaf speaks of a segment without batches"});
        return;
    }
    const Open& open = found->second;
    compare(leaf_index, facts, open);
    // Whoever re-seals old events has only keys made later. A stepped clock can do the same.
    const std::string latest =
        day_of(std::min(wall_ns, std::min(open.wall_first_ns, INT64_MAX - commit_delay_max_ns) +
                                     commit_delay_max_ns));
    if (facts.day > latest && !clock_stepped) {
        out_.add({Problem::key_day, segment_path(facts.file),
                  SeqRange{facts.first_seq, facts.last_seq}, leaf_index,
                  "events of " + latest + " under a key of " + facts.day});
    }
    Sealed& sealed = sealed_[key];
    const SegmentBatch& last = open.batches.back();
    sealed = {open.batches.front().first_seq,
              last.first_seq + last.count - 1,
              open.events,
              facts.bytes,
              facts.wall_first_ns,
              facts.wall_last_ns,
              facts.digest,
              calendar::days_of(*calendar::parse_date(facts.day)),
              false,
              false};
    sealed.present = check_file(facts, open);
    if (sealed.present && open.events_in_wal > 0)
        out_.note({Remark::held_twice, segment_path(facts.file), 0, 0});
    open_.erase(found);
}

bool SegmentAudit::check_file(const SealFacts& facts, const Open& open) {
    const std::string path = segment_path(facts.file);
    if (!files_.exists(directory_ + "/" + path)) return false;
    const SeqRange all{facts.first_seq, facts.last_seq};
    const auto bad = [&](const std::string& reason) {
        out_.add({Problem::segment, path, all, std::nullopt, reason});
        return true;
    };
    const auto file = files_.open(directory_ + "/" + path, Files::Mode::read);
    const std::uint64_t size = file->size();
    if (size != facts.bytes)
        return bad(std::to_string(size) + " bytes instead of the " + std::to_string(facts.bytes) +
                   " that were sealed");
    const Result<SegmentDirectory> directory = read_directory(reader_of(*file), size);
    if (!directory) return bad(directory.error().message);
    if (directory->digest != facts.digest)
        return bad("it is not the file that its SEAL leaf commits to");
    if (directory->header.segment != facts.segment ||
        directory->header.key.retention_class != facts.retention_class ||
        directory->header.key.day != facts.day || directory->footer.batches != open.batches) {
        return bad("its header or footer speaks of another segment");
    }
    std::uint64_t events = 0;
    for (const SegmentBlock& block : directory->footer.blocks) events += block.events;
    if (events != open.events) return bad("its footer counts other events than its batches");
    std::vector<SegmentFinding> findings;
    check_block_digests(*directory, reader_of(*file), findings, out_.report().proven.stored_bytes);
    for (const SegmentFinding& finding : findings) {
        out_.add({Problem::segment, path, SeqRange{finding.first_seq, finding.last_seq},
                  std::nullopt, "block " + std::to_string(finding.block) + ": " + finding.reason});
    }
    ++out_.report().proven.segments;
    out_.report().proven.sealed_events += open.events;
    if (keys_ != nullptr && findings.empty()) check_content(facts, *directory, *file, open);
    return true;
}

void SegmentAudit::check_content(const SealFacts& facts, const SegmentDirectory& directory,
                                 const File& file, const Open& open) {
    const std::string path = segment_path(facts.file);
    const SeqRange all{facts.first_seq, facts.last_seq};
    const Result<crypto::Key32> kek = keys_->kek(facts.retention_class, facts.day);
    if (!kek) {
        if (kek.error().code == Errc::not_found) {
            without_key_[{facts.segment, facts.retention_class}] = kek.error().message;
            return;
        }
        return out_.add({Problem::key, path, all, std::nullopt, kek.error().message});
    }
    const Result<crypto::Key32> data_key =
        unwrap_data_key(*kek, directory.header.key, facts.segment);
    if (!data_key)
        return out_.add({Problem::key, path, all, std::nullopt, data_key.error().message});
    SegmentFinding finding{0, facts.first_seq, facts.last_seq, {}};
    const Status checked =
        check_events(directory, reader_of(file), *data_key, open.leaves, finding);
    if (checked) {
        // Those in the write-ahead log were opened, and counted, there.
        out_.report().proven.opened_events += open.events - open.events_in_wal;
        if (observer_ != nullptr && observer_->retention_class() == facts.retention_class)
            tell(directory, file, *data_key);
        return;
    }
    const bool placed = finding.last_seq != 0;
    out_.add({Problem::content, path, placed ? SeqRange{finding.first_seq, finding.last_seq} : all,
              std::nullopt,
              "block " + std::to_string(finding.block) + ": " + checked.error().message});
}

/// Reads the blocks a second time, now that all of them are proven.
void SegmentAudit::tell(const SegmentDirectory& directory, const File& file,
                        const crypto::Key32& data_key) {
    crypto::Aead aead(block_key(data_key));
    for (std::size_t i = 0; i < directory.footer.blocks.size(); ++i) {
        const SegmentBlock& place = directory.footer.blocks[i];
        const Bytes stored = file.read_at(place.offset, place.stored_bytes);
        const Result<Block> block =
            open_block(directory, static_cast<std::uint32_t>(i), stored, aead);
        if (!block) throw Fault("a file changed while it was being read");
        for (std::size_t row = 0; row < block->size(); ++row) {
            const BlockEvent event = block->event(row);
            observer_->event(event.seq, block->sources()[event.source], event.raw);
        }
    }
}

SegmentAudit::Sealed* SegmentAudit::find(const std::string& file) {
    const auto key = parse_segment_name(file);
    if (!key) return nullptr;
    const auto found = sealed_.find(*key);
    return found == sealed_.end() ? nullptr : &found->second;
}

void SegmentAudit::exported(std::uint64_t leaf_index, const ExportFacts& facts) {
    if (facts.tree_size > leaf_index)
        out_.at_leaf(Problem::seal, leaf_index, "an EXPORT leaf of a tree that did not exist yet");
    for (const FileDigest& file : facts.files) {
        const Sealed* sealed = find(file.file);
        if (sealed == nullptr || sealed->digest != file.digest || sealed->bytes != file.bytes) {
            out_.add({Problem::seal, segment_path(file.file), std::nullopt, leaf_index,
                      "the EXPORT leaf speaks of a file that was not sealed so"});
        }
    }
}

void SegmentAudit::retire(std::uint64_t leaf_index, const RetireFacts& facts) {
    std::uint64_t events = 0;
    WallNs last_ns = 0;
    const std::int32_t day = calendar::days_of(*calendar::parse_date(facts.day));
    for (const FileDigest& file : facts.files) {
        Sealed* sealed = find(file.file);
        const auto key = parse_segment_name(file.file);
        if (sealed == nullptr || sealed->digest != file.digest || sealed->day != day ||
            key->second != facts.retention_class) {
            out_.add({Problem::seal, segment_path(file.file), std::nullopt, leaf_index,
                      "the RETIRE leaf speaks of a file that was not sealed so"});
            continue;
        }
        events += sealed->events;
        last_ns = std::max(last_ns, sealed->wall_last_ns);
        sealed->retired = true;
    }
    if (last_ns != facts.last_ns)
        out_.at_leaf(Problem::seal, leaf_index,
                     "a RETIRE leaf names another last moment than its files");
    if (events != facts.events)
        out_.at_leaf(Problem::seal, leaf_index, "a RETIRE leaf counts other events than its files");
}

void SegmentAudit::finish(bool is_bundle) {
    finish_open(is_bundle);
    finish_sealed(is_bundle);
    finish_folder();
}

void SegmentAudit::finish_open(bool is_bundle) {
    Proven& proven = out_.report().proven;
    for (const auto& [key, open] : open_) {
        const SegmentBatch& last = open.batches.back();
        const SeqRange range{open.batches.front().first_seq, last.first_seq + last.count - 1};
        const std::string path = segment_path(segment_name(key.first, key.second));
        if (is_bundle) {
            proven.absent_events += open.events;
            SeqRange absent = proven.absent.value_or(range);
            absent.first = std::min(absent.first, range.first);
            absent.last = std::max(absent.last, range.last);
            proven.absent = absent;
            out_.note({Remark::not_sealed, path, static_cast<std::int64_t>(range.first),
                       static_cast<std::int64_t>(range.last)});
            continue;
        }
        proven.wal_events += open.events_in_wal;
        if (open.events_in_wal != open.events) {
            out_.add({Problem::missing_events, path, range, std::nullopt,
                      std::to_string(open.events - open.events_in_wal) +
                          " events lie in no sealed segment and in no write-ahead file"});
        }
    }
}

void SegmentAudit::missing(const std::string& path, const Sealed& sealed) {
    const std::string first = day_of(sealed.wall_first_ns);
    const std::string last = day_of(sealed.wall_last_ns);
    out_.add({Problem::missing_events, path, SeqRange{sealed.first_seq, sealed.last_seq},
              std::nullopt,
              std::to_string(sealed.events) + " events received " + first +
                  (first == last ? "" : " to " + last) +
                  ": the sealed file is not there, and no RETIRE leaf says why"});
}

void SegmentAudit::finish_sealed(bool is_bundle) {
    Proven& proven = out_.report().proven;
    Observation gone{Remark::retired_not_here, "segment", 0, 0};
    for (const auto& [key, sealed] : sealed_) {
        const std::string path = segment_path(segment_name(key.first, key.second));
        const SeqRange range{sealed.first_seq, sealed.last_seq};
        const auto without_key = without_key_.find(key);
        if (without_key != without_key_.end() && sealed.retired) {
            proven.destroyed_events += sealed.events;
            out_.note({Remark::key_destroyed, path, 0, 0});
        } else if (without_key != without_key_.end()) {
            out_.add({Problem::key, path, range, std::nullopt, without_key->second});
        }
        if (sealed.retired) proven.retired_events += sealed.events;
        if (sealed.retired && observer_ != nullptr && observer_->retention_class() == key.second)
            observer_->destroyed(range);
        if (sealed.present && sealed.retired && !is_bundle)
            out_.note({Remark::retired_still_there, path, 0, 0});
        if (sealed.present) continue;
        if (!sealed.retired) {
            missing(path, sealed);
            continue;
        }
        ++gone.first;
        gone.last += static_cast<std::int64_t>(sealed.events);
    }
    // The ledger itself deletes them; a medium that can't be written again keeps them.
    if (is_bundle && gone.first > 0) out_.note(gone);
}

void SegmentAudit::finish_folder() {
    if (!files_.exists(directory_ + "/segment")) return;
    for (const DirectoryEntry& entry : files_.list(directory_ + "/segment")) {
        const std::string path = segment_path(entry.name);
        if (entry.is_special) {
            out_.add(Problem::unknown_file, path, special_file);
            continue;
        }
        const Sealed* sealed = entry.is_directory ? nullptr : find(entry.name);
        if (sealed != nullptr) continue;
        if (entry.name.ends_with(".tmp")) {
            out_.add(Problem::leftover, path, "an interrupted write left it");
        } else if (parse_segment_name(entry.name)) {
            out_.add(Problem::leftover, path,
                     "no SEAL leaf vouches for it: sealing was interrupted, or it was put there");
        } else {
            out_.add(Problem::unknown_file, path, "nothing in the ledger vouches for it");
        }
    }
}

}  // namespace daicho::ledger::core::verify
