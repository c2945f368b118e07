// The extractor against logs that nobody here wrote: what it counts must equal what plain text
// search counts.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "evidence/collect/extractor.hpp"
#include "evidence/collect/parse/address.hpp"

namespace daicho::evidence::collect {
namespace {

using ledger::search::Action;
using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

constexpr WallNs year_2026 = 1'780'000'000 * second_ns;

std::vector<std::string> lines_of(const char* name) {
    std::ifstream file(std::filesystem::path(DAICHO_SOURCE_DIR) / ".." / "shared" / "data" / name,
                       std::ios::binary);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

bool has(const std::string& line, const char* text) {
    return line.find(text) != std::string::npos;
}

/// How many lines the extractor calls so, and how many hold the text that makes them so.
struct Counts {
    std::size_t extracted = 0;
    std::size_t searched = 0;
};
Counts count(const std::vector<std::string>& lines,
             const std::function<bool(const Fields&)>& wanted,
             const std::function<bool(const std::string&)>& searched) {
    FieldExtractor extractor(parse::fixed_zone(9 * 3600));
    Counts counts;
    Fields fields;
    for (const std::string& line : lines) {
        extractor.extract(view_of(line), year_2026, fields);
        const bool is_wanted = wanted(fields);
        const bool is_found = searched(line);
        EXPECT_EQ(is_wanted, is_found) << line;
        counts.extracted += is_wanted ? 1U : 0U;
        counts.searched += is_found ? 1U : 0U;
    }
    return counts;
}

bool sign_in(const Fields& fields, Outcome outcome) {
    return fields.category == Category::authentication && fields.action == Action::sign_in &&
           fields.outcome == outcome;
}

#define LINES_OR_SKIP(name)            \
    const auto lines = lines_of(name); \
    if (lines.empty()) GTEST_SKIP() << "real logs are not beside this checkout: " << (name)

TEST(RealLogs, failed_and_accepted_sign_ins_of_a_public_ssh_server_are_counted_exactly) {
    LINES_OR_SKIP("loghub/OpenSSH_2k.log");
    const Counts failed = count(
        lines, [](const Fields& f) { return sign_in(f, Outcome::failure); },
        [](const std::string& line) {
            return has(line, "Failed password for ") || has(line, "Failed none for ") ||
                   has(line, "Failed publickey for ");
        });
    EXPECT_EQ(failed.extracted, failed.searched);
    EXPECT_GT(failed.extracted, 500U);
    const Counts accepted = count(
        lines, [](const Fields& f) { return sign_in(f, Outcome::success); },
        [](const std::string& line) { return has(line, ": Accepted "); });
    EXPECT_EQ(accepted.extracted, 1U);
    EXPECT_EQ(accepted.searched, 1U);
}

TEST(RealLogs, every_attempt_has_the_name_and_the_address_that_stand_in_the_line) {
    LINES_OR_SKIP("loghub/OpenSSH_2k.log");
    FieldExtractor extractor(parse::fixed_zone(9 * 3600));
    Fields fields;
    std::size_t attempts = 0;
    for (const std::string& line : lines) {
        const std::size_t at = line.find("Failed password for ");
        if (at == std::string::npos) continue;
        std::string who = line.substr(at + 20);
        if (who.rfind("invalid user ", 0) == 0) who = who.substr(13);
        const std::size_t from = who.rfind(" from ");
        const std::size_t port = who.find(" port ", from);
        extractor.extract(view_of(line), year_2026, fields);
        EXPECT_EQ(fields.user, who.substr(0, from)) << line;
        ASSERT_TRUE(fields.address.has_value()) << line;
        EXPECT_EQ(parse::text_of_address(*fields.address), who.substr(from + 6, port - from - 6))
            << line;
        EXPECT_EQ(fields.port, std::stoi(who.substr(port + 6))) << line;
        EXPECT_EQ(fields.host, "LabSZ");
        EXPECT_EQ(fields.app, "sshd");
        ++attempts;
    }
    EXPECT_EQ(attempts, 520U);  // grep -c "Failed password for"
}

TEST(RealLogs, an_old_pam_log_gives_its_failures_and_sessions) {
    LINES_OR_SKIP("loghub/Linux_2k.log");
    const Counts failed = count(
        lines, [](const Fields& f) { return sign_in(f, Outcome::failure); },
        [](const std::string& line) {
            return has(line, "authentication failure;") || has(line, "Authentication failed from ");
        });
    EXPECT_GT(failed.extracted, 400U);
    const Counts opened = count(
        lines,
        [](const Fields& f) {
            return f.category == Category::session && f.action == Action::start;
        },
        [](const std::string& line) { return has(line, "session opened for user "); });
    EXPECT_GT(opened.extracted, 100U);
    const Counts connected = count(
        lines,
        [](const Fields& f) {
            return f.category == Category::network && f.action == Action::connect;
        },
        [](const std::string& line) { return has(line, ": connection from "); });
    EXPECT_GT(connected.extracted, 600U);
}

TEST(RealLogs, the_auth_log_of_a_cloud_host_is_counted_exactly) {
    LINES_OR_SKIP("elastic-examples/auth.log");
    const Counts failed = count(
        lines, [](const Fields& f) { return sign_in(f, Outcome::failure); },
        [](const std::string& line) {
            return has(line, "Failed password for ") || has(line, "Failed none for ") ||
                   has(line, "Failed publickey for ");
        });
    EXPECT_GT(failed.extracted, 700U);
    const Counts accepted = count(
        lines, [](const Fields& f) { return sign_in(f, Outcome::success); },
        [](const std::string& line) { return has(line, "]: Accepted "); });
    EXPECT_GT(accepted.extracted, 200U);
    const Counts commands = count(
        lines,
        [](const Fields& f) {
            return f.category == Category::privilege && f.action == Action::command;
        },
        [](const std::string& line) { return has(line, "COMMAND="); });
    EXPECT_GT(commands.extracted, 100U);
    const Counts timed = count(
        lines, [](const Fields& f) { return f.time_ns.has_value(); },
        [](const std::string&) { return true; });
    EXPECT_EQ(timed.extracted, lines.size());
}

TEST(RealLogs, every_web_request_has_its_time_address_status_and_size) {
    LINES_OR_SKIP("elastic-examples/apache_access.log");
    FieldExtractor extractor(parse::fixed_zone(9 * 3600));
    Fields fields;
    std::size_t requests = 0;
    std::size_t failures = 0;
    std::uint64_t bytes = 0;
    std::uint64_t bytes_searched = 0;
    std::size_t failures_searched = 0;
    for (const std::string& line : lines) {
        extractor.extract(view_of(line), year_2026, fields);
        ASSERT_EQ(fields.category, Category::web) << line;
        ASSERT_TRUE(fields.time_ns && fields.address) << line;
        ASSERT_EQ(parse::text_of_address(*fields.address), line.substr(0, line.find(' ')));
        ++requests;
        failures += fields.outcome == Outcome::failure ? 1U : 0U;
        bytes += fields.volume_bytes;
        // Independently: the two words after the request's closing quote.
        const std::size_t quote =
            line.find("\" ", line.find(" HTTP/") == std::string::npos ? line.find(" \"") + 2
                                                                      : line.find(" HTTP/"));
        const std::string status = line.substr(quote + 2, 3);
        failures_searched += status[0] == '4' || status[0] == '5' ? 1U : 0U;
        const std::string size = line.substr(quote + 6, line.find(' ', quote + 6) - quote - 6);
        if (size != "-") bytes_searched += std::stoull(size);
    }
    EXPECT_EQ(requests, 10000U);
    EXPECT_EQ(failures, failures_searched);
    EXPECT_EQ(bytes, bytes_searched);
}

TEST(RealLogs, web_errors_have_time_and_severity) {
    LINES_OR_SKIP("loghub/Apache_2k.log");
    const Counts errors = count(
        lines,
        [](const Fields& f) {
            return f.category == Category::web && f.action == Action::error && f.time_ns;
        },
        [](const std::string& line) { return has(line, "] [error]"); });
    EXPECT_GT(errors.extracted, 500U);
    const Counts with_client = count(
        lines, [](const Fields& f) { return f.address.has_value(); },
        [](const std::string& line) { return has(line, "[client "); });
    EXPECT_EQ(with_client.extracted, 32U);
}

}  // namespace
}  // namespace daicho::evidence::collect
