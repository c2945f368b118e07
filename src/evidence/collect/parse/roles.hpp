#pragma once
// What a named value means: `src_ip`, `client.ip` and Windows' IpAddress are all the address it
// came from. Shared by structured data, key=value and JSON messages.
#include <string_view>

#include "ledger/search/fields.hpp"

namespace daicho::evidence::collect::parse {

enum class Role : std::uint8_t {
    none,
    user,
    target_user,
    address,
    port,
    destination,
    destination_port,
    outcome,
    action,
    status,
    bytes,
    time,
    host,
    app,
    pid,
    severity,
    message,
    event_id,
};

/// `parent` is the enclosing object's name, or what stands before the last dot; may be empty. Case
/// is ignored.
[[nodiscard]] Role role_of(std::string_view parent, std::string_view leaf) noexcept;
/// For names with dots as they are: "source.ip".
[[nodiscard]] Role role_of(std::string_view name) noexcept;

/// Fills the field unless it has a value already or the text is no such value ("-", "?", a host
/// name for an address).
void apply(Role role, std::string_view value, ledger::search::Fields& out);

/// success/ok/allowed/0x0 … or fail…/denied/error …
[[nodiscard]] ledger::search::Outcome outcome_of(std::string_view word) noexcept;
/// Fills action and category (and outcome, where the word says it: "refused") from a word like
/// `sign_in` or `log.read`.
void apply_action(std::string_view word, ledger::search::Fields& out);
/// Windows security event numbers: 4624, 4625, 4634 …; false for numbers without a meaning here.
[[nodiscard]] bool windows_event(std::string_view id, ledger::search::Fields& out);

}  // namespace daicho::evidence::collect::parse
