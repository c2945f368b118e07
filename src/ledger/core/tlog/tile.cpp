#include "ledger/core/tlog/tile.hpp"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "base/fault.hpp"

namespace daicho::ledger::core {
namespace {

using crypto::Digest;

constexpr std::string_view path_start = "tile/";
constexpr std::string_view entries_name = "entries";
/// "tile/entries/x001/x234/x567/x890/123.p/255" has 42 characters.
constexpr std::size_t tile_path_size_max = 64;

static_assert(tree_size_max >> (tile_level_max * tile_height) == 1);

/// How many hashes a tree of `size` leaves has at a tile level.
std::uint64_t hashes_at(std::uint64_t size, unsigned level) noexcept {
    return size >> (level * tile_height);
}

std::uint32_t width_of(std::uint64_t size, unsigned level, std::uint64_t index) noexcept {
    if (level > tile_level_max) return 0;
    const std::uint64_t hashes = hashes_at(size, level);
    if (index > hashes / tile_width) return 0;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(tile_width, hashes - index * tile_width));
}

std::string index_path(std::uint64_t index) {
    std::string digits = std::to_string(index);
    digits.insert(0, (3 - digits.size() % 3) % 3, '0');
    std::string out;
    for (std::size_t at = 0; at < digits.size(); at += 3) {
        const bool last = at + 3 == digits.size();
        out += (last ? "" : "x") + digits.substr(at, 3) + (last ? "" : "/");
    }
    return out;
}

/// Digits only, and few enough not to overflow; tile_path() of the outcome is compared with the
/// input afterwards.
Result<std::uint64_t> loose_number(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c == 'x' || c == '/') continue;
        if (c < '0' || c > '9' || value > tree_size_max)
            return fail(Errc::invalid, "not a tile path");
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

/// Written order: what is hashed lies before what holds the hash.
auto write_order(const TileId& id) noexcept {
    return std::tuple(id.level, id.kind == TileKind::hashes, id.index, id.width);
}

Error damaged(const TileId& id, const std::string& what) {
    return Error{Errc::tampered, tile_path(id) + ": " + what, {}, {}};
}

}  // namespace

std::string tile_path(const TileId& id) {
    const bool entries = id.kind == TileKind::entries;
    std::string path(path_start);
    path += entries ? std::string(entries_name) : std::to_string(id.level);
    path += "/" + index_path(id.index);
    if (id.width != tile_width) path += ".p/" + std::to_string(id.width);
    return path;
}

Result<TileId> parse_tile_path(std::string_view path) {
    const auto malformed = [] { return fail(Errc::invalid, "not a tile path"); };
    if (path.size() > tile_path_size_max || !path.starts_with(path_start)) return malformed();
    std::string_view rest = path.substr(path_start.size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return malformed();
    const std::string_view level_name = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
    TileId id;
    if (level_name == entries_name) {
        id.kind = TileKind::entries;
    } else {
        const auto level = loose_number(level_name);
        if (!level || *level > tile_level_max) return malformed();
        id.level = static_cast<unsigned>(*level);
    }
    const std::size_t partial = rest.find(".p/");
    if (partial != std::string_view::npos) {
        const auto width = loose_number(rest.substr(partial + 3));
        if (!width || *width == 0 || *width >= tile_width) return malformed();
        id.width = static_cast<std::uint32_t>(*width);
    }
    const auto index = loose_number(rest.substr(0, partial));
    if (!index || width_of(tree_size_max, id.level, *index) < id.width) return malformed();
    id.index = *index;
    if (tile_path(id) != path) return malformed();
    return id;
}

std::vector<TileId> changed_tiles(std::uint64_t from, std::uint64_t to) {
    check(from <= to && to <= tree_size_max, "a tree only grows, up to its limit");
    std::vector<TileId> out;
    const auto add_level = [&](TileKind kind, unsigned level) {
        const std::uint64_t first = hashes_at(from, level) / tile_width;
        const std::uint64_t hashes = hashes_at(to, level);
        for (std::uint64_t index = first; index * tile_width < hashes; ++index) {
            out.push_back({kind, level, index, width_of(to, level, index)});
        }
    };
    for (unsigned level = 0; level <= tile_level_max; ++level) {
        if (hashes_at(from, level) == hashes_at(to, level)) break;  // so it is on all levels above
        if (level == 0) add_level(TileKind::entries, 0);
        add_level(TileKind::hashes, level);
    }
    return out;
}

std::vector<TileId> replaced_tiles(std::uint64_t from, std::uint64_t to) {
    check(from <= to && to <= tree_size_max, "a tree only grows, up to its limit");
    std::vector<TileId> out;
    for (unsigned level = 0; level <= tile_level_max; ++level) {
        const std::uint64_t hashes = hashes_at(from, level);
        if (hashes == hashes_at(to, level)) break;
        const auto width = static_cast<std::uint32_t>(hashes % tile_width);
        if (width == 0) continue;
        if (level == 0) out.push_back({TileKind::entries, 0, hashes / tile_width, width});
        out.push_back({TileKind::hashes, level, hashes / tile_width, width});
    }
    return out;
}

Bytes encode_tile(std::span<const Digest> hashes) {
    check(!hashes.empty() && hashes.size() <= tile_width, "a tile holds 1 to 256 hashes");
    Bytes out;
    out.reserve(hashes.size() * crypto::digest_size);
    for (const Digest& hash : hashes) ByteWriter(out).raw(hash.view());
    return out;
}

Result<std::vector<Digest>> decode_tile(ByteView bytes, std::uint32_t width) {
    if (width == 0 || width > tile_width || bytes.size() != width * crypto::digest_size) {
        return fail(Errc::tampered, "a tile of the wrong size");
    }
    std::vector<Digest> hashes(width);
    ByteReader reader(bytes);
    for (Digest& hash : hashes) hash.bytes = reader.array<crypto::digest_size>();
    return hashes;
}

Status append_entry(Bytes& bundle, ByteView entry) {
    if (entry.size() > entry_size_max) return fail(Errc::too_large, "the entry is too long");
    ByteWriter writer(bundle);
    writer.u16(static_cast<std::uint16_t>(entry.size()));
    writer.raw(entry);
    return {};
}

Result<std::vector<ByteView>> decode_bundle(ByteView bundle, std::uint32_t width) {
    if (width == 0 || width > tile_width)
        return fail(Errc::invalid, "a bundle has 1 to 256 entries");
    std::vector<ByteView> entries;
    entries.reserve(width);
    ByteReader reader(bundle);
    for (std::uint32_t i = 0; i < width; ++i) {
        const std::size_t size = reader.u16();
        entries.push_back(reader.raw(size));
    }
    if (!reader.done()) return fail(Errc::tampered, "a bundle of the wrong size");
    return entries;
}

TileReader::TileReader(std::uint64_t size, TileFetch fetch, std::size_t cache_tiles_max)
    : size_(size),
      fetch_(std::move(fetch)),
      cache_tiles_max_(std::max<std::size_t>(cache_tiles_max, 1)) {
    check(size <= tree_size_max, "no tree is that large");
}

std::uint32_t TileReader::width_at(unsigned level, std::uint64_t index) const noexcept {
    return width_of(size_, level, index);
}

/// The content cut to the width that this tree has, of the right length for hashes; a bundle is
/// parsed by its user.
Result<Bytes> TileReader::fetch_tile(TileId id) {
    auto bytes = fetch_(tile_path(id));
    if (bytes || bytes.error().code != Errc::not_found || id.width == tile_width) return bytes;
    TileId full = id;
    full.width = tile_width;
    bytes = fetch_(tile_path(full));
    if (!bytes) return bytes;
    if (id.kind == TileKind::hashes) {
        if (bytes->size() != tile_width * crypto::digest_size) {
            return fail(damaged(full, "a tile of the wrong size"));
        }
        bytes->resize(id.width * crypto::digest_size);
        return bytes;
    }
    const auto entries = decode_bundle(*bytes, tile_width);
    if (!entries) return fail(damaged(full, entries.error().message));
    const ByteView next = (*entries)[id.width];
    bytes->resize(static_cast<std::size_t>(next.data() - bytes->data()) - 2);
    return bytes;
}

Result<const std::vector<Digest>*> TileReader::load(unsigned level, std::uint64_t index) {
    const Key key{level, index};
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second);
        return &recent_.front().second;
    }
    const TileId id{TileKind::hashes, level, index, width_at(level, index)};
    if (id.width == 0) return fail(Errc::not_found, "the tree has no such tile");
    const auto bytes = fetch_tile(id);
    if (!bytes) return fail(bytes.error());
    auto hashes = decode_tile(*bytes, id.width);
    if (!hashes) return fail(damaged(id, hashes.error().message));
    while (recent_.size() >= cache_tiles_max_) {
        by_key_.erase(recent_.back().first);
        recent_.pop_back();
    }
    recent_.emplace_front(key, std::move(*hashes));
    by_key_[key] = recent_.begin();
    return &recent_.front().second;
}

Result<std::vector<Digest>> TileReader::read(std::span<const NodeId> ids) {
    std::vector<Digest> out;
    out.reserve(ids.size());
    for (const auto& [level, index] : ids) {
        if (level > tile_level_max * tile_height || index >= size_ >> level) {
            return fail(Errc::not_found, "the tree has no such complete subtree");
        }
        // The lowest hash of the tile that lies under this node; the node is the root of 2^height
        // of them.
        const unsigned height = level % tile_height;
        const std::uint64_t first = index << height;
        const auto hashes = load(level / tile_height, first / tile_width);
        if (!hashes) return fail(hashes.error());
        const auto begin = (*hashes)->begin() + static_cast<std::ptrdiff_t>(first % tile_width);
        std::vector<Digest> under(begin, begin + (std::ptrdiff_t{1} << height));
        out.push_back(root_in_place(under));
    }
    return out;
}

Result<std::vector<Digest>> TileReader::tile(unsigned level, std::uint64_t index) {
    const auto hashes = load(level, index);
    if (!hashes) return fail(hashes.error());
    return **hashes;
}

Result<Bytes> TileReader::bundle(std::uint64_t index) {
    const TileId id{TileKind::entries, 0, index, width_at(0, index)};
    if (id.width == 0) return fail(Errc::not_found, "the tree has no such bundle");
    return fetch_tile(id);
}

Result<TileWriter> TileWriter::restore(const TreeHead& head, const TileFetch& fetch) {
    if (head.size > tree_size_max) return fail(Errc::tampered, "the tree is impossibly large");
    TileWriter writer;
    TileReader reader(head.size, fetch);
    const auto tampered = [](Error error) {  // a file of the edge that is absent is damage, too
        error.code = Errc::tampered;
        return fail(std::move(error));
    };
    for (unsigned level = 0; level <= tile_level_max; ++level) {
        const std::uint64_t hashes = hashes_at(head.size, level);
        if (hashes % tile_width == 0) continue;
        auto tile = reader.tile(level, hashes / tile_width);
        if (!tile) return tampered(tile.error());
        writer.edges_[level] = std::move(*tile);
    }
    // Every hash of the edge goes into the root, so that the root vouches for all of them.
    auto frontier = frontier_at(head.size, reader);
    if (!frontier) return tampered(frontier.error());
    if (frontier->root() != head.root) {
        return fail(Errc::tampered, "the stored tiles do not lead to the root");
    }
    writer.frontier_ = std::move(*frontier);
    writer.taken_size_ = head.size;
    const auto& leaf_hashes = writer.edges_[0];
    if (leaf_hashes.empty()) return writer;
    const std::uint64_t index = head.size / tile_width;
    auto bundle = reader.bundle(index);
    if (!bundle) return tampered(bundle.error());
    const TileId id{TileKind::entries, 0, index, reader.width_at(0, index)};
    const auto entries = decode_bundle(*bundle, id.width);
    if (!entries) return fail(damaged(id, entries.error().message));
    if (!std::ranges::equal(*entries, leaf_hashes, {}, crypto::hash_leaf)) {
        return fail(damaged(id, "an entry does not hash to its leaf"));
    }
    writer.bundle_ = std::move(*bundle);
    return writer;
}

Result<std::uint64_t> TileWriter::append(ByteView entry) {
    if (entry.size() > entry_size_max) return fail(Errc::too_large, "the entry is too long");
    const Digest leaf_hash = crypto::hash_leaf(entry);
    const auto index = frontier_.append(leaf_hash);
    if (!index) return index;
    const Status appended = append_entry(bundle_, entry);
    check(appended.has_value(), "the length was checked above");
    lift(0, leaf_hash);
    return index;
}

void TileWriter::lift(unsigned level, const Digest& hash) {
    std::vector<Digest>& edge = edges_[level];
    edge.push_back(hash);
    if (edge.size() < tile_width) return;
    const std::uint64_t index = hashes_at(frontier_.size(), level) / tile_width - 1;
    if (level == 0) full_.push_back({{TileKind::entries, 0, index}, std::exchange(bundle_, {})});
    full_.push_back({{TileKind::hashes, level, index}, encode_tile(edge)});
    const Digest root = root_in_place(edge);
    edge.clear();
    lift(level + 1, root);
}

std::vector<TileFile> TileWriter::take() {
    std::vector<TileFile> out = std::exchange(full_, {});
    for (unsigned level = 0; level <= tile_level_max; ++level) {
        const std::uint64_t hashes = hashes_at(frontier_.size(), level);
        if (hashes == hashes_at(taken_size_, level)) break;
        const auto width = static_cast<std::uint32_t>(hashes % tile_width);
        if (width == 0) continue;
        const std::uint64_t index = hashes / tile_width;
        if (level == 0) out.push_back({{TileKind::entries, 0, index, width}, bundle_});
        out.push_back({{TileKind::hashes, level, index, width}, encode_tile(edges_[level])});
    }
    taken_size_ = frontier_.size();
    std::ranges::sort(out, {}, [](const TileFile& file) { return write_order(file.id); });
    return out;
}

}  // namespace daicho::ledger::core
