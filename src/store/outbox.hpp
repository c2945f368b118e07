#pragma once
// Evidence of changes on its way to the ledger. A row is written in the transaction of the change
// it tells of, so neither exists without the other; a pump then moves rows, in the order of their
// ids, into the ledger.
//
// The ledger gets a salted digest of the content, never the content: the salt stays here, so that
// whoever holds the state can recompute the digest, and whoever holds only the ledger can't guess
// at the content.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace daicho::store {

class Database;
class Reader;

inline constexpr std::size_t outbox_salt_size = 16;
/// One event must stay far below the ledger's largest (16 MiB); details are a few fields.
inline constexpr std::size_t outbox_detail_size_max = 16 * 1024;

struct OutboxRow {
    std::string actor;         // "account:7", or "daicho" for what nobody asked for
    std::string action;        // "access.signed_in": room, dot, past tense
    std::string object;        // "account:7"; empty when the action is about nothing lasting
    std::int64_t version = 0;  // of the object; 0 when it has no versions
    Bytes content;  // what the digest commits to (canonical_form of the row); not stored here
    std::string detail =
        "{}";  // a JSON object, public: ids, codes and counts, never a personal value
};

/// A row as the pump and the verifier see it.
struct OutboxEntry {
    std::int64_t id = 0;
    WallNs time_ns = 0;
    std::string actor;
    std::string action;
    std::string object;
    std::int64_t version = 0;
    crypto::Digest digest;
    std::string detail;
};

/// A row with the place it has in the ledger; nullopt while it waits.
struct OutboxKept : OutboxEntry {
    std::optional<std::int64_t> ledger_seq;
};

/// Rows with ids above `after`, in order, at most `count`: for whoever compares all of them with
/// the ledger.
[[nodiscard]] std::vector<OutboxKept> outbox_rows(Reader& reader, std::int64_t after,
                                                  std::size_t count);

/// Where a row went.
struct OutboxPlace {
    std::int64_t id = 0;
    std::int64_t ledger_seq = 0;
};

/// SHA-256 over a tag, the salt, object, version and content, each with its length.
[[nodiscard]] crypto::Digest state_digest(ByteView salt, const std::string& object,
                                          std::int64_t version, ByteView content);

/// The pump's side. Thread-safe; one pump at a time keeps the order.
class Outbox {
public:
    explicit Outbox(Database& database) : database_(database) {}
    /// The oldest rows that are not in the ledger yet, at most `count`, in order.
    [[nodiscard]] Result<std::vector<OutboxEntry>> read_pending(std::size_t count) const;
    /// Notes that rows are durable in the ledger, in one transaction, in the order of their ids.
    /// Repeating a row with the same place is fine (the pump may have died in between); another
    /// place, or a row before it that is still pending, is Errc::conflict and nothing is noted.
    [[nodiscard]] Status mark_done(std::span<const OutboxPlace> places);
    [[nodiscard]] Status mark_done(std::int64_t id, std::int64_t ledger_seq);
    [[nodiscard]] Result<std::int64_t> pending_count() const;
    /// For `verify --state`: the digest that row `id` has when its object's content is `content`.
    [[nodiscard]] Result<crypto::Digest> recompute(std::int64_t id, ByteView content) const;

private:
    Database& database_;
};

}  // namespace daicho::store
