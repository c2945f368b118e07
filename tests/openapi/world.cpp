#include "openapi/world.hpp"

#include "base/text.hpp"
#include "openapi/declared.hpp"

namespace daicho::app::api::test {

using nlohmann::json;

namespace {

const json& operation_node(const Spec& spec, const std::string& id) {
    return node_of(spec, spec.operations().at(id));
}

json example_in(const Spec& spec, const json& media) {
    if (media.contains("example")) return media["example"];
    return spec.schemas().resolve(media.at("examples").at("default")).at("value");
}

class OneChunk final : public http::BodySource {
public:
    std::size_t read(std::span<std::uint8_t> out) override {
        if (done_) return 0;
        done_ = true;
        out[0] = 'P';
        out[1] = 'K';
        return 2;
    }

private:
    bool done_ = false;
};

}  // namespace

json example_of(const Spec& spec, const std::string& operation, const std::string& status) {
    const json& response =
        spec.schemas().resolve(operation_node(spec, operation).at("responses").at(status));
    return example_in(spec, response.at("content").front());
}

class ExampleServices final : public SourceService,
                              public EventService,
                              public LedgerService,
                              public DutyService,
                              public ComplianceService,
                              public PackService,
                              public JobService,
                              public SurroundingsService,
                              public RetentionService {
public:
    explicit ExampleServices(const Spec& spec) : spec_(spec) {}

    Result<json> list() override { return of("listSources"); }
    Result<json> change(const access::Caller&, const std::string&, const SourceChange&) override {
        return of("patchSource");
    }
    Result<json> search(const access::Caller&, const ledger::search::Query&) override {
        return of("searchEvents");
    }
    Result<json> event(const access::Caller&, std::uint64_t) override { return of("getEvent"); }
    Result<json> proof(const access::Caller&, std::uint64_t) override {
        return of("getEventProof");
    }
    Result<json> state() override { return of("getLedger"); }
    Result<json> exports(const std::string&) override { return of("listExports"); }
    Result<json> start_export(const access::Caller&) override { return of("startExport", "202"); }
    Result<json> export_target() override { return of("getExportTarget"); }
    Result<json> set_export_target(const access::Caller&, const std::string&,
                                   std::int64_t) override {
        return of("putExportTarget");
    }
    Result<json> home(const access::Caller&, bool) override { return of("getHome"); }
    Result<json> obligations(const calendar::DateRange&) override { return of("listObligations"); }
    Result<json> draft(const access::Caller&, const std::string&, const Period&) override {
        return of("draftReview");
    }
    Result<json> complete(const access::Caller&, const SignOff&) override {
        return of("completeReview", "201");
    }
    Result<json> reviews(const std::string&) override { return of("listReviews"); }
    Result<json> overview(WallNs) override { return of("getCompliance"); }
    Result<json> clause(const std::string&, WallNs) override { return of("getClause"); }
    Result<json> list(const access::Caller&) override { return of("listPacks"); }
    Result<json> create(const access::Caller&, const PackRequest&) override {
        return of("createPack", "202");
    }
    Result<PackFile> open(const access::Caller&, const std::string&) override {
        return PackFile{"pack.zip", 2, std::make_unique<OneChunk>()};
    }
    Result<json> one(const access::Caller&, const std::string&) override { return of("getJob"); }
    Status cancel(const access::Caller&, const std::string&) override { return {}; }
    Result<json> surroundings() override { return of("getSettings"); }
    Result<json> leaf_proof(std::uint64_t) override { return of("getLeafProof"); }
    Result<json> set_period(const access::Caller&, const std::string&, const std::string&,
                            std::int64_t) override {
        return of("putRetentionPeriod");
    }
    Result<json> overview() override { return of("getRetention"); }
    Result<json> disposals(const std::string&) override { return of("listDisposals"); }
    Result<json> apply(const access::Caller&, const DisposalRequest&) override {
        return of("applyForDisposal", "201");
    }
    Result<json> decide(const access::Caller&, const std::string&, const DisposalAnswer&) override {
        return of("approveDisposal");
    }

private:
    Result<json> of(const std::string& operation, const std::string& status = "200") const {
        return example_of(spec_, operation, status);
    }
    const Spec& spec_;
};

World::World() = default;
World::~World() = default;

void World::SetUp() {
    AccessTest::SetUp();
    Result<std::unique_ptr<Spec>> spec = Spec::parse(openapi_text());
    ASSERT_TRUE(spec) << spec.error().message;
    spec_ = std::move(*spec);
    services_ = std::make_unique<ExampleServices>(*spec_);
    ExampleServices* s = services_.get();
    const Parts parts{*database_, *room_, clock_, [] { return true; }, s, s, s, s, s, s, s, s, s};
    auto log = Log::to_sink([this](LogLevel, std::string_view line) { log_.emplace_back(line); });
    dispatch_ = std::make_unique<Dispatch>(*spec_, *room_, all_handlers(parts), nullptr, clock_,
                                           std::move(log));
}

World::SignedIn World::signed_in(const std::string& login, const std::string& password) {
    const auto session = room_->sign_in.attempt({login, password, access::test::office});
    EXPECT_TRUE(session) << login;
    return session ? SignedIn{session->token, session->csrf, session->caller} : SignedIn{};
}

World::SignedIn World::sign_in_as(access::Role role) {
    const auto known = people_.find(role);
    if (known != people_.end()) return known->second;
    std::string login = "kanri";
    if (role == access::Role::administrator) {
        (void)administrator();
    } else {
        login = "p-" + ascii_lower(name_of(role)).substr(0, 4);
        (void)person(login, {role});
    }
    return people_[role] = signed_in(login, access::test::good_password);
}

void World::set(http::Request& request, const std::string& name, const std::string& value) {
    drop(request, name);
    request.fields.push_back({name, value});
}

void World::drop(http::Request& request, const std::string& name) {
    std::erase_if(request.fields, [&](const http::Field& field) { return field.name == name; });
}

http::Request World::page_request(http::Method method, const std::string& path,
                                  const SignedIn* who) {
    http::Request request;
    request.method = method;
    request.path = path;
    request.host = "localhost:8443";
    request.remote_address = access::test::office;
    set(request, "host", request.host);
    set(request, "origin", "https://localhost:8443");
    set(request, "sec-fetch-site", "same-origin");
    set(request, "content-type", "application/json");
    if (who != nullptr) {
        set(request, "cookie", std::string(session_cookie) + "=" + who->token);
        set(request, "x-daicho-csrf", who->csrf);
    }
    return request;
}

http::Request World::example_request(const Operation& operation, const SignedIn* who) const {
    http::Method method = http::Method::get;
    for (const http::Method one :
         {http::Method::post, http::Method::put, http::Method::patch, http::Method::del}) {
        if (http::name_of(one) == operation.method) method = one;
    }
    std::string path = operation.path;
    http::Request request = page_request(method, path, who);
    const json& paths = spec_->schemas().document().at("paths").at(operation.path);
    const json& node = operation_node(*spec_, operation.id);
    for (const json* list : {&paths, &node}) {
        for (const json& entry : list->value("parameters", json::array())) {
            const json& parameter = spec_->schemas().resolve(entry);
            const std::string name = parameter.at("name");
            const std::string value = parameter.at("example").get<std::string>();
            if (parameter.at("in") == "query") {
                request.query.emplace_back(name, value);
            } else {
                path.replace(path.find("{" + name + "}"), name.size() + 2, value);
            }
        }
    }
    request.path = path;
    if (operation.body != nullptr) {
        request.body = example_in(*spec_, node.at("requestBody").at("content").front()).dump();
    }
    return request;
}

void World::expect_declared(const Operation& operation, const http::Response& response) const {
    test::expect_declared(*spec_, operation, response);
}

std::string World::text_key(const http::Response& response) {
    return json::parse(response.body).value("text_key", "");
}

}  // namespace daicho::app::api::test
