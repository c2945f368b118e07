#pragma once
// One accepted connection as a source of bytes: plain or TLS. Nothing is ever sent on a plain one.
#include <memory>
#include <optional>
#include <span>

#include "crypto/tls/stream.hpp"
#include "evidence/collect/listen/socket.hpp"

namespace daicho::evidence::collect::listen {

enum class Progress { bytes, nothing_now, ended, failed };
struct ReadResult {
    Progress progress = Progress::failed;
    std::size_t bytes = 0;
    bool more_waiting = false;  // bytes that the kernel doesn't know of any more (decrypted ones)
};

/// Not thread-safe.
class Channel {
public:
    virtual ~Channel() = default;
    /// bytes: ready to read; nothing_now: wait for `wants_write()` or for reading.
    [[nodiscard]] virtual Progress handshake() = 0;
    [[nodiscard]] virtual bool wants_write() const noexcept = 0;
    [[nodiscard]] virtual ReadResult read(std::span<std::uint8_t> out) = 0;
    /// What proves who sends: SHA-256 of the public key, once the handshake is done.
    [[nodiscard]] virtual std::optional<crypto::Digest> peer_key() const = 0;
    /// Why it failed; nothing that the peer wrote.
    [[nodiscard]] virtual std::string_view error() const = 0;
    /// Tells a TLS peer that no more is read.
    virtual void finish() = 0;
};

[[nodiscard]] std::unique_ptr<Channel> plain_channel(int fd);
/// `context` outlives the channel.
[[nodiscard]] std::unique_ptr<Channel> tls_channel(const crypto::tls::ServerContext& context,
                                                   int fd);

}  // namespace daicho::evidence::collect::listen
