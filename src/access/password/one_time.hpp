#pragma once
// One-time passwords that a person reads from a screen and types once.
#include <string>

namespace daicho::access::password {

/// 20 characters in groups of five ("ABCDE-FGH23-…"), of 31 that can't be taken for one another: 99
/// bits.
[[nodiscard]] std::string make_one_time();

}  // namespace daicho::access::password
