#pragma once
// An assessment as JSON: what `daicho status --json` prints and packs carry. Field names are
// stable.
#include <nlohmann/json.hpp>

#include "evidence/assess/assess.hpp"

namespace daicho::evidence::assess {

[[nodiscard]] nlohmann::json to_json(const Sentence& sentence);
/// {text_key, params, ja, en}: with the sentence as a person reads it.
[[nodiscard]] nlohmann::json to_json(const register_::Content& content, const Sentence& sentence);
[[nodiscard]] nlohmann::json to_json(const register_::Content& content, const calendar::Zone& zone,
                                     const ControlStatus& status);
/// {as_of, content_version, counts, clauses: {id: {state, computed, reasons, evidence, missing,
/// controls, …}}}.
[[nodiscard]] nlohmann::json to_json(const register_::Content& content, const calendar::Zone& zone,
                                     const Assessment& assessment);
/// "10年", "3 months 2 days".
[[nodiscard]] std::string period_words(const register_::Period& period, bool japanese);
/// One sentence in one language, periods and times written out ("3か月", "2026-11-27 00:00").
[[nodiscard]] std::string to_words(const register_::Content& content, const Sentence& sentence,
                                   bool japanese);

}  // namespace daicho::evidence::assess
