#pragma once
// Every bound on what a stranger can make the server hold, wait for or read. All are refused with a
// fixed answer.
#include <chrono>
#include <cstddef>

namespace daicho::app::http {

/// Browsers send about 1 KiB; with a long cookie of another program on the same host about 8 KiB.
inline constexpr std::size_t head_size_max = 16 * 1024;
/// One header line. A search never goes into the URL, so a long line is nobody's need.
inline constexpr std::size_t line_size_max = 8 * 1024;
/// The request target; the longest of openapi.yaml (reviews/draft) has some 200 bytes.
inline constexpr std::size_t target_size_max = 2 * 1024;
/// Chromium sends 16 to 20.
inline constexpr std::size_t field_count_max = 64;
inline constexpr std::size_t field_name_size_max = 64;
inline constexpr std::size_t query_pairs_max = 32;
/// The largest body of openapi.yaml is a sign-off with 100 findings of 4,000 characters.
inline constexpr std::size_t body_size_max = 2 * 1024 * 1024;
/// Read and written at once; a TLS record holds 16 KiB.
inline constexpr std::size_t piece_size = 64 * 1024;

/// Browsers open six each. With the default limit of 1,024 descriptors this leaves room for the
/// collectors.
inline constexpr std::size_t connections_max = 512;
/// A handler takes milliseconds; what waits behind this many would wait for seconds.
inline constexpr std::size_t queue_max = 128;
/// As many as Argon2id lets run at once; each takes about 0.13 s there, so that the last in the
/// queue waits two seconds.
inline constexpr unsigned heavy_workers = 2;
inline constexpr std::size_t heavy_queue_max = 32;
/// A flood of sign-ins from one address leaves places to others.
inline constexpr std::size_t heavy_per_address_max = 8;
/// Handlers mostly wait for SQLite.
inline constexpr unsigned workers_default = 4;

struct Timeouts {
    std::chrono::milliseconds handshake{10'000};
    /// From the first byte of a request to the end of its head: whoever trickles is cut.
    std::chrono::milliseconds head{10'000};
    std::chrono::milliseconds body{30'000};
    /// Between requests. Below the 75 s at which common proxies cut, so that it is us who choose.
    std::chrono::milliseconds idle{60'000};
    /// For each piece of an answer to be taken by the peer.
    std::chrono::milliseconds write{30'000};
    /// Longer than any honest peer needs for a piece: when all places are taken, whoever has kept
    /// one waiting for so long gives way.
    std::chrono::milliseconds stalled{2'000};
    /// How long requests that are being worked on may still take after stop().
    std::chrono::milliseconds grace{10'000};
};

}  // namespace daicho::app::http
