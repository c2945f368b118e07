#pragma once
// The facts of leaves other than BATCH, read strictly: canonical JSON with exactly the keys of
// docs/formats/ledger.md. A leaf that reads differently was made by nobody who keeps the format.
#include <string>
#include <variant>
#include <vector>

#include "ledger/core/leaf.hpp"

namespace daicho::ledger::core::verify {

struct FileDigest {
    std::string file;
    crypto::Digest digest;
    std::uint64_t bytes = 0;  // EXPORT only
};
struct SealFacts {
    std::string retention_class, day, file;
    crypto::Digest digest;
    std::uint64_t segment = 0, first_seq = 0, last_seq = 0, batches = 0, events = 0, bytes = 0;
    WallNs wall_first_ns = 0, wall_last_ns = 0;
};
struct ExportFacts {
    std::string target;
    std::uint64_t tree_size = 0;
    std::vector<FileDigest> files;
};
struct RetireFacts {
    std::string retention_class, day;
    std::uint64_t events = 0;
    WallNs last_ns = 0;
    std::vector<FileDigest> files;
};
struct GapFacts {
    std::uint64_t events = 0;
};
struct HeartbeatFacts {
    std::uint64_t last_seq = 0;
};
/// Of types whose content nothing in the tree depends on.
struct OtherFacts {};

using Facts =
    std::variant<SealFacts, ExportFacts, RetireFacts, GapFacts, HeartbeatFacts, OtherFacts>;

/// Errc::invalid with the reason. KEYROT leaves are read by open_key_rotation; here only their form
/// is checked.
[[nodiscard]] Result<Facts> read_facts(const NoticeLeaf& leaf);

}  // namespace daicho::ledger::core::verify
