#include "app/node/node.hpp"

#include <filesystem>

#include "access/organisation.hpp"
#include "app/api/handlers.hpp"
#include "app/node/schema.hpp"
#include "app/node/state_guard.hpp"
#include "base/fault.hpp"

namespace daicho::app::node {
namespace {

namespace collect = evidence::collect;

std::array<store::MigrationSet, 4> all_migrations() {
    return {store::migrations(), access::migrations(), register_::migrations(), migrations()};
}

}  // namespace

Node::Node(Files& files, const Clock& clock, NodeOptions options, std::shared_ptr<Log> log)
    : files_(files), clock_(clock), options_(std::move(options)), log_(std::move(log)) {}

Result<std::unique_ptr<Node>> Node::open(Files& files, const Clock& clock, NodeOptions options,
                                         std::shared_ptr<Log> log) {
    std::unique_ptr<Node> out(new Node(files, clock, std::move(options), std::move(log)));
    const Status opened = out->open_rooms();
    if (!opened) return fail(opened.error());
    out->wire();
    const Status current =
        out->options_.restored_reason
            ? accept_restored_state(*out->database_, *out->ledger_, out->access_->sessions,
                                    *out->options_.restored_reason)
            : check_state_is_current(*out->database_, *out->ledger_);
    if (!current) return fail(current.error());
    // First listen, then look back: every leaf is seen by one of the two, and seeing it twice does
    // no harm.
    Node* node = out.get();
    out->ledger_->on_notice([node](const ledger::core::NoticeLeaf& leaf, std::uint64_t index) {
        node->pump_->note(leaf, index);
    });
    const std::uint64_t leaves = out->ledger_->figures().tree_size;
    const Status published = leaves == 0 ? Status() : out->ledger_->wait_published(leaves - 1);
    if (!published) return fail(published.error());
    const Status caught_up = out->pump_->catch_up();
    if (!caught_up) return fail(caught_up.error());
    const Status loaded = out->sources_->load();
    if (!loaded) return fail(loaded.error());
    const Status days = out->source_days_->load();
    if (!days) return fail(days.error());
    const Status retention = out->retention_->rules().state();
    if (!retention) return fail(retention.error());
    const Status kept = out->packs_->load();
    if (!kept) return fail(kept.error());
    out->pump_->start();
    out->jobs_->start();
    out->clockwork_ = std::thread([node] { node->run_clockwork(); });
    return out;
}

Status Node::open_rooms() {
    Result<ledger::DataLock> lock = ledger::lock_data(files_, options_.places.data);
    if (!lock) return fail(lock.error());
    lock_ = std::move(*lock);
    Result<register_::Content> content = register_::load_content(files_, options_.places.content);
    if (!content) return fail(content.error());
    content_ = std::move(*content);
    Result<std::unique_ptr<store::Database>> database =
        store::Database::open(options_.places.data + "/state.db", clock_, {.create = false});
    if (!database) return fail(database.error());
    database_ = std::move(*database);
    const auto sets = all_migrations();
    const Status migrated = database_->migrate(sets);
    if (!migrated) return migrated;
    const auto zone_name = database_->read([](store::Reader& reader) -> Result<std::string> {
        const auto organisation = access::organisations::current(reader);
        if (!organisation)
            return fail(Errc::not_found, "the state holds no organisation: run daicho init");
        return organisation->time_zone;
    });
    if (!zone_name) return fail(zone_name.error());
    Result<calendar::Zone> zone = calendar::Zone::find(*zone_name);
    if (!zone) return fail(zone.error());
    zone_ = std::move(*zone);
    ledger::LedgerOptions ledger_options{
        options_.places.data, options_.places.keys, options_.commit, {}};
    Result<std::unique_ptr<ledger::Ledger>> opened = ledger::Ledger::open(
        files_, clock_, std::move(ledger_options), [this] { return make_extractor(); }, lock_);
    if (!opened) return fail(opened.error());
    ledger_ = std::move(*opened);
    return {};
}

collect::parse::ZoneRule Node::zone_rule() const {
    const calendar::Zone zone = *zone_;
    return [zone](WallNs instant) { return zone.offset_s(instant); };
}

std::unique_ptr<ledger::search::Extractor> Node::make_extractor() const {
    return std::make_unique<collect::FieldExtractor>(zone_rule());
}

void Node::wire() {
    access::Settings settings;
    settings.blocked_passwords = content_.password_blocklist;
    access_ = std::make_unique<access::Room>(*database_,
                                             ledger_->keyring().derived("access pepper"), settings);
    pump_ = std::make_unique<Pump>(*database_, *ledger_, *log_);
    const calendar::Zone zone = *zone_;
    board_ = std::make_unique<collect::SourceBoard>(
        clock_, [zone](WallNs instant) { return calendar::days_of(zone.date(instant)); });
    sources_ = std::make_unique<Sources>(*database_, content_, *board_, clock_);
    source_days_ = std::make_unique<SourceDays>(*database_, *board_);
    searcher_ = std::make_unique<ledger::search::Searcher>(ledger_->segments(),
                                                           [this] { return make_extractor(); });
    jobs_ = std::make_unique<Jobs>(clock_, *log_);
    upkeep_ = std::make_unique<LedgerUpkeep>(*database_, *ledger_, *pump_, *jobs_, clock_);
    compliance_ = std::make_unique<Compliance>(*database_, content_, *sources_);
    aggregates_ = std::make_unique<Aggregates>(*searcher_, *sources_, *database_, zone,
                                               [this] { return make_extractor(); });
    events_ = std::make_unique<Events>(*ledger_, *searcher_, access_->access, *sources_,
                                       [this] { return make_extractor(); });
    duties_ = std::make_unique<Duties>(Duties::Parts{*database_, *ledger_, *pump_, access_->access,
                                                     *sources_, *compliance_, *upkeep_,
                                                     *aggregates_, clock_});
    packs_ = std::make_unique<Packs>(*database_, *ledger_, *pump_, *compliance_, *jobs_, clock_,
                                     options_.places.data);
    retention_ = std::make_unique<Retention>(
        Retention::Parts{*database_, content_, *ledger_, *pump_, *jobs_, clock_, *log_}, zone);
}

Result<crypto::tls::Identity> Node::identity() const {
    const std::string folder = options_.places.keys + "/tls";
    const std::optional<Bytes> certificate =
        read_file_if_exists(files_, folder + "/certificate.pem");
    const std::optional<Bytes> key = read_file_if_exists(files_, folder + "/key.pem");
    if (!certificate || !key)
        return fail(Errc::not_found, "there is no TLS certificate in " + folder);
    return crypto::tls::Identity{std::string(text_of(*certificate)),
                                 crypto::SecretBytes::copy_of(*key)};
}

Status Node::start_collecting() {
    collect::listen::Options options;
    options.tcp = options_.syslog_tcp;
    options.tls = options_.syslog_tls;
    options.udp = options_.syslog_udp;
    options.zone = zone_rule();
    options.refused = [log = log_](std::string_view peer, std::string_view reason) {
        log->warning("collect.refused",
                     {{"peer", std::string(peer)}, {"reason", std::string(reason)}});
    };
    if (options.tls) {
        Result<crypto::tls::Identity> own = identity();
        if (!own) return fail(own.error());
        crypto::tls::ServerSettings settings{std::move(*own),
                                             crypto::tls::ClientCertificates::optional, ""};
        Result<crypto::tls::ServerContext> context = crypto::tls::ServerContext::create(settings);
        if (!context) return fail(context.error());
        syslog_tls_ = std::make_unique<crypto::tls::ServerContext>(std::move(*context));
    }
    syslog_ = std::make_unique<collect::listen::SyslogServer>(options, *ledger_, *board_, *sources_,
                                                              clock_, syslog_tls_.get());
    return syslog_->start();
}

Result<http::Application*> Node::application() {
    Result<std::unique_ptr<api::Spec>> spec = api::Spec::parse(api::openapi_text());
    if (!spec) return fail(spec.error());
    spec_ = std::move(*spec);
    if (!options_.places.web.empty()) {
        Result<http::Assets> assets = http::Assets::load(files_, options_.places.web);
        if (!assets) return fail(assets.error());
        assets_ = std::make_unique<http::Assets>(std::move(*assets));
    }
    const Result<crypto::tls::Identity> own = identity();
    surroundings_ = std::make_unique<Surroundings>(content_, retention_->rules(), host_name(),
                                                   own ? own->certificate_pem : "");
    std::vector<Collector> collectors;
    const auto add = [&collectors](const char* transport, const auto& endpoint,
                                   std::uint16_t port) {
        if (endpoint) collectors.push_back({transport, endpoint->address, port});
    };
    if (syslog_) {
        add("tls", options_.syslog_tls, syslog_->tls_port());
        add("tcp", options_.syslog_tcp, syslog_->tcp_port());
        add("udp", options_.syslog_udp, syslog_->udp_port());
    }
    surroundings_->set_collectors(std::move(collectors));
    api::Parts parts{*database_, *access_, clock_,
                     [this] { return ledger_->figures().stopped.empty(); }};
    parts.sources = sources_.get();
    parts.events = events_.get();
    parts.ledger = upkeep_.get();
    parts.duties = duties_.get();
    parts.compliance = compliance_.get();
    parts.packs = packs_.get();
    parts.jobs = jobs_.get();
    parts.surroundings = surroundings_.get();
    parts.retention = retention_.get();
    dispatch_ = std::make_unique<api::Dispatch>(*spec_, *access_, api::all_handlers(parts),
                                                assets_.get(), clock_, log_);
    return dispatch_.get();
}

void Node::keep_sources() noexcept {
    if (!sources_ || !source_days_) return;
    try {
        for (const Status& kept : {sources_->remember_seen(), source_days_->save()}) {
            if (!kept) log_->warning("sources.not_kept", {{"reason", kept.error().message}});
        }
    } catch (const std::exception& error) {
        log_->warning("sources.not_kept", {{"reason", error.what()}});
    }
}

Node::~Node() {
    if (syslog_) syslog_->stop();
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        wake_.notify_all();
    }
    if (clockwork_.joinable()) clockwork_.join();
    if (jobs_) jobs_->stop();
    keep_sources();
    if (pump_) pump_->stop();
    // The ledger tells the pump of leaves until its threads have ended: it goes first, though it
    // was made before.
    syslog_.reset();
    ledger_.reset();
}

}  // namespace daicho::app::node
