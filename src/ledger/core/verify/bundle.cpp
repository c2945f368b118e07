// What only a bundle has: the tiles of every checkpoint in it, and the exports that its own tree
// remembers.
#include <set>

#include "ledger/core/tlog/tile.hpp"
#include "ledger/core/verify/ledger_check.hpp"

namespace daicho::ledger::core::verify {

/// An export writes the tiles of its tree before its checkpoint. Those of the newest tree were
/// asked for with the tree itself, full ones too.
void LedgerCheck::check_tiles_of(const Mark& mark) {
    const auto demand = [this](const TileId& id) {
        const std::string path = tile_path(id);
        if (!files_.exists(directory_ + "/" + path))
            out_.add(Problem::missing_file, path, "an older checkpoint was written with it");
    };
    for (unsigned level = 0; level <= tile_level_max; ++level) {
        const std::uint64_t hashes = mark.head.size >> (tile_height * level);
        const auto width = static_cast<std::uint32_t>(hashes % tile_width);
        if (width == 0) continue;
        demand({TileKind::hashes, level, hashes / tile_width, width});
        if (level == 0) demand({TileKind::entries, 0, hashes / tile_width, width});
    }
}

/// A medium has the checkpoints of all exports to it. Which target it was the leaves can't tell, so
/// what other media have and what was taken away from this one is the same here: said, no failure.
/// No event hangs on it: the newest checkpoint alone says what must be there.
void LedgerCheck::check_exports() {
    std::set<std::uint64_t> here;
    for (const Mark& mark : marks_) {
        if (mark.from == Mark::From::older || mark.from == Mark::From::checkpoint)
            here.insert(mark.head.size);
    }
    std::set<std::uint64_t> absent;
    bool in_part = false;  // a target of which some exports are here and others are not
    bool whole = false;
    for (const auto& [target, sizes] : chain_->exports()) {
        std::size_t found = 0;
        for (const std::uint64_t size : sizes) {
            if (here.contains(size)) {
                ++found;
            } else {
                absent.insert(size);
            }
        }
        whole = whole || found == sizes.size();
        in_part = in_part || (found > 0 && found < sizes.size());
    }
    if (absent.empty() || (whole && !in_part)) return;
    out_.note({Remark::checkpoints_absent, "checkpoints", static_cast<std::int64_t>(absent.size()),
               static_cast<std::int64_t>(*absent.rbegin())});
}

void LedgerCheck::finish_bundle() {
    for (const Mark& mark : marks_) {
        if (mark.from == Mark::From::older) check_tiles_of(mark);
    }
    check_exports();
}

}  // namespace daicho::ledger::core::verify
