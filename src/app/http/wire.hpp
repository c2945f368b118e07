#pragma once
// The bytes of an answer's head. Pure; the server writes them.
#include <string>
#include <vector>

#include "app/http/message.hpp"
#include "base/clock.hpp"

namespace daicho::app::http {

enum class BodyFraming { none, length, chunked, until_close };

struct ResponseHead {
    BodyFraming framing = BodyFraming::none;
    std::uint64_t length = 0;  // with BodyFraming::length
    bool close = false;
    WallNs now_ns = 0;
};

/// How the body of `response` is delimited for a client of that version (RFC 9112, 6.3).
[[nodiscard]] ResponseHead frame(const Response& response, bool version_11);
/// Status line to empty line. Throws Fault when a field holds a control character: a handler tried
/// to split the answer.
[[nodiscard]] std::string head_text(const Response& response, const ResponseHead& head);
/// What every answer carries, errors included; Cache-Control: no-store unless the response says
/// cacheable.
[[nodiscard]] std::vector<Pair> security_headers(const Response& response);
/// RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(WallNs wall_ns);

}  // namespace daicho::app::http
