// links: base crypto ledger_core ledger evidence
// The search index: bytes and CPU for each event, and three questions against a scan of the same
// blocks without an index in one run. Usage: bench_index FILE [EVENTS [RARE_WORD]]. Everything is
// in memory; keys and files are the writer's.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include "evidence/collect/extractor.hpp"
#include "ledger/core/block.hpp"
#include "ledger/search/searcher.hpp"

namespace {

using namespace daicho;
using namespace daicho::ledger;
using namespace daicho::ledger::search;

constexpr std::size_t segment_raw_bytes = std::size_t{64} << 20;
constexpr int rounds = 3;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::unique_ptr<Extractor> make_extractor() {
    return std::make_unique<evidence::collect::FieldExtractor>(
        evidence::collect::parse::fixed_zone(0));
}

class MemoryCatalog final : public Catalog {
public:
    struct Segment {
        SegmentInfo info;
        std::vector<Bytes> blocks;
        Sections sections;
    };
    std::vector<Segment> all;
    bool indexed = true;

    std::vector<SegmentInfo> segments() const override {
        std::vector<SegmentInfo> out;
        for (const Segment& segment : all) out.push_back(segment.info);
        return out;
    }
    Result<Bytes> index_section(std::uint64_t segment, Section section) const override {
        if (!indexed) return fail(Errc::not_found, "no index");
        return all[segment].sections[static_cast<std::size_t>(section)];
    }
    Result<std::shared_ptr<const core::Block>> block(std::uint64_t segment,
                                                     std::uint32_t number) const override {
        return std::make_shared<const core::Block>(
            *core::decode_block(all[segment].blocks[number]));
    }
    Result<std::shared_ptr<const core::Block>> rows(
        std::uint64_t segment, std::uint32_t number,
        std::span<const std::uint8_t> wanted) const override {
        return std::make_shared<const core::Block>(
            *core::decode_rows(all[segment].blocks[number], wanted));
    }
    Status tail(const Visit&) const override { return {}; }
};

struct Built {
    std::size_t events = 0;
    std::size_t block_bytes = 0;
    std::array<std::size_t, section_count> section_bytes{};
    double index_seconds = 0;
    double extract_seconds = 0;
};

void add_block(MemoryCatalog::Segment& segment, const std::vector<core::BlockEvent>& events,
               IndexBuilder& builder, core::BlockEncoder& encoder, Extractor& extractor,
               Built& built) {
    const std::vector<std::string> sources{"tcp:192.0.2.7"};
    segment.blocks.push_back(*encoder.encode(events, sources));
    const double t0 = cpu_seconds();
    Fields fields;
    for (const core::BlockEvent& event : events)
        extractor.extract(event.raw, event.wall_ns, fields = Fields{});
    const double t1 = cpu_seconds();
    builder.add_block(events, sources);
    built.extract_seconds += t1 - t0;
    built.index_seconds += cpu_seconds() - t1;
    built.block_bytes += segment.blocks.back().size();
    built.events += events.size();
    if (segment.info.blocks++ == 0) segment.info.first_seq = events.front().seq;
    segment.info.last_seq = events.back().seq;
}

Built build(const Bytes& text, std::size_t events_max, MemoryCatalog& catalog) {
    const auto extractor = make_extractor();
    IndexBuilder builder(*extractor);
    core::BlockEncoder encoder;
    Built built;
    MemoryCatalog::Segment segment;
    std::vector<core::BlockEvent> events;
    std::size_t block_bytes = 0;
    std::size_t segment_bytes = 0;
    std::uint64_t seq = 0;
    for (std::size_t at = 0; at < text.size() && seq < events_max; ++seq) {
        const auto end = static_cast<std::size_t>(
            std::find(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\n') -
            text.begin());
        core::BlockEvent event;
        event.seq = seq;
        event.raw = ByteView(text).subspan(at, end - at);
        event.true_length = event.raw.size();
        events.push_back(event);
        block_bytes += event.raw.size();
        at = end + 1;
        const bool is_last = at >= text.size() || seq + 1 == events_max;
        if (block_bytes < core::block_raw_bytes_target && !is_last) continue;
        add_block(segment, events, builder, encoder, *extractor, built);
        segment_bytes += block_bytes;
        events.clear();
        block_bytes = 0;
        if (segment_bytes < segment_raw_bytes && !is_last) continue;
        segment.sections = builder.finish();
        for (std::size_t i = 0; i < section_count; ++i)
            built.section_bytes[i] += segment.sections[i].size();
        segment.info.id = catalog.all.size();
        catalog.all.push_back(std::move(segment));
        segment = {};
        segment_bytes = 0;
    }
    return built;
}

template <typename Ask>
void measure(const char* name, MemoryCatalog& catalog, const Ask& ask) {
    for (const bool indexed : {true, false}) {
        catalog.indexed = indexed;
        std::vector<double> times;
        std::size_t answer = 0;
        for (int round = 0; round < (indexed ? rounds : 1); ++round) {
            const Searcher searcher(catalog, make_extractor);
            const double t0 = cpu_seconds();
            answer = ask(searcher);
            times.push_back(cpu_seconds() - t0);
        }
        std::sort(times.begin(), times.end());
        std::printf("%s\t%s\t%.1f ms CPU\tanswer %zu\n", name, indexed ? "index" : "scan",
                    times[times.size() / 2] * 1e3, answer);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_index FILE [EVENTS [RARE_WORD]]\n");
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const Bytes text{std::istreambuf_iterator<char>(file), {}};
    MemoryCatalog catalog;
    const Built built =
        build(text, argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000, catalog);
    if (built.events == 0) return 1;
    const auto per_event = [&](double value) { return value / static_cast<double>(built.events); };
    const auto bytes = [&](std::size_t count) { return per_event(static_cast<double>(count)); };
    std::printf("events\t%zu\tsegments %zu\tblocks %.2f B/event\n", built.events,
                catalog.all.size(), bytes(built.block_bytes));
    std::printf("index\thead %.2f\tcolumns %.2f\tfilters %.2f\troll-up %.2f B/event\n",
                bytes(built.section_bytes[0]), bytes(built.section_bytes[1]),
                bytes(built.section_bytes[2]), bytes(built.section_bytes[3]));
    std::printf("build\t%.3f us/event CPU, of which extraction alone takes %.3f\n",
                per_event(built.index_seconds) * 1e6, per_event(built.extract_seconds) * 1e6);
    measure("rare word", catalog, [&](const Searcher& searcher) {
        Query query;
        query.terms = {Term{argc > 3 ? argv[3] : "ndl-000000000000", false, false}};
        return searcher.count(query)->events;
    });
    measure("failed sign-ins by address", catalog, [](const Searcher& searcher) {
        Query query;
        query.app = "sshd";
        query.category = Category::authentication;
        query.action = Action::sign_in;
        query.outcome = Outcome::failure;
        return searcher.group(query, GroupBy::address)->size();
    });
    measure("one account, six hours", catalog, [](const Searcher& searcher) {
        Query query;
        query.user = "svc-batch1";
        query.time_field = TimeField::event;
        query.time_from_ns = 1'772'614'800 * second_ns;
        query.time_to_ns = *query.time_from_ns + 6 * hour_ns;
        std::size_t raw_bytes = 0;
        const Status done =
            searcher.visit(query, [&](const core::BlockEvent& event, const std::string&) {
                raw_bytes += event.raw.size();
                return true;
            });
        return done ? raw_bytes : 0;
    });
    return 0;
}
