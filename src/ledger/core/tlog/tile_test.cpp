#include "ledger/core/tlog/tile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace daicho::ledger::core {
namespace {

using crypto::Digest;

std::string entry_of(std::uint64_t index) {
    return "leaf number " + std::to_string(index);
}

/// A directory of tiles in memory that counts what is read from it.
struct Shelf {
    std::map<std::string, Bytes> files;
    std::size_t reads = 0;

    TileFetch fetch() {
        return [this](const std::string& path) -> Result<Bytes> {
            ++reads;
            const auto found = files.find(path);
            if (found == files.end()) return fail(Errc::not_found, "no file " + path);
            return found->second;
        };
    }
    void put(const std::vector<TileFile>& made) {
        for (const TileFile& file : made) files[tile_path(file.id)] = file.content;
    }
};

void grow(TileWriter& writer, std::uint64_t to) {
    while (writer.frontier().size() < to) {
        ASSERT_TRUE(writer.append(view_of(entry_of(writer.frontier().size()))));
    }
}

std::vector<Digest> leaves_of(std::uint64_t size) {
    std::vector<Digest> leaves;
    for (std::uint64_t i = 0; i < size; ++i) {
        leaves.push_back(crypto::hash_leaf(view_of(entry_of(i))));
    }
    return leaves;
}

/// The definition of C2SP tlog-tiles: hash i of tile n of level l is the root of one aligned range
/// of leaves.
Bytes defined_tile(const TileId& id, std::span<const Digest> leaves) {
    Bytes out;
    const std::size_t span = std::size_t{1} << (tile_height * id.level);
    RangeHasher hasher;
    for (std::size_t i = 0; i < id.width; ++i) {
        const std::size_t at = (id.index * tile_width + i) * span;
        ByteWriter(out).raw(hasher.root(leaves.subspan(at, span)).view());
    }
    return out;
}

TEST(Tile, paths_are_those_of_the_specification) {
    EXPECT_EQ(tile_path({TileKind::hashes, 0, 1234067, 256}), "tile/0/x001/x234/067");
    EXPECT_EQ(tile_path({TileKind::hashes, 3, 0, 1}), "tile/3/000.p/1");
    EXPECT_EQ(tile_path({TileKind::entries, 0, 999, 255}), "tile/entries/999.p/255");
    EXPECT_EQ(tile_path({TileKind::entries, 0, 1000, 256}), "tile/entries/x001/000");
}

TEST(Tile, a_path_comes_back_as_the_tile_it_names) {
    const std::uint64_t last = (tree_size_max >> tile_height) - 1;
    for (const TileId& id : std::vector<TileId>{{TileKind::hashes, 0, 0, 256},
                                                {TileKind::hashes, 0, last, 256},
                                                {TileKind::entries, 0, last, 7},
                                                {TileKind::hashes, 4, 0, 256},
                                                {TileKind::hashes, 5, 0, 1},
                                                {TileKind::hashes, 1, 1234067, 255}}) {
        const auto back = parse_tile_path(tile_path(id));
        ASSERT_TRUE(back) << tile_path(id);
        EXPECT_EQ(*back, id);
    }
}

TEST(Tile, a_path_that_is_not_exactly_so_is_refused) {
    for (const char* path : {"",
                             "tile",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "tile/0/00",
                             "tile/0/0000",
                             "tile/0/x000/001",
                             "tile/0/001/002",
                             "tile/0/x001",
                             "tile/0/x001/02",
                             "tile/00/001",
                             "tile/6/000.p/1",
                             "tile/5/000",
                             "tile/5/000.p/2",
                             "tile/5/001.p/1",
                             "tile/0/001.p/0",
                             "tile/0/001.p/256",
                             "tile/0/001.p/01",
                             "tile/0/001.p/",
                             "tile/0/001.p/1.p/1",
                             "tile/0/001/",
                             "/tile/0/001",
                             "tile/0/../001",
                             "tile/-1/001",
                             "tile/entries/0/001",
                             "tile/entry/001",
                             "tile/0/+01",
                             "tile/0/x004/x294/x967/296",
                             "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                             "tile/0/001\n",
                             "tile//001",
                             "tile/x/001"}) {
        const auto id = parse_tile_path(path);
        ASSERT_FALSE(id) << path;
        EXPECT_EQ(id.error().code, Errc::invalid) << path;
    }
}

TEST(Tile, a_tree_of_70000_has_the_tiles_that_the_specification_counts) {
    std::map<std::pair<unsigned, bool>, std::pair<int, std::uint32_t>>
        seen;  // full ones, width of the partial
    for (const TileId& id : changed_tiles(0, 70000)) {
        auto& [full, partial] = seen[{id.level, id.kind == TileKind::hashes}];
        if (id.width == tile_width)
            ++full;
        else
            partial = id.width;
    }
    using Seen = decltype(seen);
    EXPECT_EQ(seen, (Seen{{{0, false}, {273, 112}},
                          {{0, true}, {273, 112}},
                          {{1, true}, {1, 17}},
                          {{2, true}, {0, 1}}}));
    EXPECT_TRUE(changed_tiles(256, 256).empty());
    EXPECT_EQ(changed_tiles(255, 256).size(), 3U);  // full bundle, full level 0, level 1 of width 1
}

TEST(Tile, files_hold_what_the_definition_says_however_the_tree_grew) {
    const std::uint64_t size = 3 * 256 + 77;
    const auto leaves = leaves_of(size);
    for (const std::uint64_t step : {1U, 7U, 255U, 256U, 257U, 1000U}) {
        TileWriter writer;
        Shelf shelf;
        while (writer.frontier().size() < size) {
            const std::uint64_t before = writer.frontier().size();
            grow(writer, std::min(size, before + step));
            const auto made = writer.take();
            const auto expected = changed_tiles(before, writer.frontier().size());
            ASSERT_EQ(made.size(), expected.size());
            for (std::size_t i = 0; i < made.size(); ++i) {
                ASSERT_EQ(made[i].id, expected[i]);
                if (made[i].id.kind == TileKind::entries) continue;
                ASSERT_EQ(made[i].content, defined_tile(made[i].id, leaves));
            }
            shelf.put(made);
        }
        EXPECT_TRUE(writer.take().empty());
        EXPECT_EQ(writer.frontier().root(), RangeHasher().root(leaves));
        TileReader reader(size, shelf.fetch());
        for (std::uint64_t i = 0; i < size; ++i) {
            const auto bundle = reader.bundle(i / 256);
            ASSERT_TRUE(bundle);
            const auto entries = decode_bundle(*bundle, reader.width_at(0, i / 256));
            ASSERT_EQ(text_of(entries->at(i % 256)), entry_of(i));
        }
    }
}

TEST(Tile, replaced_tiles_are_the_partial_ones_that_have_grown) {
    for (std::uint64_t from : {0U, 1U, 255U, 256U, 300U, 65535U, 65536U, 65537U}) {
        for (std::uint64_t to : {from, from + 1, from + 255, from + 70000}) {
            std::vector<TileId> expected;
            const auto before = changed_tiles(0, from);
            const auto after = changed_tiles(0, to);
            for (const TileId& id : before) {
                if (std::ranges::find(after, id) == after.end()) expected.push_back(id);
            }
            EXPECT_EQ(replaced_tiles(from, to), expected) << from << " to " << to;
        }
    }
}

/// One tree on two levels of full tiles, shared by the tests below: building it takes most of their
/// time.
class TileTree : public testing::Test {
protected:
    static constexpr std::uint64_t size = 65536 + 3 * 256 + 5;
    static void SetUpTestSuite() {
        shelf_ = new Shelf;
        leaves_ = new std::vector<Digest>(leaves_of(size));
        TileWriter writer;
        grow(writer, size);
        shelf_->put(writer.take());
        head_ = writer.frontier().head();
    }
    static void TearDownTestSuite() {
        delete shelf_;
        delete leaves_;
    }
    static inline Shelf* shelf_ = nullptr;
    static inline std::vector<Digest>* leaves_ = nullptr;
    static inline TreeHead head_;
};

TEST_F(TileTree, proofs_from_tiles_equal_proofs_from_leaves_and_verify) {
    TileReader reader(size, shelf_->fetch());
    for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{255}, std::uint64_t{256},
                                      std::uint64_t{65535}, std::uint64_t{65536}, size - 1}) {
        const auto proof = prove_inclusion(index, size, reader);
        ASSERT_TRUE(proof);
        EXPECT_EQ(*proof, prove_inclusion(index, *leaves_).value());
        EXPECT_TRUE(verify_inclusion((*leaves_)[index], index, head_, *proof));
    }
}

TEST_F(TileTree, the_root_of_every_older_size_can_be_recomputed_and_is_consistent) {
    TileReader reader(size, shelf_->fetch());
    for (const std::uint64_t older : {0U, 1U, 2U, 255U, 256U, 257U, 511U, 65535U, 65536U, 65537U,
                                      65536U + 3 * 256, 65536U + 3 * 256 + 4}) {
        const Digest root = RangeHasher().root(std::span(*leaves_).first(older));
        EXPECT_EQ(root_at(older, reader).value(), root) << older;
        const auto proof = prove_consistency(older, size, reader);
        ASSERT_TRUE(proof);
        EXPECT_TRUE(verify_consistency({older, root}, head_, *proof)) << older;
    }
}

TEST_F(TileTree, a_proof_reads_few_tiles_and_the_cache_is_bounded) {
    TileReader reader(size, shelf_->fetch());
    shelf_->reads = 0;
    ASSERT_TRUE(prove_inclusion(1000, size, reader));
    EXPECT_LE(shelf_->reads, 5U);
    ASSERT_TRUE(prove_inclusion(1000, size, reader));
    EXPECT_LE(shelf_->reads, 5U);
    TileReader small(size, shelf_->fetch(), 1);
    shelf_->reads = 0;
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(small.tile(0, 0));
        ASSERT_TRUE(small.tile(0, 0));
        ASSERT_TRUE(small.tile(0, 1));
    }
    EXPECT_EQ(shelf_->reads, 6U);
}

TEST_F(TileTree, a_partial_tile_that_is_gone_is_read_from_the_full_one) {
    const std::uint64_t older = 65536 + 256 + 100;
    TileReader reader(older, shelf_->fetch());  // only the full tiles of the larger tree are there
    const auto tile = reader.tile(0, older / 256);
    ASSERT_TRUE(tile);
    EXPECT_EQ(tile->size(), 100U);
    EXPECT_EQ(tile->back(), (*leaves_)[older - 1]);
    const auto bundle = reader.bundle(older / 256);
    ASSERT_TRUE(bundle);
    const auto entries = decode_bundle(*bundle, 100);
    ASSERT_TRUE(entries);
    EXPECT_EQ(text_of(entries->back()), entry_of(older - 1));
}

TEST_F(TileTree, what_the_tree_does_not_have_is_not_found) {
    TileReader reader(size, shelf_->fetch());
    const auto read = [&](NodeId id) { return reader.read(std::span(&id, 1)); };
    EXPECT_TRUE(read({0, size - 1}));
    EXPECT_EQ(read({0, size}).error().code, Errc::not_found);
    EXPECT_EQ(read({17, 0}).error().code, Errc::not_found);
    EXPECT_EQ(read({63, 0}).error().code, Errc::not_found);
    EXPECT_EQ(read({8, 256 + 3}).error().code, Errc::not_found);
    EXPECT_EQ(reader.tile(6, 0).error().code, Errc::not_found);
    EXPECT_EQ(reader.bundle(size / 256 + 1).error().code, Errc::not_found);
}

TEST_F(TileTree, a_tile_of_another_length_is_damage) {
    for (const std::string path : {"tile/0/000", "tile/1/001.p/3", "tile/2/000.p/1"}) {
        Shelf shelf = *shelf_;
        ASSERT_TRUE(shelf.files.contains(path)) << path;
        const TileId id = parse_tile_path(path).value();
        for (const int change : {-32, -1, 1, 32}) {
            Bytes content = shelf_->files[path];
            content.resize(content.size() + static_cast<std::size_t>(change));
            shelf.files[path] = content;
            TileReader reader(size, shelf.fetch());
            EXPECT_EQ(reader.tile(id.level, id.index).error().code, Errc::tampered)
                << path << change;
        }
    }
}

TEST(Tile, a_restored_writer_goes_on_like_the_original_from_any_size) {
    const std::uint64_t end = 600;
    TileWriter original;
    Shelf shelf;
    for (std::uint64_t cut = 0; cut <= end; ++cut) {
        grow(original, cut);
        shelf.put(original.take());
        if (cut % 13 != 0 && cut % 256 > 2) continue;
        auto restored = TileWriter::restore(original.frontier().head(), shelf.fetch());
        ASSERT_TRUE(restored) << cut << restored.error().message;
        TileWriter reference = original;
        grow(*restored, end + 200);
        grow(reference, end + 200);
        EXPECT_EQ(restored->frontier().head(), reference.frontier().head());
        const auto a = restored->take();
        const auto b = reference.take();
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            EXPECT_EQ(a[i].id, b[i].id);
            EXPECT_EQ(a[i].content, b[i].content);
        }
    }
}

TEST(Tile, a_restore_notices_every_flipped_bit_missing_file_and_wrong_head) {
    TileWriter writer;
    grow(writer, 2 * 256 + 3);
    Shelf shelf;
    shelf.put(writer.take());
    const TreeHead head = writer.frontier().head();
    for (const std::string path : {"tile/entries/002.p/3", "tile/0/002.p/3", "tile/1/000.p/2"}) {
        const Bytes content = shelf.files.at(path);
        for (std::size_t bit = 0; bit < content.size() * 8; ++bit) {
            shelf.files[path][bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            const auto restored = TileWriter::restore(head, shelf.fetch());
            ASSERT_TRUE(!restored && restored.error().code == Errc::tampered)
                << path << " bit " << bit;
            shelf.files[path] = content;
        }
        shelf.files.erase(path);
        ASSERT_EQ(TileWriter::restore(head, shelf.fetch()).error().code, Errc::tampered) << path;
        shelf.files[path] = content;
    }
    ASSERT_TRUE(TileWriter::restore(head, shelf.fetch()));
    ASSERT_FALSE(TileWriter::restore({head.size - 1, head.root}, shelf.fetch()));
    ASSERT_FALSE(TileWriter::restore({tree_size_max + 1, head.root}, shelf.fetch()));
    ASSERT_FALSE(TileWriter::restore({0, head.root}, shelf.fetch()));
}

TEST(Tile, the_edge_of_a_tree_of_a_trillion_leaves_is_six_reads) {
    // Nobody has that tree; its right edge can be made up from any hashes, and the root follows
    // from them.
    const std::uint64_t size =
        tree_size_max - 1 - 255;  // full bundle at the end, all other levels partial
    std::size_t reads = 0;
    const TileFetch fetch = [&](const std::string& path) -> Result<Bytes> {
        ++reads;
        const auto id = parse_tile_path(path);
        if (!id) return fail(id.error());
        return encode_tile(std::vector<Digest>(id->width, crypto::sha256(view_of(path))));
    };
    TileReader reader(size, fetch);
    const auto root = root_at(size, reader);
    ASSERT_TRUE(root);
    EXPECT_LE(reads, tile_level_max + 1);
    reads = 0;
    const auto writer = TileWriter::restore({size, *root}, fetch);
    ASSERT_TRUE(writer) << writer.error().message;
    EXPECT_LE(reads, tile_level_max + 1);
}

TEST(Tile, entries_are_bounded_and_bundles_are_exact) {
    Bytes bundle;
    ASSERT_TRUE(append_entry(bundle, Bytes(entry_size_max)));
    ASSERT_TRUE(append_entry(bundle, {}));
    EXPECT_EQ(append_entry(bundle, Bytes(entry_size_max + 1)).error().code, Errc::too_large);
    EXPECT_EQ(bundle.size(), entry_size_max + 4);
    ASSERT_TRUE(decode_bundle(bundle, 2));
    for (const std::uint32_t width : {0U, 1U, 3U, 257U}) {
        EXPECT_FALSE(decode_bundle(bundle, width)) << width;
    }
    for (std::size_t size = 0; size < bundle.size(); size += 97) {
        EXPECT_FALSE(decode_bundle(std::span(bundle).first(size), 2)) << size;
    }
    TileWriter writer;
    EXPECT_EQ(writer.append(Bytes(entry_size_max + 1)).error().code, Errc::too_large);
    EXPECT_EQ(writer.frontier().size(), 0U);
    EXPECT_TRUE(writer.take().empty());
}

}  // namespace
}  // namespace daicho::ledger::core
