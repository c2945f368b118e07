#pragma once
// The register of sources: who sends, what is known of them, what is expected. Unregistered senders
// are listed as such, never dropped.
#include <atomic>
#include <map>
#include <set>
#include <string>

#include "app/api/logs/services.hpp"
#include "base/mutex.hpp"
#include "evidence/collect/registry.hpp"
#include "evidence/collect/source_board.hpp"
#include "register/content/content.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

struct KnownSource {
    std::int64_t id = 0;
    std::int64_t version = 0;
    std::string source_id;
    std::string name;
    std::string kind;
    std::optional<std::string> owner_post;
    std::optional<std::int64_t> silence_minutes_max;
    std::vector<std::string> flags;
};

/// Thread-safe.
class Sources final : public api::SourceService, public evidence::collect::SourceRegistry {
public:
    Sources(store::Database& database, const register_::Content& content,
            evidence::collect::SourceBoard& board, const Clock& clock)
        : database_(database), content_(content), board_(board), clock_(clock) {}

    /// Reads what is registered. Before anything is collected.
    [[nodiscard]] Status load();
    [[nodiscard]] std::vector<KnownSource> known() const;
    [[nodiscard]] std::optional<std::string> name_of(const std::string& source_id) const;
    [[nodiscard]] std::optional<WallNs> last_seen_ns(const std::string& source_id) const;
    /// Notes what the board has seen, so that a source is still listed after a restart.
    [[nodiscard]] Status remember_seen();

    [[nodiscard]] Result<nlohmann::json> list() override;
    [[nodiscard]] Result<nlohmann::json> change(const access::Caller& by, const std::string& id,
                                                const api::SourceChange& change) override;

    [[nodiscard]] evidence::collect::SourceRecord find(const std::string& source) const override;
    [[nodiscard]] std::uint64_t revision() const noexcept override { return revision_; }

private:
    struct Seen {
        WallNs first_ns = 0;
        WallNs last_ns = 0;
        std::uint64_t events = 0;  // of earlier runs
    };
    [[nodiscard]] nlohmann::json describe(const std::string& source_id, const KnownSource* known,
                                          const Seen* seen,
                                          const evidence::collect::SourceState* state,
                                          std::uint64_t gaps,
                                          std::optional<WallNs> last_gap_ns) const;
    [[nodiscard]] Status judge(const api::SourceChange& change) const;

    store::Database& database_;
    const register_::Content& content_;
    evidence::collect::SourceBoard& board_;
    const Clock& clock_;
    std::atomic<std::uint64_t> revision_{1};
    mutable Mutex mutex_;
    std::map<std::string, KnownSource> known_ DAICHO_GUARDED_BY(mutex_);
    std::map<std::string, Seen> seen_ DAICHO_GUARDED_BY(mutex_);  // as of the start of this run
};

}  // namespace daicho::app::node
