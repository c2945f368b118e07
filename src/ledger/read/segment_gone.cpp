// What of the sealed segments is gone: lawfully, or not.
#include <algorithm>

#include "ledger/read/segment_store.hpp"

namespace daicho::ledger::read {
namespace {

void add_ranges(const core::SegmentFooter& footer, std::vector<SeqRange>& out) {
    for (const core::SegmentBatch& batch : footer.batches) {
        if (batch.count == 0) continue;
        const std::uint64_t last = batch.first_seq + batch.count - 1;
        if (!out.empty() && out.back().last + 1 == batch.first_seq) {
            out.back().last = last;
        } else {
            out.push_back({batch.first_seq, last});
        }
    }
}

}  // namespace

void SegmentStore::retire(const std::string& file) {
    std::vector<SeqRange> ranges;
    for (const auto& sealed : files()) {
        if (sealed->file == file) add_ranges(sealed->directory.footer, ranges);
    }
    absent_.add_destroyed(ranges);
    leave_out(file);
}

tl::unexpected<Error> SegmentStore::note_gone(const SealedFile& file) const {
    const bool destroyed = retired_.names(file.file) ||
                           absent_.fate_of(file.info.first_seq) == Absent::Fate::destroyed;
    if (destroyed) {
        const core::ClassKey& key = file.directory.header.key;
        return refuse(Errc::expired, "ledger.key_destroyed",
                      "the key of these events has been destroyed",
                      {{"class", key.retention_class}, {"day", key.day}});
    }
    std::vector<SeqRange> ranges;
    add_ranges(file.directory.footer, ranges);
    absent_.add_missing(file.file, merged(std::move(ranges)));
    leave_out(file.file);
    return refuse(Errc::tampered, search::segment_missing_key,
                  file.file + " or its key is missing, and no RETIRE leaf names it",
                  {{"file", file.file}});
}

void SegmentStore::look_for_missing() {
    std::vector<std::string> there;
    for (const DirectoryEntry& entry : files_.list(directory_ + "/ledger/segment"))
        there.push_back(entry.name);
    std::ranges::sort(there);
    for (const auto& sealed : files()) {
        if (std::ranges::binary_search(there, sealed->file)) continue;
        // It may have been sealed, or retired, since the folder was listed.
        if (files_.exists(path_of(sealed->file)) || retired_.names(sealed->file)) continue;
        static_cast<void>(note_gone(*sealed));
    }
}

std::vector<SeqRange> SegmentStore::covered() const {
    std::vector<SeqRange> out;
    const MutexLock lock(mutex_);
    for (const auto& sealed : sealed_) {
        if (sealed->present) add_ranges(sealed->directory.footer, out);
    }
    for (const auto& wal : wals_) {
        for (const write::BatchRef& ref : wal->batches()) {
            if (ref.count > 0) out.push_back({ref.first_seq, ref.first_seq + ref.count - 1});
        }
    }
    return merged(std::move(out));
}

std::vector<std::shared_ptr<const SealedFile>> SegmentStore::without_key() const {
    std::map<std::string, std::vector<std::string>> days;
    std::vector<std::shared_ptr<const SealedFile>> out;
    for (const auto& sealed : files()) {
        const core::ClassKey& key = sealed->directory.header.key;
        const auto [known, first] = days.try_emplace(key.retention_class);
        if (first) known->second = keyring_.kek_days(key.retention_class);
        if (!std::ranges::binary_search(known->second, key.day)) out.push_back(sealed);
    }
    return out;
}

void SegmentStore::leave_out(const std::string& file) const {
    const MutexLock lock(mutex_);
    for (auto& sealed : sealed_) {
        if (sealed->file != file) continue;
        SealedFile gone = *sealed;
        gone.present = false;
        keys_.erase(gone.id);
        sealed = std::make_shared<const SealedFile>(std::move(gone));
    }
}

}  // namespace daicho::ledger::read
