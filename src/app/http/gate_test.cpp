#include "app/http/gate.hpp"

#include <gtest/gtest.h>

#include "app/http/limits.hpp"

namespace daicho::app::http {
namespace {

const HostNames hosts{"localhost", "127.0.0.1", "[::1]", "daicho.example"};

tl::expected<Head, Refused> judge(const std::string& head) {
    return check_head(head, hosts);
}

int status_of(const std::string& head) {
    const tl::expected<Head, Refused> checked = judge(head);
    return checked ? 200 : checked.error().status;
}

/// A request that is fine but for the lines given.
std::string with(const std::string& lines, const std::string& method = "POST") {
    return method + " /a HTTP/1.1\r\nHost: localhost:8443\r\n" + lines + "\r\n";
}
std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

TEST(Gate, TakesAnOrdinaryRequestApart) {
    const auto head = judge(
        "GET /api/v1/obligations?from=2026-11-01&q=%E5%8F%B0+%2F HTTP/1.1\r\n"
        "Host: LocalHost:8443\r\nCookie: a=b\r\nX-Daicho-CSRF:\t token \r\n\r\n");
    ASSERT_TRUE(head) << head.error().why;
    EXPECT_EQ(head->method, Method::get);
    EXPECT_EQ(head->path, "/api/v1/obligations");
    ASSERT_EQ(head->query.size(), 2U);
    EXPECT_EQ(head->query[1], Pair("q", "台 /"));
    EXPECT_EQ(head->host, "LocalHost:8443");
    ASSERT_EQ(head->fields.size(), 3U);
    EXPECT_EQ(head->fields[2].name, "x-daicho-csrf");
    EXPECT_EQ(head->fields[2].value, "token");
    EXPECT_TRUE(head->keep_alive);
    EXPECT_FALSE(head->content_length);
}

TEST(Gate, KnowsTheLengthOfTheBody) {
    EXPECT_EQ(judge(with("Content-Length: 5\r\n"))->content_length, 5U);
    EXPECT_TRUE(judge(with("Transfer-Encoding: chunked\r\n"))->chunked);
}

TEST(Gate, RefusesEveryTransferEncodingButOneChunked) {
    for (const char* value : {"Chunked", "chunked, chunked", "gzip, chunked", "chunked;q=1",
                              "identity", "xchunked", "chunked ,", "\"chunked\"", ""}) {
        EXPECT_EQ(status_of(with(std::string("Transfer-Encoding: ") + value + "\r\n")), 400)
            << value;
    }
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 400);
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")),
              400);
    EXPECT_EQ(status_of(with("Transfer_Encoding: chunked\r\n")), 200)
        << "another header, no framing";
}

TEST(Gate, RefusesLengthTogetherWithChunked) {
    EXPECT_EQ(status_of(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 400);
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")), 400);
}

TEST(Gate, RefusesASecondContentLengthEvenIfEqual) {
    EXPECT_EQ(status_of(with("Content-Length: 3\r\nContent-Length: 3\r\n")), 400);
    EXPECT_EQ(status_of(with("Content-Length: 3, 3\r\n")), 400);
    EXPECT_EQ(status_of(with("Content-Length: 3\r\ncontent-length: 4\r\n")), 400);
}

TEST(Gate, RefusesAContentLengthThatIsNotPlainDigits) {
    for (const char* value :
         {"+3", "-1", "0x3", "3 ", "", "3.0", "1e1", "99999999999999999999999"}) {
        const int expected =
            std::string(value) == "3 " ? 200 : 400;  // white space around a value is not part of it
        EXPECT_EQ(status_of(with(std::string("Content-Length: ") + value + "\r\n")), expected)
            << value;
    }
    EXPECT_EQ(status_of(with("Content-Length: " + std::to_string(body_size_max + 1) + "\r\n")),
              413);
    EXPECT_EQ(status_of(with("Content-Length: " + std::to_string(body_size_max) + "\r\n")), 200);
}

TEST(Gate, RefusesChunkedOnHttp10) {
    EXPECT_EQ(
        status_of("POST /a HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"),
        400);
    const auto plain = judge("GET /a HTTP/1.0\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(plain);
    EXPECT_FALSE(plain->keep_alive);
    EXPECT_FALSE(plain->version_11);
}

TEST(Gate, RefusesABodyWhereNoneBelongs) {
    for (const char* method : {"GET", "HEAD", "DELETE", "OPTIONS"}) {
        EXPECT_EQ(status_of(with("Content-Length: 1\r\n", method)), 400) << method;
        EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\n", method)), 400) << method;
        EXPECT_EQ(status_of(with("Content-Length: 0\r\n", method)), 200) << method;
    }
}

TEST(Gate, RefusesFoldedLines) {
    EXPECT_EQ(status_of(with("X-A: b\r\n c\r\n")), 400);
    EXPECT_EQ(status_of(with("X-A: b\r\n\tc\r\n")), 400);
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\n Host: localhost\r\n\r\n"), 400);
}

TEST(Gate, WantsExactlyOneHostAndOneOfOurs) {
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost:\r\n\r\n"), 400);
    for (const char* host :
         {"evil.example", "localhost.evil.example", "127.0.0.2", "localhos", "[::2]"}) {
        EXPECT_EQ(status_of(std::string("GET /a HTTP/1.1\r\nHost: ") + host + "\r\n\r\n"), 421)
            << host;
    }
    for (const char* host :
         {"localhost:", "localhost:x", "localhost:123456", "[::1", ":8443", "user@localhost:1x"}) {
        EXPECT_EQ(status_of(std::string("GET /a HTTP/1.1\r\nHost: ") + host + "\r\n\r\n"), 400)
            << host;
    }
    for (const char* host : {"DAICHO.example", "[::1]:9", "127.0.0.1:8443"}) {
        EXPECT_EQ(status_of(std::string("GET /a HTTP/1.1\r\nHost: ") + host + "\r\n\r\n"), 200)
            << host;
    }
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost: localhost, localhost\r\n\r\n"), 421);
}

TEST(Gate, RefusesATargetThatNamesAnotherHost) {
    EXPECT_EQ(status_of(get("https://localhost/a")), 200);
    for (const char* target :
         {"https://evil.example/a", "http://localhost/a", "https://localhost", "localhost:443", "*",
          "https://localhost:1/a", "//evil.example/a", "a"}) {
        EXPECT_EQ(status_of(get(target)), 400) << target;
    }
}

TEST(Gate, RefusesBareLineEndsAndControlBytes) {
    EXPECT_EQ(status_of("GET /a HTTP/1.1\nHost: localhost\n\n"), 400);
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost: localhost\r\r\n\r\n"), 400);
    for (int byte = 0; byte < 256; ++byte) {
        const bool fine = (byte >= 0x20 && byte < 0x7f) || byte == '\t';
        const std::string line = std::string("X: a") + static_cast<char>(byte) + "b\r\n";
        EXPECT_EQ(status_of(with(line)), fine ? 200 : 400) << byte;
    }
}

TEST(Gate, RefusesMalformedHeaderNames) {
    for (const char* line :
         {"Host : localhost", "X Y: z", ": z", "X", "X(: z", "X\t: z", "\"X\": z"}) {
        EXPECT_EQ(status_of(with(std::string(line) + "\r\n")), 400) << line;
    }
    EXPECT_EQ(status_of(with("X-Empty:\r\n")), 200);
}

TEST(Gate, RefusesRepeatedHeadersThatMeanOneThing) {
    for (const char* name :
         {"Cookie", "Origin", "X-Daicho-CSRF", "Content-Type", "Sec-Fetch-Site", "X-Daicho-Poll"}) {
        EXPECT_EQ(status_of(with(std::string(name) + ": a\r\n" + name + ": a\r\n")), 400) << name;
    }
    EXPECT_EQ(status_of(with("Accept: a\r\nAccept: b\r\n")), 200);
}

TEST(Gate, RefusesPathsThatCouldMeanSomethingElse) {
    for (const char* target :
         {"/../etc", "/a/..",    "/a/../b", "/./a",     "/a/.",  "/%2e%2e/a", "/%2E./a",  "/a%2fb",
          "/a%2Fb",  "/a%5cb",   "/a\\b",   "//a",      "/a//b", "/a%00",     "/a%0d%0a", "/a%7f",
          "/a%",     "/a%2",     "/a%zz",   "/a%e3%81", "/a%ff", "/a#b",      "/a|b",     "/a\"b",
          "/<a>",    "/a%c0%ae", "/?a#b",   "/?a%0a",   "/?%",   "/?a=1&a=2"}) {
        EXPECT_EQ(status_of(get(target)), 400) << target;
    }
    for (const char* target :
         {"/", "/a/", "/a%20b", "/%E5%8F%B0", "/a:b@c;d=e", "/a?b=/c?d", "/...", "/?", "/a%25b"}) {
        EXPECT_EQ(status_of(get(target)), 200) << target;
    }
    EXPECT_EQ(status_of(get("/\xe5\x8f\xb0")), 400);
}

TEST(Gate, RefusesMalformedRequestLines) {
    for (const char* line :
         {"GET /a", "GET  /a HTTP/1.1", "GET /a  HTTP/1.1", " GET /a HTTP/1.1", "GET /a HTTP/1.1 ",
          "GET /a b HTTP/1.1", "G(T /a HTTP/1.1", "GET\t/a HTTP/1.1", "/a HTTP/1.1", "",
          "GET /a http/1.1", "GET /a HTTP1.1"}) {
        EXPECT_EQ(status_of(std::string(line) + "\r\nHost: localhost\r\n\r\n"), 400) << line;
    }
    for (const char* version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.10", "HTTP/1.2"}) {
        EXPECT_EQ(status_of(std::string("GET /a ") + version + "\r\nHost: localhost\r\n\r\n"), 505)
            << version;
    }
    for (const char* method : {"TRACE", "CONNECT", "get", "GETX", "PRI"}) {
        EXPECT_EQ(status_of(std::string(method) + " /a HTTP/1.1\r\nHost: localhost\r\n\r\n"), 501)
            << method;
    }
}

TEST(Gate, KeepsItsLimits) {
    EXPECT_EQ(status_of(get("/" + std::string(target_size_max, 'a'))), 414);
    EXPECT_EQ(status_of(get("/" + std::string(target_size_max - 1, 'a'))), 200);
    EXPECT_EQ(status_of(with("X: " + std::string(line_size_max, 'a') + "\r\n")), 431);
    EXPECT_EQ(status_of(with(std::string(field_name_size_max + 1, 'x') + ": a\r\n")), 431);
    std::string many;
    for (std::size_t i = 1; i < field_count_max; ++i) many += "X: a\r\n";
    EXPECT_EQ(status_of(with(many)), 200);
    EXPECT_EQ(status_of(with(many + "X: a\r\n")), 431);
    const std::string long_line = "X: " + std::string(line_size_max - 3, 'a') + "\r\n";
    EXPECT_EQ(status_of(with(long_line)), 200);
    EXPECT_EQ(status_of(with(long_line + long_line)), 431);
    std::string pairs = "/?a0=";
    for (std::size_t i = 1; i < query_pairs_max; ++i) pairs += "&a" + std::to_string(i) + "=";
    EXPECT_EQ(status_of(get(pairs)), 200);
    EXPECT_EQ(status_of(get(pairs + "&z=")), 414);
}

TEST(Gate, KnowsOnlyOneExpectation) {
    EXPECT_TRUE(judge(with("Expect: 100-Continue\r\n"))->expects_continue);
    EXPECT_EQ(status_of(with("Expect: 200-ok\r\n")), 417);
}

TEST(Gate, FindsTheEndOfAHeadHoweverItArrives) {
    const std::string whole = get("/a") + "rest";
    const std::size_t size = whole.size() - 4;
    for (std::size_t step = 1; step <= whole.size(); ++step) {
        std::size_t seen = 0;
        std::size_t found = 0;
        for (std::size_t at = step; found == 0 && seen < whole.size(); at += step) {
            const std::string_view part = std::string_view(whole).substr(0, at);
            const auto end = find_head_end(part, seen);
            ASSERT_TRUE(end) << end.error().why;
            found = *end;
            seen = part.size();
        }
        EXPECT_EQ(found, size) << "in steps of " << step;
    }
}

TEST(Gate, RefusesAnUnfinishedHeadAsSoonAsItIsHopeless) {
    EXPECT_FALSE(find_head_end("GET /a\n", 0));
    EXPECT_FALSE(find_head_end("GET /a HTTP/1.1\rX", 0));
    EXPECT_FALSE(find_head_end(std::string(head_size_max + 1, 'a'), 0));
    EXPECT_FALSE(find_head_end("\x16\x03\x01", 0));
    EXPECT_EQ(find_head_end("GET /a HTTP/1.1\r", 0).value(), 0U);
}

TEST(Gate, TakesNothingAfterTheHead) {
    EXPECT_EQ(status_of(get("/a") + "x"), 400);
    EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost: localhost\r\n"), 400);
    EXPECT_EQ(status_of(""), 400);
}

}  // namespace
}  // namespace daicho::app::http
