#pragma once
// The socket beside the data, and descriptors that travel over it. Unix only, as all of daicho.
#include <sys/un.h>

#include <array>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/fd.hpp"

namespace daicho::app::control {

inline constexpr const char* socket_name = "control.sock";

/// What a command hands over, in this order. The last two are folders: paths are opened below them,
/// so that a server which sees other mounts (a sandbox) reads and writes the files that the command
/// means.
struct Descriptors {
    Fd input;
    Fd output;
    Fd error;
    Fd directory;  // where the command was typed
    Fd root;
};
inline constexpr std::size_t descriptors_count = 5;

/// An address for bind and connect. sun_path holds 107 bytes; a longer path is reached through the
/// descriptor of its folder, which must stay open as long as the address is used.
struct SocketPlace {
    sockaddr_un address{};
    Fd folder;
};
/// Errc::not_found: there is no such folder.
[[nodiscard]] Result<SocketPlace> place_of(const std::string& data_directory);

/// The account that the other end runs as (SO_PEERCRED).
[[nodiscard]] std::optional<unsigned> peer_uid(const Fd& connection);

/// All of `bytes`, with `descriptors` (at most descriptors_count) on the first one. False when the
/// other end is gone.
[[nodiscard]] bool send_all(const Fd& connection, ByteView bytes,
                            std::span<const int> descriptors = {});
/// Exactly `size` bytes, each part within `timeout_ms` (-1: for ever); nullopt otherwise.
[[nodiscard]] std::optional<Bytes> receive_all(const Fd& connection, std::size_t size,
                                               int timeout_ms);
/// The same, with the descriptors that came along: exactly descriptors_count, or nullopt (and those
/// that came are closed).
struct Received {
    Bytes bytes;
    Descriptors descriptors;
};
[[nodiscard]] std::optional<Received> receive_with_descriptors(const Fd& connection,
                                                               std::size_t size, int timeout_ms);

}  // namespace daicho::app::control
