#pragma once
// C2SP tlog-tiles: the tree on disk as files of up to 256 hashes, and its entries as bundles beside
// them.
//   tile/<L>/<N>[.p/<W>]         hashes: level L holds the roots of complete subtrees of 256^L
//   leaves tile/entries/<N>[.p/<W>]     entries: each with its length in two bytes before it
// N is written in groups of three digits, all but the last with an x before: 1234067 is
// x001/x234/067. A file never changes once written: a tile that grows gets a new name (.p/<W> is
// its width) until it is full.
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "ledger/core/tlog/merkle.hpp"

namespace daicho::ledger::core {

inline constexpr unsigned tile_height = 8;
inline constexpr std::uint32_t tile_width = 256;
/// 256^5 = tree_size_max: a tree of that size has one hash at this level and nothing above.
inline constexpr unsigned tile_level_max = 5;
/// The length of an entry is written in two bytes.
inline constexpr std::size_t entry_size_max = 65535;
inline constexpr std::size_t bundle_size_max = tile_width * (2 + entry_size_max);

enum class TileKind : std::uint8_t { hashes, entries };

/// Names a file. `width` is 1..256, where 256 is a full tile; `level` is 0 for entries.
struct TileId {
    TileKind kind = TileKind::hashes;
    unsigned level = 0;
    std::uint64_t index = 0;
    std::uint32_t width = tile_width;
    auto operator<=>(const TileId&) const = default;
};

/// Relative, with '/' between the parts; begins with "tile/".
[[nodiscard]] std::string tile_path(const TileId& id);
/// Accepts exactly what tile_path() gives, for tiles that a tree within tree_size_max can have.
[[nodiscard]] Result<TileId> parse_tile_path(std::string_view path);

/// The files that a tree of `to` leaves needs and a tree of `from` leaves has not (from <= to):
/// entries and level 0 first, so that whoever writes in this order never has a tile before what it
/// is made of. All of them if from is 0.
[[nodiscard]] std::vector<TileId> changed_tiles(std::uint64_t from, std::uint64_t to);
/// Partial tiles of the tree of `from` leaves that `to` has wider or full: they may go once the
/// newer checkpoint is durable.
[[nodiscard]] std::vector<TileId> replaced_tiles(std::uint64_t from, std::uint64_t to);

/// The bytes of a tile of hashes, and back. Errc::tampered unless it is exactly `width` hashes
/// long.
[[nodiscard]] Bytes encode_tile(std::span<const crypto::Digest> hashes);
[[nodiscard]] Result<std::vector<crypto::Digest>> decode_tile(ByteView bytes, std::uint32_t width);
/// Errc::too_large for an entry longer than entry_size_max; appends nothing then.
[[nodiscard]] Status append_entry(Bytes& bundle, ByteView entry);
/// Views into `bundle`. Errc::tampered unless it is exactly `width` entries and nothing after them.
[[nodiscard]] Result<std::vector<ByteView>> decode_bundle(ByteView bundle, std::uint32_t width);

/// Gives the whole content of the file at a relative path; Errc::not_found if there is none. May
/// throw IoFault.
using TileFetch = std::function<Result<Bytes>(const std::string& path)>;

/// Reads hashes of a tree of `size` leaves. A missing partial tile is looked for in the full one,
/// as a log may have grown since. Hashes are not authenticated before a proof or a root made of
/// them verifies. Not thread-safe.
class TileReader final : public HashSource {
public:
    /// 64 tiles are half a MiB: the right edge, and the paths of a dozen proofs.
    static constexpr std::size_t cache_tiles_default = 64;
    TileReader(std::uint64_t size, TileFetch fetch,
               std::size_t cache_tiles_max = cache_tiles_default);
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] Result<std::vector<crypto::Digest>> read(std::span<const NodeId> ids) override;
    /// All hashes of one tile, as many as this tree has there.
    [[nodiscard]] Result<std::vector<crypto::Digest>> tile(unsigned level, std::uint64_t index);
    /// The bundle that holds entries [256 * index, ...), unparsed; width_at(0, index) entries.
    [[nodiscard]] Result<Bytes> bundle(std::uint64_t index);
    [[nodiscard]] std::uint32_t width_at(unsigned level, std::uint64_t index) const noexcept;

private:
    using Key = std::pair<unsigned, std::uint64_t>;
    using Cached = std::pair<Key, std::vector<crypto::Digest>>;
    [[nodiscard]] Result<Bytes> fetch_tile(TileId id);
    [[nodiscard]] Result<const std::vector<crypto::Digest>*> load(unsigned level,
                                                                  std::uint64_t index);
    std::uint64_t size_;
    TileFetch fetch_;
    std::size_t cache_tiles_max_;
    std::list<Cached> recent_;  // most recently used first
    std::map<Key, std::list<Cached>::iterator> by_key_;
};

struct TileFile {
    TileId id;
    Bytes content;
};

/// Makes the files of a growing tree. Holds its right edge only: at most 255 hashes per level and
/// the entries of one partial bundle. A verifier may feed it the entries again and compare what it
/// makes with what is stored.
class TileWriter {
public:
    TileWriter() = default;
    /// Continues a stored tree after reading its right edge: one tile per level and one bundle.
    /// Errc::tampered unless they add up to exactly `head` (which the caller has from a verified
    /// checkpoint).
    [[nodiscard]] static Result<TileWriter> restore(const TreeHead& head, const TileFetch& fetch);
    /// Adds one leaf, hashing it; returns its index. Errc::too_large: entry too long or tree full;
    /// nothing is added.
    [[nodiscard]] Result<std::uint64_t> append(ByteView entry);
    /// The files that were not there at the last take(), in an order that is safe to write (see
    /// changed_tiles).
    [[nodiscard]] std::vector<TileFile> take();
    [[nodiscard]] const Frontier& frontier() const noexcept { return frontier_; }

private:
    void lift(unsigned level, const crypto::Digest& hash);
    Frontier frontier_;
    std::uint64_t taken_size_ = 0;
    // Per level, the hashes of its rightmost tile while that is partial; and the entries under
    // them.
    std::array<std::vector<crypto::Digest>, tile_level_max + 1> edges_;
    Bytes bundle_;
    std::vector<TileFile> full_;  // filled since the last take()
};

}  // namespace daicho::ledger::core
