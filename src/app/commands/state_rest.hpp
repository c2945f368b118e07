#pragma once
// What `daicho verify --state` looks at beside versioned rows and facts, which have digests of
// their own: the schema and the open sessions; and what it can't compare with anything.
#include <array>
#include <string_view>

#include "app/verify/state.hpp"
#include "store/database.hpp"

namespace daicho::app::commands {

/// Every table, index, trigger and view is one that the migrations of this version make.
void compare_schema(store::Reader& reader, verify::StateReport& report);

/// What store::Versioned::verify found ("account:7 version 3: …") in both languages.
[[nodiscard]] verify::StateFinding finding_of_row(const std::string& trouble);

/// Every open session was begun by a sign-in or a change of password that the outbox tells of, for
/// the same account and at that time, and no sign-off came after. The outbox itself is compared
/// with the ledger elsewhere.
void compare_sessions(store::Reader& reader, verify::StateReport& report);

/// Tables whose rows the ledger says nothing of: counters, memories and positions that are derived
/// or that nobody could be wronged by unnoticed for long. Of `session`, the token and the address.
inline constexpr std::array<std::string_view, 9> tables_not_compared{
    "derived_position", "disposal_outcome", "pack",
    "password_history", "preference",       "sign_in_counter",
    "source_day",       "source_seen",      "tally"};

}  // namespace daicho::app::commands
