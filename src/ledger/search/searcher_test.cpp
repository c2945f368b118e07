// Whatever the index says must be what the events say: random queries over the same events with an
// index, without one, and by looking at every event in turn.
#include "ledger/search/searcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "ledger/search/fake_catalog.hpp"
#include "ledger/search/matcher.hpp"

namespace daicho::ledger::search {
namespace {

constexpr WallNs start_ns = 1'772'600'000 * second_ns;

class SearcherTest : public ::testing::Test {
protected:
    SearcherTest() { build(); }

    void build() {
        for (std::uint64_t seq = 0; seq < 3000; ++seq) events_.push_back(made(seq));
        for (Stored& one : events_) one.event.raw = one.raw;
        // Three segments cut by source, so that sequence ranges of blocks interleave; the rest is
        // the tail.
        std::size_t next = 0;
        for (const std::size_t end : {900u, 1000u, 2600u}) {
            std::map<std::string, std::vector<const Stored*>> by_source;
            for (; next < end; ++next) by_source[events_[next].source].push_back(&events_[next]);
            std::vector<std::vector<const Stored*>> blocks;
            for (const auto& [source, all] : by_source) {
                for (std::size_t at = 0; at < all.size(); at += 70) {
                    const auto from = all.begin() + static_cast<std::ptrdiff_t>(at);
                    const auto to =
                        all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), at + 70));
                    blocks.emplace_back(from, to);
                }
            }
            catalog_.add_segment(std::move(blocks));
        }
        for (; next < events_.size(); ++next) catalog_.add_tail(&events_[next]);
    }

    Stored made(std::uint64_t seq) {
        Stored out;
        out.source = pick({"tcp:192.0.2.1", "tls:aa", "daicho"});
        out.event.seq = seq * 2 + 5;
        out.event.wall_ns = start_ns + static_cast<std::int64_t>(seq) * 7 * second_ns / 3;
        out.event.monotonic_ns = static_cast<std::int64_t>(seq);
        std::string text = "n" + std::to_string(number(400'000)) + " " +
                           pick({"Failed", "accepted", "端末操作", ""});
        if (number(10) > 0) {
            text += " t=" +
                    std::to_string(out.event.wall_ns - number(5'000) * 1'000'003 + 2'000'000'000);
        }
        if (number(10) > 0) text += " h=" + pick({"web-01", "web-02", "db"});
        if (number(10) > 0) text += " a=" + pick({"sshd", "nginx", "sudo"});
        if (number(3) > 0) text += " u=" + pick({"kim", "lee", "root", std::string(300, 'x')});
        if (number(5) == 0) text += " tu=" + pick({"root", "kim"});
        if (number(2) > 0) text += " ip=" + address();
        if (number(2) > 0) {
            text += " c=" + std::to_string(number(6)) + " k=" + std::to_string(number(4)) +
                    " o=" + std::to_string(number(3));
        }
        out.raw = to_bytes(text);
        out.event.true_length = out.raw.size();
        return out;
    }
    std::string address() {
        if (number(4) == 0) return "2001:db8::" + std::to_string(number(9));
        return "10.0." + std::to_string(number(3)) + "." + std::to_string(number(250));
    }
    std::int64_t number(std::int64_t end) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
    }
    std::string pick(const std::vector<std::string>& from) { return from[random_() % from.size()]; }

    Query random_query() {
        Query q;
        q.newest_first = number(2) == 0;
        q.time_field = number(2) == 0 ? TimeField::received : TimeField::event;
        const WallNs from =
            start_ns + number(7000) * second_ns + (number(2) == 0 ? number(second_ns) : 0);
        if (number(3) == 0) q.time_from_ns = from;
        if (number(3) == 0)
            q.time_to_ns =
                from + number(3000) * second_ns + (number(2) == 0 ? number(second_ns) : 0);
        if (number(6) == 0) q.seq_from = static_cast<std::uint64_t>(number(6000));
        if (number(6) == 0) q.seq_to = static_cast<std::uint64_t>(number(6100));
        if (number(6) == 0) q.after = static_cast<std::uint64_t>(number(6100));
        if (number(5) == 0) q.source = pick({"tcp:192.0.2.1", "tls:aa", "nobody"});
        if (number(5) == 0) q.host = pick({"web-01", "db", "none"});
        if (number(5) == 0) q.app = pick({"sshd", "sudo", "none"});
        if (number(5) == 0) q.user = pick({"kim", "root", std::string(300, 'x'), "none"});
        if (number(6) == 0)
            q.address = *parse_address_range(pick({address(), "10.0.1.0/24", "2001:db8::/32"}));
        if (number(6) == 0) q.category = static_cast<Category>(number(7));
        if (number(6) == 0) q.action = static_cast<Action>(number(4));
        if (number(6) == 0) q.outcome = static_cast<Outcome>(number(3));
        if (number(4) == 0) {
            q.terms = *parse_text(
                pick({"failed", "Failed", "端末", "末操", "n12*", "*99*", "\"a=sshd u=kim\"",
                      "kim sshd", "10.0.1.7", "zebra", "root web-01"}));
        }
        q.ignore_case = number(2) == 0;
        return q;
    }
    /// The definition: every event in turn.
    std::vector<const Stored*> expected(const Query& q) {
        const Matcher matcher(q);
        std::vector<const Stored*> out;
        for (const Stored& one : events_) {
            Fields fields;
            WordExtractor().extract(one.event.raw, one.event.wall_ns, fields);
            if (matcher.matches_envelope(one.event, one.source) &&
                matcher.matches_text(one.event.raw) &&
                matcher.matches_fields(fields, one.event.wall_ns)) {
                out.push_back(&one);
            }
        }
        if (q.newest_first) std::reverse(out.begin(), out.end());
        return out;
    }
    Searcher searcher() {
        return Searcher(catalog_, [] { return std::make_unique<WordExtractor>(); });
    }

    std::mt19937_64 random_{20'260'305};
    std::vector<Stored> events_;
    FakeCatalog catalog_;
};

TEST_F(SearcherTest, FindsWithAndWithoutAnIndexWhatALookAtEveryEventFinds) {
    const Searcher search = searcher();
    std::size_t found = 0;
    for (int i = 0; i < 250; ++i) {
        const Query q = random_query();
        const auto want = expected(q);
        catalog_.indexed = i % 4 != 0;
        const Searcher fresh = searcher();
        std::size_t at = 0;
        const Status done = (catalog_.indexed ? search : fresh)
                                .visit(q, [&](const auto& event, const auto& source) {
                                    EXPECT_LT(at, want.size());
                                    if (at >= want.size()) return false;
                                    EXPECT_EQ(event.seq, want[at]->event.seq);
                                    EXPECT_EQ(text_of(event.raw), text_of(want[at]->event.raw));
                                    EXPECT_EQ(source, want[at]->source);
                                    ++at;
                                    return true;
                                });
        ASSERT_TRUE(done) << done.error().message;
        ASSERT_EQ(at, want.size()) << i;
        found += at;
    }
    EXPECT_GT(found, 4'000u);
}

TEST(Page, SaysWhichNumbersItSpansInWhateverOrder) {
    Page page;
    EXPECT_EQ(page.seq_span(), std::pair(std::uint64_t{0}, std::uint64_t{0}));
    for (const std::uint64_t seq : {7U, 0U, 12U, 3U}) page.matches.emplace_back().seq = seq;
    EXPECT_EQ(page.seq_span(), std::pair(std::uint64_t{0}, std::uint64_t{12}));
    page.matches = {page.matches[0], page.matches[2]};
    EXPECT_EQ(page.seq_span(), std::pair(std::uint64_t{7}, std::uint64_t{12}));
}

TEST_F(SearcherTest, CountsAndGroupsWhatItFinds) {
    const Searcher search = searcher();
    for (int i = 0; i < 150; ++i) {
        Query q = random_query();
        q.after.reset();
        const auto want = expected(q);
        catalog_.indexed = i % 4 != 0;
        const Searcher fresh = searcher();
        const Searcher& used = catalog_.indexed ? search : fresh;
        EXPECT_EQ(used.count(q)->events, want.size());
        const GroupBy by = static_cast<GroupBy>(i % 6);
        std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> sums;
        for (const Stored* one : want) {
            Fields f;
            WordExtractor().extract(one->event.raw, one->event.wall_ns, f);
            const std::int64_t seconds = seconds_of(event_time(f, one->event.wall_ns));
            const std::array<std::string, 6> keys = {f.address ? print_address(*f.address) : "",
                                                     std::string(f.user),
                                                     std::string(f.host),
                                                     std::string(f.app),
                                                     one->source,
                                                     std::to_string(hour_of_seconds(seconds))};
            auto& [events, failures] = sums[keys[static_cast<std::size_t>(by)]];
            ++events;
            failures += f.outcome == Outcome::failure;
        }
        const auto groups = used.group(q, by);
        ASSERT_TRUE(groups) << groups.error().message;
        ASSERT_EQ(groups->size(), sums.size());
        for (const Group& group : *groups) {
            EXPECT_EQ(group.events, sums[group.key].first) << group.key;
            EXPECT_EQ(group.failures, sums[group.key].second) << group.key;
        }
    }
}

TEST_F(SearcherTest, PagesWithoutAHoleOrARepetition) {
    const Searcher search = searcher();
    for (const bool newest_first : {true, false}) {
        Query q;
        q.newest_first = newest_first;
        q.terms = *parse_text("failed");
        q.ignore_case = true;
        q.limit = 37;
        const auto want = expected(q);
        std::vector<std::uint64_t> got;
        do {
            const auto page = search.search(q);
            ASSERT_TRUE(page);
            ASSERT_LE(page->matches.size(), q.limit);
            for (const Match& match : page->matches) got.push_back(match.seq);
            q.after = page->next;
        } while (q.after);
        ASSERT_EQ(got.size(), want.size());
        for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], want[i]->event.seq);
    }
}

TEST_F(SearcherTest, ReadsNoBlockForWhatTheIndexKnows) {
    const Searcher search = searcher();
    Query q;
    q.category = Category::authentication;
    q.outcome = Outcome::failure;
    ASSERT_GT(search.count(q)->events, 0u);
    ASSERT_FALSE(search.group(q, GroupBy::address)->empty());
    EXPECT_EQ(catalog_.blocks_read, 0u);
    q.terms = *parse_text("nowherefound");
    EXPECT_EQ(search.count(q)->events, 0u);
    EXPECT_LE(catalog_.blocks_read, 2u);  // a filter may be wrong once in 256 blocks
}

TEST_F(SearcherTest, SumsHoursAlikeWithAndWithoutAnIndex) {
    const auto with = searcher().rollup(0, 1'000'000);
    catalog_.indexed = false;
    const auto without = searcher().rollup(0, 1'000'000);
    ASSERT_TRUE(with && without);
    ASSERT_EQ(with->size(), without->size());
    std::uint64_t events = 0;
    for (std::size_t i = 0; i < with->size(); ++i) {
        EXPECT_EQ((*with)[i].hour, (*without)[i].hour);
        EXPECT_EQ((*with)[i].user, (*without)[i].user);
        EXPECT_EQ((*with)[i].source, (*without)[i].source);
        EXPECT_EQ((*with)[i].events, (*without)[i].events);
        EXPECT_EQ((*with)[i].bytes, (*without)[i].bytes);
        EXPECT_EQ((*with)[i].failures, (*without)[i].failures);
        EXPECT_EQ((*with)[i].sign_ins_failed, (*without)[i].sign_ins_failed);
        EXPECT_EQ((*with)[i].addresses, (*without)[i].addresses);
        events += (*with)[i].events;
    }
    EXPECT_EQ(events, events_.size());
    EXPECT_EQ(count_out_of_hours(*with, [](std::int64_t) { return false; }), events_.size());
}

TEST_F(SearcherTest, TellsWhichAddressesAreNew) {
    Query q;
    q.time_field = TimeField::event;
    q.time_from_ns = start_ns + 5000 * second_ns;
    const auto fresh = searcher().new_addresses(q, 1);
    ASSERT_TRUE(fresh);
    Query earlier;
    earlier.time_field = TimeField::event;
    earlier.time_from_ns = *q.time_from_ns - day_ns;
    earlier.time_to_ns = q.time_from_ns;
    std::set<std::string> known;
    const auto before = searcher().group(earlier, GroupBy::address);
    const auto all = searcher().group(q, GroupBy::address);
    ASSERT_TRUE(before && all);
    for (const Group& group : *before) known.insert(group.key);
    std::set<std::string> want;
    for (const Group& group : *all) {
        if (!group.key.empty() && !known.contains(group.key)) want.insert(group.key);
    }
    ASSERT_FALSE(want.empty());
    EXPECT_EQ(fresh->size(), want.size());
    for (const Group& group : *fresh) EXPECT_TRUE(want.contains(group.key));
}

TEST_F(SearcherTest, FetchesExactlyARangeOrSaysThatItIsNotThere) {
    // Numbers rise by two here, so only ranges of one event are whole.
    const auto one = searcher().fetch(1005, 1);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->at(0).seq, 1005u);
    EXPECT_EQ(text_of(one->at(0).raw), text_of(events_[500].raw));
    EXPECT_LE(catalog_.blocks_read, 3u);
    EXPECT_EQ(searcher().fetch(1005, 2).error().code, Errc::not_found);
    EXPECT_EQ(searcher().fetch(1'000'000, 1).error().code, Errc::not_found);
}

TEST_F(SearcherTest, LeavesOutWhatCanNoLongerBeReadAndSaysSo) {
    catalog_.expired.insert(0);
    const auto totals = searcher().count(Query{});
    ASSERT_TRUE(totals);
    EXPECT_EQ(totals->events, events_.size() - 900);
    EXPECT_EQ(totals->segments_expired, 1u);
    Query q;
    q.limit = query_limit_max;
    const auto page = searcher().search(q);
    EXPECT_EQ(page->matches.size(), events_.size() - 900);
    EXPECT_EQ(page->segments_expired, 1u);
}

TEST_F(SearcherTest, StopsWhenAsked) {
    Progress progress;
    progress.cancel = true;
    EXPECT_EQ(searcher().count(Query{}, &progress).error().code, Errc::unavailable);
    EXPECT_EQ(searcher().search(Query{}, &progress).error().code, Errc::unavailable);
}

TEST_F(SearcherTest, SurvivesADamagedIndex) {
    for (std::size_t which = 0; which < section_count; ++which) {
        Bytes& bytes = catalog_.sections(1)[which];
        for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 60) {
            bytes[at] ^= 0x55;
            Query q;
            q.user = "kim";
            q.terms = *parse_text("sshd");
            const auto page = searcher().search(q);
            const auto groups = searcher().group(q, GroupBy::address);
            const auto rows = searcher().rollup(0, 1'000'000);
            if (!page) {
                EXPECT_EQ(page.error().code, Errc::tampered);
            }
            static_cast<void>(groups);
            static_cast<void>(rows);
            bytes[at] ^= 0x55;
        }
    }
}

}  // namespace
}  // namespace daicho::ledger::search
