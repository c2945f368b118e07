#pragma once
// One running daicho: every room opened, wired to each other, started and stopped in the right
// order. The only place that knows all of them.
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "access/room.hpp"
#include "app/api/dispatch.hpp"
#include "app/http/server.hpp"
#include "app/node/packs/packs.hpp"
#include "app/node/retention/retention.hpp"
#include "app/node/services/duties.hpp"
#include "app/node/services/event_service.hpp"
#include "app/node/services/surroundings.hpp"
#include "app/node/source_days.hpp"
#include "evidence/collect/listen/server.hpp"

namespace daicho::app::node {

struct Places {
    std::string data;     // DATA
    std::string keys;     // DATA.keys
    std::string content;  // content/
    std::string web;      // built front end; empty: none
};
/// DATA.keys beside DATA; content and web from the source tree or <prefix>/share/daicho.
[[nodiscard]] Places places_of(const std::string& data, const std::string& keys);

struct NodeOptions {
    Places places;
    ledger::write::CommitOptions commit;
    std::optional<evidence::collect::listen::Endpoint> syslog_tcp;
    std::optional<evidence::collect::listen::Endpoint> syslog_tls;
    std::optional<evidence::collect::listen::Endpoint> syslog_udp;
    /// How often the clock is looked at for what happens by itself; shorter only in tests.
    std::chrono::milliseconds clockwork_round{20'000};
    /// Why an older state.db is to be accepted (accept_restored_state); without it such a state is
    /// refused.
    std::optional<std::string> restored_reason;
};

/// This machine's own name, as senders know it.
[[nodiscard]] std::string host_name();

/// `daicho init`: keys, ledger, state, TLS certificate (for localhost and `names`), organisation,
/// first administrator. Gives the one-time password. Errc::conflict: DATA is in use.
[[nodiscard]] Result<std::string> initialise(Files& files, const Clock& clock, const Places& places,
                                             const std::string& organisation,
                                             const std::string& login,
                                             const std::vector<std::string>& names);

/// Owns everything; parts are declared in the order they are made. Thread-safe once open() has
/// returned.
class Node {
public:
    [[nodiscard]] static Result<std::unique_ptr<Node>> open(Files& files, const Clock& clock,
                                                            NodeOptions options,
                                                            std::shared_ptr<Log> log);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Starts collecting. Errc::conflict: a port is taken.
    [[nodiscard]] Status start_collecting();
    /// The application behind the HTTPS server.
    [[nodiscard]] Result<http::Application*> application();
    [[nodiscard]] Result<crypto::tls::Identity> identity() const;

    [[nodiscard]] store::Database& database() { return *database_; }
    [[nodiscard]] ledger::Ledger& ledger() { return *ledger_; }
    [[nodiscard]] Pump& pump() { return *pump_; }
    [[nodiscard]] const ledger::search::Searcher& searcher() { return *searcher_; }
    [[nodiscard]] evidence::collect::SourceBoard& board() { return *board_; }
    [[nodiscard]] LedgerUpkeep& upkeep() { return *upkeep_; }
    [[nodiscard]] Compliance& compliance() { return *compliance_; }
    [[nodiscard]] Packs& packs() { return *packs_; }
    [[nodiscard]] Retention& retention() { return *retention_; }
    [[nodiscard]] access::Room& access() { return *access_; }
    [[nodiscard]] evidence::collect::parse::ZoneRule zone_rule() const;
    [[nodiscard]] std::unique_ptr<ledger::search::Extractor> make_extractor() const;

private:
    Node(Files& files, const Clock& clock, NodeOptions options, std::shared_ptr<Log> log);
    Status open_rooms();
    void wire();
    void run_clockwork();
    void every_minute();
    void export_when_due();
    void keep_sources() noexcept;
    void every_hour(WallNs now);
    Status measure_sources(WallNs now);
    Status measure_new_sources(WallNs now);
    Status measure_source(const evidence::collect::DailyFacts& facts, WallNs now);

    Files& files_;
    const Clock& clock_;
    NodeOptions options_;
    std::shared_ptr<Log> log_;
    register_::Content content_;
    std::optional<calendar::Zone> zone_;
    ledger::DataLock lock_;  // before the state is opened, until after it is closed
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<access::Room> access_;
    std::unique_ptr<Pump> pump_;
    std::unique_ptr<evidence::collect::SourceBoard> board_;
    std::unique_ptr<Sources> sources_;
    std::unique_ptr<SourceDays> source_days_;
    std::unique_ptr<ledger::search::Searcher> searcher_;
    std::unique_ptr<Jobs> jobs_;
    std::unique_ptr<LedgerUpkeep> upkeep_;
    std::unique_ptr<Compliance> compliance_;
    std::unique_ptr<Aggregates> aggregates_;
    std::unique_ptr<Events> events_;
    std::unique_ptr<Duties> duties_;
    std::unique_ptr<Packs> packs_;
    std::unique_ptr<Retention> retention_;
    std::unique_ptr<Surroundings> surroundings_;
    std::unique_ptr<api::Spec> spec_;
    std::unique_ptr<http::Assets> assets_;
    std::unique_ptr<api::Dispatch> dispatch_;
    std::unique_ptr<crypto::tls::ServerContext> syslog_tls_;
    std::unique_ptr<evidence::collect::listen::SyslogServer> syslog_;
    std::thread clockwork_;
    Mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ DAICHO_GUARDED_BY(mutex_) = false;
    std::int64_t measured_hour_ = 0;
    std::set<std::pair<std::string, std::int32_t>> measured_;  // source and day with access records
};

}  // namespace daicho::app::node
