#pragma once
// The command line of `daicho`: what can be typed, as plain values. Knows no room; what each
// command does is given by main.
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/texts.hpp"

namespace daicho::app::cli {

/// For scripts; documented in --help.
inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;  // understood and refused, or not all is proven
inline constexpr int exit_usage = 2;    // not understood
inline constexpr int exit_fault = 3;    // the machine failed (disk, memory)

/// Every command has these.
struct Common {
    std::string data;    // DATA, without a slash at the end
    std::string keys;    // DATA.keys unless given
    bool json = false;   // one JSON value on standard output
    bool quiet = false;  // no progress bar
    std::string lang;    // ja, en; empty: of the environment
};

struct InitOptions : Common {
    std::string organisation;
    std::string admin;
    std::vector<std::string> host_names;  // in the certificate, besides localhost
};
struct ServeOptions : Common {
    std::string https = "127.0.0.1:8443";
    std::vector<std::string> syslog_tcp;
    std::vector<std::string> syslog_tls;
    std::vector<std::string> syslog_udp;
    std::vector<std::string>
        host_names;       // under which browsers may ask for us, besides localhost and the address
    std::string web;      // folder of the front end; empty: the installed one
    std::string content;  // folder of content/; empty: the installed one
};
struct ImportOptions : Common {
    std::string source;
    std::vector<std::string> files;  // "-" is standard input
};
struct SearchOptions : Common {
    std::string from;
    std::string to;
    std::string source;
    std::string host;
    std::string app;
    std::string user;
    std::string address;
    std::string outcome;
    std::string text;
    std::uint64_t limit = 100;
};
struct ProveOptions : Common {
    std::uint64_t seq = 0;
    std::string output;
    bool force = false;  // an existing file is replaced
};
struct ExportOptions : Common {
    std::string target;
};
struct HoldOptions : Common {
    std::string from;  // days of receipt, both included
    std::string to;
    std::string reason;
};
struct ReleaseOptions : Common {
    std::uint64_t id = 0;
    std::string reason;
};
struct StatusOptions : Common {
    std::string as_of;
    std::string content;
};
struct PackOptions : Common {
    std::vector<std::string> clauses;
    std::string from;
    std::string to;
    std::string output;
    bool force = false;  // an existing file is replaced
    std::string content;
};
struct RescueOptions : Common {
    std::string login;
};
struct RestoredOptions : Common {
    std::string reason;
};

/// Each gives the exit code. May throw Fault, which becomes exit_fault with its text.
struct Commands {
    std::function<int(const InitOptions&)> init;
    std::function<int(const ServeOptions&)> serve;
    std::function<int(const ImportOptions&)> ledger_import;
    std::function<int(const SearchOptions&)> ledger_search;
    std::function<int(const ProveOptions&)> ledger_prove;
    std::function<int(const ExportOptions&)> ledger_export;
    std::function<int(const Common&)> ledger_status;
    std::function<int(const Common&)> ledger_reindex;
    std::function<int(const Common&)> ledger_retire;
    std::function<int(const HoldOptions&)> ledger_hold;
    std::function<int(const ReleaseOptions&)> ledger_release;
    std::function<int(const Common&)> ledger_holds;
    std::function<int(const StatusOptions&)> status;
    std::function<int(const PackOptions&)> pack;
    std::function<int(const std::vector<std::string>&)> verify;  // arguments as of daicho-verify
    std::function<int(const RescueOptions&)> rescue;
    std::function<int(const RestoredOptions&)> accept_restored_state;
};

/// `arguments` without the program's name. A command whose function is empty is not offered.
[[nodiscard]] int run(const std::vector<std::string>& arguments, const Commands& commands,
                      Language language, std::ostream& out, std::ostream& err);

struct HostPort {
    std::string host;  // IPv6 without brackets
    std::uint16_t port = 0;
};
/// "127.0.0.1:8443", "[::1]:8443", ":6514" (all addresses, IPv6 and IPv4).
[[nodiscard]] std::optional<HostPort> parse_host_port(const std::string& text);

}  // namespace daicho::app::cli
