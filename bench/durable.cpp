// links: base crypto ledger_core ledger evidence
// The ledger by itself, with fdatasync before every acknowledgement or without any; ingest.py
// compares the two. Usage: bench_durable FILE synced|unsynced [EVENTS]. Prints events, wall seconds
// from the first hand-over to the last acknowledgement, CPU seconds. Framing and flags are
// included.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "evidence/collect/chunk_maker.hpp"
#include "ledger/ledger.hpp"

namespace {

using namespace daicho;

/// What one read of a busy connection brings.
constexpr std::size_t piece_bytes = std::size_t{256} << 10;
constexpr std::chrono::microseconds full_pause{200};

struct Spent {
    double wall_s = 0;
    double cpu_s = 0;
    std::uint64_t events = 0;
};

const SystemClock the_clock;

double seconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Bytes first_lines(const char* path, std::uint64_t events_max) {
    std::ifstream file(path, std::ios::binary);
    Bytes text;
    std::string line;
    for (std::uint64_t count = 0; count < events_max && std::getline(file, line); ++count) {
        text.insert(text.end(), line.begin(), line.end());
        text.push_back('\n');
    }
    return text;
}

ledger::Ticket hand_over(ledger::Ledger& book, ledger::Chunk& chunk) {
    while (true) {
        const Result<ledger::Ticket> ticket = book.submit(chunk);
        if (ticket) return *ticket;
        if (ticket.error().code != Errc::unavailable) {
            std::fprintf(stderr, "%s\n", ticket.error().message.c_str());
            std::exit(1);
        }
        std::this_thread::sleep_for(full_pause);
    }
}

Result<Spent> one_round(const Bytes& text, const std::string& directory, bool sync) {
    ledger::LedgerOptions options;
    options.data_directory = directory + "/data";
    options.keys_directory = directory + "/keys";
    options.commit.sync = sync;
    // Sealing takes a processor of its own; here it would only add noise to both sides.
    options.commit.segment_raw_bytes = std::uint64_t{1} << 40;
    const Status made = ledger::Ledger::create(real_files(), the_clock, options.data_directory,
                                               options.keys_directory);
    if (!made) return fail(made.error());
    const auto rule = evidence::collect::parse::fixed_zone(0);
    Result<std::unique_ptr<ledger::Ledger>> book = ledger::Ledger::open(
        real_files(), the_clock, options,
        [&rule] { return std::make_unique<evidence::collect::FieldExtractor>(rule); });
    if (!book) return fail(book.error());
    evidence::collect::ChunkMaker maker(rule);
    evidence::collect::HeldBudget budget;
    evidence::collect::FrameSplitter splitter(budget);
    evidence::collect::SourceIdentity who;
    who.source = "tcp:192.0.2.7";
    std::vector<evidence::collect::FrameBatch> batches;
    Spent out;
    const double wall = seconds(CLOCK_MONOTONIC);
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    ledger::Ticket last = 0;
    for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
        splitter.feed(ByteView(text).subspan(at, std::min(piece_bytes, text.size() - at)), batches);
        for (evidence::collect::FrameBatch& batch : batches) {
            evidence::collect::ChunkStats stats;
            ledger::Chunk chunk = maker.make(std::move(batch), who, the_clock.wall_ns(),
                                             the_clock.monotonic_ns(), stats);
            out.events += chunk.items.size();
            last = hand_over(**book, chunk);
        }
        batches.clear();
    }
    const Result<ledger::Receipt> receipt = (*book)->wait_durable(last);
    if (!receipt) return fail(receipt.error());
    out.wall_s = seconds(CLOCK_MONOTONIC) - wall;
    out.cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view how = argc > 2 ? argv[2] : "";
    if (argc < 3 || (how != "synced" && how != "unsynced")) {
        std::fprintf(stderr, "usage: bench_durable FILE synced|unsynced [EVENTS]\n");
        return 2;
    }
    const Bytes text =
        first_lines(argv[1], argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'000'000);
    std::string directory =
        (std::filesystem::temp_directory_path() / "daicho-bench-XXXXXX").string();
    if (mkdtemp(directory.data()) == nullptr) return 1;
    const Result<Spent> spent = one_round(text, directory, how == "synced");
    std::filesystem::remove_all(directory);
    if (!spent) {
        std::fprintf(stderr, "bench_durable: %s\n", spent.error().message.c_str());
        return 1;
    }
    std::printf("%llu %.6f %.6f\n", static_cast<unsigned long long>(spent->events), spent->wall_s,
                spent->cpu_s);
    return 0;
}
