#pragma once
// What `daicho verify --state` adds to a verification: the state (accounts, settings, duties,
// facts) against the ledger. This folder knows no database: somebody else compares and tells.
#include <string>
#include <vector>

#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/texts.hpp"

namespace daicho::app::verify {

enum class StateProblem : std::uint8_t {
    row,            // a version of a row is not what was recorded of it, or is gone
    evidence,       // the record of a change is not what the ledger holds
    evidence_gone,  // the ledger holds it, the state has lost it
    event_gone,     // the state says it is in the ledger, and it is not
    fact,           // the ledger gives no such fact
    fact_gone,      // the ledger gives it, the state has lost it
    unreadable,
    schema,   // a table, index, trigger or view that this version does not make, or lacks
    session,  // open, and nobody began it
};

struct StateFinding {
    StateProblem problem = StateProblem::unreadable;
    std::string place;        // "account:7 version 3", "outbox:12", "fact:44"
    std::string detail = {};  // names and numbers of rows, events, fields; no values
    ledger::core::verify::Words why = {};
};
inline constexpr ledger::core::verify::Words no_table{"no table of this daicho holds it",
                                                      "これを納める表がありません"};
inline constexpr ledger::core::verify::Words from_nothing{"it follows from nothing",
                                                          "もとになる記録がありません"};
inline constexpr ledger::core::verify::Words otherwise{"the ledger gives it differently",
                                                       "台帳から導いた内容と違います"};
inline constexpr ledger::core::verify::Words differs{"differs", "違う項目"};
inline constexpr ledger::core::verify::Words elsewhere{"it is not this event of the ledger",
                                                       "台帳のこの記録ではありません"};

inline constexpr std::size_t state_findings_max = 100;

struct StateReport {
    std::uint64_t records = 0;    // of changes, compared with their events
    std::uint64_t pending = 0;    // records that are not in the ledger yet
    std::uint64_t facts = 0;      // that the ledger gives
    std::uint64_t sessions = 0;   // open, as sign-ins tell
    std::uint64_t newer = 0;      // came while this was being read
    std::uint64_t destroyed = 0;  // their events were destroyed by rule: nothing left to compare
    std::vector<std::string> not_compared;  // tables that the ledger says nothing of
    std::vector<StateFinding> findings;     // at most state_findings_max
    std::uint64_t findings_total = 0;

    [[nodiscard]] bool passed() const noexcept { return findings_total == 0; }
    void add(StateFinding finding) {
        ++findings_total;
        if (findings.size() < state_findings_max) findings.push_back(std::move(finding));
    }
};

/// begin, then a deep verification that it observes, then finish.
class StateCheck : public ledger::core::verify::Observer {
public:
    /// Errc::not_found: there is no state at `path`.
    [[nodiscard]] virtual Status begin(const std::string& path) = 0;
    [[nodiscard]] virtual Result<StateReport> finish() = 0;
};

[[nodiscard]] std::string_view code_of(StateProblem problem) noexcept;
[[nodiscard]] std::string to_text(const StateReport& report,
                                  ledger::core::verify::Language language);
[[nodiscard]] nlohmann::json to_json(const StateReport& report);

}  // namespace daicho::app::verify
