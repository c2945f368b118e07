#include "app/node/state_guard.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "access/account.hpp"
#include "app/node/fact_rules.hpp"
#include "app/node/schema.hpp"
#include "app/node/services/event_service.hpp"
#include "base/text.hpp"
#include "store/facts.hpp"
#include "store/outbox.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

constexpr std::string_view evidence_class = "evidence";
constexpr const char* restored_setting = "state_restored";
constexpr const char* restored_action = "state.restored";
constexpr std::size_t reason_bytes_max = 1'000;

struct Entry {
    std::uint64_t seq = 0;
    std::string text;
};
/// Answers false to stop.
using Visit = std::function<bool(const Entry&)>;

/// A batch or a block, ascending; false once `visit` had enough.
bool newest_first(std::vector<Entry>& entries, const Visit& visit) {
    std::ranges::sort(entries, std::ranges::greater(), &Entry::seq);
    return std::ranges::all_of(entries, visit);
}

Result<bool> visit_unsealed(const ledger::write::WalFile& wal, const Visit& visit) {
    const auto own = wal.class_index(evidence_class);
    if (!own) return true;
    const auto batches = wal.batches();
    for (auto ref = batches.rbegin(); ref != batches.rend(); ++ref) {
        if (ref->class_index != *own) continue;
        const Result<ledger::write::LoadedBatch> batch = wal.load(*ref);
        if (!batch) return fail(batch.error());
        std::vector<Entry> entries;
        ledger::core::for_each_event(
            batch->runs, batch->leaf.first_seq,
            [&](const ledger::core::Envelope& envelope, ByteView raw) {
                if (batch->leaf.sources[envelope.source].id == own_source)
                    entries.push_back({envelope.seq, std::string(text_of(raw))});
            });
        if (!newest_first(entries, visit)) return false;
    }
    return true;
}

/// What can't be read is missing, and shows as that.
bool visit_sealed(const ledger::read::SegmentStore& store, const ledger::read::SealedFile& file,
                  const Visit& visit) {
    const auto blocks = static_cast<std::uint32_t>(file.directory.footer.blocks.size());
    for (std::uint32_t number = blocks; number-- > 0;) {
        const Result<ledger::core::Block> block = store.open_block(file, number);
        if (!block) {
            if (block.error().code == Errc::tampered) static_cast<void>(store.note_gone(file));
            return true;
        }
        std::vector<Entry> entries;
        for (std::size_t row = 0; row < block->size(); ++row) {
            const ledger::core::BlockEvent event = block->event(row);
            if (block->sources()[event.source] == own_source)
                entries.push_back({event.seq, std::string(text_of(event.raw))});
        }
        if (!newest_first(entries, visit)) return false;
    }
    return true;
}

/// daicho's own entries, newest first.
Status visit_own(ledger::Ledger& ledger, const Visit& visit) {
    const auto wals = ledger.segments().unsealed();
    for (auto wal = wals.rbegin(); wal != wals.rend(); ++wal) {
        const Result<bool> more = visit_unsealed(**wal, visit);
        if (!more) return fail(more.error());
        if (!*more) return {};
    }
    auto files = ledger.segments().files();
    std::erase_if(files, [](const auto& file) {
        return file->directory.header.key.retention_class != evidence_class;
    });
    std::ranges::sort(files, std::ranges::greater(),
                      [](const auto& file) { return file->info.last_seq; });
    for (const auto& file : files) {
        if (!visit_sealed(ledger.segments(), *file, visit)) return {};
    }
    return {};
}

/// The row of the outbox that an entry was; nullopt for measurements, which come from no row.
struct Moved {
    std::int64_t id = 0;
    std::string digest;
};
std::optional<Moved> moved_row(const std::string& text) {
    const json event = json::parse(text, nullptr, false);
    if (!event.is_object() || !event.contains("outbox") || !event["outbox"].is_number_integer())
        return std::nullopt;
    return Moved{event["outbox"].get<std::int64_t>(), event.value("digest", std::string())};
}

Result<std::optional<Moved>> newest_moved(ledger::Ledger& ledger) {
    std::optional<Moved> out;
    const Status looked = visit_own(ledger, [&](const Entry& entry) {
        out = moved_row(entry.text);
        return !out.has_value();
    });
    if (!looked) return fail(looked.error());
    return out;
}

/// Hexadecimal digest of a row; empty without the row.
Result<std::string> digest_here(store::Database& database, std::int64_t id) {
    return database.read([&](store::Reader& reader) -> Result<std::string> {
        const auto rows = store::outbox_rows(reader, id - 1, 1);
        return rows.empty() || rows[0].id != id ? std::string() : rows[0].digest.hex();
    });
}

/// The newest row here that was moved when this copy was made, and the newest row of all.
struct Newest {
    std::optional<store::OutboxKept> moved;
    std::int64_t id = 0;
};
Result<Newest> newest_here(store::Database& database) {
    return database.read([](store::Reader& reader) -> Result<Newest> {
        Newest out;
        std::int64_t moved = 0;
        {
            store::Rows rows = reader.query(
                "SELECT COALESCE(MAX(id), 0), "
                "COALESCE(MAX(CASE WHEN ledger_seq IS NOT NULL THEN id END), 0) FROM outbox");
            check(rows.next(), "an aggregate gives one row");
            out.id = rows.integer(0);
            moved = rows.integer(1);
        }
        const auto rows = store::outbox_rows(reader, moved - 1, 1);
        if (moved > 0 && !rows.empty()) out.moved = rows[0];
        return out;
    });
}

/// Entries after the newest that the copy knows of; Errc::tampered unless it is of this ledger.
Result<std::vector<Entry>> entries_after(ledger::Ledger& ledger, const store::OutboxKept& known) {
    std::vector<Entry> out;
    bool same = false;
    const Status looked = visit_own(ledger, [&](const Entry& entry) {
        if (std::cmp_greater(entry.seq, *known.ledger_seq)) {
            out.push_back(entry);
            return true;
        }
        const auto moved = moved_row(entry.text);
        same = moved && moved->id == known.id && moved->digest == known.digest.hex();
        return false;
    });
    if (!looked) return fail(looked.error());
    if (!same)
        return refuse(Errc::tampered, "state.foreign", "the state belongs to another ledger");
    std::ranges::reverse(out);
    return out;
}

/// Ids are never given twice, also those of rows that the copy does not have.
Status skip_ids(store::Transaction& tx, std::int64_t through) {
    const auto skipped = tx.run(
        "INSERT INTO outbox (id, time_ns, actor, action, object, version, salt, digest, detail) "
        "VALUES ($1, 0, '', '', '', 0, x'', x'', '')",
        through);
    if (!skipped) return fail(skipped.error());
    return {};
}

Status record(store::Transaction& tx, const std::string& reason, const json& public_facts) {
    json value = public_facts;
    value["reason"] = reason;
    const store::Change change{"command-line", restored_action, public_facts.dump()};
    const auto current = setting_table().current_where(tx, "name", restored_setting);
    if (!current) {
        const auto added = setting_table().add(tx, {restored_setting, value.dump()}, change);
        return added ? Status() : Status(fail(added.error()));
    }
    const auto changed = setting_table().change(tx, current->key, current->version,
                                                {restored_setting, value.dump()}, change);
    return changed ? Status() : Status(fail(changed.error()));
}

Status end_all(store::Transaction& tx, access::door::Sessions& sessions) {
    const std::string actor = "command-line";
    for (access::Account account : access::accounts::all(tx)) {
        const auto ended =
            sessions.end_all(tx, account.id, access::door::SignOffReason::forced, actor);
        if (!ended) return fail(ended.error());
        if (account.state != access::AccountState::initial) continue;
        account.password_hash.clear();
        account.initial_expires_ns = tx.clock().wall_ns();
        const Status changed = access::accounts::change(
            tx, account, {actor, "access.initial_withdrawn", R"({"reason":"state_restored"})"});
        if (!changed) return changed;
    }
    return {};
}

}  // namespace

Status check_state_is_current(store::Database& database, ledger::Ledger& ledger) {
    const Result<std::optional<Moved>> newest = newest_moved(ledger);
    if (!newest) return fail(newest.error());
    if (!*newest) return {};
    const Result<std::string> here = digest_here(database, (*newest)->id);
    if (!here) return fail(here.error());
    if (*here == (*newest)->digest) return {};
    return refuse(Errc::tampered, "state.rolled_back",
                  "state.db does not hold change " + std::to_string((*newest)->id) +
                      ", which is in the ledger: it is an older copy, or another one",
                  {{"change", std::to_string((*newest)->id)}});
}

Status accept_restored_state(store::Database& database, ledger::Ledger& ledger,
                             access::door::Sessions& sessions, const std::string& reason) {
    if (reason.empty() || reason.size() > reason_bytes_max || !is_utf8(reason))
        return refuse(Errc::invalid, "state.reason", "a reason is needed, up to 1000 bytes");
    const Status current = check_state_is_current(database, ledger);
    if (current) return refuse(Errc::conflict, "state.is_current", "the state is current");
    if (current.error().text_key != "state.rolled_back") return current;
    const Result<std::optional<Moved>> newest = newest_moved(ledger);
    const Result<Newest> here = newest_here(database);
    if (!newest) return fail(newest.error());
    if (!here) return fail(here.error());
    if (!here->moved)
        return refuse(Errc::tampered, "state.foreign", "the state has never met this ledger");
    const Result<std::vector<Entry>> lost = entries_after(ledger, *here->moved);
    if (!lost) return fail(lost.error());
    std::int64_t through = here->id;
    for (const Entry& entry : *lost) {
        if (const auto moved = moved_row(entry.text)) through = std::max(through, moved->id);
    }
    return database.write([&](store::Transaction& tx) -> Status {
        const json facts{{"after", here->id}, {"through", through}};
        if (through > here->id) {
            const Status skipped = skip_ids(tx, through);
            if (!skipped) return skipped;
        }
        const Status recorded = record(tx, reason, facts);
        if (!recorded) return recorded;
        if (through > here->id) {
            const auto removed = tx.run("DELETE FROM outbox WHERE id = $1", through);
            if (!removed) return fail(removed.error());
        }
        for (const Entry& entry : *lost) {
            for (const store::Fact& fact : facts_of_event(entry.seq, entry.text)) {
                const Result<bool> inserted = store::facts::insert(tx, fact);
                if (!inserted) return fail(inserted.error());
            }
        }
        return end_all(tx, sessions);
    });
}

std::optional<std::pair<std::int64_t, std::int64_t>> given_up_by(const json& event) {
    if (!event.is_object() || !event.contains("detail") || !event["detail"].is_object())
        return std::nullopt;
    const auto action = event.find("action");
    if (action == event.end() || *action != restored_action) return std::nullopt;
    const json& detail = event["detail"];
    for (const char* name : {"after", "through"}) {
        if (!detail.contains(name) || !detail[name].is_number_integer()) return std::nullopt;
    }
    return std::pair(detail["after"].get<std::int64_t>(), detail["through"].get<std::int64_t>());
}

}  // namespace daicho::app::node
