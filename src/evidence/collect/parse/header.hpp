#pragma once
// The part of a log line that says when, where and by which program: RFC 5424, RFC 3164 and what
// devices make of it. Views point into the line. Nothing here is evidence: what can't be read stays
// empty and the line is kept as it is.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "evidence/collect/parse/time.hpp"

namespace daicho::evidence::collect::parse {

inline constexpr unsigned priority_max =
    191;  // RFC 5424 section 6.2.1: facility 0-23, severity 0-7

struct Header {
    std::uint8_t facility = 255;
    std::uint8_t severity = 255;
    std::optional<WallNs> time_ns;
    std::string_view host;
    std::string_view app;
    std::string_view pid;
    std::string_view message_id;
    std::string_view structured;  // RFC 5424 section 6.3 with its brackets; empty for "-"
    std::string_view message;
};

/// One parameter of structured data. `value` is as written: `escaped` says that it holds \" \\ or
/// \].
struct SdParam {
    std::string_view element;
    std::string_view name;
    std::string_view value;
    bool escaped = false;
};
/// More parameters than this are passed over: an event of 16 MiB could hold millions.
inline constexpr std::size_t sd_params_max = 64;
struct SdParams {
    std::array<SdParam, sd_params_max> items;
    std::size_t count = 0;
    [[nodiscard]] std::span<const SdParam> all() const noexcept { return {items.data(), count}; }
};

/// RFC 5424 section 6. False (and `out` unspecified) unless the line begins with a PRI, version 1
/// and six fields; broken structured data is no failure: it is then part of the message. `params`
/// is filled, never cleared by others.
[[nodiscard]] bool syslog_5424(std::string_view line, Header& out, SdParams& params);

/// RFC 3164 section 4 and its variants: no PRI (files), ISO 8601 times, a year, a sequence number
/// before the time
/// (`<189>123: `), no host name, a tag with brackets inside (`sshd(pam_unix)[1]`). False when not
/// even a time was found and there is no PRI; with a PRI alone the rest is the message.
[[nodiscard]] bool syslog_3164(std::string_view line, WallNs received_ns, ZoneCache& zone,
                               Header& out);

/// Only the time of a line, for clock skew on reception: RFC 5424, or an ISO or BSD time after the
/// PRI.
[[nodiscard]] std::optional<WallNs> quick_time(std::string_view line, WallNs received_ns,
                                               ZoneCache& zone);

/// Takes the escapes out of a value (RFC 5424 section 6.3.3): the result has at most the value's
/// length. Copies to `out`, which has room for it, and gives the view.
[[nodiscard]] std::string_view unescape_sd(std::string_view value, std::span<char> out) noexcept;

}  // namespace daicho::evidence::collect::parse
