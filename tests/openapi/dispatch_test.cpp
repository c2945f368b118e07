// Sessions, cookies, polling, faults: what no description says.
#include <algorithm>
#include <set>

#include "base/fault.hpp"
#include "openapi/world.hpp"

namespace daicho::app::api::test {
namespace {

using nlohmann::json;

TEST(Cookie, IsReadWhenItIsThereOnce) {
    EXPECT_EQ(cookie_value("a=b; __Host-daicho=token; c=d", session_cookie), "token");
    EXPECT_EQ(cookie_value("__Host-daicho=token", session_cookie), "token");
    EXPECT_FALSE(cookie_value("a=__Host-daicho=token", session_cookie));
    EXPECT_FALSE(cookie_value("x__Host-daicho=token", session_cookie));
    EXPECT_FALSE(cookie_value("__Host-daicho=a; __Host-daicho=b", session_cookie));
    EXPECT_FALSE(cookie_value("__host-daicho=a", session_cookie));
}

class DispatchTest : public World {};

TEST_F(DispatchTest, GivesTheCheckingOfPasswordsWorkersOfItsOwn) {
    const auto heavy = [&](http::Method method, const char* path) {
        return dispatch_->is_heavy(page_request(method, path));
    };
    EXPECT_TRUE(heavy(http::Method::post, "/api/v1/session"));
    EXPECT_TRUE(heavy(http::Method::post, "/api/v1/session/password"));
    EXPECT_FALSE(heavy(http::Method::get, "/api/v1/session"));
    EXPECT_FALSE(heavy(http::Method::post, "/api/v1/events/search"));
}

TEST_F(DispatchTest, TakesAPersonFromTheFirstPasswordToTheEnd) {
    http::Request request = page_request(http::Method::post, "/api/v1/session");
    request.body = json{{"login", "kanri"}, {"password", first_password_}}.dump();
    const http::Response first = ask(request);
    ASSERT_EQ(first.status, 200) << first.body;
    const std::string cookie(*first.field("set-cookie"));
    EXPECT_TRUE(cookie.starts_with("__Host-daicho="));
    EXPECT_NE(cookie.find("; Path=/; Secure; HttpOnly; SameSite=Strict"), std::string::npos);
    const json view = json::parse(first.body);
    EXPECT_TRUE(view["password_change_required"].get<bool>());
    EXPECT_EQ(view["organisation_name"], "株式会社みほん");
    SignedIn who{cookie.substr(14, cookie.find(';') - 14), view["csrf_token"], {}};

    const http::Response early = ask(page_request(http::Method::get, "/api/v1/home", &who));
    EXPECT_EQ(early.status, 403);
    EXPECT_EQ(text_key(early), "access.password_change_required");
    EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/session", &who)).status, 200);

    request = page_request(http::Method::post, "/api/v1/session/password", &who);
    request.body = json{{"current_password", first_password_}, {"new_password", "short"}}.dump();
    const http::Response weak = ask(request);
    EXPECT_EQ(weak.status, 400) << weak.body;
    EXPECT_EQ(json::parse(weak.body).at("errors").at(0).at("pointer"), "/new_password");
    request.body =
        json{{"current_password", first_password_}, {"new_password", access::test::good_password}}
            .dump();
    const http::Response changed = ask(request);
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/session", &who)).status, 401)
        << "the old session lives on";
    const std::string renewed(*changed.field("set-cookie"));
    who = {renewed.substr(14, renewed.find(';') - 14), json::parse(changed.body)["csrf_token"], {}};
    EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/home", &who)).status, 200);

    const http::Response off = ask(page_request(http::Method::del, "/api/v1/session", &who));
    EXPECT_EQ(off.status, 204);
    EXPECT_NE(off.field("set-cookie")->find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/session", &who)).status, 401);
}

TEST_F(DispatchTest, SaysTheSameForEveryWrongSignIn) {
    (void)administrator();
    std::set<std::string> answers;
    for (const char* login : {"kanri", "nobody"}) {
        http::Request request = page_request(http::Method::post, "/api/v1/session");
        request.body = json{{"login", login}, {"password", "wrong"}}.dump();
        const http::Response response = ask(request);
        EXPECT_EQ(response.status, 401);
        EXPECT_FALSE(response.field("set-cookie"));
        answers.insert(response.body);
    }
    EXPECT_EQ(answers.size(), 1U);
}

TEST_F(DispatchTest, EndsAnIdleSessionAndPollingDoesNotKeepItAlive) {
    const SignedIn who = sign_in_as(access::Role::administrator);
    const http::Request active = page_request(http::Method::get, "/api/v1/people", &who);
    http::Request marked = active;
    set(marked, "x-daicho-poll", "1");
    for (int minute = 0; minute < 4; ++minute) {
        clock_.advance(minute_ns);
        EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/home", &who)).status, 200);
        EXPECT_EQ(ask(marked).status, 200);
    }
    const json view =
        json::parse(ask(page_request(http::Method::get, "/api/v1/session", &who)).body);
    EXPECT_EQ(view["idle_seconds_left"], 60);
    EXPECT_EQ(ask(active).status, 200);
    clock_.advance(4 * minute_ns);
    EXPECT_EQ(ask(active).status, 200) << "a request of the person did not count";
    clock_.advance(5 * minute_ns + second_ns);
    const http::Response ended = ask(active);
    EXPECT_EQ(ended.status, 401);
    EXPECT_EQ(json::parse(ended.body)["code"], "expired");
    EXPECT_EQ(text_key(ended), "access.session_ended");
    EXPECT_NE(ended.field("set-cookie")->find("Max-Age=0"), std::string::npos);
}

TEST_F(DispatchTest, KnowsUnknownPathsFromUnknownMethods) {
    const SignedIn who = sign_in_as(access::Role::administrator);
    EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/nothing", &who)).status, 404);
    EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/people/1/2/3", &who)).status, 404);
    const SignedIn member = sign_in_as(access::Role::member);
    EXPECT_EQ(ask(page_request(http::Method::get, "/api/v1/events/not-a-number", &member)).status,
              403)
        << "whoever may not read logs learns nothing about numbers either";
    const http::Response wrong = ask(page_request(http::Method::put, "/api/v1/people", &who));
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.field("allow"), "GET, HEAD, POST");
    EXPECT_EQ(ask(page_request(http::Method::head, "/api/v1/people", &who)).status, 200);
    http::Request query = page_request(http::Method::get, "/api/v1/people", &who);
    query.query.emplace_back("surprise", "1");
    EXPECT_EQ(ask(query).status, 400);
    http::Request body = page_request(http::Method::get, "/api/v1/people", &who);
    body.body = "x";
    EXPECT_EQ(ask(body).status, 400);
}

TEST_F(DispatchTest, TakesALendingOfLogReadingIntoAccountAtOnce) {
    const SignedIn member = sign_in_as(access::Role::member);
    const SignedIn officer = sign_in_as(access::Role::security_officer);
    const http::Request read = page_request(http::Method::get, "/api/v1/events/1", &member);
    EXPECT_EQ(ask(read).status, 403);
    http::Request grant = page_request(http::Method::post, "/api/v1/delegations", &officer);
    grant.body = json{
        {"person_id", std::to_string(member.caller.account_id)},
        {"permission", "log.read"},
        {"from", "2026-11-22T00:00:00Z"},
        {"until", "2026-11-30T00:00:00Z"},
        {"reason",
         "absence"}}.dump();
    const http::Response granted = ask(grant);
    ASSERT_EQ(granted.status, 201) << granted.body;
    EXPECT_EQ(ask(read).status, 200);
    const std::string id = json::parse(granted.body)["id"];
    EXPECT_EQ(ask(page_request(http::Method::del, "/api/v1/delegations/" + id, &officer)).status,
              204);
    EXPECT_EQ(ask(read).status, 403);
}

TEST_F(DispatchTest, TurnsAFaultIntoAnIncidentWithoutSayingWhy) {
    std::vector<Handler> handlers = dispatch_->handlers();
    for (Handler& handler : handlers) {
        if (handler.route.operation != "listPeople") continue;
        handler.handle = [](const Call&) -> Result<http::Response> {
            throw Fault("page 7 of state.db is torn");
        };
    }
    auto log = Log::to_sink([this](LogLevel, std::string_view line) { log_.emplace_back(line); });
    Dispatch faulty(*spec_, *room_, std::move(handlers), nullptr, clock_, std::move(log));
    const SignedIn who = sign_in_as(access::Role::administrator);
    const http::Response response =
        faulty.handle(page_request(http::Method::get, "/api/v1/people", &who));
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("torn"), std::string::npos);
    const std::string incident = json::parse(response.body)["incident"];
    const auto told = std::ranges::find_if(log_, [&](const std::string& line) {
        return line.find(incident) != std::string::npos && line.find("torn") != std::string::npos;
    });
    EXPECT_NE(told, log_.end()) << "the log does not have the cause under the incident";
}

TEST_F(DispatchTest, NamesAFullDiskAndNoOtherTroubleOfIt) {
    for (const auto& [error_number, text_key] :
         {std::pair(ENOSPC, "common.disk_full"), std::pair(EIO, "common.fault")}) {
        std::vector<Handler> handlers = dispatch_->handlers();
        for (Handler& handler : handlers) {
            if (handler.route.operation != "listPeople") continue;
            handler.handle = [number = error_number](const Call&) -> Result<http::Response> {
                throw IoFault("database: COMMIT", number);
            };
        }
        Dispatch faulty(*spec_, *room_, std::move(handlers), nullptr, clock_, Log::none());
        const SignedIn who = sign_in_as(access::Role::administrator);
        const http::Response response =
            faulty.handle(page_request(http::Method::get, "/api/v1/people", &who));
        EXPECT_EQ(response.status, 500);
        EXPECT_EQ(json::parse(response.body)["text_key"], text_key);
        EXPECT_EQ(json::parse(response.body)["code"], "fault");
    }
}

TEST_F(DispatchTest, WritesNoPersonalValueIntoItsLog) {
    const SignedIn who = sign_in_as(access::Role::security_officer);
    http::Request search = page_request(http::Method::post, "/api/v1/events/search", &who);
    search.body =
        R"({"from":"2026-11-21T00:00:00Z","to":"2026-11-22T00:00:00Z","user":"taro.yamada"})";
    EXPECT_EQ(ask(search).status, 200);
    ASSERT_FALSE(log_.empty());
    for (const std::string& line : log_) {
        for (const char* value : {"taro.yamada", "p-secu", access::test::office.data()}) {
            EXPECT_EQ(line.find(value), std::string::npos) << line;
        }
        EXPECT_EQ(line.find(who.token), std::string::npos);
    }
}

TEST_F(DispatchTest, AnswersUnavailableWhereAServiceIsNotRunning) {
    const Parts parts{*database_, *room_, clock_, [] { return false; }};
    Dispatch bare(*spec_, *room_, all_handlers(parts), nullptr, clock_, Log::none());
    const SignedIn who = sign_in_as(access::Role::security_officer);
    const http::Response response =
        bare.handle(page_request(http::Method::get, "/api/v1/ledger", &who));
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(text_key(response), "common.not_available");
    EXPECT_TRUE(response.field("retry-after"));
    EXPECT_EQ(bare.handle(page_request(http::Method::get, "/healthz")).status, 503);
    EXPECT_EQ(ask(page_request(http::Method::get, "/healthz")).status, 200);
}

}  // namespace
}  // namespace daicho::app::api::test
