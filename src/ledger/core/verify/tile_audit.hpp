#pragma once
// The stored tree against the entries: every tile is computed again and compared, partial tiles of
// other sizes must be beginnings of present ones, and nothing else may lie below tile/.
#include <map>
#include <string>

#include "base/files.hpp"
#include "ledger/core/tlog/tile.hpp"
#include "ledger/core/verify/collector.hpp"

namespace daicho::ledger::core::verify {

/// Holds the right edge of the tree only. Not thread-safe.
class TileAudit {
public:
    TileAudit(Files& files, std::string directory, Collector& out)
        : files_(files), directory_(std::move(directory)), out_(out) {}

    /// The next entry; false when the tree takes no more.
    bool feed(ByteView entry);
    /// All entries of the signed tree were fed: what comes now is only in the write-ahead log.
    void end_of_signed();
    /// Compares what is left and looks for files that nobody asked for.
    void finish();
    [[nodiscard]] const Frontier& frontier() const noexcept { return writer_.frontier(); }

private:
    struct Key {
        TileKind kind;
        unsigned level;
        std::uint64_t index;
        auto operator<=>(const Key&) const = default;
    };
    struct Edge {
        Bytes content;
        std::uint32_t width = 0;
        std::uint32_t required = 0;  // the width that must be there; 0 = none
    };
    void take();
    void check(const Key& key, const Edge& edge);
    void compare(const Key& key, const Edge& edge, std::uint32_t width, bool required);
    void walk(const std::string& folder);
    void judge(const std::string& path);

    Files& files_;
    std::string directory_;
    Collector& out_;
    TileWriter writer_;
    std::uint64_t signed_size_ = 0;
    bool beyond_ = false;
    std::map<Key, Edge> edges_;
};

}  // namespace daicho::ledger::core::verify
