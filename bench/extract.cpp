// links: evidence
// What one event costs between the socket's bytes and the searchable fields: framing, making ledger
// chunks, and field extraction, in ns of CPU per event over a file of RFC 5424 lines.
//
//   extract FILE [ROUNDS]      one line per stage: name, events, ns per event (best and median of
//   the rounds), GB/s
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "evidence/collect/chunk_maker.hpp"
#include "evidence/collect/framing.hpp"

namespace {

using namespace daicho;
using namespace daicho::evidence;

double cpu_ns() {
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) * 1e9 + static_cast<double>(at.tv_nsec);
}

void report(const std::string& name, std::vector<double>& rounds, std::size_t events,
            std::size_t bytes) {
    std::sort(rounds.begin(), rounds.end());
    const auto count = static_cast<double>(events);
    std::printf("%-28s events %8zu  best %7.1f  median %7.1f ns/event  %6.2f GB/s\n", name.c_str(),
                events, rounds.front() / count, rounds[rounds.size() / 2] / count,
                static_cast<double>(bytes) / rounds[rounds.size() / 2]);
}

std::size_t frame_all(ByteView stream, std::size_t piece) {
    collect::HeldBudget budget;
    collect::FrameSplitter splitter(budget);
    std::vector<collect::FrameBatch> batches;
    std::size_t events = 0;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        splitter.feed(stream.subspan(at, std::min(piece, stream.size() - at)), batches);
        for (const auto& batch : batches) events += batch.items.size();
        batches.clear();
    }
    splitter.close(batches);
    for (const auto& batch : batches) events += batch.items.size();
    return events;
}

void framing(const std::string& name, ByteView stream, std::size_t rounds) {
    std::vector<double> times;
    std::size_t events = 0;
    constexpr std::size_t piece = std::size_t{256} << 10;
    for (std::size_t i = 0; i < rounds; ++i) {
        const double from = cpu_ns();
        events = frame_all(stream, piece);
        times.push_back(cpu_ns() - from);
    }
    report(name, times, events, stream.size());
}

/// Framing and all that is done before the ledger: copies, flags, UTF-8, clock skew, sampled
/// coverage.
void chunks(const std::string& name, ByteView stream, std::size_t rounds) {
    std::vector<double> times;
    std::size_t events = 0;
    constexpr std::size_t piece = std::size_t{256} << 10;
    collect::ChunkMaker maker(collect::parse::fixed_zone(9 * 3600));
    collect::SourceIdentity who;
    who.source = "tcp:192.0.2.7";
    for (std::size_t i = 0; i < rounds; ++i) {
        collect::HeldBudget budget;
        collect::FrameSplitter splitter(budget);
        std::vector<collect::FrameBatch> batches;
        events = 0;
        const double from = cpu_ns();
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            splitter.feed(stream.subspan(at, std::min(piece, stream.size() - at)), batches);
            for (auto& batch : batches) {
                collect::ChunkStats stats;
                const auto chunk =
                    maker.make(std::move(batch), who, 1'772'000'000 * second_ns, 0, stats);
                events += chunk.items.size();
            }
            batches.clear();
        }
        times.push_back(cpu_ns() - from);
    }
    report(name, times, events, stream.size());
}

void extraction(const std::string& name, const std::vector<std::string_view>& lines,
                std::size_t rounds) {
    collect::FieldExtractor extractor(collect::parse::fixed_zone(9 * 3600));
    ledger::search::Fields fields;
    std::vector<double> times;
    std::size_t bytes = 0;
    std::size_t with_user = 0;
    for (const auto line : lines) bytes += line.size();
    for (std::size_t i = 0; i < rounds; ++i) {
        const double from = cpu_ns();
        for (const auto line : lines) {
            extractor.extract(view_of(line), 1'772'000'000 * second_ns, fields);
            with_user += fields.user.empty() ? 0U : 1U;
        }
        times.push_back(cpu_ns() - from);
    }
    if (with_user == SIZE_MAX) std::abort();  // the result is used, so the loop stays
    report(name, times, lines.size(), bytes);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: extract FILE [ROUNDS]\n", stderr);
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const std::size_t rounds = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 11;
    std::vector<std::string_view> lines;
    std::string counted;
    std::map<std::string, std::vector<std::string_view>> by_app;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(std::string_view(text).substr(at, end - at));
        counted += std::to_string(end - at) + ' ';
        counted += lines.back();
        at = end + 1;
    }
    if (lines.empty()) {
        std::fputs("no lines\n", stderr);
        return 1;
    }
    for (const auto line : lines) {
        std::size_t at = 0;
        for (int i = 0; i < 3 && at != std::string_view::npos; ++i) at = line.find(' ', at + 1);
        if (at != std::string_view::npos)
            by_app[std::string(line.substr(at + 1, line.find(' ', at + 1) - at - 1))].push_back(
                line);
    }
    framing("framing, lines", view_of(text), rounds);
    framing("framing, octet counting", view_of(counted), rounds);
    chunks("chunks, octet counting", view_of(counted), rounds);
    extraction("extraction, all", lines, rounds);
    for (const auto& [app, some] : by_app)
        extraction("extraction, " + app.substr(0, 15), some, rounds);
    return 0;
}
