#include "ledger/write/publisher.hpp"

#include <set>

#include "base/fault.hpp"

namespace daicho::ledger::write {

core::TileFetch fetch_from(Files& files, const std::string& ledger_directory) {
    return [&files, ledger_directory](const std::string& path) -> Result<Bytes> {
        std::optional<Bytes> content = read_file_if_exists(files, ledger_directory + "/" + path);
        if (!content) return fail(Errc::not_found, path + " is missing");
        return std::move(*content);
    };
}

namespace {

/// The first `width` items of a wider partial tile.
Result<Bytes> cut_tile(Bytes content, const core::TileId& wide, std::uint32_t width) {
    if (wide.kind == core::TileKind::hashes) {
        if (content.size() != wide.width * crypto::digest_size)
            return fail(Errc::tampered, "a tile of the wrong size");
        content.resize(width * crypto::digest_size);
        return content;
    }
    const auto entries = core::decode_bundle(content, wide.width);
    if (!entries) return fail(entries.error());
    const ByteView next = (*entries)[width];
    content.resize(static_cast<std::size_t>(next.data() - content.data()) - 2);
    return content;
}

}  // namespace

core::TileFetch fetch_growing(Files& files, const std::string& ledger_directory) {
    return [&files, ledger_directory](const std::string& path) -> Result<Bytes> {
        // A tile may be replaced between listing and reading, at most once a second.
        for (int attempt = 0; attempt < 3; ++attempt) {
            std::optional<Bytes> content =
                read_file_if_exists(files, ledger_directory + "/" + path);
            if (content) return std::move(*content);
            Result<core::TileId> id = core::parse_tile_path(path);
            const std::string folder = ledger_directory + "/" + parent_of(path);
            if (!id || id->width == core::tile_width || !files.exists(folder)) break;
            const std::uint32_t width = id->width;
            for (const DirectoryEntry& entry : files.list(folder)) {
                const auto wider = core::parse_decimal(entry.name, core::tile_width - 1);
                if (!wider || *wider <= width) continue;
                id->width = static_cast<std::uint32_t>(*wider);
                content = read_file_if_exists(files, ledger_directory + "/" + core::tile_path(*id));
                if (content) return cut_tile(std::move(*content), *id, width);
            }
        }
        return fail(Errc::not_found, path + " is missing");
    };
}

Result<std::unique_ptr<Publisher>> Publisher::restore(
    Files& files, Keyring& keyring, std::string ledger_directory, std::string origin,
    const std::optional<core::TreeHead>& published) {
    std::unique_ptr<Publisher> out(
        new Publisher(files, keyring, std::move(ledger_directory), std::move(origin)));
    const MutexLock lock(out->mutex_);
    if (!published) {
        out->published_ = out->tiles_.frontier().head();
        return out;
    }
    Result<core::TileWriter> tiles =
        core::TileWriter::restore(*published, fetch_from(files, out->directory_));
    if (!tiles) return fail(tiles.error());
    out->tiles_ = std::move(*tiles);
    out->published_ = *published;
    const Bytes note = read_file(files, out->directory_ + "/checkpoint", core::note_size_max);
    out->note_ = std::string(text_of(note));
    return out;
}

Result<std::uint64_t> Publisher::append(ByteView leaf) {
    return tiles_.append(leaf);
}

std::uint64_t Publisher::published_size() const {
    const MutexLock lock(mutex_);
    return published_.size;
}

core::TreeHead Publisher::published() const {
    const MutexLock lock(mutex_);
    return published_;
}

std::string Publisher::checkpoint_note() const {
    const MutexLock lock(mutex_);
    return note_;
}

void Publisher::publish(std::uint64_t next_seq) {
    check(signer_.has_value(), "a checkpoint needs a key to sign it");
    if (begun_) finish();
    if (!dirty()) return;
    begun_ = Begun{head(), next_seq, tiles_.take()};
    finish();
}

void Publisher::finish() {
    const core::TreeHead before = published();
    const core::TreeHead now = begun_->head;
    write_tiles(begun_->tiles);
    keyring_.write_head({now, begun_->next_seq});
    core::NoteSigner* signer = &*signer_;
    const Result<std::string> note =
        core::sign_checkpoint({origin_, now, {}}, std::span<core::NoteSigner* const>(&signer, 1));
    if (!note) throw Fault("a checkpoint could not be signed: " + note.error().message);
    write_file_durably(files_, directory_ + "/checkpoint", view_of(*note));
    remove_replaced(before.size, now.size);
    begun_.reset();
    const MutexLock lock(mutex_);
    published_ = now;
    note_ = *note;
}

void Publisher::write_tiles(const std::vector<core::TileFile>& tiles) {
    std::set<std::string> directories;
    for (const core::TileFile& tile : tiles) {
        const std::string path = directory_ + "/" + core::tile_path(tile.id);
        const std::string parent = parent_of(path);
        files_.make_directories(parent);
        const std::string temporary = path + ".tmp";
        if (files_.exists(temporary)) files_.remove(temporary);
        const auto file = files_.open(temporary, Files::Mode::create_new);
        file->append(tile.content);
        file->sync_data();
        files_.rename(temporary, path);
        directories.insert(parent);
    }
    for (const std::string& directory : directories) files_.sync_directory(directory);
}

void Publisher::remove_replaced(std::uint64_t from, std::uint64_t to) {
    for (const core::TileId& id : core::replaced_tiles(from, to)) {
        const std::string path = directory_ + "/" + core::tile_path(id);
        if (files_.exists(path)) files_.remove(path);
        // The folder of partial tiles goes with the last of them, so that a full tile stands alone.
        const std::string folder = parent_of(path);
        if (files_.exists(folder) && files_.list(folder).empty()) files_.remove_directory(folder);
    }
}

}  // namespace daicho::ledger::write
