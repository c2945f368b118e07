#include "app/http/assets.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace daicho::app::http {
namespace {

class AssetsTest : public testing::Test {
protected:
    AssetsTest() {
        char name[] = "/tmp/daicho-assets-XXXXXX";
        folder_ = ::mkdtemp(name);
        put("index.html", "<!doctype html>");
        put("assets/app-1a2b.js", "let a = 1;");
        put("assets/app-1a2b.js.br", "BROTLI");
        put("assets/app-1a2b.js.gz", "GZIP");
    }
    ~AssetsTest() override { std::filesystem::remove_all(folder_); }

    void put(const std::string& name, const std::string& content) const {
        const std::filesystem::path path = std::filesystem::path(folder_) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << content;
    }
    [[nodiscard]] Assets load() const { return Assets::load(real_files(), folder_).value(); }

    std::string folder_;
};

Request get(const std::string& path, std::vector<Field> fields = {}) {
    Request request;
    request.path = path;
    request.fields = std::move(fields);
    return request;
}

TEST_F(AssetsTest, AreSentInTheBestFormTheBrowserTakes) {
    const Assets assets = load();
    const auto form = [&](const char* accepted) {
        return *assets.answer(get("/assets/app-1a2b.js", {{"accept-encoding", accepted}}))
                    ->shared_body;
    };
    EXPECT_EQ(form("gzip, deflate, br"), "BROTLI");
    EXPECT_EQ(form("gzip;q=0.5, br;q=0"), "GZIP");
    EXPECT_EQ(form("identity"), "let a = 1;");
    const auto answer = assets.answer(get("/assets/app-1a2b.js"));
    EXPECT_EQ(answer->field("cache-control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(answer->field("content-type"), "text/javascript; charset=utf-8");
}

TEST_F(AssetsTest, AreNotSentAgainToWhoHasThem) {
    const Assets assets = load();
    const auto first = assets.answer(get("/assets/app-1a2b.js"));
    const std::string etag(*first->field("etag"));
    EXPECT_EQ(etag.size(), 66U);
    const auto second =
        assets.answer(get("/assets/app-1a2b.js", {{"if-none-match", "\"x\", " + etag}}));
    EXPECT_EQ(second->status, 304);
    EXPECT_FALSE(second->shared_body);
    EXPECT_EQ(assets.answer(get("/assets/app-1a2b.js", {{"if-none-match", "\"x\""}}))->status, 200);
}

TEST_F(AssetsTest, GiveTheFrontPageToNavigationsOnly) {
    const Assets assets = load();
    const Field html{"accept", "text/html,*/*"};
    for (const char* path : {"/", "/index.html", "/logs/48213", "/clauses/003-01-4.5-9a"}) {
        const auto answer = assets.answer(get(path, {html, {"sec-fetch-mode", "navigate"}}));
        ASSERT_TRUE(answer) << path;
        EXPECT_EQ(*answer->shared_body, "<!doctype html>");
        EXPECT_EQ(answer->field("cache-control"), "no-cache");
    }
    EXPECT_FALSE(assets.answer(get("/api/v1/nothing", {html})));
    EXPECT_FALSE(assets.answer(get("/missing.js", {html})));
    EXPECT_FALSE(assets.answer(get("/logs", {{"accept", "application/json"}})));
    EXPECT_FALSE(assets.answer(get("/logs", {html, {"sec-fetch-mode", "cors"}})));
    EXPECT_FALSE(assets.answer(get("/assets/app-1a2b.js.gz")));
}

TEST_F(AssetsTest, ChangeTheirDigestWithAnyByte) {
    const std::string before = load().digest();
    put("assets/app-1a2b.js", "let a = 2;");
    EXPECT_NE(load().digest(), before);
}

TEST_F(AssetsTest, RefuseAFolderThatIsNotAFrontEnd) {
    put("secrets.key", "x");
    EXPECT_EQ(Assets::load(real_files(), folder_).error().code, Errc::invalid);
    EXPECT_EQ(Assets::load(real_files(), folder_ + "/assets").error().code, Errc::not_found);
}

}  // namespace
}  // namespace daicho::app::http
