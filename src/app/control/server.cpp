#include "app/control/server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>
#include <vector>

#include "base/fault.hpp"

namespace daicho::app::control {
namespace {

constexpr int exit_fault = 3;  // as app/cli has it
constexpr int backlog = 16;
constexpr mode_t owner_only = 0600;
constexpr std::chrono::milliseconds pause_without_means{100};

}  // namespace

struct Server::Task {
    Fd connection;
    Progress progress;
    std::atomic<bool> over{false};
    std::thread thread;
};

Server::Server(ServerOptions options, RunCommand run, std::shared_ptr<Log> log)
    : options_(std::move(options)), run_(std::move(run)), log_(std::move(log)) {}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, RunCommand run,
                                              std::shared_ptr<Log> log) {
    std::unique_ptr<Server> out(new Server(std::move(options), std::move(run), std::move(log)));
    const Status listening = out->listen();
    if (!listening) return fail(listening.error());
    Server* server = out.get();
    out->thread_ = std::thread([server] { server->serve(); });
    return out;
}

Status Server::listen() {
    Result<SocketPlace> place = place_of(options_.data_directory);
    if (!place) return fail(place.error());
    place_ = std::move(*place);
    struct stat there {};
    if (::lstat(place_.address.sun_path, &there) == 0) {
        if (!S_ISSOCK(there.st_mode))
            return fail(Errc::conflict, options_.data_directory + "/" + socket_name +
                                            " is no socket: take it away, daicho needs the name");
        if (::unlink(place_.address.sun_path) != 0)
            throw IoFault("remove an old control socket", errno);
    }
    listening_ = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    woken_ = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!listening_.open() || !woken_.open()) throw IoFault("make a control socket", errno);
    // Before bind: the name then never exists with other rights.
    if (::fchmod(listening_.get(), owner_only) != 0 ||
        ::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&place_.address),
               sizeof place_.address) != 0 ||
        ::listen(listening_.get(), backlog) != 0) {
        throw IoFault("listen at " + options_.data_directory + "/" + socket_name, errno);
    }
    return {};
}

Server::~Server() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    wake();
    thread_.join();
    ::unlink(place_.address.sun_path);
}

void Server::wake() noexcept {
    const std::uint64_t one = 1;
    (void)!::write(woken_.get(), &one, sizeof one);
}

void Server::serve() {
    std::vector<pollfd> entries;
    while (true) {
        const bool stopping = stopping_;
        look_after_tasks(stopping);
        if (stopping && tasks_.empty()) return;
        entries.assign({pollfd{woken_.get(), POLLIN, 0}});
        if (!stopping) entries.push_back({listening_.get(), POLLIN, 0});
        for (const Task& task : tasks_) {
            if (!task.progress.cancel) entries.push_back({task.connection.get(), POLLRDHUP, 0});
        }
        if (::poll(entries.data(), entries.size(), -1) < 0) continue;
        std::uint64_t count = 0;
        (void)!::read(woken_.get(), &count, sizeof count);
        for (const pollfd& entry : entries) {
            if (entry.revents == 0) continue;
            if (entry.fd == listening_.get()) {
                accept_one();
                continue;
            }
            for (Task& task : tasks_) {
                if (task.connection.get() == entry.fd) task.progress.cancel = true;
            }
        }
    }
}

void Server::look_after_tasks(bool stopping) {
    for (auto task = tasks_.begin(); task != tasks_.end();) {
        if (stopping) task->progress.cancel = true;
        if (!task->over) {
            ++task;
            continue;
        }
        task->thread.join();
        task = tasks_.erase(task);
    }
}

void Server::accept_one() {
    Fd connection(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.open()) {
        // Out of descriptors: the caller still waits, and asking again at once would spin.
        if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(pause_without_means);
        return;
    }
    const std::optional<unsigned> uid = peer_uid(connection);
    if (uid != options_.owner) {
        log_->warning("control.refused", {{"uid", uid ? std::to_string(*uid) : "unknown"}});
        (void)send_all(connection, encode(Answer{Verdict::denied, 0}));
        return;
    }
    look_after_tasks(false);
    if (tasks_.size() >= options_.at_once_max) {
        (void)send_all(connection, encode(Answer{Verdict::busy, 0}));
        return;
    }
    Task& task = tasks_.emplace_back();
    task.connection = std::move(connection);
    try {
        task.thread = std::thread([this, &task] { work(task); });
    } catch (const std::system_error& error) {
        log_->warning("control.no_thread", {{"reason", error.what()}});
        (void)send_all(task.connection, encode(Answer{Verdict::busy, 0}));
        tasks_.pop_back();
    }
}

void Server::work(Task& task) {
    Answer answer{Verdict::ran, exit_fault};
    try {
        answer = answer_to(task);
    } catch (const std::exception& error) {
        log_->error("control.failed", {{"reason", error.what()}});
    }
    // First: whoever has the answer may take this place at once.
    task.over = true;
    (void)send_all(task.connection, encode(answer));
    wake();
}

Answer Server::answer_to(Task& task) {
    const std::optional<Received> head =
        receive_with_descriptors(task.connection, head_bytes, options_.request_ms_max);
    if (!head) return {Verdict::not_understood, 0};
    const Result<std::size_t> length = decode_head(head->bytes);
    if (!length) return {Verdict::not_understood, 0};
    const std::optional<Bytes> body =
        receive_all(task.connection, *length, options_.request_ms_max);
    if (!body) return {Verdict::not_understood, 0};
    const Result<Request> request = decode_request(*body);
    if (!request) return {Verdict::not_understood, 0};
    if (stopping_) return {Verdict::stopping, 0};
    const int code = run_(*request, head->descriptors, task.progress);
    return {Verdict::ran, static_cast<std::uint8_t>(code)};
}

}  // namespace daicho::app::control
