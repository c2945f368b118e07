#pragma once
// Where the parts of a verification put what they find.
#include <string>
#include <utility>

#include "ledger/core/verify/report.hpp"

namespace daicho::ledger::core::verify {

/// What lies behind a link is not below this directory: a copy of it would not have it.
inline constexpr const char* special_file = "a link, or another special file";

/// Collects findings up to a bound; asks the caller to stop beyond it.
class Collector {
public:
    Collector(Report& report, std::size_t findings_max)
        : report_(report), findings_max_(findings_max) {}
    void add(Finding finding) {
        ++report_.findings_total;
        if (report_.findings.size() < findings_max_) report_.findings.push_back(std::move(finding));
    }
    void add(Problem problem, std::string file, std::string detail) {
        add({problem, std::move(file), std::nullopt, std::nullopt, std::move(detail)});
    }
    void at_leaf(Problem problem, std::uint64_t leaf, std::string detail) {
        add({problem, {}, std::nullopt, leaf, std::move(detail)});
    }
    void note(Observation observation) {
        if (report_.notes.size() < notes_max) report_.notes.push_back(std::move(observation));
    }
    [[nodiscard]] bool full() const noexcept { return report_.findings_total >= findings_max_; }
    [[nodiscard]] Report& report() noexcept { return report_; }

private:
    static constexpr std::size_t notes_max = 200;  // a reader looks at fewer
    Report& report_;
    std::size_t findings_max_;
};

}  // namespace daicho::ledger::core::verify
