#pragma once
// Web access logs, packet filters and PostgreSQL.
#include <string_view>

#include "evidence/collect/parse/time.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::evidence::collect::parse {

/// Common and combined log format, with or without the virtual host in front. The time is taken if
/// `out` has none.
[[nodiscard]] bool web_access(std::string_view message, ledger::search::Fields& out);
/// `[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.7] …`
[[nodiscard]] bool web_error(std::string_view message, ZoneCache& zone,
                             ledger::search::Fields& out);
/// nftables, iptables and ufw lines of the kernel: PREFIX IN=… SRC=… DST=….
[[nodiscard]] bool packet_filter(std::string_view message, ledger::search::Fields& out);
/// What PostgreSQL writes with log_connections, log_disconnections, log_statement, by any
/// log_line_prefix that has %u@%d, user=, db= or client=.
[[nodiscard]] bool postgres(std::string_view message, ZoneCache& zone, ledger::search::Fields& out);

}  // namespace daicho::evidence::collect::parse
