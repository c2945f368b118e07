#include "app/commands/state_rest.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "access/room.hpp"
#include "app/node/schema.hpp"
#include "register/obligation/completion.hpp"
#include "store/sqlite/schema_check.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;
using verify::StateProblem;
using verify::StateReport;

constexpr std::array<ledger::core::verify::Words, 8> row_troubles{{
    {"its evidence is missing", "変更の記録がありません"},
    {"its evidence speaks of something else", "変更の記録が別のものについてのものです"},
    {"its content is not what was recorded", "内容が記録と違います"},
    {"its current row is missing", "現在の行がありません"},
    {"its current row is not the newest version", "現在の行が最新の版ではありません"},
    {"missing", "この版がありません"},
    {"not an object of this table", "この表に納めるものではありません"},
    {"nothing was recorded of it", "変更の記録がありません"},
}};

/// Row and event of a session are made in one transaction, each with a look at the clock.
constexpr std::int64_t same_moment_ns = 10 * second_ns;

struct Begun {
    std::string account;
    WallNs time_ns = 0;
};

/// What the outbox tells of sessions, up to now.
struct History {
    std::map<std::int64_t, Begun> open;                // by session: begun and not ended
    std::multimap<std::string, WallNs> new_passwords;  // by account: each begins one session

    void read(store::Reader& reader) {
        store::Rows rows = reader.query(
            "SELECT action, actor, time_ns, detail FROM outbox WHERE action IN"
            " ('access.signed_in', 'access.signed_off', 'access.password_changed') ORDER BY id");
        while (rows.next()) {
            const std::string action = rows.text(0);
            const json detail = json::parse(rows.text(3), nullptr, false);
            if (action == "access.password_changed") {
                new_passwords.emplace(rows.text(1), rows.integer(2));
                continue;
            }
            if (!detail.is_object() || !detail.contains("session") ||
                !detail["session"].is_number_integer())
                continue;
            const auto session = detail["session"].get<std::int64_t>();
            // Ids of forgotten sessions are given again: the newest sign-in counts.
            if (action == "access.signed_in") open[session] = {rows.text(1), rows.integer(2)};
            if (action == "access.signed_off") ended_after(session, rows.integer(2));
        }
    }
    /// The end of a session that began by a change of password is known by its id alone.
    void ended_after(std::int64_t session, WallNs time_ns) {
        open.erase(session);
        ended[session] = time_ns;
    }
    std::map<std::int64_t, WallNs> ended;
};

bool is_near(WallNs one, WallNs other) {
    return one >= other - same_moment_ns && one <= other + same_moment_ns;
}

bool is_told(const History& history, std::int64_t session, const std::string& account,
             WallNs created_ns) {
    const auto ended = history.ended.find(session);
    if (ended != history.ended.end() && ended->second > created_ns) return false;
    const auto begun = history.open.find(session);
    if (begun != history.open.end() && begun->second.account == account &&
        is_near(begun->second.time_ns, created_ns))
        return true;
    const auto [first, last] = history.new_passwords.equal_range(account);
    for (auto one = first; one != last; ++one)
        if (is_near(one->second, created_ns)) return true;
    return false;
}

}  // namespace

verify::StateFinding finding_of_row(const std::string& trouble) {
    const std::size_t colon = trouble.find(": ");
    verify::StateFinding out{StateProblem::row, trouble.substr(0, colon)};
    if (colon == std::string::npos) return out;
    const std::string what = trouble.substr(colon + 2);
    const auto known = std::ranges::find(row_troubles, what, &ledger::core::verify::Words::en);
    if (known != row_troubles.end()) {
        out.why = *known;
    } else {
        out.detail = what;
    }
    return out;
}

void compare_schema(store::Reader& reader, StateReport& report) {
    const std::array<store::MigrationSet, 4> sets{store::migrations(), access::migrations(),
                                                  register_::migrations(), node::migrations()};
    for (const std::string& name : store::sqlite::schema_differences(reader, sets))
        report.add({StateProblem::schema, name, ""});
}

void compare_sessions(store::Reader& reader, StateReport& report) {
    History history;
    history.read(reader);
    store::Rows rows = reader.query(
        "SELECT id, account_id, created_ns FROM session WHERE ended_ns IS NULL ORDER BY id");
    while (rows.next()) {
        const std::int64_t session = rows.integer(0);
        const std::string account = "account:" + std::to_string(rows.integer(1));
        if (is_told(history, session, account, rows.integer(2))) {
            ++report.sessions;
        } else {
            report.add({StateProblem::session, "session:" + std::to_string(session), account});
        }
    }
}

}  // namespace daicho::app::commands
