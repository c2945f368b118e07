#pragma once
// The listening end: takes commands of the account that daicho runs as, and runs each on a thread
// of its own, a few at once.
#include <sys/types.h>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "app/control/message.hpp"
#include "app/control/socket.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"

namespace daicho::app::control {

/// A few scripts at a time; a long import must not keep `status` out. Who comes later is told
/// "busy" and tries again.
inline constexpr std::size_t commands_at_once_max = 4;
/// The request of a local process is there at once; who sends none must not hold a place.
inline constexpr int request_ms_max = 5'000;

/// Runs one command; gives its exit code (0-255). `progress.cancel` is set when the command was
/// interrupted or its process is gone. Called on several threads at once.
using RunCommand = std::function<int(const Request&, const Descriptors&, Progress& progress)>;

struct ServerOptions {
    std::string data_directory;
    uid_t owner;  // whose commands are taken
    std::size_t at_once_max = commands_at_once_max;
    int request_ms_max = control::request_ms_max;
};

/// SIGPIPE must be ignored: what a command prints goes to pipes that others close.
class Server {
public:
    /// Listens at DATA/control.sock, mode 0600. The caller holds the lock of DATA: a socket that
    /// lies there is left over from a crash and replaced. Errc::conflict: something else has that
    /// name, and stays. Throws IoFault.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerOptions options,
                                                               RunCommand run,
                                                               std::shared_ptr<Log> log);
    /// Cancels what runs, waits for it, and takes the socket away.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

private:
    struct Task;
    Server(ServerOptions options, RunCommand run, std::shared_ptr<Log> log);
    [[nodiscard]] Status listen();
    void serve();
    void accept_one();
    void work(Task& task);
    [[nodiscard]] Answer answer_to(Task& task);
    void look_after_tasks(bool stopping);
    void wake() noexcept;

    const ServerOptions options_;
    const RunCommand run_;
    const std::shared_ptr<Log> log_;
    SocketPlace place_;
    Fd listening_;
    Fd woken_;  // eventfd: a command has ended, or all shall end
    std::atomic<bool> stopping_{false};
    std::list<Task> tasks_;  // of the listening thread alone
    std::thread thread_;
};

}  // namespace daicho::app::control
