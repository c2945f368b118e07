#pragma once
// What stands below the options of each --help: examples that can be typed as they are, and the
// exit codes.
#include <string>
#include <string_view>

#include "app/cli/texts.hpp"

namespace daicho::app::cli {

/// `command` as typed after `daicho`: "ledger import"; empty for daicho itself.
[[nodiscard]] std::string examples_of(std::string_view command, Language language);

}  // namespace daicho::app::cli
