#pragma once
// The verifier's words, in the two languages of the house.
#include <string_view>

#include "ledger/core/verify/report.hpp"

namespace daicho::ledger::core::verify {

enum class Language : std::uint8_t { ja, en };

struct Words {
    std::string_view en;
    std::string_view ja;
    [[nodiscard]] std::string_view in(Language language) const noexcept {
        return language == Language::ja ? ja : en;
    }
};

/// Stable word for programs, and the sentence for a person.
[[nodiscard]] std::string_view code_of(Problem problem) noexcept;
[[nodiscard]] Words words_of(Problem problem) noexcept;
[[nodiscard]] std::string_view code_of(Remark remark) noexcept;
[[nodiscard]] Words words_of(Remark remark) noexcept;
[[nodiscard]] std::string_view code_of(Subject subject) noexcept;

/// What no verification of these bytes can tell, whatever the verdict.
enum class Limit : std::uint8_t {
    content_keyless,     // only ciphertext was looked at
    rollback,            // nothing outside remembers a newer tree
    unsigned_tail,       // newer than the signed tree
    log_key_unknown,     // whose log key it is
    rewriting_by_owner,  // whoever held all keys could make another history
    absent_events,       // not sealed when the bundle was made
    destroyed_events,    // ciphertext whose key is gone
    outside_ledger,      // index, settings and accounts were not asked for
    one_event,           // the other events of the ledger
    completeness,        // a pack shows what was put into it
};
[[nodiscard]] std::string_view code_of(Limit limit) noexcept;
[[nodiscard]] Words words_of(Limit limit) noexcept;
/// Those that apply to this report, most important first.
[[nodiscard]] std::vector<Limit> limits_of(const Report& report);

}  // namespace daicho::ledger::core::verify
