#include "store/outbox.hpp"

#include <nlohmann/json.hpp>

#include "crypto/random.hpp"
#include "store/database.hpp"

namespace daicho::store {
namespace {

constexpr std::string_view digest_tag = "daicho/state/1";

Status mark_one(Transaction& tx, const OutboxPlace& place) {
    {
        Rows rows = tx.query(
            "SELECT ledger_seq, EXISTS (SELECT 1 FROM outbox WHERE ledger_seq IS NULL AND id < $1)"
            " FROM outbox WHERE id = $1",
            place.id);
        if (!rows.next()) return fail(Errc::not_found, "no such outbox row");
        const auto there = rows.get<std::optional<std::int64_t>>(0);
        if (there) {
            if (*there == place.ledger_seq) return {};
            return fail(Errc::conflict, "the outbox row is in the ledger at another place");
        }
        if (rows.get<bool>(1))
            return fail(Errc::conflict, "an earlier outbox row is still pending");
    }
    auto done =
        tx.run("UPDATE outbox SET ledger_seq = $2 WHERE id = $1", place.id, place.ledger_seq);
    if (!done) return fail(std::move(done.error()));
    return {};
}

OutboxEntry read_entry(const Rows& rows) {
    OutboxEntry entry;
    entry.id = rows.integer(0);
    entry.time_ns = rows.integer(1);
    entry.actor = rows.text(2);
    entry.action = rows.text(3);
    entry.object = rows.text(4);
    entry.version = rows.integer(5);
    entry.digest = rows.get<crypto::Digest>(6);
    entry.detail = rows.text(7);
    return entry;
}

}  // namespace

crypto::Digest state_digest(ByteView salt, const std::string& object, std::int64_t version,
                            ByteView content) {
    Bytes head;
    ByteWriter writer(head);
    writer.raw(view_of(digest_tag));
    writer.u8(0);
    writer.u64(salt.size());
    writer.raw(salt);
    writer.u64(object.size());
    writer.raw(view_of(object));
    writer.u64(static_cast<std::uint64_t>(version));
    writer.u64(content.size());
    return crypto::sha256({ByteView(head), content});
}

std::int64_t Transaction::record(const OutboxRow& row) {
    check(!row.actor.empty() && !row.action.empty(), "evidence names who did what");
    check(row.detail.size() <= outbox_detail_size_max, "detail of evidence too long");
    const nlohmann::json detail = nlohmann::json::parse(row.detail, nullptr, false);
    check(detail.is_object(), "detail of evidence is a JSON object");
    const auto salt = crypto::random_bytes<outbox_salt_size>();
    auto id = insert(
        "INSERT INTO outbox (time_ns, actor, action, object, version, salt, digest, detail)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        clock().wall_ns(), row.actor, row.action, row.object, row.version, salt,
        state_digest(salt, row.object, row.version, row.content), row.detail);
    check(id.has_value(), "the outbox has no constraint that a row could break");
    evidence_settled_ = true;
    recorded_ = true;
    return *id;
}

Result<std::vector<OutboxEntry>> Outbox::read_pending(std::size_t count) const {
    return database_.read([&](Reader& reader) -> Result<std::vector<OutboxEntry>> {
        std::vector<OutboxEntry> entries;
        Rows rows = reader.query(
            "SELECT id, time_ns, actor, action, object, version, digest, detail FROM outbox"
            " WHERE ledger_seq IS NULL ORDER BY id LIMIT $1",
            count);
        while (rows.next()) entries.push_back(read_entry(rows));
        return entries;
    });
}

std::vector<OutboxKept> outbox_rows(Reader& reader, std::int64_t after, std::size_t count) {
    std::vector<OutboxKept> out;
    Rows rows = reader.query(
        "SELECT id, time_ns, actor, action, object, version, digest, detail, ledger_seq FROM outbox"
        " WHERE id > $1 ORDER BY id LIMIT $2",
        after, count);
    while (rows.next()) out.push_back({read_entry(rows), rows.get<std::optional<std::int64_t>>(8)});
    return out;
}

Status Outbox::mark_done(std::int64_t id, std::int64_t ledger_seq) {
    const OutboxPlace place{id, ledger_seq};
    return mark_done(std::span(&place, 1));
}

Status Outbox::mark_done(std::span<const OutboxPlace> places) {
    return database_.write([&](Transaction& tx) -> Status {
        tx.no_evidence("where evidence went; the ledger itself says the same");
        for (const OutboxPlace& place : places) {
            Status done = mark_one(tx, place);
            if (!done) return done;
        }
        return {};
    });
}

Result<std::int64_t> Outbox::pending_count() const {
    return database_.read([](Reader& reader) -> Result<std::int64_t> {
        Rows rows = reader.query("SELECT count(*) FROM outbox WHERE ledger_seq IS NULL");
        check(rows.next(), "count gives one row");
        return rows.integer(0);
    });
}

Result<crypto::Digest> Outbox::recompute(std::int64_t id, ByteView content) const {
    return database_.read([&](Reader& reader) -> Result<crypto::Digest> {
        Rows rows = reader.query("SELECT salt, object, version FROM outbox WHERE id = $1", id);
        if (!rows.next()) return fail(Errc::not_found, "no such outbox row");
        return state_digest(rows.blob(0), rows.text(1), rows.integer(2), content);
    });
}

}  // namespace daicho::store
