#pragma once
// Keys that others than the account of daicho can open are no keys (SECURITY.md).
#include <string>

#include "base/result.hpp"

namespace daicho::app::commands {

/// Errc::denied, cli.keys_readable: the folder, or anything in it, gives a right to group or
/// others. What can't be looked at is left to whoever opens it.
[[nodiscard]] Status check_key_rights(const std::string& folder);

}  // namespace daicho::app::commands
