#include "app/verify/state.hpp"

#include <array>

#include "base/text.hpp"

namespace daicho::app::verify {
namespace {

using ledger::core::verify::Language;
using ledger::core::verify::Words;

struct ProblemText {
    std::string_view code;
    Words words;
};
constexpr std::array<ProblemText, 9> problems{{
    {"row", {"not as it was recorded", "記録されたとおりではありません"}},
    {"evidence",
     {"the record of a change is not the one in the ledger",
      "変更の記録が台帳にあるものと違います"}},
    {"evidence_gone",
     {"the ledger holds a change that is gone from here", "台帳にある変更がここにありません"}},
    {"event_gone",
     {"said to be in the ledger, and is not there", "台帳にあるはずのものがありません"}},
    {"fact",
     {"the ledger gives no such fact; status was computed from it",
      "台帳から導けない事実です。遵守状況の計算に使われています"}},
    {"fact_gone",
     {"a fact that the ledger gives is missing; status was computed without it",
      "台帳から導ける事実がありません。遵守状況はこれなしに計算されています"}},
    {"unreadable", {"it could not be read", "読めません"}},
    {"schema",
     {"the form of the database is not the one that this version makes",
      "データベースの形が、この版の作るものと違います"}},
    {"session",
     {"open, and no record says that anybody signed in",
      "開いていますが、サインインの記録がありません"}},
}};

const ProblemText& text_of_problem(StateProblem problem) {
    return problems.at(static_cast<std::size_t>(problem));
}

std::string details(const StateFinding& finding, Language language) {
    std::string out = safe_display(finding.detail);
    const std::string_view why = finding.why.in(language);
    if (!out.empty() && !why.empty()) out += ": ";
    return out.append(why);
}

}  // namespace

std::string_view code_of(StateProblem problem) noexcept {
    return text_of_problem(problem).code;
}

std::string to_text(const StateReport& report, Language language) {
    std::string out = report.passed() ? "\nPASS  " : "\nFAIL  ";
    out += Words{"state of daicho against its ledger", "daicho の状態と台帳の照合"}.in(language);
    out += "\n";
    const auto count = [&](Words label, std::uint64_t value, bool always) {
        if (!always && value == 0) return;
        out += "  " + std::string(label.in(language)) + ": " + std::to_string(value) + "\n";
    };
    count({"changes compared", "照合した変更"}, report.records, true);
    count({"facts compared", "照合した事実"}, report.facts, true);
    count({"open sessions compared", "照合したサインイン中のセッション"}, report.sessions, true);
    count({"on their way to the ledger", "台帳へ送る途中"}, report.pending, false);
    count({"newer than what was read", "読んだ後に増えたもの"}, report.newer, false);
    count({"destroyed by rule, nothing left to compare", "規則により廃棄され照合できないもの"},
          report.destroyed, false);
    for (const StateFinding& finding : report.findings) {
        const ProblemText& problem = text_of_problem(finding.problem);
        out += "  FAIL " + std::string(problem.code) + " [" + safe_display(finding.place) + "] " +
               std::string(problem.words.in(language));
        const std::string more = details(finding, language);
        if (!more.empty())
            out.append(Words{" (", "（"}.in(language))
                .append(more)
                .append(Words{")", "）"}.in(language));
        out += "\n";
    }
    count({"more", "ほか"}, report.findings_total - report.findings.size(), false);
    out += "  ";
    out +=
        Words{"not compared, as the ledger says nothing of it: tokens and addresses of sessions; ",
              "台帳に記録がなく照合していないもの: セッションの鍵とアドレス、表 "}
            .in(language);
    for (const std::string& table : report.not_compared)
        out += (&table == &report.not_compared.front() ? "" : ", ") + table;
    out += "\n";
    return out;
}

nlohmann::json to_json(const StateReport& report) {
    nlohmann::json out{{"verdict", report.passed() ? "PASS" : "FAIL"},
                       {"records", report.records},
                       {"facts", report.facts},
                       {"pending", report.pending},
                       {"sessions", report.sessions},
                       {"newer", report.newer},
                       {"not_compared", report.not_compared},
                       {"destroyed", report.destroyed},
                       {"findings_total", report.findings_total},
                       {"findings", nlohmann::json::array()}};
    for (const StateFinding& finding : report.findings) {
        out["findings"].push_back({{"problem", code_of(finding.problem)},
                                   {"place", safe_display(finding.place)},
                                   {"detail", details(finding, Language::en)}});
    }
    return out;
}

}  // namespace daicho::app::verify
