#include "evidence/collect/parse/header.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace daicho::evidence::collect::parse {
namespace {

WallNs utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0, int second = 0) {
    return days_from_civil(year, month, day) * day_ns +
           ((hour * 60 + minute) * 60 + second) * second_ns;
}

struct Read {
    Header header;
    SdParams params;
    bool is_5424 = false;
    bool is_3164 = false;
};
Read read(std::string_view line, WallNs received = utc(2026, 11, 22, 3),
          std::int32_t east_s = 9 * 3600) {
    Read out;
    ZoneCache zone(fixed_zone(east_s));
    out.is_5424 = syslog_5424(line, out.header, out.params);
    if (!out.is_5424) {
        out.header = Header{};
        out.is_3164 = syslog_3164(line, received, zone, out.header);
    }
    return out;
}

TEST(Syslog5424, the_examples_of_the_standard_are_read) {
    const Read one = read(
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xEF\xBB\xBF'su root' "
        "failed for lonvick on /dev/pts/8");
    ASSERT_TRUE(one.is_5424);
    EXPECT_EQ(one.header.facility, 4);
    EXPECT_EQ(one.header.severity, 2);
    EXPECT_EQ(*one.header.time_ns, utc(2003, 10, 11, 22, 14, 15) + 3'000'000);
    EXPECT_EQ(one.header.host, "mymachine.example.com");
    EXPECT_EQ(one.header.app, "su");
    EXPECT_EQ(one.header.pid, "");
    EXPECT_EQ(one.header.message_id, "ID47");
    EXPECT_EQ(one.header.message, "'su root' failed for lonvick on /dev/pts/8");
    const Read two =
        read("<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time");
    EXPECT_EQ(*two.header.time_ns, utc(2003, 8, 24, 12, 14, 15) + 3000);
    EXPECT_EQ(two.header.pid, "8710");
    const Read three = read(
        "<165>1 2003-10-11T22:14:15.003Z h evntslog - ID47 [exampleSDID@32473 iut=\"3\" "
        "eventSource=\"Application\" eventID=\"1011\"][examplePriority@32473 class=\"high\"]");
    ASSERT_EQ(three.params.count, 4U);
    EXPECT_EQ(three.params.items[3].element, "examplePriority@32473");
    EXPECT_EQ(three.params.items[3].value, "high");
    EXPECT_EQ(three.header.message, "");
}

TEST(Syslog5424, blanks_in_front_of_the_message_are_not_of_it) {
    EXPECT_EQ(read("<86>1 2026-11-22T03:00:00Z h sshd 1 - -  Accepted password").header.message,
              "Accepted password");
    EXPECT_EQ(read("<86>1 - h sshd 1 - [a b=\"c\"] \xEF\xBB\xBF  text").header.message, "text");
}

TEST(Syslog5424, escapes_in_values_are_taken_out_and_a_bracket_in_a_value_ends_nothing) {
    const Read one = read(R"(<165>1 - - - - - [a b="q\"x\]y\\z\n" c="]"] text)");
    ASSERT_EQ(one.params.count, 2U);
    EXPECT_TRUE(one.params.items[0].escaped);
    std::array<char, 64> room{};
    EXPECT_EQ(unescape_sd(one.params.items[0].value, room), R"(q"x]y\z\n)");
    EXPECT_EQ(one.params.items[1].value, "]");
    EXPECT_EQ(one.header.message, "text");
}

TEST(Syslog5424, broken_structured_data_is_text_and_too_many_parameters_are_passed_over) {
    EXPECT_EQ(read("<165>1 - - - - - [a b=\"unfinished").header.message, "[a b=\"unfinished");
    std::string many = "<165>1 - - - - - [a";
    for (int i = 0; i < 100; ++i) many += " p" + std::to_string(i) + "=\"v\"";
    many += "] end";
    const Read read_many = read(many);
    EXPECT_EQ(read_many.params.count, sd_params_max);
    EXPECT_EQ(read_many.header.message, "end");
}

TEST(Syslog5424, priorities_out_of_range_and_other_versions_are_not_taken) {
    for (const char* line :
         {"<192>1 - - - - - x", "<999>1 - - - - - x", "<>1 - - - - - x", "<1000>1 - - - - - x",
          "<34>2 - - - - - x", "<34", "", "<34>1 ", "<34>1 - - - -"}) {
        EXPECT_FALSE(read(line).is_5424) << line;
    }
}

TEST(Syslog3164, the_classic_form_takes_year_and_zone_from_the_receipt) {
    const Read one = read(
        "<38>Nov 22 11:59:58 web-01 sshd[4711]: Accepted password for a from 192.0.2.1 port 2 "
        "ssh2");
    ASSERT_TRUE(one.is_3164);
    EXPECT_EQ(*one.header.time_ns, utc(2026, 11, 22, 2, 59, 58));
    EXPECT_EQ(one.header.host, "web-01");
    EXPECT_EQ(one.header.app, "sshd");
    EXPECT_EQ(one.header.pid, "4711");
    EXPECT_EQ(one.header.message, "Accepted password for a from 192.0.2.1 port 2 ssh2");
}

TEST(Syslog3164, old_lines_of_a_file_are_never_of_the_future) {
    const WallNs now = utc(2026, 11, 22, 3);
    EXPECT_EQ(*read("<38>Nov 23 12:00:00 h a: x", now).header.time_ns, utc(2026, 11, 23, 3));
    EXPECT_EQ(*read("<38>Nov 25 12:00:00 h a: x", now).header.time_ns, utc(2025, 11, 25, 3));
    EXPECT_EQ(*read("<38>Dec 10 12:00:00 h a: x", now).header.time_ns, utc(2025, 12, 10, 3));
    EXPECT_EQ(*read("<38>Mar 29 12:00:00 h a: x", now).header.time_ns, utc(2026, 3, 29, 3));
    EXPECT_EQ(*read("<38>Feb 29 12:00:00 h a: x", now).header.time_ns, utc(2024, 2, 29, 3));
    EXPECT_EQ(*read("<38>Feb 29 12:00:00 h a: x", utc(2103, 6, 1)).header.time_ns,
              utc(2096, 2, 29, 3));
}

TEST(Syslog3164, around_new_year_the_nearest_year_is_meant) {
    EXPECT_EQ(*read("<38>Dec 31 23:59:59 h a: x", utc(2026, 12, 31, 15, 0, 5)).header.time_ns,
              utc(2026, 12, 31, 14, 59, 59));
    EXPECT_EQ(*read("<38>Dec 31 23:59:59 h a: x", utc(2027, 1, 1, 0, 0, 0)).header.time_ns,
              utc(2026, 12, 31, 14, 59, 59));
    EXPECT_EQ(*read("<38>Jan  1 00:00:01 h a: x", utc(2026, 12, 31, 14, 59, 0)).header.time_ns,
              utc(2026, 12, 31, 15, 0, 1));
    EXPECT_EQ(*read("<38>Feb 29 12:00:00 h a: x", utc(2028, 2, 29, 4)).header.time_ns,
              utc(2028, 2, 29, 3));
    EXPECT_EQ(*read("<38>Feb 29 12:00:00 h a: x", utc(2029, 1, 2, 4)).header.time_ns,
              utc(2028, 2, 29, 3));
}

TEST(Syslog3164, a_zone_with_summer_time_is_asked_at_the_moment_meant) {
    // +1 before 2026-03-29 01:00 UTC, +2 after.
    ZoneCache zone([](WallNs t) { return t < utc(2026, 3, 29, 1) ? 3600 : 7200; });
    Header header;
    ASSERT_TRUE(syslog_3164("<38>Mar 29 01:59:59 h a: x", utc(2026, 3, 29, 12), zone, header));
    EXPECT_EQ(*header.time_ns, utc(2026, 3, 29, 0, 59, 59));
    header = Header{};
    ASSERT_TRUE(syslog_3164("<38>Mar 29 03:00:00 h a: x", utc(2026, 3, 29, 12), zone, header));
    EXPECT_EQ(*header.time_ns, utc(2026, 3, 29, 1));
}

TEST(Syslog3164, variants_of_devices_and_files_are_read) {
    const Read iso = read("<38>2026-11-22T12:00:00.5+09:00 web-01 sshd[1]: hello");
    EXPECT_EQ(*iso.header.time_ns, utc(2026, 11, 22, 3) + 500'000'000);
    EXPECT_EQ(iso.header.host, "web-01");
    EXPECT_EQ(iso.header.app, "sshd");
    const Read cisco = read(
        "<189>123: *Nov 22 03:00:00.123 UTC: %SYS-5-CONFIG_I: Configured from console by admin");
    EXPECT_EQ(*cisco.header.time_ns, utc(2026, 11, 22, 3) + 123'000'000);
    EXPECT_EQ(cisco.header.host, "");
    EXPECT_EQ(cisco.header.app, "%SYS-5-CONFIG_I");
    EXPECT_EQ(cisco.header.message, "Configured from console by admin");
    const Read with_year = read("<189>Nov 22 2024 12:00:00 fw-1 : %ASA-6-302013: Built");
    EXPECT_EQ(*with_year.header.time_ns, utc(2024, 11, 22, 3));
    EXPECT_EQ(with_year.header.host, "fw-1");
    const Read no_host = read("<38>Nov 22 12:00:00 sshd[12]: text");
    EXPECT_EQ(no_host.header.host, "");
    EXPECT_EQ(no_host.header.app, "sshd");
    const Read file = read("Nov 22 12:00:00 combo sshd(pam_unix)[19939]: authentication failure");
    EXPECT_EQ(file.header.severity, 255);
    EXPECT_EQ(file.header.app, "sshd(pam_unix)");
    EXPECT_EQ(file.header.pid, "19939");
    const Read host_first = read("<38>relay: Nov 22 12:00:00 web-01 app: x");
    EXPECT_TRUE(host_first.header.time_ns.has_value());
    EXPECT_EQ(host_first.header.host, "relay");
    const Read bare = read("<13>just text");
    EXPECT_TRUE(bare.is_3164);
    EXPECT_EQ(bare.header.message, "just text");
    EXPECT_FALSE(read("no header at all").is_3164);
}

TEST(Syslog3164, dates_that_do_not_exist_are_no_times) {
    for (const char* line : {"<38>Foo 22 12:00:00 h a: x", "<38>Nov 31 12:00:00 h a: x",
                             "<38>Nov 22 24:00:00 h a: x", "<38>2026-02-30T00:00:00Z h a: x"}) {
        EXPECT_FALSE(read(line).header.time_ns.has_value()) << line;
    }
}

TEST(QuickTime, it_agrees_with_the_full_parsers) {
    ZoneCache zone(fixed_zone(9 * 3600));
    for (const char* line : {"<34>1 2003-10-11T22:14:15.003Z h a - - - x",
                             "<38>Nov 22 11:59:58 h a: x", "<38>2026-11-22T12:00:00+09:00 h a: x",
                             "<34>1 - h a - - - x", "<13>text", "Nov 22 11:59:58 h a: x"}) {
        EXPECT_EQ(quick_time(line, utc(2026, 11, 22, 3), zone), read(line).header.time_ns) << line;
    }
}

}  // namespace
}  // namespace daicho::evidence::collect::parse
