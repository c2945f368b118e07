#include "evidence/collect/framing.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace daicho::evidence::collect {
namespace {

namespace flag = ledger::event_flag;
using ledger::Framing;

struct Event {
    std::string bytes;
    Framing framing = Framing::line;
    std::uint16_t flags = 0;
    std::uint64_t true_length = 0;
    bool operator==(const Event&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Event& event) {
    return out << '"' << event.bytes.substr(0, 60) << "\"/" << event.bytes.size() << " framing "
               << static_cast<int>(event.framing) << " flags " << event.flags << " true "
               << event.true_length;
}

void take(const std::vector<FrameBatch>& batches, std::vector<Event>& events) {
    for (const FrameBatch& batch : batches) {
        for (const ledger::Item& item : batch.items) {
            events.push_back(
                {std::string(text_of(ByteView(batch.data).subspan(item.offset, item.length))),
                 batch.framing, item.flags, item.true_length});
        }
    }
}

std::vector<Event> split(const std::string& stream, std::size_t piece,
                         FrameSplitter::Mode mode = FrameSplitter::Mode::detect,
                         std::size_t budget_bytes = 256U << 20) {
    HeldBudget budget(budget_bytes);
    std::vector<Event> events;
    {
        FrameSplitter splitter(budget, mode);
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            std::vector<FrameBatch> batches;
            splitter.feed(view_of(std::string_view(stream).substr(at, piece)), batches);
            take(batches, events);
        }
        std::vector<FrameBatch> batches;
        splitter.close(batches);
        take(batches, events);
    }
    EXPECT_EQ(budget.left(), budget_bytes) << "the budget was not given back";
    return events;
}
std::vector<Event> split(const std::string& stream) {
    return split(stream, stream.size() + 1);
}

std::string counted(const std::string& message) {
    return std::to_string(message.size()) + " " + message;
}
Event whole(const std::string& message, Framing framing, std::uint16_t flags = 0) {
    return {message, framing, flags, message.size()};
}

TEST(Framing, a_digit_first_means_octet_counting) {
    const std::vector<Event> wanted{whole("<34>1 a", Framing::octet_counted),
                                    whole("<34>1 bb", Framing::octet_counted)};
    EXPECT_EQ(split(counted("<34>1 a") + counted("<34>1 bb")), wanted);
}

TEST(Framing, anything_else_first_means_lines_and_empty_lines_are_no_events) {
    const std::vector<Event> wanted{whole("<34>a", Framing::line), whole("<34>b\r", Framing::line)};
    EXPECT_EQ(split("<34>a\n\n\n<34>b\r\n"), wanted);
}

TEST(Framing, a_line_end_inside_a_counted_message_forges_nothing) {
    const std::string message =
        "<38>1 - h sshd - - - Failed\n<38>1 - h sshd - - - Accepted password for root";
    EXPECT_EQ(split(counted(message)), std::vector<Event>{whole(message, Framing::octet_counted)});
}

TEST(Framing, bytes_are_kept_exactly_whatever_they_are) {
    std::string message = "<34>1 ";
    for (int c = 0; c < 256; ++c) message.push_back(static_cast<char>(c));
    EXPECT_EQ(split(counted(message)), std::vector<Event>{whole(message, Framing::octet_counted)});
    std::erase(message, '\n');
    EXPECT_EQ(split(message + "\n"), std::vector<Event>{whole(message, Framing::line)});
}

TEST(Framing, a_count_inside_a_stream_of_lines_swallows_nothing) {
    const auto events = split("<34>first\n99999 <34>forged\n<34>of somebody else\n");
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[1], whole("99999 <34>forged", Framing::line, flag::framing_error));
    EXPECT_EQ(events[2], whole("<34>of somebody else", Framing::line));
}

TEST(Framing, counts_that_are_no_counts_make_the_connection_one_of_lines_and_are_flagged_once) {
    for (const std::string start : {"0 <34>x", "007 <34>xxx", "99999999999 <34>x",
                                    "999999999 <34>x", "12x <34>y", "3\t<34>y", "5"}) {
        const auto events = split(start + "\n<34>next\n");
        ASSERT_EQ(events.size(), 2U) << start;
        EXPECT_EQ(events[0], whole(start, Framing::line, flag::framing_error));
        EXPECT_EQ(events[1], whole("<34>next", Framing::line)) << start;
    }
    const auto negative = split("-5 <34>x\n");
    ASSERT_EQ(negative.size(), 1U);
    EXPECT_EQ(negative[0].bytes, "-5 <34>x");
}

TEST(Framing, after_a_count_that_lied_the_rest_of_the_line_is_kept_and_counting_is_found_again) {
    const std::string good = counted("<34>1 good");
    const auto events = split(good + "3 <34>1 longer than it said\n" + good + good);
    ASSERT_EQ(events.size(), 5U);
    EXPECT_EQ(events[0], whole("<34>1 good", Framing::octet_counted));
    EXPECT_EQ(events[1], whole("<34", Framing::octet_counted));
    EXPECT_EQ(events[2], whole(">1 longer than it said", Framing::line, flag::framing_error));
    EXPECT_EQ(events[3], whole("<34>1 good", Framing::octet_counted));
    EXPECT_EQ(events[4], whole("<34>1 good", Framing::octet_counted));
}

TEST(Framing, a_line_end_that_the_count_left_out_costs_no_event) {
    const auto events =
        split(counted("<34>1 a") + "\n" + counted("<34>1 b") + "\r\n" + counted("<34>1 c"));
    ASSERT_EQ(events.size(), 3U);
    for (const Event& event : events) EXPECT_EQ(event.flags, 0);
}

TEST(Framing, a_lost_stream_without_line_ends_is_cut_into_bounded_pieces) {
    const std::string lost(200'000, 'x');
    const auto events = split(counted("<34>1 a") + lost);
    ASSERT_EQ(events.size(), 5U);
    std::string joined;
    for (std::size_t i = 1; i < events.size(); ++i) {
        EXPECT_LE(events[i].bytes.size(), resync_size_max);
        EXPECT_EQ(events[i].flags, flag::truncated | flag::framing_error);
        joined += events[i].bytes;
    }
    EXPECT_EQ(joined, lost);
}

TEST(Framing, what_a_closed_connection_left_half_is_kept_and_flagged) {
    EXPECT_EQ(split("<34>a\n<34>hal"),
              (std::vector<Event>{whole("<34>a", Framing::line),
                                  whole("<34>hal", Framing::line, flag::truncated)}));
    EXPECT_EQ(split("20 <34>1 hal"),
              (std::vector<Event>{whole("<34>1 hal", Framing::octet_counted, flag::truncated)}));
    EXPECT_EQ(
        split("7 <34>1 a12"),
        (std::vector<Event>{whole("<34>1 a", Framing::octet_counted),
                            whole("12", Framing::line, flag::truncated | flag::framing_error)}));
}

TEST(Framing, a_file_needs_no_line_end_at_its_end_and_has_no_counts) {
    const auto events = split("12 <34>x\nlast", 3, FrameSplitter::Mode::lines_only);
    EXPECT_EQ(events,
              (std::vector<Event>{whole("12 <34>x", Framing::line), whole("last", Framing::line)}));
}

TEST(Framing, events_up_to_the_limit_are_whole_and_longer_ones_say_how_long_they_were) {
    for (const std::size_t size : {ledger::event_size_max - 1, ledger::event_size_max,
                                   ledger::event_size_max + 1, ledger::event_size_max + 70'000}) {
        const std::string message = "<34>1 " + std::string(size - 6, 'm');
        for (const bool by_count : {true, false}) {
            const auto events = split(
                by_count ? counted(message) + counted("<34>1 after") : message + "\n<34>1 after\n",
                1U << 20);
            ASSERT_EQ(events.size(), 2U);
            const bool over = size > ledger::event_size_max;
            EXPECT_EQ(events[0].bytes, message.substr(0, ledger::event_size_max));
            EXPECT_EQ(events[0].true_length, size);
            EXPECT_EQ(events[0].flags, over ? flag::truncated | flag::oversize : 0);
            EXPECT_EQ(events[1].bytes, "<34>1 after");
            EXPECT_EQ(events[1].flags, 0);
        }
    }
}

TEST(Framing, one_window_may_hold_an_event_over_the_limit) {
    const std::string message(ledger::event_size_max + 5, 'm');
    const auto events = split(message + "\nnext\n");
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].true_length, message.size());
    EXPECT_EQ(events[0].bytes.size(), ledger::event_size_max);
}

TEST(Framing, without_budget_small_events_are_whole_and_large_ones_are_cut_and_say_so) {
    const std::string small(8000, 's');
    const std::string large(20'000, 'l');
    const auto events =
        split(small + "\n" + large + "\n" + small + "\n", 1000, FrameSplitter::Mode::detect, 100);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0], whole(small, Framing::line));
    EXPECT_EQ(events[1].bytes, large.substr(0, 8292));
    EXPECT_EQ(events[1].true_length, large.size());
    EXPECT_EQ(events[1].flags, flag::truncated);
    EXPECT_EQ(events[2], whole(small, Framing::line));
}

TEST(Framing, more_events_than_a_chunk_may_hold_become_two_batches) {
    std::string lines;
    for (int i = 0; i < 70'000; ++i) lines += "a\n";
    HeldBudget budget;
    FrameSplitter splitter(budget);
    std::vector<FrameBatch> batches;
    splitter.feed(view_of(lines), batches);
    ASSERT_EQ(batches.size(), 2U);
    EXPECT_EQ(batches[0].items.size(), ledger::chunk_items_max);
    EXPECT_EQ(batches[1].items.size(), 70'000 - ledger::chunk_items_max);
}

TEST(Framing, any_cutting_of_a_stream_gives_the_same_events) {
    std::mt19937 random(20261122);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    const std::vector<std::string> parts{"<34>1 ",     "\n",
                                         "\r\n",       "0",
                                         "12 ",        "3 <3",
                                         "999999999 ", " ",
                                         "x",          std::string("\0", 1),
                                         "57",         "<",
                                         ">",          std::string(70'000, 'q')};
    for (int round = 0; round < 400; ++round) {
        std::string stream;
        for (unsigned i = below(30); i > 0; --i) {
            if (below(2) == 0) {
                stream += counted("<34>1 m" + std::string(below(40), 'y'));
            } else {
                stream += parts[below(
                    static_cast<unsigned>(below(10) == 0 ? parts.size() : parts.size() - 1))];
            }
        }
        const auto wanted = split(stream);
        for (const std::size_t piece :
             {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000}}) {
            ASSERT_EQ(split(stream, piece), wanted)
                << "pieces of " << piece << " of " << stream.substr(0, 200);
        }
    }
}

}  // namespace
}  // namespace daicho::evidence::collect
