#include "app/api/dispatch.hpp"

#include <algorithm>
#include <set>

#include "app/api/reply.hpp"
#include "base/data/json.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"
#include "crypto/random.hpp"

namespace daicho::app::api {
namespace {

using http::FieldProblem;
using http::Request;
using http::Response;

/// Segments must be equal, or a {name} in the pattern takes one that is not empty.
bool fits(std::string_view pattern, std::string_view path,
          std::map<std::string, std::string, std::less<>>& params) {
    const std::vector<std::string_view> want = split(pattern, '/');
    const std::vector<std::string_view> have = split(path, '/');
    if (want.size() != have.size()) return false;
    for (std::size_t i = 0; i < want.size(); ++i) {
        if (want[i].starts_with('{')) {
            if (have[i].empty()) return false;
            params.emplace(want[i].substr(1, want[i].size() - 2), have[i]);
        } else if (want[i] != have[i]) {
            return false;
        }
    }
    return true;
}

std::vector<FieldProblem> check_query(const Spec& spec, const Operation& operation,
                                      const Request& request) {
    std::vector<FieldProblem> problems;
    for (const auto& [name, value] : request.query) {
        const auto known = std::ranges::find_if(
            operation.parameters, [&](const Parameter& p) { return !p.in_path && p.name == name; });
        if (known == operation.parameters.end()) {
            problems.push_back({"?" + name, "field.unknown", {}});
            continue;
        }
        for (FieldProblem& problem : spec.schemas().check(*known->schema, nlohmann::json(value))) {
            problems.push_back(
                {"?" + name, std::move(problem.text_key), std::move(problem.params)});
        }
    }
    for (const Parameter& parameter : operation.parameters) {
        if (!parameter.in_path && parameter.required && !request.query_value(parameter.name)) {
            problems.push_back({"?" + parameter.name, "field.required", {}});
        }
    }
    return problems;
}

bool is_json(const Request& request) {
    const std::optional<std::string_view> type = request.field("content-type");
    if (!type) return false;
    return equal_ignoring_case(trim(type->substr(0, type->find(';'))), "application/json");
}

Response problem(int status, std::string code, std::string text_key) {
    return http::to_response(
        http::Problem{status, std::move(code), std::move(text_key), {}, {}, ""});
}

}  // namespace

std::optional<std::string> cookie_value(std::string_view header, std::string_view name) {
    std::optional<std::string> found;
    for (const std::string_view part : split(header, ';')) {
        const std::string_view pair = trim(part);
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        if (found) return std::nullopt;
        found = std::string(pair.substr(equals + 1));
    }
    return found;
}

std::string set_cookie(const std::string& token) {
    return std::string(session_cookie) + "=" + token +
           "; Path=/; Secure; HttpOnly; SameSite=Strict";
}

std::string clear_cookie() {
    return std::string(session_cookie) + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
}

bool from_our_page(const Request& request) {
    const std::optional<std::string_view> site = request.field("sec-fetch-site");
    const std::optional<std::string_view> origin = request.field("origin");
    if (!site && !origin) return false;
    if (site && *site != "same-origin") return false;
    return !origin || equal_ignoring_case(*origin, "https://" + request.host);
}

Dispatch::Dispatch(const Spec& spec, access::Room& access, std::vector<Handler> handlers,
                   const http::Assets* assets, const Clock& clock, std::shared_ptr<Log> log)
    : spec_(spec),
      access_(access),
      handlers_(std::move(handlers)),
      assets_(assets),
      clock_(clock),
      log_(std::move(log)) {
    std::set<std::string_view> named;
    for (const Handler& handler : handlers_) {
        check(spec_.operations().contains(std::string(handler.route.operation)),
              "every handler is described");
        check(named.insert(handler.route.operation).second, "every operation has one handler");
    }
    check(named.size() == spec_.operations().size(),
          "every operation that is described has a handler");
}

Dispatch::Match Dispatch::match(const Request& request) const {
    Match out;
    const http::Method method =
        request.method == http::Method::head ? http::Method::get : request.method;
    for (const Handler& handler : handlers_) {
        Params params;
        if (!fits(handler.route.pattern, request.path, params)) continue;
        if (handler.route.method == method) {
            out.handler = &handler;
            out.params = std::move(params);
            return out;
        }
        if (!out.allowed.empty()) out.allowed += ", ";
        out.allowed += name_of(handler.route.method);
        if (handler.route.method == http::Method::get) out.allowed += ", HEAD";
    }
    return out;
}

bool Dispatch::is_heavy(const Request& request) const noexcept {
    return request.method == http::Method::post &&
           (request.path == "/api/v1/session" || request.path == "/api/v1/session/password");
}

Response Dispatch::handle(const Request& request) noexcept {
    const std::int64_t start_ns = clock_.monotonic_ns();
    std::string_view operation = "static";
    Response response;
    try {
        response = answer(request, operation);
    } catch (const std::exception& error) {
        response = fault(request, operation, error);
    }
    log_->info("http.request", {{"operation", operation},
                                {"method", http::name_of(request.method)},
                                {"status", response.status},
                                {"us", (clock_.monotonic_ns() - start_ns) / 1'000}});
    return response;
}

Response Dispatch::answer(const Request& request, std::string_view& operation) {
    const Match found = match(request);
    if (found.handler != nullptr) {
        operation = found.handler->route.operation;
        return run(request, found);
    }
    if (!found.allowed.empty()) {
        Response response = problem(405, "invalid", "http.method_not_allowed");
        response.set("Allow", found.allowed);
        return response;
    }
    const bool reads = request.method == http::Method::get || request.method == http::Method::head;
    if (reads && assets_ != nullptr) {
        std::optional<Response> asset = assets_->answer(request);
        if (asset) return std::move(*asset);
    }
    return problem(404, "not_found", "common.not_found");
}

Result<access::Caller> Dispatch::admit(const Request& request, const Route& route) {
    if (route.csrf != Csrf::none && !from_our_page(request)) {
        return refuse(Errc::denied, "access.csrf", "the request does not come from our page");
    }
    if (route.anybody) {
        access::Caller nobody;
        nobody.address = request.remote_address;
        return nobody;
    }
    const std::optional<std::string_view> header = request.field("cookie");
    const std::optional<std::string> token =
        header ? cookie_value(*header, session_cookie) : std::nullopt;
    if (!token) return refuse(Errc::unauthorised, "session.required", "no session");
    const bool polls = route.polling || request.field("x-daicho-poll").has_value();
    Result<access::Caller> caller = access_.sessions.resume(
        *token, request.remote_address,
        polls ? access::door::Activity::polling : access::door::Activity::person);
    if (!caller) return caller;
    if (caller->must_change && !route.with_one_time_password) {
        return refuse(Errc::denied, "access.password_change_required",
                      "the one-time password must be replaced first");
    }
    if (route.csrf == Csrf::token) {
        const Status status =
            access_.sessions.check_csrf(*caller, request.field("x-daicho-csrf").value_or(""));
        if (!status) return fail(status.error());
    }
    Result<bool> otherwise = false;
    if (route.or_permission) otherwise = access_.access.may(*caller, *route.or_permission);
    if (!otherwise) return fail(otherwise.error());
    if (route.permission && !*otherwise) {
        const Status status = access_.access.require(*caller, *route.permission);
        if (!status) return fail(status.error());
    }
    return caller;
}

Response Dispatch::run(const Request& request, const Match& match) {
    const Route& route = match.handler->route;
    const Result<access::Caller> caller = admit(request, route);
    if (!caller) {
        Error error = caller.error();
        const bool ended = error.code == Errc::expired;
        Response response = to_response(error);
        if (!ended) return response;
        // A session that was, is no longer: for HTTP that is "sign in", not "gone".
        response =
            http::to_response(http::Problem{401, "expired", error.text_key, error.params, {}, ""});
        response.set("Set-Cookie", clear_cookie());
        return response;
    }
    const Operation& operation = spec_.operations().at(std::string(route.operation));
    for (const Parameter& parameter : operation.parameters) {
        if (!parameter.in_path) continue;
        const auto value = match.params.find(parameter.name);
        check(value != match.params.end(), "path parameters are those of the pattern");
        if (!spec_.schemas().check(*parameter.schema, nlohmann::json(value->second)).empty()) {
            return problem(404, "not_found", "common.not_found");
        }
    }
    std::vector<FieldProblem> problems = check_query(spec_, operation, request);
    if (!problems.empty()) return invalid_fields(std::move(problems));
    nlohmann::json body;
    if (operation.body != nullptr) {
        if (!is_json(request)) return problem(415, "invalid", "http.not_json");
        Result<nlohmann::json> parsed = data::parse_json(request.body);
        if (!parsed) return to_response(Error{parsed.error().code, "", "http.malformed_json", {}});
        problems = spec_.schemas().check(*operation.body, *parsed);
        if (!problems.empty()) return invalid_fields(std::move(problems));
        body = std::move(*parsed);
    } else if (!request.body.empty()) {
        return problem(400, "invalid", "http.body_not_expected");
    }
    Result<Response> response = match.handler->handle(Call{request, *caller, match.params, body});
    return response ? std::move(*response) : to_response(response.error());
}

Response Dispatch::fault(const Request& request, std::string_view operation,
                         const std::exception& error) {
    std::string incident = "unknown";
    try {
        incident = to_hex(crypto::random_bytes<8>());
    } catch (const std::exception&) {
        // Without randomness there is no id; the log line below is still written.
    }
    log_->error("http.fault", {{"incident", incident},
                               {"operation", operation},
                               {"method", http::name_of(request.method)},
                               {"what", error.what()}});
    // A full disk is named: whoever sees it can do something about it. It stays a fault, because
    // the disk may have filled up after the change itself was stored.
    const auto* io = dynamic_cast<const IoFault*>(&error);
    const bool full = io != nullptr && io->out_of_space();
    return http::to_response(
        http::Problem{500, "fault", full ? "common.disk_full" : "common.fault", {}, {}, incident});
}

}  // namespace daicho::app::api
