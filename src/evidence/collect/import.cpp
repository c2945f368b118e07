#include "evidence/collect/import.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/fault.hpp"
#include "base/fd.hpp"

namespace daicho::evidence::collect {
namespace {

constexpr std::size_t window_size = std::size_t{1} << 20;
constexpr int retry_ms = 5;
constexpr int look_for_cancel_ms = 200;

int open_own(const std::string& file) {
    return file == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                       : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
}

Error not_opened(const std::string& file, int error_number) {
    const char* key = "import.cannot_open";
    if (error_number == ENOENT) key = "import.no_such_file";
    if (error_number == EACCES || error_number == EPERM) key = "import.no_right";
    const std::string reason = std::strerror(error_number);
    return {Errc::not_found,
            "cannot open " + file + ": " + reason,
            key,
            {{"file", file}, {"reason", reason}}};
}

/// There is something to read, or the end: a terminal or pipe may say nothing for hours.
bool ready_to_read(int fd) {
    pollfd entry{fd, POLLIN, 0};
    return ::poll(&entry, 1, look_for_cancel_ms) > 0;
}

}  // namespace

FileImporter::FileImporter(ledger::Intake& intake, const Clock& clock, parse::ZoneRule zone,
                           SourceBoard* board)
    : open_file(open_own), intake_(intake), clock_(clock), maker_(std::move(zone)), board_(board) {}

bool is_import_name(std::string_view name) noexcept {
    constexpr std::size_t size_max = 64;
    return !name.empty() && name.size() <= size_max &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return parse::is_alpha(c) || parse::is_digit(c) || c == '.' || c == '_' || c == '-';
           });
}

Result<ImportReport> FileImporter::run(const std::string& name,
                                       const std::vector<std::string>& files,
                                       const std::atomic<bool>& cancel) {
    if (!is_import_name(name))
        return refuse(Errc::invalid, "import.bad_name",
                      "a source name has 1-64 of A-Z a-z 0-9 . _ -");
    who_ = SourceIdentity{};
    who_.source = "import:" + name;
    who_.transport = ledger::Transport::file;
    who_.registered = true;
    report_ = ImportReport{};
    place_ = Place{};
    any_ticket_ = false;
    for (const std::string& file : files) {
        place_ = Place{file, 0, 0};
        const Status done = one_file(file, cancel);
        if (!done) return fail(told_where(done.error()));
        ++report_.files;
    }
    if (any_ticket_) {
        const auto receipt = intake_.wait_durable(ticket_);
        if (!receipt) return fail(told_where(receipt.error()));
        report_.last_seq = receipt->first_seq + receipt->count - 1;
    }
    return report_;
}

Status FileImporter::one_file(const std::string& file, const std::atomic<bool>& cancel) {
    const Fd owned(open_file(file));
    const int fd = owned.get();
    if (fd < 0) return fail(not_opened(file, errno));
    struct stat info {};
    const bool has_size = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    if (S_ISDIR(info.st_mode))
        return refuse(Errc::invalid, "import.is_directory", file + " is a directory",
                      {{"file", file}});
    const auto total = has_size ? static_cast<std::uint64_t>(info.st_size) : std::uint64_t{0};

    HeldBudget budget;
    FrameSplitter splitter(budget, FrameSplitter::Mode::lines_only);
    std::vector<FrameBatch> batches;
    Bytes window(window_size);
    while (true) {
        if (cancel) return refuse(Errc::conflict, "import.cancelled", "cancelled");
        if (!ready_to_read(fd)) continue;
        const ssize_t got = ::read(fd, window.data(), window.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return refuse(Errc::unavailable, "import.read_error",
                          "cannot read " + file + ": " + std::strerror(errno), {{"file", file}});
        const ByteView part = ByteView(window).first(static_cast<std::size_t>(got));
        batches.clear();
        if (got > 0) {
            splitter.feed(part, batches);
        } else {
            splitter.close(batches);
        }
        const Status taken = hand_over(batches, cancel);
        if (!taken) return taken;
        place_.lines +=
            static_cast<std::uint64_t>(std::count(part.begin(), part.end(), std::uint8_t{'\n'}));
        place_.bytes += static_cast<std::uint64_t>(got);
        if (on_progress) on_progress({file, place_.bytes, total, report_.events});
        if (got == 0) return {};
    }
}

Status FileImporter::hand_over(std::vector<FrameBatch>& batches, const std::atomic<bool>& cancel) {
    for (FrameBatch& batch : batches) {
        if (batch.empty()) continue;
        ChunkStats stats;
        ledger::Chunk chunk =
            maker_.make(std::move(batch), who_, clock_.wall_ns(), clock_.monotonic_ns(), stats);
        std::int64_t waited_ms = 0;
        while (true) {
            const auto ticket = intake_.submit(chunk);
            if (ticket) {
                ticket_ = *ticket;
                any_ticket_ = true;
                break;
            }
            if (ticket.error().code != Errc::unavailable || waited_ms >= full_wait_ms_max)
                return fail(ticket.error());
            if (cancel) return refuse(Errc::conflict, "import.cancelled", "cancelled");
            std::this_thread::sleep_for(std::chrono::milliseconds(retry_ms));
            waited_ms += retry_ms;
        }
        report_.events += stats.events;
        report_.bytes += stats.bytes;
        report_.cut += stats.truncated;  // the last line needs no end: only the limit cuts
        if (board_ != nullptr) board_->record(who_.source, stats);
    }
    return {};
}

/// Says what is kept, after making sure that it is.
Error FileImporter::told_where(const Error& why) {
    Error told = why;
    std::string kept;
    if (!any_ticket_) {
        kept = "nothing was taken into the ledger";
    } else if (const auto receipt = intake_.wait_durable(ticket_); receipt) {
        kept = std::to_string(report_.events) +
               " events are in the ledger, the last with sequence number " +
               std::to_string(receipt->first_seq + receipt->count - 1) + "; of " + place_.file +
               ", those up to line " + std::to_string(place_.lines);
    } else {
        kept = "it is not known which of the events are in the ledger: its writer has stopped";
    }
    told.message += " (" + kept + ")";
    told.params.emplace_back("file", place_.file);
    told.params.emplace_back("line", std::to_string(place_.lines));
    told.params.emplace_back("events", std::to_string(report_.events));
    return told;
}

}  // namespace daicho::evidence::collect
