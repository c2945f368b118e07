#pragma once
// What a pack or a proof tells of itself, in words instead of JSON.
#include <nlohmann/json.hpp>

#include "app/cli/texts.hpp"

namespace daicho::app::verify {

/// Report::extra with its labels and values as a person reads them: one flat object of texts.
[[nodiscard]] nlohmann::json worded(const nlohmann::json& extra, cli::Language language);

}  // namespace daicho::app::verify
