#pragma once
// One verification of one ledger directory in progress. Only ledger.cpp, marks.cpp and bundle.cpp
// know it.
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/verify/chain.hpp"
#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/tile_audit.hpp"
#include "ledger/core/verify/wal_stream.hpp"

namespace daicho::ledger::core::verify {

/// A tree that somebody has vouched for, and whose root must appear on the way.
struct Mark {
    enum class From : std::uint8_t { checkpoint, older, since, head };
    TreeHead head;
    From from = From::checkpoint;
    std::string file;
    std::string note;
};

class LedgerCheck {
public:
    LedgerCheck(Files& files, std::string directory, bool is_bundle, const KeyBox* keys,
                const Options& options, Report& report)
        : files_(files),
          directory_(std::move(directory)),
          is_bundle_(is_bundle),
          keys_(keys),
          options_(options),
          out_(report, options.findings_max) {}

    /// False when it was cancelled.
    bool run();

private:
    void check_layout();
    bool open_origin_note();
    bool read_marks();
    bool add_mark(Mark::From from, const std::string& file, std::string note);
    void add_head();
    void sort_marks();
    bool read_leaves();
    bool read_beyond();
    bool step(ByteView entry, bool is_signed);
    bool match_wal(ByteView entry);
    bool check_events_of_frame(const BatchLeaf& leaf);
    void check_starts();
    void check_marks();
    void check_mark(const Mark& mark);
    void finish();
    void finish_bundle();
    void check_tiles_of(const Mark& mark);
    void check_exports();
    [[nodiscard]] bool stop() const { return out_.full() || cancelled_; }

    Files& files_;
    std::string directory_;
    bool is_bundle_;
    const KeyBox* keys_;
    const Options& options_;
    Collector out_;
    bool cancelled_ = false;
    std::optional<Origin> origin_;
    std::vector<Mark> marks_;  // ascending by size
    std::size_t next_mark_ = 0;
    TreeHead signed_;
    std::optional<SegmentAudit> segments_;
    std::optional<TileAudit> tiles_;
    std::optional<WalStream> wal_;
    std::optional<Chain> chain_;
};

}  // namespace daicho::ledger::core::verify
