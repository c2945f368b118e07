#include "access/door/session.hpp"

#include <nlohmann/json.hpp>

#include "base/fault.hpp"
#include "crypto/random.hpp"

namespace daicho::access::door {
namespace {

constexpr std::size_t token_size = 32;
/// A commit costs a disk flush, so activity goes to the database at most this often. In memory it
/// is exact; after a restart a session may be cut this much too early, never too late.
constexpr std::int64_t store_activity_every_ns = 30 * second_ns;
/// Ended sessions are remembered this long, to answer "expired" instead of "unknown".
constexpr std::int64_t ended_memory_ns = day_ns;
/// A time from the future by more than this means that the clock was set back: nothing can be said
/// about age.
constexpr std::int64_t future_slack_ns = minute_ns;

constexpr std::string_view reason_names[] = {"own", "idle", "absolute", "forced", "replaced"};

std::optional<crypto::Digest> digest_of(std::string_view token) {
    if (token.size() > 2 * token_size) return std::nullopt;
    const Result<Bytes> bytes = from_base64url(token);
    if (!bytes || bytes->size() != token_size) return std::nullopt;
    return crypto::sha256(*bytes);
}

Caller caller_of(const Account& account, std::int64_t session_id, WallNs created_ns,
                 std::string_view address) {
    return {account.id,           session_id,    created_ns,          account.login,
            account.display_name, account.roles, account.must_change, std::string(address)};
}

}  // namespace

std::string_view name_of(SignOffReason reason) noexcept {
    return reason_names[static_cast<std::size_t>(reason)];
}

struct Sessions::Row {
    std::int64_t id = 0;
    std::int64_t account_id = 0;
    WallNs created_ns = 0;
    WallNs last_active_ns = 0;
    std::string address;
    std::optional<std::string> end_reason;

    static constexpr std::string_view columns =
        "id, account_id, created_ns, last_active_ns, address, end_reason";
    static Row of(const store::Rows& rows) {
        return {rows.integer(0), rows.integer(1), rows.integer(2),
                rows.integer(3), rows.text(4),    rows.get<std::optional<std::string>>(5)};
    }
    [[nodiscard]] std::string object() const { return "account:" + std::to_string(account_id); }
};

Sessions::Sessions(store::Database& database, const Keys& keys, SessionPolicy policy)
    : database_(database), keys_(keys), policy_(policy) {
    check(policy.idle_ns > 0 && policy.idle_ns <= session_idle_ns_max,
          "idle time laxer than 002-3-6");
    check(policy.life_ns > 0 && policy.life_ns <= session_life_ns_max, "session life too long");
}

std::optional<SignOffReason> Sessions::over(const Row& row) const {
    const Clock& clock = database_.clock();
    const WallNs now = clock.wall_ns();
    const std::int64_t ticks = clock.monotonic_ns();
    WallNs last = row.last_active_ns;
    const MutexLock lock(mutex_);
    const auto seen = seen_.find(row.id);
    // Whichever clock says that it is over is right: the wall clock may be set back, the monotonic
    // one forgets at boot.
    if (seen != seen_.end()) {
        if (ticks - seen->second.started_monotonic_ns >= policy_.life_ns) {
            return SignOffReason::absolute;
        }
        if (ticks - seen->second.monotonic_ns >= policy_.idle_ns) return SignOffReason::idle;
        last = seen->second.wall_ns;
    }
    const std::int64_t age = now - row.created_ns;
    if (age >= policy_.life_ns || age < -future_slack_ns) return SignOffReason::absolute;
    const std::int64_t idle = now - last;
    if (idle >= policy_.idle_ns || idle < -future_slack_ns) return SignOffReason::idle;
    return std::nullopt;
}

Result<Caller> Sessions::resume(std::string_view token, std::string_view address,
                                Activity activity) {
    const auto unknown = [] {
        return refuse(Errc::unauthorised, "access.sign_in_required", "no session");
    };
    const auto ended = [](std::string_view reason) {
        return refuse(Errc::expired, "access.session_ended", "the session has ended",
                      {{"reason", std::string(reason)}});
    };
    const std::optional<crypto::Digest> digest = digest_of(token);
    if (!digest) return unknown();
    struct Found {
        Row row;
        Account account;
    };
    auto found = database_.read([&](store::Reader& reader) -> Result<std::optional<Found>> {
        store::Rows rows = reader.query(
            "SELECT " + std::string(Row::columns) + " FROM session WHERE token_digest = $1",
            *digest);
        if (!rows.next()) return std::optional<Found>();
        Row row = Row::of(rows);
        std::optional<Account> account = accounts::by_id(reader, row.account_id);
        if (!account) throw Fault("database: a session of no account");
        return std::optional<Found>(Found{std::move(row), *std::move(account)});
    });
    if (!found) return fail(std::move(found.error()));
    if (!*found) return unknown();
    const auto& [row, account] = **found;
    if (row.end_reason) return ended(*row.end_reason);
    std::optional<SignOffReason> reason = over(row);
    if (!reason && account.state == AccountState::disabled) reason = SignOffReason::forced;
    if (reason) {
        Status done = database_.write(
            [&](store::Transaction& tx) { return end(tx, row, *reason, "daicho"); });
        if (!done) return fail(std::move(done.error()));
        return ended(name_of(*reason));
    }
    see(row);
    if (activity == Activity::person) {
        Status touched = touch(row);
        if (!touched) return fail(std::move(touched.error()));
    }
    return caller_of(account, row.id, row.created_ns, address);
}

void Sessions::see(const Row& row) {
    // After a restart: what the session has lived and idled already is taken from the wall clock,
    // once.
    const WallNs now = database_.clock().wall_ns();
    const std::int64_t ticks = database_.clock().monotonic_ns();
    const MutexLock lock(mutex_);
    seen_.try_emplace(row.id, Seen{row.last_active_ns, ticks - (now - row.last_active_ns),
                                   ticks - (now - row.created_ns)});
}

Status Sessions::touch(const Row& row) {
    const WallNs now = database_.clock().wall_ns();
    {
        const MutexLock lock(mutex_);
        Seen& seen = seen_[row.id];
        seen.wall_ns = now;
        seen.monotonic_ns = database_.clock().monotonic_ns();
    }
    if (now - row.last_active_ns < store_activity_every_ns && now >= row.last_active_ns) return {};
    return database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("when a session was last used");
        auto done =
            tx.run("UPDATE session SET last_active_ns = $2 WHERE id = $1 AND ended_ns IS NULL",
                   row.id, now);
        if (!done) return fail(std::move(done.error()));
        return {};
    });
}

std::int64_t Sessions::idle_left_ns(const Caller& caller) const {
    const MutexLock lock(mutex_);
    const auto seen = seen_.find(caller.session_id);
    if (seen == seen_.end()) return 0;
    const std::int64_t idle = database_.clock().monotonic_ns() - seen->second.monotonic_ns;
    return std::max<std::int64_t>(0, policy_.idle_ns - idle);
}

std::string Sessions::csrf_of(const Caller& caller) const {
    return to_base64url(keys_.csrf_tag(caller.session_id, caller.session_created_ns).view());
}

Status Sessions::check_csrf(const Caller& caller, std::string_view given) const {
    if (crypto::equal_constant_time(view_of(csrf_of(caller)), view_of(given))) return {};
    return refuse(Errc::denied, "access.csrf", "the request does not come from our page");
}

Result<NewSession> Sessions::start(store::Transaction& tx, const Account& account,
                                   std::string_view address) {
    Status room = make_room(tx, account.id);
    if (!room) return fail(std::move(room.error()));
    const auto secret = crypto::random_bytes<token_size>();
    const WallNs now = tx.clock().wall_ns();
    auto id = tx.insert(
        "INSERT INTO session (token_digest, account_id, address, created_ns, last_active_ns)"
        " VALUES ($1, $2, $3, $4, $4) RETURNING id",
        crypto::sha256(ByteView(secret)), account.id, address, now);
    if (!id) return fail(std::move(id.error()));
    {
        const std::int64_t ticks = tx.clock().monotonic_ns();
        const MutexLock lock(mutex_);
        seen_.insert_or_assign(*id, Seen{now, ticks, ticks});
    }
    NewSession session;
    session.token = to_base64url(secret);
    session.caller = caller_of(account, *id, now, address);
    session.csrf = csrf_of(session.caller);
    session.ends_ns = now + policy_.life_ns;
    return session;
}

Status Sessions::make_room(store::Transaction& tx, std::int64_t account_id) {
    std::vector<Row> open;
    {
        store::Rows rows = tx.query("SELECT " + std::string(Row::columns) +
                                        " FROM session WHERE account_id = $1 AND ended_ns IS NULL"
                                        " ORDER BY last_active_ns, id",
                                    account_id);
        while (rows.next()) open.push_back(Row::of(rows));
    }
    for (std::size_t i = 0; i + sessions_per_account_max <= open.size(); ++i) {
        Status done = end(tx, open[i], SignOffReason::replaced, "daicho");
        if (!done) return done;
    }
    return {};
}

Status Sessions::end(store::Transaction& tx, const Row& row, SignOffReason reason,
                     const std::string& actor) {
    auto changed = tx.run(
        "UPDATE session SET ended_ns = $2, end_reason = $3 WHERE id = $1 AND ended_ns IS NULL",
        row.id, tx.clock().wall_ns(), name_of(reason));
    if (!changed) return fail(std::move(changed.error()));
    if (*changed == 0) {
        tx.no_evidence("it has ended already, and that was recorded");
        return {};
    }
    const nlohmann::json detail{{"reason", name_of(reason)}, {"session", row.id}};
    tx.record({actor, "access.signed_off", row.object(), 0, {}, detail.dump()});
    const MutexLock lock(mutex_);
    seen_.erase(row.id);
    return {};
}

Status Sessions::end_where(store::Transaction& tx, const Caller& caller, std::int64_t session_id) {
    std::optional<Row> found;
    {
        store::Rows rows = tx.query("SELECT " + std::string(Row::columns) +
                                        " FROM session WHERE id = $1 AND account_id = $2"
                                        " AND ended_ns IS NULL",
                                    session_id, caller.account_id);
        if (rows.next()) found = Row::of(rows);
    }
    if (!found) return refuse(Errc::not_found, "access.no_such_session", "no such session");
    return end(tx, *found, SignOffReason::own, caller.actor());
}

Status Sessions::sign_off(const Caller& caller) {
    return end_own(caller, caller.session_id);
}

Status Sessions::end_own(const Caller& caller, std::int64_t session_id) {
    return database_.write(
        [&](store::Transaction& tx) { return end_where(tx, caller, session_id); });
}

Result<std::size_t> Sessions::end_all(store::Transaction& tx, std::int64_t account_id,
                                      SignOffReason reason, const std::string& actor,
                                      std::optional<std::int64_t> except) {
    std::vector<Row> open;
    {
        store::Rows rows = tx.query("SELECT " + std::string(Row::columns) +
                                        " FROM session WHERE account_id = $1 AND ended_ns IS NULL"
                                        " AND id <> $2 ORDER BY id",
                                    account_id, except.value_or(0));
        while (rows.next()) open.push_back(Row::of(rows));
    }
    for (const Row& row : open) {
        Status done = end(tx, row, reason, actor);
        if (!done) return fail(std::move(done.error()));
    }
    return open.size();
}

Result<std::vector<SessionView>> Sessions::list(std::int64_t account_id) {
    return database_.read([&](store::Reader& reader) -> Result<std::vector<SessionView>> {
        std::vector<SessionView> out;
        store::Rows rows = reader.query("SELECT " + std::string(Row::columns) +
                                            " FROM session WHERE account_id = $1"
                                            " AND ended_ns IS NULL ORDER BY id DESC",
                                        account_id);
        while (rows.next()) {
            const Row row = Row::of(rows);
            if (over(row)) continue;  // the next sweep ends it
            SessionView view{row.id, row.created_ns, row.last_active_ns, row.address};
            const MutexLock lock(mutex_);
            const auto seen = seen_.find(row.id);
            if (seen != seen_.end()) view.last_active_ns = seen->second.wall_ns;
            out.push_back(std::move(view));
        }
        return out;
    });
}

Status Sessions::sweep() {
    return database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("most sweeps find nothing, and old ends were recorded when they happened");
        std::vector<Row> open;
        {
            store::Rows rows = tx.query("SELECT " + std::string(Row::columns) +
                                        " FROM session WHERE ended_ns IS NULL ORDER BY id");
            while (rows.next()) open.push_back(Row::of(rows));
        }
        for (const Row& row : open) {
            const std::optional<SignOffReason> reason = over(row);
            if (!reason) continue;
            Status done = end(tx, row, *reason, "daicho");
            if (!done) return done;
        }
        auto gone = tx.run("DELETE FROM session WHERE ended_ns < $1",
                           tx.clock().wall_ns() - ended_memory_ns);
        if (!gone) return fail(std::move(gone.error()));
        return {};
    });
}

}  // namespace daicho::access::door
