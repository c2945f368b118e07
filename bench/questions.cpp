// links: base crypto ledger_core ledger evidence
// Three questions to a ledger on disk, and proofs from it, each several times over; search.py and
// standing.py drive it. Usage: bench_questions DATA WHAT [ROUNDS], WHAT one of
//   open       seconds to open the ledger
//   needle     events with the rare word        -> events:bytes
//   failures   failed sign-ins by address       -> events:groups
//   account    one account within six hours     -> events:bytes
//   proof      the proof of an event anywhere   -> largest file in bytes
// One line a round: wall seconds, CPU seconds, answer. The ledger is opened before the clock
// starts.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/system/memory.hpp"
#include "evidence/collect/extractor.hpp"
#include "ledger/ledger.hpp"
#include "ledger/search/searcher.hpp"

namespace {

using namespace daicho;
namespace search = ledger::search;

constexpr const char* rare_word = "ndl-000000000000";
constexpr const char* account = "svc-batch1";
constexpr WallNs range_from_ns = 1'772'614'800 * second_ns;  // 2026-03-04 09:00 UTC
constexpr WallNs range_ns = 6 * hour_ns;

const SystemClock the_clock;

double seconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

[[noreturn]] void give_up(const Error& error) {
    std::fprintf(stderr, "bench_questions: %s\n", error.message.c_str());
    std::exit(1);
}

std::string pair_of(std::uint64_t a, std::uint64_t b) {
    return std::to_string(a) + ":" + std::to_string(b);
}

std::string events_and_bytes(const search::Searcher& searcher, const search::Query& query) {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    const Status done =
        searcher.visit(query, [&](const ledger::core::BlockEvent& event, const std::string&) {
            ++events;
            bytes += event.raw.size();
            return true;
        });
    if (!done) give_up(done.error());
    return pair_of(events, bytes);
}

std::string needle(const search::Searcher& searcher, const std::string& word) {
    search::Query query;
    query.terms = {search::Term{word, false, false}};
    return events_and_bytes(searcher, query);
}

std::string failures(const search::Searcher& searcher) {
    search::Query query;
    query.app = "sshd";
    query.category = search::Category::authentication;
    query.action = search::Action::sign_in;
    query.outcome = search::Outcome::failure;
    const auto groups = searcher.group(query, search::GroupBy::address);
    if (!groups) give_up(groups.error());
    std::uint64_t events = 0;
    for (const search::Group& group : *groups) events += group.events;
    return pair_of(events, groups->size());
}

std::string within_range(const search::Searcher& searcher) {
    search::Query query;
    query.user = account;
    query.time_field = search::TimeField::event;
    query.time_from_ns = range_from_ns;
    query.time_to_ns = range_from_ns + range_ns;
    return events_and_bytes(searcher, query);
}

std::string proof(ledger::Ledger& book, std::mt19937_64& random) {
    auto prover = book.prover();
    if (!prover) give_up(prover.error());
    const std::uint64_t seq = random() % book.figures().next_seq;
    const auto made = prover->prove(seq);
    if (!made) give_up(made.error());
    const Result<std::string> file = ledger::core::format_event_proof(*made);
    if (!file) give_up(file.error());
    return std::to_string(file->size());
}

std::unique_ptr<ledger::Ledger> open(const std::string& data) {
    ledger::LedgerOptions options;
    options.data_directory = data;
    options.keys_directory = data + ".keys";
    auto book = ledger::Ledger::open(real_files(), the_clock, options, [] {
        return std::make_unique<evidence::collect::FieldExtractor>(
            evidence::collect::parse::fixed_zone(0));
    });
    if (!book) give_up(book.error());
    return std::move(*book);
}

void clocked(const std::function<std::string()>& ask) {
    const double wall = seconds(CLOCK_MONOTONIC);
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    const std::string answer = ask();
    std::printf("%.6f %.6f %s\n", seconds(CLOCK_MONOTONIC) - wall,
                seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, answer.c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    daicho::keep_freed_memory();  // as the programs do
    if (argc < 3) {
        std::fprintf(
            stderr,
            "usage: bench_questions DATA open|needle|failures|account|proof [ROUNDS [WORD]]\n");
        return 2;
    }
    const std::string what = argv[2];
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
    if (what == "open") {
        for (int round = 0; round < rounds; ++round) {
            clocked([&] { return std::to_string(open(argv[1])->figures().next_seq); });
        }
        return 0;
    }
    const std::unique_ptr<ledger::Ledger> book = open(argv[1]);
    const search::Searcher searcher(book->segments(), [] {
        return std::make_unique<evidence::collect::FieldExtractor>(
            evidence::collect::parse::fixed_zone(0));
    });
    std::mt19937_64 random(1);
    for (int round = 0; round < rounds; ++round) {
        if (what == "needle")
            clocked([&] { return needle(searcher, argc > 4 ? argv[4] : rare_word); });
        else if (what == "failures")
            clocked([&] { return failures(searcher); });
        else if (what == "account")
            clocked([&] { return within_range(searcher); });
        else if (what == "proof")
            clocked([&] { return proof(*book, random); });
        else
            return 2;
    }
    return 0;
}
