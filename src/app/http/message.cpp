#include "app/http/message.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace daicho::app::http {

std::string_view name_of(Method method) noexcept {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::del:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
    }
    return "";
}

bool is_safe(Method method) noexcept {
    return method == Method::get || method == Method::head || method == Method::options;
}

std::optional<std::string_view> Request::field(std::string_view name) const noexcept {
    const auto found = std::ranges::find(fields, name, &Field::name);
    if (found == fields.end()) return std::nullopt;
    return found->value;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const noexcept {
    const auto found = std::ranges::find(query, name, &Pair::first);
    if (found == query.end()) return std::nullopt;
    return found->second;
}

std::optional<std::string_view> Response::field(std::string_view name) const noexcept {
    const auto found = std::ranges::find_if(
        fields, [name](const Pair& field) { return equal_ignoring_case(field.first, name); });
    if (found == fields.end()) return std::nullopt;
    return found->second;
}

std::string_view reason_of(int status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 423:
            return "Locked";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Unknown";
    }
}

}  // namespace daicho::app::http
