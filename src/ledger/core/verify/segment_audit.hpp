#pragma once
// Sealed segments: what their leaves promise, and the files. A segment is checked when its SEAL
// leaf passes by, so that only batches which are not sealed yet are held in memory.
#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "ledger/core/segment.hpp"
#include "ledger/core/verify/collector.hpp"
#include "ledger/core/verify/key_box.hpp"
#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/notices.hpp"

namespace daicho::ledger::core::verify {

/// Throws IoFault. Not thread-safe.
class SegmentAudit {
public:
    /// `keys` may be null (keyless), and `observer`.
    SegmentAudit(Files& files, std::string directory, const KeyBox* keys, Observer* observer,
                 Collector& out)
        : files_(files),
          directory_(std::move(directory)),
          keys_(keys),
          observer_(observer),
          out_(out) {}

    void batch(std::uint64_t leaf_index, const BatchLeaf& leaf, bool in_wal);
    void seal(std::uint64_t leaf_index, WallNs wall_ns, const SealFacts& facts, bool clock_stepped);
    void exported(std::uint64_t leaf_index, const ExportFacts& facts);
    void retire(std::uint64_t leaf_index, const RetireFacts& facts);
    /// What was sealed must be there or retired. `is_bundle`: there is no write-ahead log, so what
    /// was not sealed is absent, and said to be; otherwise it is missing.
    void finish(bool is_bundle);

private:
    /// Batches of one class of one write-ahead file, until their SEAL leaf comes.
    struct Open {
        std::vector<SegmentBatch> batches;
        std::vector<BatchLeaf> leaves;
        std::uint64_t events = 0;
        std::uint64_t events_in_wal = 0;
        WallNs wall_first_ns = 0;
        WallNs wall_last_ns = 0;
    };
    using Key = std::pair<std::uint64_t, std::string>;  // segment, class
    /// One per segment of the ledger's whole life: kept small.
    struct Sealed {
        std::uint64_t first_seq = 0;
        std::uint64_t last_seq = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        WallNs wall_first_ns = 0;
        WallNs wall_last_ns = 0;
        crypto::Digest digest;
        std::int32_t day = 0;
        bool present = false;
        bool retired = false;
    };
    void compare(std::uint64_t leaf_index, const SealFacts& facts, const Open& open);
    bool check_file(const SealFacts& facts, const Open& open);
    void check_content(const SealFacts& facts, const SegmentDirectory& directory, const File& file,
                       const Open& open);
    void tell(const SegmentDirectory& directory, const File& file, const crypto::Key32& data_key);
    void finish_open(bool is_bundle);
    void finish_sealed(bool is_bundle);
    void missing(const std::string& path, const Sealed& sealed);
    void finish_folder();
    Sealed* find(const std::string& file);

    Files& files_;
    std::string directory_;
    const KeyBox* keys_;
    Observer* observer_;
    Collector& out_;
    std::map<Key, Open> open_;
    std::map<Key, Sealed> sealed_;
    /// Segments whose content could not be opened because the key is gone: right only if retired.
    std::map<Key, std::string> without_key_;
};

/// The class and number in a segment's file name; nullopt if it is not one.
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::string>> parse_segment_name(
    std::string_view name);

}  // namespace daicho::ledger::core::verify
