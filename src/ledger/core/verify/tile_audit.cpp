#include "ledger/core/verify/tile_audit.hpp"

#include <algorithm>

#include "ledger/core/tlog/checkpoint.hpp"

namespace daicho::ledger::core::verify {
namespace {

std::uint64_t hashes_at(std::uint64_t size, unsigned level) {
    return size >> (tile_height * level);
}

/// How long the first `width` items of a tile are.
std::size_t prefix_size(TileKind kind, ByteView content, std::uint32_t width) {
    if (kind == TileKind::hashes) return width * crypto::digest_size;
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < width; ++i) {
        at += 2 + (std::size_t{content[at]} << 8 | content[at + 1]);
    }
    return at;
}

bool is_group(std::string_view name) {
    return name.size() == 3 && name.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Folders that tiles lie in: the level, groups of digits, and those of partial tiles.
bool is_tile_folder(std::string_view name, bool top) {
    if (top) {
        return name == "entries" ||
               (name.size() == 1 && name[0] >= '0' && name[0] <= '0' + char{tile_level_max});
    }
    if (name.ends_with(".p")) return is_group(name.substr(0, name.size() - 2));
    return name.starts_with('x') && is_group(name.substr(1));
}

}  // namespace

bool TileAudit::feed(ByteView entry) {
    if (!writer_.append(entry)) return false;
    if (!beyond_) signed_size_ = writer_.frontier().size();
    if (writer_.frontier().size() % tile_width == 0) take();
    return true;
}

void TileAudit::end_of_signed() {
    take();
    beyond_ = true;
}

void TileAudit::take() {
    for (TileFile& file : writer_.take()) {
        const Key key{file.id.kind, file.id.level, file.id.index};
        const auto known = edges_.find(key);
        Edge edge{std::move(file.content), file.id.width, 0};
        if (!beyond_) edge.required = edge.width;
        if (beyond_ && known != edges_.end()) edge.required = known->second.required;
        if (!beyond_ && edge.width == tile_width) {
            check(key, edge);
            if (known != edges_.end()) edges_.erase(known);
        } else {
            edges_[key] = std::move(edge);
        }
    }
}

void TileAudit::compare(const Key& key, const Edge& edge, std::uint32_t width, bool required) {
    const std::string path = tile_path({key.kind, key.level, key.index, width});
    const std::optional<Bytes> stored = read_file_if_exists(files_, directory_ + "/" + path);
    if (!stored) {
        if (required) out_.add(Problem::missing_file, path, "the tree can't be read without it");
        return;
    }
    out_.report().proven.stored_bytes += stored->size();
    const ByteView expected =
        ByteView(edge.content).first(prefix_size(key.kind, edge.content, width));
    if (!std::ranges::equal(*stored, expected)) {
        out_.add(Problem::tile, path, "it does not hold the hashes that the entries give");
    }
}

void TileAudit::check(const Key& key, const Edge& edge) {
    // A bundle of the signed size is where the entries came from; it need not be read again.
    const bool is_source = key.kind == TileKind::entries;
    if (edge.required != 0 && !is_source) compare(key, edge, edge.required, true);
    if (edge.width == tile_width && edge.required != tile_width)
        compare(key, edge, tile_width, false);
    const std::string full = tile_path({key.kind, key.level, key.index, tile_width});
    const std::string folder = full + ".p";
    if (!files_.exists(directory_ + "/" + folder)) return;
    for (const DirectoryEntry& entry : files_.list(directory_ + "/" + folder)) {
        const Result<std::uint64_t> width = parse_decimal(entry.name, tile_width - 1);
        if (!width || *width == 0 || *width > edge.width || *width == edge.required) continue;
        compare(key, edge, static_cast<std::uint32_t>(*width), false);
    }
}

void TileAudit::finish() {
    take();
    for (const auto& [key, edge] : edges_) check(key, edge);
    if (files_.exists(directory_ + "/tile")) walk("tile");
}

void TileAudit::walk(const std::string& folder) {
    for (const DirectoryEntry& entry : files_.list(directory_ + "/" + folder)) {
        const std::string path = folder + "/" + entry.name;
        if (entry.is_directory && !is_tile_folder(entry.name, folder == "tile")) {
            out_.add(Problem::unknown_file, path, "a folder that no tile lies in");
        } else if (entry.is_directory) {
            walk(path);
        } else if (entry.is_special) {
            out_.add(Problem::unknown_file, path, special_file);
        } else {
            judge(path);
        }
    }
}

void TileAudit::judge(const std::string& path) {
    const Result<TileId> id = parse_tile_path(path);
    const std::uint64_t size = writer_.frontier().size();
    // Everything within the tree was compared by check(); a name within it can't be anything else.
    if (id && id->index * tile_width + id->width <= hashes_at(size, id->level)) return;
    if (path.ends_with(".tmp")) {
        out_.add(Problem::leftover, path, "an interrupted write left it");
    } else {
        out_.add(Problem::unknown_file, path, "nothing in the ledger vouches for it");
    }
}

}  // namespace daicho::ledger::core::verify
