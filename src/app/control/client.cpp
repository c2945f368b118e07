#include "app/control/client.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/fault.hpp"

namespace daicho::app::control {
namespace {

/// A copy, so that the caller's stays; /dev/null where the command was started without one.
Fd copy_of(int fd) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return Fd(copy >= 0 ? copy : ::open("/dev/null", O_RDWR | O_CLOEXEC));
}

}  // namespace

Result<std::optional<Call>> Call::open(const std::string& data_directory) {
    const Result<SocketPlace> place = place_of(data_directory);
    if (!place) return std::optional<Call>();
    Fd connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!connection.open()) throw IoFault("make a socket", errno);
    if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&place->address),
                  sizeof place->address) != 0) {
        if (errno == EACCES || errno == EPERM)
            return refuse(Errc::denied, "cli.other_account",
                          "daicho runs as another account; use that one", {{"uid", "?"}});
        return std::optional<Call>();
    }
    // Descriptors and arguments go only to a daicho of the same account.
    const std::optional<unsigned> uid = peer_uid(connection);
    if (uid != ::geteuid())
        return refuse(Errc::denied, "cli.other_account",
                      "daicho runs as another account; use that one",
                      {{"uid", uid ? std::to_string(*uid) : "?"}});
    return std::optional<Call>(Call(std::move(connection)));
}

Result<Answer> Call::run(const Request& request, const Descriptors& descriptors) {
    const Result<Bytes> bytes = encode(request);
    if (!bytes) return fail(bytes.error());
    const std::array<int, descriptors_count> fds{
        descriptors.input.get(), descriptors.output.get(), descriptors.error.get(),
        descriptors.directory.get(), descriptors.root.get()};
    // A server that answers before it has read all (busy) closes early: the answer is still there.
    (void)send_all(connection_, *bytes, fds);
    const std::optional<Bytes> answer = receive_all(connection_, answer_bytes, -1);
    if (!answer)
        return refuse(Errc::unavailable, "cli.server_gone",
                      "the running daicho ended before the command did");
    const Result<Answer> decoded = decode_answer(*answer);
    if (!decoded || decoded->verdict == Verdict::not_understood)
        return refuse(Errc::conflict, "cli.other_version",
                      "the running daicho is of another version; restart it");
    return decoded;
}

void Call::interrupt() noexcept {
    (void)::shutdown(connection_.get(), SHUT_WR);
}

Descriptors own_descriptors() {
    Descriptors out{copy_of(STDIN_FILENO), copy_of(STDOUT_FILENO), copy_of(STDERR_FILENO),
                    Fd(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)),
                    Fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC))};
    if (!out.directory.open() || !out.root.open()) throw IoFault("open the current folder", errno);
    return out;
}

}  // namespace daicho::app::control
