#pragma once
// What is derived from an event for searching: a small schema named after ECS. Never evidence,
// always rebuildable from the raw bytes, so a better extractor only needs `daicho ledger reindex`.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace daicho::ledger::search {

/// Values are stored in index files: append only.
enum class Category : std::uint8_t {
    none = 0,
    authentication = 1,
    session = 2,
    privilege = 3,
    network = 4,
    web = 5,
    database = 6,
    audit = 7,
    system = 8,
    configuration = 9,
    evidence = 10,
};
enum class Action : std::uint8_t {
    none = 0,
    sign_in = 1,
    sign_out = 2,
    command = 3,
    connect = 4,
    disconnect = 5,
    request = 6,
    query = 7,
    allow = 8,
    deny = 9,
    start = 10,
    stop = 11,
    change = 12,
    read = 13,
    export_ = 14,
    error = 15,
    other = 16,
};
enum class Outcome : std::uint8_t { unknown = 0, success = 1, failure = 2 };

/// IPv6 as it is, IPv4 as ::ffff:a.b.c.d.
using Address = std::array<std::uint8_t, 16>;

/// Views point into the raw bytes or into the extractor's scratch space: valid until the next
/// extract().
struct Fields {
    std::optional<WallNs> time_ns;  // what the message says, in UTC
    std::string_view host;          // host.name
    std::string_view app;           // process.name
    std::string_view pid;
    std::string_view user;           // user.name, as in the message
    std::string_view target_user;    // user.effective.name (sudo, su)
    std::optional<Address> address;  // source.ip
    std::uint16_t port = 0;          // source.port
    std::optional<Address> destination;
    std::uint16_t destination_port = 0;
    std::uint8_t severity = 255;  // syslog 0-7; 255 = unknown
    std::uint8_t facility = 255;
    Category category = Category::none;
    Action action = Action::none;
    Outcome outcome = Outcome::unknown;
    std::uint16_t status = 0;        // HTTP status
    std::uint64_t volume_bytes = 0;  // bytes sent by the server, rows or bytes read
    std::string_view message;        // what remains after the header
};

/// Declared here by its consumer, the indexer; implemented in evidence/collect. One object per
/// thread.
class Extractor {
public:
    virtual ~Extractor() = default;
    /// `received_ns` supplies year and zone where the message has none. Never fails: what can't be
    /// read stays empty.
    virtual void extract(ByteView raw, WallNs received_ns, Fields& out) = 0;
};

}  // namespace daicho::ledger::search
