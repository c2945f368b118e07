#include "access/door/lockout.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/fault.hpp"

namespace daicho::access::door {
namespace {

/// In place of an address: the counter over all of them.
constexpr std::string_view every_address = "*";

struct Counter {
    std::int64_t failures = 0;
    WallNs window_from_ns = 0;
    std::int64_t locks = 0;
    WallNs locked_until_ns = 0;
    WallNs last_ns = 0;
};

std::optional<Counter> find(store::Reader& reader, std::int64_t account_id,
                            std::string_view address) {
    store::Rows rows = reader.query(
        "SELECT failures, window_from_ns, locks, locked_until_ns, last_ns FROM sign_in_counter"
        " WHERE account_id = $1 AND address = $2",
        account_id, address);
    if (!rows.next()) return std::nullopt;
    return Counter{rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3),
                   rows.integer(4)};
}

std::string object_of(std::int64_t account_id) {
    return "account:" + std::to_string(account_id);
}

}  // namespace

Lockout::Lockout(LockoutPolicy policy) : policy_(policy) {
    check(policy.failures_max > 0 && policy.account_failures_max >= policy.failures_max,
          "a lockout policy that never or always locks");
    check(policy.window_ns > 0 && policy.lock_ns > 0 && policy.lock_ns_max >= policy.lock_ns,
          "a lockout policy without times");
}

std::optional<WallNs> Lockout::locked_until(store::Reader& reader, std::int64_t account_id,
                                            std::string_view address) const {
    const WallNs now = reader.clock().wall_ns();
    std::optional<WallNs> until;
    for (const std::string_view place : {address, every_address}) {
        const std::optional<Counter> counter = find(reader, account_id, place);
        if (!counter || counter->locked_until_ns <= now) continue;
        // A lock longer than any we give: the clock was set back since, and nobody knows by how
        // much.
        if (counter->locked_until_ns > now + policy_.lock_ns_max) continue;
        until = std::max(until.value_or(0), counter->locked_until_ns);
    }
    return until;
}

Status Lockout::count_failure(store::Transaction& tx, std::int64_t account_id,
                              std::string_view address) const {
    Status here = count_at(tx, account_id, address, policy_.failures_max);
    if (!here) return here;
    return count_at(tx, account_id, every_address, policy_.account_failures_max);
}

Status Lockout::count_at(store::Transaction& tx, std::int64_t account_id, std::string_view address,
                         std::int64_t failures_max) const {
    const WallNs now = tx.clock().wall_ns();
    Counter counter = find(tx, account_id, address).value_or(Counter{0, now, 0, 0, now});
    // Peace is counted from the end of the lock: during a lock there is nothing to be peaceful
    // about.
    const WallNs quiet_since = std::max(counter.last_ns, counter.locked_until_ns);
    if (now - quiet_since >= policy_.lock_memory_ns) counter.locks = 0;
    const bool window_over =
        now < counter.window_from_ns || now - counter.window_from_ns >= policy_.window_ns;
    if (window_over) {
        counter.failures = 0;
        counter.window_from_ns = now;
    }
    ++counter.failures;
    counter.last_ns = now;
    if (counter.failures >= failures_max) {
        std::int64_t length = policy_.lock_ns;
        for (std::int64_t i = 0; i < counter.locks && length < policy_.lock_ns_max; ++i)
            length *= 2;
        length = std::min(length, policy_.lock_ns_max);
        const nlohmann::json detail{
            {"address", address}, {"failures", counter.failures}, {"until_ns", now + length}};
        tx.record({"daicho", "access.locked", object_of(account_id), 0, {}, detail.dump()});
        counter.locked_until_ns = now + length;
        ++counter.locks;
        counter.failures = 0;
    }
    auto done = tx.run(
        "INSERT INTO sign_in_counter (account_id, address, failures, window_from_ns, locks,"
        " locked_until_ns, last_ns) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (account_id, address) DO UPDATE SET failures = excluded.failures,"
        " window_from_ns = excluded.window_from_ns, locks = excluded.locks,"
        " locked_until_ns = excluded.locked_until_ns, last_ns = excluded.last_ns",
        account_id, address, counter.failures, counter.window_from_ns, counter.locks,
        counter.locked_until_ns, counter.last_ns);
    if (!done) return fail(std::move(done.error()));
    return {};
}

Status Lockout::forgive(store::Transaction& tx, std::int64_t account_id,
                        std::string_view address) const {
    auto done = tx.run("DELETE FROM sign_in_counter WHERE account_id = $1 AND address = $2",
                       account_id, address);
    if (!done) return fail(std::move(done.error()));
    return {};
}

Status Lockout::sweep(store::Transaction& tx) const {
    auto gone = tx.run("DELETE FROM sign_in_counter WHERE last_ns < $1 AND locked_until_ns < $1",
                       tx.clock().wall_ns() - policy_.lock_memory_ns);
    if (!gone) return fail(std::move(gone.error()));
    return {};
}

std::optional<WallNs> latest_lock(store::Reader& reader, std::int64_t account_id) {
    store::Rows rows = reader.query(
        "SELECT MAX(locked_until_ns) FROM sign_in_counter WHERE account_id = $1"
        " AND locked_until_ns > $2",
        account_id, reader.clock().wall_ns());
    if (!rows.next()) return std::nullopt;
    return rows.get<std::optional<std::int64_t>>(0);
}

Status lift_locks(store::Transaction& tx, std::int64_t account_id) {
    auto gone = tx.run("DELETE FROM sign_in_counter WHERE account_id = $1", account_id);
    if (!gone) return fail(std::move(gone.error()));
    return {};
}

}  // namespace daicho::access::door
