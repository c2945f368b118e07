#pragma once
// The whole API over a real database and access room. The services behind it answer with the
// examples of openapi.yaml, so what these tests see of them is the path of a request through the
// table of routes, never a business rule.
#include <map>

#include "access/test_support.hpp"
#include "app/api/dispatch.hpp"
#include "app/api/handlers.hpp"

namespace daicho::app::api::test {

class ExampleServices;

class World : public access::test::AccessTest {
protected:
    World();
    ~World() override;
    void SetUp() override;

    struct SignedIn {
        std::string token;
        std::string csrf;
        access::Caller caller;
    };
    /// A person with exactly this role, password changed.
    SignedIn sign_in_as(access::Role role);
    SignedIn signed_in(const std::string& login, const std::string& password);

    /// What our own page would send: same origin, cookie, token, JSON.
    [[nodiscard]] static http::Request page_request(http::Method method, const std::string& path,
                                                    const SignedIn* who = nullptr);
    static void set(http::Request& request, const std::string& name, const std::string& value);
    static void drop(http::Request& request, const std::string& name);
    /// A request of this operation with the example values of the description.
    [[nodiscard]] http::Request example_request(const Operation& operation,
                                                const SignedIn* who) const;
    http::Response ask(const http::Request& request) { return dispatch_->handle(request); }
    /// Status and body are declared for this operation in the description.
    void expect_declared(const Operation& operation, const http::Response& response) const;
    [[nodiscard]] static std::string text_key(const http::Response& response);

    std::unique_ptr<Spec> spec_;
    std::unique_ptr<ExampleServices> services_;
    std::unique_ptr<Dispatch> dispatch_;
    std::vector<std::string> log_;
    std::map<access::Role, SignedIn> people_;
};

/// The example of an operation's answer.
[[nodiscard]] nlohmann::json example_of(const Spec& spec, const std::string& operation,
                                        const std::string& status);

}  // namespace daicho::app::api::test
