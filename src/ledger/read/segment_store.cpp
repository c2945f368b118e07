#include "ledger/read/segment_store.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "ledger/core/keys.hpp"
#include "ledger/core/segment_check.hpp"
#include "ledger/read/index_file.hpp"

namespace daicho::ledger::read {
namespace {

bool visit_batch(const write::LoadedBatch& batch, const search::Catalog::Visit& visit) {
    bool go_on = true;
    core::for_each_event(batch.runs, batch.leaf.first_seq,
                         [&](const core::Envelope& envelope, ByteView raw) {
                             if (go_on)
                                 go_on = visit(core::block_event_of(envelope, raw),
                                               batch.leaf.sources[envelope.source].id);
                         });
    return go_on;
}

/// A file without blocks must not stand for the events it names.
bool holds_what_it_claims(const core::SegmentFooter& footer) {
    std::uint64_t claimed = 0;
    std::uint64_t held = 0;
    for (const core::SegmentBatch& batch : footer.batches) claimed += batch.count;
    for (const core::SegmentBlock& block : footer.blocks) held += block.events;
    return claimed == held;
}

}  // namespace

SegmentStore::SegmentStore(Files& files, write::Keyring& keyring, std::string data_directory)
    : files_(files),
      keyring_(keyring),
      directory_(std::move(data_directory)),
      retired_(files, directory_) {}

SealedFile SegmentStore::describe(std::string file, core::SegmentDirectory directory) {
    SealedFile out;
    out.file = std::move(file);
    search::SegmentInfo& info = out.info;
    info.blocks = static_cast<std::uint32_t>(directory.footer.blocks.size());
    bool first = true;
    for (const core::SegmentBlock& block : directory.footer.blocks) {
        info.first_seq = first ? block.first_seq : std::min(info.first_seq, block.first_seq);
        info.last_seq = first ? block.last_seq : std::max(info.last_seq, block.last_seq);
        info.wall_first_ns =
            first ? block.wall_first_ns : std::min(info.wall_first_ns, block.wall_first_ns);
        info.wall_last_ns =
            first ? block.wall_last_ns : std::max(info.wall_last_ns, block.wall_last_ns);
        first = false;
    }
    out.directory = std::move(directory);
    return out;
}

Status SegmentStore::load(const std::set<std::string>& unsealed) {
    for (const DirectoryEntry& entry : files_.list(directory_ + "/ledger/segment")) {
        if (!entry.name.ends_with(".seg") || unsealed.contains(entry.name)) continue;
        const auto file = files_.open(path_of(entry.name), Files::Mode::read);
        Result<core::SegmentDirectory> directory = core::read_directory(
            [&file](std::uint64_t offset, std::size_t size) { return file->read_at(offset, size); },
            file->size());
        if (directory && core::segment_name(directory->header.segment,
                                            directory->header.key.retention_class) != entry.name) {
            directory = fail(Errc::tampered, "it is another segment, under a wrong name");
        }
        if (directory && !holds_what_it_claims(directory->footer))
            directory = fail(Errc::tampered, "its blocks hold fewer events than its batches");
        if (!directory) {
            return refuse(Errc::tampered, "ledger.segment_damaged",
                          entry.name + ": " + directory.error().message, {{"file", entry.name}});
        }
        const MutexLock lock(mutex_);
        SealedFile sealed = describe(entry.name, std::move(*directory));
        sealed.id = sealed.info.id = sealed_.size();
        sealed_.push_back(std::make_shared<const SealedFile>(std::move(sealed)));
    }
    return {};
}

void SegmentStore::add_wal(std::shared_ptr<write::WalFile> wal) {
    const MutexLock lock(mutex_);
    wals_.push_back(std::move(wal));
}

void SegmentStore::replace_wal(const std::string& wal_path, std::vector<SealedFile> segments) {
    const MutexLock lock(mutex_);
    const auto leaves =
        std::stable_partition(wals_.begin(), wals_.end(),
                              [&wal_path](const auto& wal) { return wal->path() != wal_path; });
    leaving_.insert(leaving_.end(), leaves, wals_.end());
    wals_.erase(leaves, wals_.end());
    for (SealedFile& sealed : segments) {
        const bool known = std::any_of(sealed_.begin(), sealed_.end(), [&sealed](const auto& one) {
            return one->file == sealed.file;
        });
        if (known) continue;
        sealed.id = sealed.info.id = sealed_.size();
        sealed_.push_back(std::make_shared<const SealedFile>(std::move(sealed)));
    }
}

void SegmentStore::forget_wal(const std::string& wal_path) {
    const MutexLock lock(mutex_);
    std::erase_if(leaving_, [&wal_path](const auto& wal) { return wal->path() == wal_path; });
}

std::vector<std::shared_ptr<const SealedFile>> SegmentStore::files() const {
    const MutexLock lock(mutex_);
    std::vector<std::shared_ptr<const SealedFile>> out;
    for (const auto& sealed : sealed_) {
        if (sealed->present) out.push_back(sealed);
    }
    return out;
}

std::vector<std::shared_ptr<write::WalFile>> SegmentStore::unsealed() const {
    const MutexLock lock(mutex_);
    return wals_;
}

bool SegmentStore::day_in_use(const std::string& retention_class, const std::string& day) const {
    const MutexLock lock(mutex_);
    const auto uses = [&](const std::shared_ptr<write::WalFile>& wal) {
        return std::ranges::any_of(wal->header().classes, [&](const core::ClassKey& key) {
            return key.retention_class == retention_class && key.day == day;
        });
    };
    return std::ranges::any_of(wals_, uses) || std::ranges::any_of(leaving_, uses);
}

std::shared_ptr<const SealedFile> SegmentStore::by_id(std::uint64_t id) const {
    const MutexLock lock(mutex_);
    return id < sealed_.size() ? sealed_[id] : nullptr;
}

std::optional<Location> SegmentStore::locate(std::uint64_t seq) const {
    const MutexLock lock(mutex_);
    for (const auto& sealed : sealed_) {
        if (!sealed->present || seq < sealed->info.first_seq || seq > sealed->info.last_seq)
            continue;
        const auto& batches = sealed->directory.footer.batches;
        auto after = std::upper_bound(batches.begin(), batches.end(), seq,
                                      [](std::uint64_t value, const core::SegmentBatch& batch) {
                                          return value < batch.first_seq;
                                      });
        if (after == batches.begin()) continue;
        const core::SegmentBatch& batch = *--after;
        if (seq - batch.first_seq >= batch.count) continue;
        return Location{batch.leaf_index, batch.first_seq, batch.count, sealed, nullptr, {}};
    }
    for (const auto& wal : wals_) {
        for (const write::BatchRef& ref : wal->batches()) {
            if (seq < ref.first_seq || seq - ref.first_seq >= ref.count) continue;
            return Location{ref.leaf_index, ref.first_seq, ref.count, nullptr, wal, ref};
        }
    }
    return std::nullopt;
}

Result<crypto::Key32> SegmentStore::data_key(const SealedFile& file) const {
    {
        const MutexLock lock(mutex_);
        const auto found = keys_.find(file.id);
        if (found != keys_.end()) return found->second.clone();
    }
    const core::ClassKey& key = file.directory.header.key;
    const Result<crypto::Key32> kek = keyring_.kek(key.retention_class, key.day);
    if (!kek && kek.error().code == Errc::not_found) return note_gone(file);
    if (!kek) return fail(kek.error());
    Result<crypto::Key32> data_key =
        core::unwrap_data_key(*kek, key, file.directory.header.segment);
    if (!data_key) return fail(data_key.error());
    const MutexLock lock(mutex_);
    keys_.insert_or_assign(file.id, data_key->clone());
    return data_key;
}

Result<core::Block> SegmentStore::open_block(const SealedFile& file, std::uint32_t number) const {
    if (number >= file.directory.footer.blocks.size())
        return fail(Errc::not_found, "there is no such block");
    const Result<crypto::Key32> key = data_key(file);
    if (!key) return fail(key.error());
    const Result<Bytes> stored = stored_block(file, number);
    if (!stored) return fail(stored.error());
    crypto::Aead aead(core::block_key(*key));
    Result<core::Block> block = core::open_block(file.directory, number, *stored, aead);
    if (!block) {
        return refuse(
            Errc::tampered, "ledger.segment_damaged",
            file.file + ", block " + std::to_string(number) + ": " + block.error().message,
            {{"file", file.file}});
    }
    return block;
}

Result<Bytes> SegmentStore::stored_block(const SealedFile& file, std::uint32_t number) const {
    const core::SegmentBlock& place = file.directory.footer.blocks[number];
    try {
        const auto handle = files_.open(path_of(file.file), Files::Mode::read);
        return handle->read_at(place.offset, place.stored_bytes);
    } catch (const IoFault&) {
        if (files_.exists(path_of(file.file))) throw;
        return note_gone(file);
    }
}

std::vector<search::SegmentInfo> SegmentStore::segments() const {
    const MutexLock lock(mutex_);
    std::vector<search::SegmentInfo> out;
    out.reserve(sealed_.size());
    for (const auto& sealed : sealed_) {
        if (sealed->present) out.push_back(sealed->info);
    }
    return out;
}

Result<Bytes> SegmentStore::index_section(std::uint64_t segment, search::Section section) const {
    const auto file = by_id(segment);
    if (file == nullptr) return fail(Errc::not_found, "there is no such segment");
    if (!file->present) return note_gone(*file);
    const Result<crypto::Key32> key = data_key(*file);
    if (!key) return fail(key.error());
    Result<Bytes> plain =
        read_index_section(files_, index_path(directory_ + "/index", file->file), section,
                           file->directory.digest, core::index_key(*key));
    // An index is derived: what is wrong with it costs time, never an answer.
    if (!plain) return fail(Errc::not_found, plain.error().message);
    return plain;
}

Result<std::shared_ptr<const core::Block>> SegmentStore::block(std::uint64_t segment,
                                                               std::uint32_t number) const {
    const auto file = by_id(segment);
    if (file == nullptr) return fail(Errc::not_found, "there is no such segment");
    if (!file->present) return note_gone(*file);
    Result<core::Block> block = open_block(*file, number);
    if (!block) return fail(block.error());
    return std::make_shared<const core::Block>(std::move(*block));
}

Result<std::shared_ptr<const core::Block>> SegmentStore::rows(
    std::uint64_t segment, std::uint32_t number, std::span<const std::uint8_t> wanted) const {
    const auto file = by_id(segment);
    if (file == nullptr) return fail(Errc::not_found, "there is no such segment");
    if (!file->present) return note_gone(*file);
    const Result<Bytes> packed = packed_block(*file, number);
    if (!packed) return fail(packed.error());
    Result<core::Block> block = core::decode_rows(*packed, wanted);
    if (!block) return fail(Errc::tampered, file->file + ": " + block.error().message);
    return std::make_shared<const core::Block>(std::move(*block));
}

Result<Bytes> SegmentStore::packed_block(const SealedFile& file, std::uint32_t number) const {
    if (number >= file.directory.footer.blocks.size()) {
        return fail(Errc::not_found, "there is no such block");
    }
    const Result<crypto::Key32> key = data_key(file);
    if (!key) return fail(key.error());
    const Result<Bytes> stored = stored_block(file, number);
    if (!stored) return fail(stored.error());
    crypto::Aead aead(core::block_key(*key));
    return core::decrypt_block(file.directory, number, *stored, aead);
}

Status SegmentStore::tail(const Visit& visit) const {
    std::vector<std::shared_ptr<write::WalFile>> wals;
    {
        const MutexLock lock(mutex_);
        wals = wals_;
    }
    for (const auto& wal : wals) {
        for (const write::BatchRef& ref : wal->batches()) {
            const Result<write::LoadedBatch> batch = wal->load(ref);
            if (!batch) return fail(batch.error());
            if (!visit_batch(*batch, visit)) return {};
        }
    }
    return {};
}

std::vector<std::string> SegmentStore::without_index() const {
    std::vector<std::string> out;
    for (const auto& file : files()) {
        const Result<crypto::Key32> key = data_key(*file);
        if (!key) continue;
        if (!read_index_section(files_, index_path(directory_ + "/index", file->file),
                                search::Section::head, file->directory.digest,
                                core::index_key(*key))) {
            out.push_back(file->file);
        }
    }
    return out;
}

Status SegmentStore::rebuild_index(const std::string& name, search::Extractor& extractor) {
    for (const auto& file : files()) {
        if (file->file != name) continue;
        const Result<crypto::Key32> key = data_key(*file);
        if (!key) return fail(key.error());
        search::IndexBuilder builder(extractor);
        for (std::uint32_t number = 0; number < file->directory.footer.blocks.size(); ++number) {
            const Result<core::Block> block = open_block(*file, number);
            if (!block) return fail(block.error());
            std::vector<core::BlockEvent> events;
            events.reserve(block->size());
            for (std::size_t row = 0; row < block->size(); ++row)
                events.push_back(block->event(row));
            builder.add_block(events, block->sources());
        }
        write_index(files_, index_path(directory_ + "/index", name), builder.finish(),
                    file->directory.digest, core::index_key(*key));
        return {};
    }
    return fail(Errc::not_found, "there is no segment " + name);
}

}  // namespace daicho::ledger::read
