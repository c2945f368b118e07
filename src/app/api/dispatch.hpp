#pragma once
// From a request to the one handler that answers it. In this order, each step answering for all
// that follow: find the route; the request comes from our page (state-changing ones); the session;
// the one-time password is replaced; the session's token; the permission; the parameters and the
// body fit openapi.yaml; the handler.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/room.hpp"
#include "app/api/handler.hpp"
#include "app/api/spec/spec.hpp"
#include "app/http/assets.hpp"
#include "base/log.hpp"

namespace daicho::app::api {

inline constexpr std::string_view session_cookie = "__Host-daicho";

/// The value of a cookie in a Cookie header; nullopt when it is absent or given twice (a second one
/// could have been planted by a neighbouring host).
[[nodiscard]] std::optional<std::string> cookie_value(std::string_view header,
                                                      std::string_view name);
[[nodiscard]] std::string set_cookie(const std::string& token);
[[nodiscard]] std::string clear_cookie();
/// Sec-Fetch-Site and Origin, as far as they are there, say that the request comes from our own
/// page; at least one is there.
[[nodiscard]] bool from_our_page(const http::Request& request);

/// Thread-safe. All references must outlive it.
class Dispatch final : public http::Application {
public:
    /// check()s that handlers and description name the same operations: a bug, found at start.
    Dispatch(const Spec& spec, access::Room& access, std::vector<Handler> handlers,
             const http::Assets* assets, const Clock& clock, std::shared_ptr<Log> log);
    [[nodiscard]] http::Response handle(const http::Request& request) noexcept override;
    /// What checks or sets a password for whoever asks.
    [[nodiscard]] bool is_heavy(const http::Request& request) const noexcept override;
    [[nodiscard]] const std::vector<Handler>& handlers() const noexcept { return handlers_; }

private:
    using Params = std::map<std::string, std::string, std::less<>>;
    struct Match {
        const Handler* handler = nullptr;
        Params params;
        std::string allowed;  // methods, when the path is known but not with this one
    };
    [[nodiscard]] Match match(const http::Request& request) const;
    [[nodiscard]] http::Response answer(const http::Request& request, std::string_view& operation);
    [[nodiscard]] Result<access::Caller> admit(const http::Request& request, const Route& route);
    [[nodiscard]] http::Response run(const http::Request& request, const Match& match);
    [[nodiscard]] http::Response fault(const http::Request& request, std::string_view operation,
                                       const std::exception& error);

    const Spec& spec_;
    access::Room& access_;
    std::vector<Handler> handlers_;
    const http::Assets* assets_;  // null: no front end
    const Clock& clock_;
    std::shared_ptr<Log> log_;
};

}  // namespace daicho::app::api
