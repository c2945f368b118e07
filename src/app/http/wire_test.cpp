#include "app/http/wire.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "app/http/pool.hpp"
#include "app/http/problem.hpp"
#include "base/fault.hpp"

namespace daicho::app::http {
namespace {

TEST(Wire, WritesDatesAsTheStandardHasThem) {
    EXPECT_EQ(http_date(784'111'777 * second_ns), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Wire, LetsNoHandlerSplitAnAnswer) {
    for (const char* value : {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "\x01"}) {
        Response response;
        response.set("X-A", value);
        EXPECT_THROW((void)head_text(response, frame(response, true)), Fault);
    }
}

TEST(Wire, SendsNoLengthWhereNoBodyMayBe) {
    for (const int status : {204, 304}) {
        Response response;
        response.status = status;
        response.body = "ignored";
        EXPECT_EQ(frame(response, true).framing, BodyFraming::none);
        EXPECT_EQ(head_text(response, frame(response, true)).find("Content-Length"),
                  std::string::npos);
    }
}

TEST(Wire, LetsOnlyCacheableAnswersBeCached) {
    Response response;
    EXPECT_NE(head_text(response, frame(response, true)).find("Cache-Control: no-store\r\n"),
              std::string::npos);
    response.cacheable = true;
    EXPECT_EQ(head_text(response, frame(response, true)).find("no-store"), std::string::npos);
}

TEST(Problem, IsWrittenAsRfc9457HasIt) {
    const Problem problem{
        400, "invalid", "common.invalid", {{"a", "b"}}, {{"/login", "field.required", {}}}, ""};
    const Response response = to_response(problem);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.field("content-type"), "application/problem+json");
    EXPECT_EQ(
        response.body,
        R"({"code":"invalid","errors":[{"params":{},"pointer":"/login","text_key":"field.required"}],)"
        R"("params":{"a":"b"},"status":400,"text_key":"common.invalid","title":"Bad Request",)"
        R"("type":"about:blank"})");
}

TEST(Pool, RefusesWhatDoesNotFitAndFinishesWhatItTook) {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int done = 0;
    int started = 0;
    const auto task = [&] {
        std::unique_lock lock(mutex);
        ++started;
        changed.notify_all();
        changed.wait(lock, [&] { return open; });
        ++done;
    };
    {
        Pool pool(1, 2);
        ASSERT_TRUE(pool.submit(task));
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return started == 1; });
        }
        EXPECT_TRUE(pool.submit(task));
        EXPECT_TRUE(pool.submit(task));
        EXPECT_FALSE(pool.submit(task));
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }
    EXPECT_EQ(done, 3);
}

}  // namespace
}  // namespace daicho::app::http
