#pragma once
// Network addresses as logs write them.
#include <optional>
#include <string>
#include <string_view>

#include "ledger/search/fields.hpp"

namespace daicho::evidence::collect::parse {

/// IPv4 as ::ffff:a.b.c.d. Takes dotted IPv4 (no leading zeros beyond one digit: some readers take
/// them as octal), IPv6 (RFC 4291 section 2.2), brackets around it and a zone after '%'. Anything
/// else, a host name too, is nothing.
[[nodiscard]] std::optional<ledger::search::Address> address(std::string_view text) noexcept;

/// "192.0.2.7", or RFC 5952 for IPv6.
[[nodiscard]] std::string text_of_address(const ledger::search::Address& address);

}  // namespace daicho::evidence::collect::parse
