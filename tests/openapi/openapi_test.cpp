// Table of routes, permissions and description: each against the others, for all operations, none
// hand-picked.
#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "openapi/world.hpp"

namespace daicho::app::api::test {
namespace {

using nlohmann::json;
constexpr std::array roles{access::Role::administrator, access::Role::security_officer,
                           access::Role::auditor, access::Role::member};

class OpenApi : public World {};

TEST_F(OpenApi, AndTheTableOfRoutesSayTheSame) {
    std::set<std::string> handled;
    for (const Handler& handler : dispatch_->handlers()) {
        const Route& route = handler.route;
        ASSERT_TRUE(spec_->operations().contains(std::string(route.operation))) << route.operation;
        const Operation& operation = spec_->operations().at(std::string(route.operation));
        handled.insert(operation.id);
        EXPECT_EQ(http::name_of(route.method), operation.method) << operation.id;
        EXPECT_EQ(route.pattern, operation.path) << operation.id;
        EXPECT_EQ(route.polling, operation.polling) << operation.id;
        const std::string csrf = route.csrf == Csrf::token    ? "token"
                                 : route.csrf == Csrf::origin ? "origin"
                                                              : "none";
        EXPECT_EQ(csrf, operation.csrf) << operation.id;
        std::string permission = route.anybody ? "none" : "session";
        if (route.permission) permission = access::name_of(*route.permission);
        EXPECT_EQ(permission, operation.permission) << operation.id;
        EXPECT_EQ(route.or_permission ? access::name_of(*route.or_permission) : "",
                  operation.or_permission)
            << operation.id;
        EXPECT_EQ(http::is_safe(route.method), route.csrf == Csrf::none) << operation.id;
    }
    EXPECT_EQ(handled.size(), spec_->operations().size());
}

TEST_F(OpenApi, AndTheAccessRoomKnowTheSamePermissionsAndRoles) {
    const json& described = spec_->schemas().document().at("x-permissions");
    EXPECT_EQ(described.size(), access::permission_count);
    for (std::size_t i = 0; i < access::permission_count; ++i) {
        const auto permission = static_cast<access::Permission>(i);
        const std::string name(access::name_of(permission));
        ASSERT_TRUE(described.contains(name)) << name;
        for (const access::Role role : roles) {
            const json& holders = described[name]["roles"];
            const bool holds =
                std::ranges::find(holders, json(access::name_of(role))) != holders.end();
            EXPECT_EQ(holds, access::granted_by_role({role}, permission))
                << name << " " << access::name_of(role);
        }
        EXPECT_EQ(described[name].value("delegable", false), access::can_be_delegated(permission))
            << name;
    }
    const json& listed =
        spec_->schemas().document().at("components").at("schemas").at("Permission").at("enum");
    EXPECT_EQ(listed.size(), access::permission_count);
}

TEST_F(OpenApi, LetsNobodyInWithoutASession) {
    for (const auto& [id, operation] : spec_->operations()) {
        const http::Response response = ask(example_request(operation, nullptr));
        if (operation.permission == "none") {
            EXPECT_NE(response.status, 403) << id;
        } else {
            EXPECT_EQ(response.status, 401) << id;
            EXPECT_EQ(text_key(response), "session.required") << id;
        }
        expect_declared(operation, response);
    }
}

TEST_F(OpenApi, LetsEachRoleDoWhatItsPermissionsSayAndNothingElse) {
    for (const access::Role role : roles) {
        for (const auto& [id, operation] : spec_->operations()) {
            if (id == "signOff" || id == "signIn" || id == "changePassword")
                continue;  // they end the session used here
            const SignedIn who = sign_in_as(role);
            const http::Response response = ask(example_request(operation, &who));
            const auto permission = access::permission_named(operation.permission);
            const auto other = access::permission_named(operation.or_permission);
            const bool allowed = !permission || access::granted_by_role({role}, *permission) ||
                                 (other && access::granted_by_role({role}, *other));
            if (allowed) {
                EXPECT_NE(response.status, 403) << id << " as " << access::name_of(role) << "\n"
                                                << response.body;
                EXPECT_NE(response.status, 401) << id << " as " << access::name_of(role) << "\n"
                                                << response.body;
                EXPECT_LT(response.status, 500) << id << " as " << access::name_of(role) << "\n"
                                                << response.body;
            } else {
                EXPECT_EQ(response.status, 403) << id << " as " << access::name_of(role);
                EXPECT_EQ(text_key(response), "access.denied") << id;
            }
            expect_declared(operation, response);
        }
    }
}

TEST_F(OpenApi, ReadsSucceedWithTheExamplesAsTheyAreDescribed) {
    std::set<std::string> succeeded;
    for (const auto& [id, operation] : spec_->operations()) {
        if (operation.method != "GET") continue;
        for (const access::Role role : roles) {
            const SignedIn who = sign_in_as(role);
            if (ask(example_request(operation, &who)).status == 200) succeeded.insert(id);
        }
        EXPECT_TRUE(succeeded.contains(id)) << id << " succeeds for nobody";
    }
}

TEST_F(OpenApi, DemandsTheTokenWhereverSomethingChanges) {
    for (const auto& [id, operation] : spec_->operations()) {
        if (operation.csrf == "none") continue;
        const SignedIn who = sign_in_as(access::Role::security_officer);
        struct Forgery {
            const char* what;
            std::function<void(http::Request&)> forge;
            bool also_for_origin;
        };
        const Forgery forgeries[] = {
            {"no token", [](http::Request& r) { drop(r, "x-daicho-csrf"); }, false},
            {"wrong token", [](http::Request& r) { set(r, "x-daicho-csrf", "AAAA"); }, false},
            {"foreign origin", [](http::Request& r) { set(r, "origin", "https://evil.example"); },
             true},
            {"plain origin", [](http::Request& r) { set(r, "origin", "http://localhost:8443"); },
             true},
            {"other port", [](http::Request& r) { set(r, "origin", "https://localhost:9443"); },
             true},
            {"null origin", [](http::Request& r) { set(r, "origin", "null"); }, true},
            {"cross-site", [](http::Request& r) { set(r, "sec-fetch-site", "cross-site"); }, true},
            {"same-site", [](http::Request& r) { set(r, "sec-fetch-site", "same-site"); }, true},
            {"typed address", [](http::Request& r) { set(r, "sec-fetch-site", "none"); }, true},
            {"neither", [](http::Request& r) { drop(r, "origin"), drop(r, "sec-fetch-site"); },
             true},
        };
        for (const Forgery& forgery : forgeries) {
            if (operation.csrf == "origin" && !forgery.also_for_origin) continue;
            http::Request request = example_request(operation, &who);
            forgery.forge(request);
            const http::Response response = ask(request);
            EXPECT_EQ(response.status, 403) << id << ": " << forgery.what << "\n" << response.body;
            EXPECT_EQ(text_key(response), "access.csrf") << id << ": " << forgery.what;
        }
        for (const char* one : {"origin", "sec-fetch-site"}) {
            if (operation.id == "signOff" || operation.id == "signIn" ||
                operation.id == "changePassword")
                continue;
            http::Request request = example_request(operation, &who);
            drop(request, one);
            const http::Response response = ask(request);
            const bool refused = response.status == 403 && text_key(response) == "access.csrf";
            EXPECT_FALSE(refused) << id << " without " << one;
        }
    }
}

TEST_F(OpenApi, RefusesBodiesThatDoNotFit) {
    for (const auto& [id, operation] : spec_->operations()) {
        if (operation.body == nullptr) continue;
        for (const access::Role role : roles) {
            const SignedIn who = sign_in_as(role);
            http::Request request = example_request(operation, &who);
            const json good = json::parse(request.body);
            request.body = "{}";
            const http::Response empty = ask(request);
            if (empty.status == 403) continue;
            EXPECT_EQ(empty.status, 400) << id << "\n" << empty.body;
            expect_declared(operation, empty);
            const json errors = json::parse(empty.body).at("errors");
            EXPECT_EQ(errors.at(0).at("text_key"), "field.required") << id;

            json more = good;
            more["surprise"] = 1;
            request.body = more.dump();
            EXPECT_EQ(json::parse(ask(request).body).at("errors").at(0).at("pointer"), "/surprise")
                << id;
            for (const char* bad : {"", "[]", "null", "{", "{\"a\":1,\"a\":2}", "\xff"}) {
                request.body = bad;
                EXPECT_EQ(ask(request).status, 400) << id << ": " << bad;
            }
            request.body = good.dump();
            set(request, "content-type", "text/plain");
            EXPECT_EQ(ask(request).status, 415) << id;
        }
    }
}

}  // namespace
}  // namespace daicho::app::api::test
