#pragma once
// The command `daicho-verify`, which is also `daicho verify`.
#include <iosfwd>
#include <string>
#include <vector>

#include "app/verify/state.hpp"

namespace daicho::app::verify {

/// Everything asked for was proven; something was not; it could not be tried.
inline constexpr int exit_proven = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_unusable = 2;

/// `arguments` without the program's name. Reads only. With `state` there is an option --state,
/// which asks it; without (daicho-verify) there is none.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        StateCheck* state = nullptr);

}  // namespace daicho::app::verify
