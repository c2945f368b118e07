#include "app/control/socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/fault.hpp"

namespace daicho::app::control {
namespace {

bool wait_readable(const Fd& connection, int timeout_ms) {
    pollfd entry{connection.get(), POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&entry, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/// Takes what the kernel has already put into this process's table of descriptors.
std::vector<Fd> taken_from(msghdr& message) {
    std::vector<Fd> out;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
            out.emplace_back(fd);
        }
    }
    return out;
}

}  // namespace

Result<SocketPlace> place_of(const std::string& data_directory) {
    SocketPlace out;
    out.folder = Fd(::open(data_directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!out.folder.open()) return fail(Errc::not_found, "there is no folder " + data_directory);
    std::string path = data_directory + "/" + socket_name;
    if (path.size() >= sizeof out.address.sun_path)
        path = "/proc/self/fd/" + std::to_string(out.folder.get()) + "/" + socket_name;
    out.address.sun_family = AF_UNIX;
    std::memcpy(out.address.sun_path, path.c_str(), path.size() + 1);
    return out;
}

std::optional<unsigned> peer_uid(const Fd& connection) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return std::nullopt;
    return credentials.uid;
}

bool send_all(const Fd& connection, ByteView bytes, std::span<const int> descriptors) {
    check(descriptors.size() <= descriptors_count, "more descriptors than a request has");
    std::size_t at = 0;
    while (at < bytes.size()) {
        iovec part{const_cast<std::uint8_t*>(bytes.data()) + at, bytes.size() - at};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        alignas(cmsghdr) std::array<char, CMSG_SPACE(descriptors_count * sizeof(int))> space{};
        if (at == 0 && !descriptors.empty()) {
            message.msg_control = space.data();
            message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
            cmsghdr* head = CMSG_FIRSTHDR(&message);
            head->cmsg_level = SOL_SOCKET;
            head->cmsg_type = SCM_RIGHTS;
            head->cmsg_len = CMSG_LEN(descriptors.size_bytes());
            std::memcpy(CMSG_DATA(head), descriptors.data(), descriptors.size_bytes());
        }
        const ssize_t sent = ::sendmsg(connection.get(), &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        at += static_cast<std::size_t>(sent);
    }
    return true;
}

std::optional<Bytes> receive_all(const Fd& connection, std::size_t size, int timeout_ms) {
    Bytes out(size);
    std::size_t at = 0;
    while (at < size) {
        if (!wait_readable(connection, timeout_ms)) return std::nullopt;
        // Without a place for them the kernel closes descriptors that come along.
        const ssize_t got = ::recv(connection.get(), out.data() + at, size - at, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        at += static_cast<std::size_t>(got);
    }
    return out;
}

std::optional<Received> receive_with_descriptors(const Fd& connection, std::size_t size,
                                                 int timeout_ms) {
    if (!wait_readable(connection, timeout_ms)) return std::nullopt;
    Received out;
    out.bytes.resize(size);
    iovec part{out.bytes.data(), size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(descriptors_count * sizeof(int))> space{};
    message.msg_control = space.data();
    message.msg_controllen = space.size();
    const ssize_t got = ::recvmsg(connection.get(), &message, MSG_CMSG_CLOEXEC);
    if (got <= 0) return std::nullopt;
    std::vector<Fd> came = taken_from(message);
    if ((message.msg_flags & MSG_CTRUNC) != 0 || came.size() != descriptors_count)
        return std::nullopt;
    const auto have = static_cast<std::size_t>(got);
    if (have < size) {
        const std::optional<Bytes> rest = receive_all(connection, size - have, timeout_ms);
        if (!rest) return std::nullopt;
        std::copy(rest->begin(), rest->end(),
                  out.bytes.begin() + static_cast<std::ptrdiff_t>(have));
    }
    out.descriptors = {std::move(came[0]), std::move(came[1]), std::move(came[2]),
                       std::move(came[3]), std::move(came[4])};
    return out;
}

}  // namespace daicho::app::control
