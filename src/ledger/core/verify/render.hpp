#pragma once
// A report as a page for an auditor, and as JSON for a program.
#include <string>

#include "ledger/core/verify/texts.hpp"

namespace daicho::ledger::core::verify {

/// Ends in a newline. `what`: the path as it was given.
[[nodiscard]] std::string to_text(const Report& report, std::string_view what, Language language);
/// docs/verification.md names the members.
[[nodiscard]] nlohmann::json to_json(const Report& report, std::string_view what);

}  // namespace daicho::ledger::core::verify
