#include "app/http/wire.hpp"

#include <algorithm>
#include <ctime>

#include "base/fault.hpp"

namespace daicho::app::http {
namespace {

void put_field(std::string& out, std::string_view name, std::string_view value) {
    const auto bad = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
    if (std::ranges::any_of(name, bad) || std::ranges::any_of(value, bad)) {
        throw Fault("control character in an answer's header");
    }
    out.append(name).append(": ").append(value).append("\r\n");
}

bool bodiless(int status) {
    return status == 204 || status == 304 || status < 200;
}

}  // namespace

std::vector<Pair> security_headers(const Response& response) {
    std::vector<Pair> fields{
        // No inline script or style, no eval, nothing from elsewhere, never in a frame.
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
         "'self'; "
         "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
        // Ignored by browsers while the certificate is not trusted (RFC 6797, 8.1), so a first
        // start is not locked out.
        {"Strict-Transport-Security", "max-age=31536000"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Embedder-Policy", "require-corp"},
        {"Permissions-Policy",
         "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"},
    };
    if (!response.cacheable) fields.emplace_back("Cache-Control", "no-store");
    return fields;
}

ResponseHead frame(const Response& response, bool version_11) {
    ResponseHead head;
    head.close = response.close;
    if (bodiless(response.status)) return head;
    if (response.source && !response.source_size) {
        head.framing = version_11 ? BodyFraming::chunked : BodyFraming::until_close;
        head.close = head.close || !version_11;
        return head;
    }
    head.framing = BodyFraming::length;
    if (response.source) {
        head.length = *response.source_size;
    } else {
        head.length = response.shared_body ? response.shared_body->size() : response.body.size();
    }
    return head;
}

std::string head_text(const Response& response, const ResponseHead& head) {
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
    out.append(reason_of(response.status)).append("\r\n");
    put_field(out, "Date", http_date(head.now_ns));
    for (const auto& [name, value] : response.fields) put_field(out, name, value);
    for (const auto& [name, value] : security_headers(response)) put_field(out, name, value);
    if (head.framing == BodyFraming::length) {
        put_field(out, "Content-Length", std::to_string(head.length));
    } else if (head.framing == BodyFraming::chunked) {
        put_field(out, "Transfer-Encoding", "chunked");
    }
    if (head.close) put_field(out, "Connection", "close");
    out += "\r\n";
    return out;
}

std::string http_date(WallNs wall_ns) {
    const std::time_t seconds = wall_ns / second_ns;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    // The C locale is never changed by this program, so the names are English.
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, size};
}

}  // namespace daicho::app::http
