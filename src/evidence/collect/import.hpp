#pragma once
// Existing log files into the ledger: every line is an event of the source `import:NAME`, received
// now. What a line says about its own time is derived when it is searched.
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "evidence/collect/chunk_maker.hpp"

namespace daicho::evidence::collect {

struct ImportProgress {
    std::string file;
    std::uint64_t bytes_done = 0;
    std::uint64_t bytes_total = 0;  // of this file; 0 when unknown (a pipe)
    std::uint64_t events = 0;       // of all files so far
};
struct ImportReport {
    std::uint64_t files = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;     // of all lines, without their ends
    std::uint64_t cut = 0;       // events that were longer than ledger::event_size_max
    std::uint64_t last_seq = 0;  // in the ledger, durable; meaningless without events
};

/// A name of 1-64 characters out of A-Z a-z 0-9 . _ -: it becomes part of a source id.
[[nodiscard]] bool is_import_name(std::string_view name) noexcept;

class FileImporter {
public:
    /// All outlive it. `board` may be null.
    FileImporter(ledger::Intake& intake, const Clock& clock, parse::ZoneRule zone,
                 SourceBoard* board = nullptr);

    /// Called at most once per MiB, from the thread that runs the import.
    std::function<void(const ImportProgress&)> on_progress;
    /// Opens a file of run() for reading; the importer closes it. -1 with errno where it can't. "-"
    /// is the standard input. Replaced by whoever imports what another process has open.
    std::function<int(const std::string&)> open_file;
    /// How long a full ledger is waited for before giving up.
    std::int64_t full_wait_ms_max = 60'000;

    /// "-" is the standard input. Ends when all is durable, at the first failure, or soon after
    /// `cancel` is set. On failure the message says up to which line of which file the events are
    /// in the ledger: with the rest of the file the import can be continued. Codes: invalid (name),
    /// not_found (file), unavailable (ledger full or stopped), conflict (cancelled).
    [[nodiscard]] Result<ImportReport> run(const std::string& name,
                                           const std::vector<std::string>& files,
                                           const std::atomic<bool>& cancel);

private:
    struct Place {
        std::string file;
        std::uint64_t lines = 0;  // complete and handed over
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] Status one_file(const std::string& file, const std::atomic<bool>& cancel);
    [[nodiscard]] Status hand_over(std::vector<FrameBatch>& batches,
                                   const std::atomic<bool>& cancel);
    [[nodiscard]] Error told_where(const Error& why);

    ledger::Intake& intake_;
    const Clock& clock_;
    ChunkMaker maker_;
    SourceBoard* board_;
    SourceIdentity who_;
    ImportReport report_;
    Place place_;
    ledger::Ticket ticket_ = 0;
    bool any_ticket_ = false;
};

}  // namespace daicho::evidence::collect
