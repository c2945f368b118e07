// links: ledger_core
// Tiles from storage that lies: the first line of the input is read as a tile path, and the rest is
// what every file of a tree holds. Nothing may be accepted that does not lead to the root, and no
// read may leave its file.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/tlog/tile.hpp"

namespace {

using namespace daicho;
using namespace daicho::ledger::core;

void read_as_bundle(ByteView data, std::uint32_t width) {
    const auto entries = decode_bundle(data, width);
    if (!entries) return;
    Bytes again;
    for (const ByteView entry : *entries) {
        check(append_entry(again, entry).has_value(), "an entry that was read can be written");
    }
    check(std::ranges::equal(again, data), "a bundle has one form");
    TileWriter writer;
    for (const ByteView entry : *entries) {
        check(writer.append(entry).has_value(), "an entry that was read can be appended");
    }
    check(writer.frontier().size() == entries->size(), "every entry is a leaf");
}

void read_as_storage(ByteView data, std::uint64_t size) {
    const TileFetch fetch = [data](const std::string& path) -> Result<Bytes> {
        const auto id = parse_tile_path(path);
        check(id.has_value(), "only tiles are asked for");
        const std::size_t wanted = id->width * crypto::digest_size;
        const bool cut = id->kind == TileKind::hashes && data.size() > wanted;
        const ByteView part = cut ? data.first(wanted) : data;
        return Bytes(part.begin(), part.end());
    };
    TileReader reader(size, fetch, 2);
    const auto root = root_at(size, reader);
    (void)TileWriter::restore({size, crypto::Digest{}}, fetch);
    if (!root) return;
    (void)TileWriter::restore({size, *root}, fetch);
    if (size == 0) return;
    // Storage may hold any hashes; a proof made of them fits the root they make, and only if they
    // belong together.
    const std::uint64_t index = size / 3;
    const auto proof = prove_inclusion(index, size, reader);
    const NodeId leaf{0, index};
    const auto hash = reader.read(std::span(&leaf, 1));
    if (!proof || !hash || size > tile_width - 1) return;
    check(verify_inclusion(hash->front(), index, {size, *root}, *proof).has_value(),
          "within one tile a proof fits its root");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView all(data, size);
    const std::string_view text = text_of(all);
    const std::size_t line = std::min(text.find('\n'), text.size());
    const auto id = parse_tile_path(text.substr(0, line));
    if (!id) return 0;
    check(tile_path(*id) == text.substr(0, line), "a tile path has one form");
    const ByteView rest = all.subspan(std::min(line + 1, size));
    read_as_bundle(rest, id->width);
    if (const auto hashes = decode_tile(rest, id->width)) {
        check(std::ranges::equal(encode_tile(*hashes), rest), "a tile has one form");
    }
    const std::uint64_t hashes = id->index * tile_width + id->width;
    read_as_storage(rest, hashes << (tile_height * id->level));
    return 0;
}
