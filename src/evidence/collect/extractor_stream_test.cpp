// The extractor against a generated stream whose structured form is known event by event: the
// generator writes the same events once as RFC 5424 and once as columns.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
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

std::vector<std::string> split(const std::string& line, char at) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (parts.size() < 9) {
        const std::size_t end = line.find(at, from);
        parts.push_back(line.substr(from, end - from));
        if (end == std::string::npos) return parts;
        from = end + 1;
    }
    parts.push_back(line.substr(from));
    return parts;
}

struct Meaning {
    Category category;
    Action action;
    Outcome outcome;
};

Meaning meaning_of(const std::string& action) {
    if (action == "login_ok") return {Category::authentication, Action::sign_in, Outcome::success};
    if (action == "login_fail")
        return {Category::authentication, Action::sign_in, Outcome::failure};
    if (action == "db_access") return {Category::database, Action::query, Outcome::success};
    if (action == "sudo") return {Category::privilege, Action::command, Outcome::success};
    if (action == "exec") return {Category::audit, Action::command, Outcome::success};
    if (action == "http")
        return {Category::web, Action::request, Outcome::unknown};  // by the status, see below
    if (action == "fw_accept") return {Category::network, Action::allow, Outcome::success};
    if (action == "fw_drop") return {Category::network, Action::deny, Outcome::failure};
    if (action == "session_close") return {Category::session, Action::sign_out, Outcome::success};
    return {Category::none, Action::none, Outcome::unknown};
}

std::string text_of_optional(const std::optional<ledger::search::Address>& address) {
    return address ? parse::text_of_address(*address) : "-";
}

class GeneratedStream : public ::testing::Test {
protected:
    void SetUp() override {
        const std::filesystem::path generator =
            std::filesystem::path(DAICHO_SOURCE_DIR) / ".." / "shared" / "bench" / "gen_logs.py";
        if (!std::filesystem::exists(generator))
            GTEST_SKIP() << "the log generator is not beside this checkout";
        std::string pattern =
            (std::filesystem::temp_directory_path() / "daicho-stream-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        for (const std::string form : {"lf", "tsv"}) {
            const std::string command = "BENCH_BUILD='" + pattern + "/build' python3 '" +
                                        generator.string() + "' '" + pattern + "/" + form +
                                        "' --events 60000 --seed 7 --format " + form +
                                        " >/dev/null 2>&1";
            ASSERT_EQ(std::system(command.c_str()), 0) << command;
        }
    }
    void TearDown() override {
        if (!folder_.empty()) std::filesystem::remove_all(folder_);
    }
    std::filesystem::path folder_;
};

TEST_F(GeneratedStream, every_event_has_the_user_address_outcome_and_time_it_was_made_with) {
    std::ifstream lines(folder_ / "lf");
    std::ifstream columns(folder_ / "tsv");
    FieldExtractor extractor(parse::fixed_zone(0));
    std::string line;
    std::string row;
    Fields fields;
    std::size_t events = 0;
    while (std::getline(lines, line) && std::getline(columns, row)) {
        const auto truth = split(row, '\t');
        ASSERT_EQ(truth.size(), 10U);
        extractor.extract(view_of(line), 0, fields);
        SCOPED_TRACE(line);
        ASSERT_TRUE(fields.time_ns.has_value());
        ASSERT_EQ(*fields.time_ns / 1000, std::stoll(truth[0]));
        ASSERT_EQ(fields.host, truth[1]);
        ASSERT_EQ(fields.app, truth[2]);
        ASSERT_EQ(fields.facility * 8 + fields.severity, std::stoi(truth[3]));
        const std::string& action = truth[7];
        if (action == "exec") {  // the generator knows no name here; the line has the audit id of
                                 // who signed in
            const std::size_t at = line.find(" auid=") + 6;
            ASSERT_EQ(fields.user, line.substr(at, line.find(' ', at) - at));
        } else {
            ASSERT_EQ(fields.user.empty() ? "-" : std::string(fields.user), truth[4]);
        }
        ASSERT_EQ(text_of_optional(fields.address), truth[5]);
        ASSERT_EQ(text_of_optional(fields.destination), truth[6]);
        const Meaning wanted = meaning_of(action);
        ASSERT_EQ(fields.category, wanted.category);
        ASSERT_EQ(fields.action, wanted.action);
        if (action == "http") {
            ASSERT_GE(fields.status, 200);
            ASSERT_EQ(fields.outcome, fields.status < 400 ? Outcome::success : Outcome::failure);
        } else {
            ASSERT_EQ(fields.outcome, wanted.outcome);
        }
        ASSERT_EQ(fields.volume_bytes, std::stoull(truth[8]));
        if (action == "sudo") {
            ASSERT_EQ(fields.target_user, "root");
        }
        ++events;
    }
    EXPECT_EQ(events, 60000U);
}

}  // namespace
}  // namespace daicho::evidence::collect
