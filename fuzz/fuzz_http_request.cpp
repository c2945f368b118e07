// links: app_http
// The head of an HTTP request as raw bytes: what passes the gate can be read in one way only.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "app/http/gate.hpp"
#include "app/http/limits.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

namespace {

using namespace daicho;
using namespace daicho::app::http;

void check_head_holds(const Head& head) {
    check(head.path.starts_with('/'), "a path starts with a slash");
    check(is_utf8(head.path), "a path is UTF-8");
    check(head.path.find('\\') == std::string::npos, "no backslash in a path");
    std::size_t segments = 0;
    for (const std::string_view segment : split(std::string_view(head.path).substr(1), '/')) {
        check(segment != "." && segment != "..", "no dot segment in a path");
        ++segments;
    }
    check(segments <= target_size_max, "a path is bounded");
    check(!(head.chunked && head.content_length), "one framing");
    check(!head.chunked || head.version_11, "no chunked on HTTP/1.0");
    check(head.content_length.value_or(0) <= body_size_max, "the limit on bodies holds");
    check(head.fields.size() <= field_count_max && head.query.size() <= query_pairs_max,
          "the limits on lists hold");
    for (const char* single : {"host", "content-length", "transfer-encoding", "cookie"}) {
        check(std::ranges::count(head.fields, single, &Field::name) <= 1, "what must be single is");
    }
    for (const Field& field : head.fields) {
        for (const char c : field.name + field.value) {
            check((c >= 0x20 && c < 0x7f) || c == '\t', "headers are printable ASCII");
        }
    }
}

/// The same head, written anew by us, must be read the same: nothing hides between the lines.
void check_round_trip(const Head& head, const HostNames& hosts) {
    std::string again(name_of(head.method));
    again += " " + head.target + (head.version_11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    for (const Field& field : head.fields) again += field.name + ": " + field.value + "\r\n";
    again += "\r\n";
    if (again.size() > head_size_max) return;  // "a:b" became "a: b"
    const auto back = check_head(again, hosts);
    if (!back) {
        check(back.error().status == 431, "what was read can be written and read again");
        return;
    }
    check(back->path == head.path && back->query == head.query && back->host == head.host,
          "the same target");
    check(back->chunked == head.chunked && back->content_length == head.content_length,
          "the same framing");
    check(back->keep_alive == head.keep_alive && back->fields.size() == head.fields.size(),
          "the same headers");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = text_of({data, size});
    const HostNames hosts{"localhost", "[::1]"};
    const auto end = find_head_end(bytes, 0);
    // However the bytes arrive, the end is found at the same place or the refusal is the same in
    // kind.
    std::size_t stepwise = 0;
    bool refused = false;
    for (std::size_t at = 1; at <= bytes.size() && stepwise == 0 && !refused; at += 7) {
        const std::size_t seen = at < 8 ? 0 : at - 7;
        const auto part = find_head_end(bytes.substr(0, at), seen);
        refused = !part;
        if (part) stepwise = *part;
    }
    if (stepwise > 0) check(end && *end == stepwise, "the end does not depend on how bytes arrive");
    if (refused) check(!end, "neither does a refusal");
    if (!end || *end == 0) {
        check(!check_head(bytes, hosts), "no head without its end");
        return 0;
    }
    const auto head = check_head(bytes.substr(0, *end), hosts);
    if (!head) {
        check(head.error().status >= 400 && head.error().status < 600 && !head.error().why.empty(),
              "a refusal has a reason");
        return 0;
    }
    check_head_holds(*head);
    check_round_trip(*head, hosts);
    return 0;
}
