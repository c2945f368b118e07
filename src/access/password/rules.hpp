#pragma once
// What a password may not be (002-3-11c..e, 003-04-4.3). Which rules exist is code; their strengths
// are parameters.
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"

namespace daicho::access::password {

struct Policy {
    std::size_t chars_min =
        12;                    // the strictest adopted regulation decides; never under chars_floor
    bool needs_upper = false;  // 003-01-4.3-3b, for administrators' accounts
    bool needs_digit = false;
    bool needs_symbol = false;
    std::size_t same_run_max = 3;  // "aaaa" is refused
    std::size_t sequence_max = 3;  // "1234", "dcba" are refused
};
/// The regulations' own minimum (002-3-11c): a policy below it is not accepted.
inline constexpr std::size_t chars_floor = 8;

/// What the password must not contain: the person's and the organisation's names, in any writing of
/// NFKC and case.
struct Context {
    std::string_view login;
    std::string_view display_name;
    std::string_view organisation;
};

/// Immutable after construction: threads may share it.
class Rules {
public:
    /// `blocked`: common passwords and words, one per line in content; compared folded, as they are
    /// and with digits and signs added at the ends.
    Rules(Policy policy, const std::vector<std::string>& blocked);
    /// The text_keys of all rules that `password` breaks, in a fixed order; empty when it is
    /// acceptable.
    [[nodiscard]] std::vector<std::string> broken_by(std::string_view password,
                                                     const Context& context) const;
    [[nodiscard]] const Policy& policy() const noexcept { return policy_; }

private:
    [[nodiscard]] bool is_blocked(std::string_view folded) const;
    Policy policy_;
    std::unordered_set<std::string> blocked_;
};

}  // namespace daicho::access::password
