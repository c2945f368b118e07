#include "app/node/jobs.hpp"

#include "app/api/reply.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

json message_of(const Error& error) {
    json params = json::object();
    for (const auto& [name, value] : error.params) params[name] = value;
    return {{"text_key", error.text_key.empty() ? "error.job_failed" : error.text_key},
            {"params", params}};
}

}  // namespace

void Jobs::start() {
    thread_ = std::thread([this] { run(); });
}

void Jobs::stop() {
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        for (const auto& [id, job] : jobs_) job->progress.cancel = true;
        wake_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

json Jobs::view(const Job& job) const {
    const std::uint64_t total = job.progress.total;
    return {{"id", job.id},
            {"kind", job.kind},
            {"state", job.state},
            {"done", job.progress.done.load()},
            {"total", total == 0 ? json(nullptr) : json(total)},
            {"started_at", api::time_text(job.started_ns)},
            {"finished_at", api::time_or_null(job.finished_ns)},
            {"result_id", job.result_id.empty() ? json(nullptr) : json(job.result_id)},
            {"problem", job.problem ? message_of(*job.problem) : json(nullptr)}};
}

Result<json> Jobs::add(const std::string& owner, const std::string& kind, bool only_one,
                       Body body) {
    const MutexLock lock(mutex_);
    if (stopping_ || waiting_.size() >= jobs_waiting_max) {
        return refuse(Errc::unavailable, "job.too_many", "too many long operations are waiting");
    }
    for (const auto& [id, job] : jobs_) {
        if (only_one && job->kind == kind && !job->finished_ns) {
            return refuse(Errc::conflict, "job.already_running", "one is running already",
                          {{"kind", kind}});
        }
    }
    auto job = std::make_shared<Job>();
    job->id = std::to_string(next_id_);
    job->owner = owner;
    job->kind = kind;
    job->body = std::move(body);
    job->started_ns = clock_.wall_ns();
    jobs_[next_id_++] = job;
    waiting_.push_back(job);
    for (auto oldest = jobs_.begin(); jobs_.size() > jobs_kept_max && oldest != jobs_.end();) {
        oldest = oldest->second->finished_ns ? jobs_.erase(oldest) : std::next(oldest);
    }
    wake_.notify_all();
    return view(*job);
}

Result<json> Jobs::one(const access::Caller& caller, const std::string& id) {
    const MutexLock lock(mutex_);
    for (const auto& [number, job] : jobs_) {
        if (job->id == id && job->owner == caller.actor()) return view(*job);
    }
    return fail(Errc::not_found, "no such job of this caller");
}

Status Jobs::cancel(const access::Caller& caller, const std::string& id) {
    const MutexLock lock(mutex_);
    for (const auto& [number, job] : jobs_) {
        if (job->id != id || job->owner != caller.actor()) continue;
        job->progress.cancel = true;
        return {};
    }
    return fail(Errc::not_found, "no such job of this caller");
}

void Jobs::run() {
    while (true) {
        std::shared_ptr<Job> job;
        {
            MutexLock lock(mutex_);
            while (waiting_.empty() && !stopping_) lock.wait(wake_);
            if (stopping_) return;
            job = waiting_.front();
            waiting_.pop_front();
            job->state = "running";
        }
        try {
            finish(*job, job->progress.cancel
                             ? Result<std::string>(
                                   refuse(Errc::unavailable, "job.cancelled", "cancelled"))
                             : job->body(job->progress));
        } catch (const std::exception& error) {
            log_.error("job.failed", {{"kind", job->kind}, {"reason", error.what()}});
            finish(*job, fail(Errc::unavailable, error.what()));
        }
    }
}

void Jobs::finish(Job& job, const Result<std::string>& outcome) {
    const MutexLock lock(mutex_);
    job.finished_ns = clock_.wall_ns();
    job.body = nullptr;
    if (outcome) {
        job.state = "done";
        job.result_id = *outcome;
    } else if (job.progress.cancel) {
        job.state = "cancelled";
    } else {
        job.state = "failed";
        job.problem = outcome.error();
    }
}

}  // namespace daicho::app::node
