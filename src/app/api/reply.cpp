#include "app/api/reply.hpp"

#include <charconv>

#include "base/calendar/timestamp.hpp"
#include "base/fault.hpp"

namespace daicho::app::api {
namespace {

template <typename Number>
Result<Number> number_of(std::string_view text) {
    Number number = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc() || at != end || (text.size() > 1 && text[0] == '0')) {
        return refuse(Errc::not_found, "common.not_found", "no such id");
    }
    return number;
}

/// Where a refusal names no text of its own.
std::string_view text_key_of(Errc code) {
    switch (code) {
        case Errc::invalid:
            return "common.invalid";
        case Errc::denied:
            return "access.denied";
        case Errc::unauthorised:
            return "session.required";
        case Errc::not_found:
            return "common.not_found";
        case Errc::conflict:
            return "common.changed_meanwhile";
        case Errc::tampered:
            return "common.tampered";
        case Errc::locked:
            return "common.locked";
        case Errc::too_large:
            return "common.too_large";
        case Errc::unavailable:
            return "common.busy";
        case Errc::expired:
            return "common.expired";
    }
    return "common.fault";
}

}  // namespace

http::Response json_reply(const nlohmann::json& body, int status) {
    http::Response response;
    response.status = status;
    response.set("Content-Type", "application/json");
    response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return response;
}

http::Response no_content() {
    http::Response response;
    response.status = 204;
    return response;
}

std::string time_text(WallNs time_ns) {
    int digits = 9;
    if (time_ns % second_ns == 0) {
        digits = 0;
    } else if (time_ns % 1'000'000 == 0) {
        digits = 3;
    } else if (time_ns % 1'000 == 0) {
        digits = 6;
    }
    return calendar::to_rfc3339(time_ns, 0, digits);
}

nlohmann::json time_or_null(const std::optional<WallNs>& time_ns) {
    return time_ns ? nlohmann::json(time_text(*time_ns)) : nlohmann::json();
}

WallNs time_of(const std::string& text) {
    const std::optional<calendar::Timestamp> time = calendar::parse_rfc3339(text);
    check(time.has_value(), "a time that the description accepted can be read");
    return time->wall_ns;
}

std::string id_text(std::int64_t id) {
    return std::to_string(id);
}

Result<std::int64_t> id_of(std::string_view text) {
    Result<std::int64_t> id = number_of<std::int64_t>(text);
    if (id && *id <= 0) return refuse(Errc::not_found, "common.not_found", "no such id");
    return id;
}

Result<std::uint64_t> seq_of(std::string_view text) {
    return number_of<std::uint64_t>(text);
}

nlohmann::json seq_or_null(const std::optional<std::int64_t>& seq) {
    return seq ? nlohmann::json(std::to_string(*seq)) : nlohmann::json();
}

int status_of(Errc code) noexcept {
    switch (code) {
        case Errc::invalid:
            return 400;
        case Errc::unauthorised:
            return 401;
        case Errc::denied:
            return 403;
        case Errc::not_found:
            return 404;
        case Errc::conflict:
            return 409;
        case Errc::expired:
            return 410;
        case Errc::too_large:
            return 413;
        case Errc::locked:
            return 423;
        case Errc::tampered:
            return 500;
        case Errc::unavailable:
            return 503;
    }
    return 500;
}

http::Response to_response(const Error& error) {
    http::Problem problem;
    problem.status = status_of(error.code);
    problem.code = name_of(error.code);
    problem.text_key =
        error.text_key.empty() ? std::string(text_key_of(error.code)) : error.text_key;
    problem.params = error.params;
    http::Response response = http::to_response(problem);
    if (problem.status == 503) response.set("Retry-After", "2");
    return response;
}

http::Response invalid_fields(std::vector<http::FieldProblem> problems) {
    http::Problem problem{400, "invalid", "common.invalid", {}, std::move(problems), ""};
    return http::to_response(problem);
}

}  // namespace daicho::app::api
