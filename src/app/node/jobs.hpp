#pragma once
// Long operations: one at a time on a thread of their own, with progress that can be asked for and
// a cancel that works.
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "app/api/duties/services.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "base/progress.hpp"

namespace daicho::app::node {

/// Finished jobs that can still be asked for.
inline constexpr std::size_t jobs_kept_max = 200;
inline constexpr std::size_t jobs_waiting_max = 8;

/// Thread-safe.
class Jobs final : public api::JobService {
public:
    /// Gives the id of what was made (may be empty).
    using Body = std::function<Result<std::string>(Progress&)>;

    Jobs(const Clock& clock, Log& log) : clock_(clock), log_(log) {}
    ~Jobs() override { stop(); }
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;

    void start();
    /// Cancels what runs and waits for it.
    void stop();

    /// `kind` is `export`, `pack` or `disposal`. Errc::conflict while one of the same kind waits or
    /// runs and `only_one`; Errc::unavailable when too many wait. The answer is the Job as JSON.
    [[nodiscard]] Result<nlohmann::json> add(const std::string& owner, const std::string& kind,
                                             bool only_one, Body body);

    [[nodiscard]] Result<nlohmann::json> one(const access::Caller& caller,
                                             const std::string& id) override;
    [[nodiscard]] Status cancel(const access::Caller& caller, const std::string& id) override;

private:
    struct Job {
        std::string id;
        std::string owner;
        std::string kind;
        Body body;
        Progress progress;
        std::string state = "queued";
        WallNs started_ns = 0;
        std::optional<WallNs> finished_ns;
        std::string result_id;
        std::optional<Error> problem;
    };
    void run();
    void finish(Job& job, const Result<std::string>& outcome);
    [[nodiscard]] nlohmann::json view(const Job& job) const DAICHO_REQUIRES(mutex_);

    const Clock& clock_;
    Log& log_;
    std::thread thread_;
    Mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ DAICHO_GUARDED_BY(mutex_) = false;
    std::uint64_t next_id_ DAICHO_GUARDED_BY(mutex_) = 1;
    std::deque<std::shared_ptr<Job>> waiting_ DAICHO_GUARDED_BY(mutex_);
    std::map<std::uint64_t, std::shared_ptr<Job>> jobs_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::app::node
