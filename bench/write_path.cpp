// links: base crypto ledger_core ledger evidence
// What one event costs from the hand-over to the ledger until it is durable, and until it is
// sealed, read back and indexed: CPU seconds of the whole process. Usage: bench_write_path FILE
// [DIRECTORY [EVENTS]].
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "evidence/collect/extractor.hpp"
#include "ledger/ledger.hpp"

namespace {

using namespace daicho;

/// What one read of a busy connection brings.
constexpr std::size_t chunk_bytes = std::size_t{64} << 10;

struct Spent {
    double cpu_s = 0;
    double wall_s = 0;
};

double seconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Spent now() {
    return {seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC)};
}

void report(const char* what, const Spent& from, const Spent& to, std::uint64_t events) {
    const auto count = static_cast<double>(events);
    std::printf("%-28s %6.3f us CPU/event  %8.0f events per CPU second  %8.0f events/s\n", what,
                (to.cpu_s - from.cpu_s) / count * 1e6, count / (to.cpu_s - from.cpu_s),
                count / (to.wall_s - from.wall_s));
}

std::vector<ledger::Chunk> chunks_of(const Bytes& text, std::uint64_t events_max) {
    std::vector<ledger::Chunk> out;
    std::size_t at = 0;
    std::uint64_t events = 0;
    while (at < text.size() && events < events_max) {
        ledger::Chunk chunk;
        chunk.source = "import:bench";
        chunk.transport = ledger::Transport::tcp;
        chunk.framing = ledger::Framing::line;
        const std::size_t begin = at;
        while (at < text.size() && at - begin < chunk_bytes && events < events_max) {
            std::size_t end = at;
            while (end < text.size() && text[end] != '\n') ++end;
            chunk.items.push_back({static_cast<std::uint32_t>(at - begin),
                                   static_cast<std::uint32_t>(end - at), 0, end - at});
            at = end + 1;
            ++events;
        }
        chunk.data.assign(text.begin() + static_cast<std::ptrdiff_t>(begin),
                          text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())));
        out.push_back(std::move(chunk));
    }
    return out;
}

std::uint64_t stored_bytes(const std::string& directory) {
    std::uint64_t total = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) total += entry.file_size();
    }
    return total;
}

int run(const std::string& file, const std::string& directory, std::uint64_t events_max) {
    std::ifstream in(file, std::ios::binary);
    const Bytes text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::vector<ledger::Chunk> chunks = chunks_of(text, events_max);
    Files& files = real_files();
    const SystemClock clock;
    const std::string data = directory + "/data";
    ledger::LedgerOptions options;
    options.data_directory = data;
    options.keys_directory = directory + "/keys";
    if (!ledger::Ledger::create(files, clock, data, options.keys_directory)) return 1;
    auto opened = ledger::Ledger::open(files, clock, options, [] {
        return std::make_unique<evidence::collect::FieldExtractor>(
            evidence::collect::parse::fixed_zone(0));
    });
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().message.c_str());
        return 1;
    }
    ledger::Ledger& book = **opened;
    std::uint64_t events = 0;
    const Spent begin = now();
    ledger::Ticket last = 0;
    for (ledger::Chunk& chunk : chunks) {
        const auto count = chunk.items.size();
        while (true) {
            const auto ticket = book.submit(chunk);
            if (ticket) {
                last = *ticket;
                break;
            }
            timespec pause{0, 500000};
            nanosleep(&pause, nullptr);
        }
        events += count;
    }
    if (!book.wait_durable(last)) return 1;
    const Spent durable = now();
    if (!book.seal_now()) return 1;
    const Spent sealed = now();
    report("until durable", begin, durable, events);
    report("until sealed and indexed", begin, sealed, events);
    opened->reset();
    const double stored = static_cast<double>(stored_bytes(data));
    std::printf("stored %.1f bytes/event of %.1f\n", stored / static_cast<double>(events),
                static_cast<double>(text.size()) / static_cast<double>(events));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_write_path FILE [DIRECTORY [EVENTS]]\n");
        return 2;
    }
    std::string directory = (argc > 2 ? std::string(argv[2]) : "/tmp") + "/daicho-bench-XXXXXX";
    if (mkdtemp(directory.data()) == nullptr) return 1;
    const int code =
        run(argv[1], directory, argc > 3 ? std::strtoull(argv[3], nullptr, 10) : ~0ULL);
    std::filesystem::remove_all(directory);
    return code;
}
