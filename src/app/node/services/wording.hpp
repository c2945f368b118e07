#pragma once
// A recurrence rule in words.
#include <nlohmann/json.hpp>
#include <string_view>

namespace daicho::app::node {

/// {ja, en} of an RFC 5545 rule of whole days: "毎週金曜日", "every week on Friday". The rule
/// itself where no words fit.
[[nodiscard]] nlohmann::json rule_words(std::string_view rrule);

}  // namespace daicho::app::node
