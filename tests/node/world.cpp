#include "node/world.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/calendar/timestamp.hpp"
#include "base/text.hpp"
#include "openapi/declared.hpp"

namespace daicho::app::node::test {
namespace {

constexpr std::chrono::milliseconds pause{20};
constexpr int pauses_max = 1'500;  // half a minute: programs with sanitizers on a busy machine

http::Method method_named(const std::string& name) {
    for (const http::Method one : {http::Method::get, http::Method::post, http::Method::put,
                                   http::Method::patch, http::Method::del}) {
        if (http::name_of(one) == name) return one;
    }
    ADD_FAILURE() << name;
    return http::Method::get;
}

bool fits(const std::string& pattern, const std::string& path) {
    const auto want = split(pattern, '/');
    const auto have = split(path, '/');
    if (want.size() != have.size()) return false;
    for (std::size_t i = 0; i < want.size(); ++i) {
        if (!want[i].starts_with('{') && want[i] != have[i]) return false;
    }
    return true;
}

}  // namespace

NodeWorld::NodeWorld() = default;

std::string NodeWorld::text(WallNs at) {
    return calendar::to_rfc3339(at / second_ns * second_ns, 0, 0);
}

NodeWorld::~NodeWorld() {
    node_.reset();
    if (!root_.empty()) std::filesystem::remove_all(root_);
}

void NodeWorld::SetUp() {
    std::string pattern = ::testing::TempDir() + "daicho-node-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    places_ = {root_ + "/data", root_ + "/data.keys", DAICHO_SOURCE_DIR "/content", ""};
    Result<std::unique_ptr<api::Spec>> spec = api::Spec::parse(api::openapi_text());
    ASSERT_TRUE(spec) << spec.error().message;
    spec_ = std::move(*spec);
    const Result<std::string> issued =
        initialise(real_files(), clock_, places_, "株式会社みほん", "kanri", {});
    ASSERT_TRUE(issued) << issued.error().message;
    administrator_ = {"", "kanri", *issued, "", ""};
    open();
    sign_in(administrator_);
    const json session =
        post(administrator_, "/api/v1/session/password",
             {{"current_password", *issued}, {"new_password", "kaze-no-tani 2026 shizuka"}}, 200);
    administrator_.password = "kaze-no-tani 2026 shizuka";
    sign_in(administrator_);
}

void NodeWorld::open() {
    NodeOptions options;
    options.places = places_;
    options.commit.reserve_bytes = 0;
    options.commit.checkpoint_ns = 20'000'000;  // tests don't wait a second for each
    options.clockwork_round = clockwork_round_;
    auto opened = Node::open(real_files(), clock_, std::move(options), Log::none());
    ASSERT_TRUE(opened) << opened.error().message;
    node_ = std::move(*opened);
    const Result<http::Application*> application = node_->application();
    ASSERT_TRUE(application) << application.error().message;
    application_ = *application;
}

void NodeWorld::close() {
    application_ = nullptr;
    node_.reset();
}

const api::Operation* NodeWorld::operation(const std::string& method,
                                           const std::string& path) const {
    const api::Operation* found = nullptr;
    for (const auto& [id, one] : spec_->operations()) {
        if (one.method != method || !fits(one.path, path)) continue;
        // A fixed path goes before one with a parameter in the same place.
        if (found == nullptr || one.path.find('{') == std::string::npos) found = &one;
    }
    return found;
}

NodeWorld::Answer NodeWorld::ask(const std::string& method, const std::string& target,
                                 const Person* who, const json& body) {
    http::Request request;
    request.method = method_named(method);
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) {
        for (const std::string_view pair : split(std::string_view(target).substr(mark + 1), '&')) {
            const std::size_t equals = pair.find('=');
            request.query.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        }
    }
    request.host = "localhost:8443";
    request.remote_address = "192.0.2.10";
    request.fields = {{"host", request.host},
                      {"origin", "https://localhost:8443"},
                      {"sec-fetch-site", "same-origin"},
                      {"content-type", "application/json"}};
    if (who != nullptr) {
        request.fields.push_back({"cookie", who->cookie});
        request.fields.push_back({"x-daicho-csrf", who->csrf});
    }
    if (!body.is_null()) request.body = body.dump();
    const api::Operation* described = operation(method, request.path);
    EXPECT_NE(described, nullptr) << method << " " << request.path << " is not described";
    http::Response response = application_->handle(request);
    if (described != nullptr) {
        api::test::expect_declared(*spec_, *described, response);
        if (response.status < 300) answered_.insert(described->id);
    }
    Answer out{response.status, response.body, nullptr};
    if (response.source) {
        Bytes piece(std::size_t{64} << 10);
        for (std::size_t got = 1; got > 0;) {
            got = response.source->read(piece);
            out.text.append(text_of(ByteView(piece).first(got)));
        }
    }
    const std::string type(response.field("content-type").value_or(""));
    if (type.find("json") != std::string::npos) out.body = json::parse(response.body);
    return out;
}

json NodeWorld::get(const Person& who, const std::string& target, int status) {
    const Answer answer = ask("GET", target, &who);
    EXPECT_EQ(answer.status, status) << "GET " << target << "\n" << answer.text;
    return answer.body;
}

json NodeWorld::post(const Person& who, const std::string& target, const json& body, int status) {
    const Answer answer = ask("POST", target, &who, body);
    EXPECT_EQ(answer.status, status) << "POST " << target << "\n" << answer.text;
    return answer.body;
}

void NodeWorld::sign_in(Person& who) {
    http::Request request;
    request.method = http::Method::post;
    request.path = "/api/v1/session";
    request.host = "localhost:8443";
    request.remote_address = "192.0.2.10";
    request.fields = {{"host", request.host},
                      {"origin", "https://localhost:8443"},
                      {"sec-fetch-site", "same-origin"},
                      {"content-type", "application/json"}};
    request.body = json{{"login", who.login}, {"password", who.password}}.dump();
    const http::Response response = application_->handle(request);
    ASSERT_EQ(response.status, 200) << who.login << "\n" << response.body;
    api::test::expect_declared(*spec_, spec_->operations().at("signIn"), response);
    const json session = json::parse(response.body);
    const std::string cookie(*response.field("set-cookie"));
    who.cookie = cookie.substr(0, cookie.find(';'));
    who.csrf = session["csrf_token"];
    who.id = session["person"]["id"];
}

NodeWorld::Person NodeWorld::person(const std::string& login,
                                    const std::vector<std::string>& roles) {
    const json issued =
        post(administrator_, "/api/v1/people",
             {{"login", login}, {"display_name", login + " さん"}, {"roles", roles}}, 201);
    Person out{"", login, issued.value("one_time_password", ""), "", ""};
    sign_in(out);
    const std::string chosen = "yama-no-oto 1954 tooku";
    post(out, "/api/v1/session/password",
         {{"current_password", out.password}, {"new_password", chosen}}, 200);
    out.password = chosen;
    sign_in(out);
    return out;
}

void NodeWorld::later(std::int64_t by_ns, std::initializer_list<Person*> people) {
    clock_.advance(by_ns);
    // The day's key has changed hands when it signs; until then no checkpoint covers anything new.
    const std::string key =
        places_.keys + "/day/" + ledger::core::day_of(clock_.wall_ns()) + ".key";
    for (int i = 0; i < pauses_max && !std::filesystem::exists(key); ++i)
        std::this_thread::sleep_for(pause);
    ASSERT_TRUE(std::filesystem::exists(key));
    for (Person* one : people) sign_in(*one);
}

json NodeWorld::wait_for_job(const Person& who, const json& job) {
    json now = job;
    for (int i = 0; i < pauses_max; ++i) {
        if (now["state"] != "queued" && now["state"] != "running") break;
        std::this_thread::sleep_for(pause);
        now = get(who, "/api/v1/jobs/" + job["id"].get<std::string>());
    }
    EXPECT_EQ(now["state"], "done") << now.dump();
    return now;
}

std::uint64_t NodeWorld::append(const std::vector<std::string>& lines) {
    ledger::Chunk chunk;
    chunk.source = "import:office";
    chunk.retention_class = "log";
    chunk.transport = ledger::Transport::file;
    for (const std::string& line : lines) {
        const auto offset = static_cast<std::uint32_t>(chunk.data.size());
        const auto length = static_cast<std::uint32_t>(line.size());
        ByteWriter(chunk.data).raw(view_of(line));
        chunk.items.push_back({offset, length, 0, length});
    }
    const auto ticket = node_->ledger().submit(chunk);
    EXPECT_TRUE(ticket);
    const auto receipt = node_->ledger().wait_durable(*ticket);
    EXPECT_TRUE(receipt);
    return receipt ? receipt->first_seq : 0;
}

void NodeWorld::settle() {
    const Status sealed = node_->ledger().seal_now();
    ASSERT_TRUE(sealed) << sealed.error().message;
    const Status moved = node_->pump().flush();
    ASSERT_TRUE(moved) << moved.error().message;
    const Status published =
        node_->ledger().wait_published(node_->ledger().figures().tree_size - 1);
    ASSERT_TRUE(published) << published.error().message;
}

json NodeWorld::export_now(const Person& who) {
    Result<ExportSetting> setting = node_->upkeep().export_setting();
    EXPECT_TRUE(setting);
    setting->directory = root_ + "/media";
    real_files().make_directories(setting->directory);
    setting->allow_same_volume = true;
    EXPECT_TRUE(node_->upkeep().store_export_setting("daicho", *setting));
    return wait_for_job(who, post(who, "/api/v1/ledger/exports", nullptr, 202));
}

json NodeWorld::review(const Person& who) {
    const std::string from = reviewed_from_ = text(clock_.wall_ns() - 7 * day_ns);
    const std::string to = reviewed_to_ = text(clock_.wall_ns() + minute_ns);
    const json draft =
        get(who,
            "/api/v1/reviews/draft?obligation=weekly-access-log-review&from=" + from + "&to=" + to);
    json items = json::array();
    for (const json& item : draft["checklist"]) items.push_back(item["id"]);
    return post(who, "/api/v1/reviews",
                {{"obligation_id", "weekly-access-log-review"},
                 {"from", from},
                 {"to", to},
                 {"tree_size", draft["range"]["tree_size"]},
                 {"digest", draft["digest"]},
                 {"conclusion", "nothing_found"},
                 {"comment", ""},
                 {"findings", json::array()},
                 {"checklist", items}},
                201);
}

std::vector<std::string> NodeWorld::recorded(const std::string& prefix) {
    const auto found =
        node_->database().read([&](store::Reader& reader) -> Result<std::vector<std::string>> {
            std::vector<std::string> out;
            store::Rows rows =
                reader.query("SELECT action FROM outbox WHERE ledger_seq IS NOT NULL ORDER BY id");
            while (rows.next()) {
                if (rows.text(0).starts_with(prefix)) out.push_back(rows.text(0));
            }
            return out;
        });
    EXPECT_TRUE(found);
    return found ? *found : std::vector<std::string>{};
}

}  // namespace daicho::app::node::test
