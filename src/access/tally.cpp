#include "access/tally.hpp"

#include <nlohmann/json.hpp>

#include "base/fault.hpp"

namespace daicho::access {
namespace {

using nlohmann::json;

struct Line {
    std::int64_t id = 0;
    WallNs since_ns = 0;
    WallNs last_ns = 0;
    std::int64_t unrecorded = 0;
};

std::string with_count(const std::string& detail, std::int64_t count) {
    json all = json::parse(detail);
    all["count"] = count;
    return all.dump();
}

/// A clock that was set back ends the window too: better one record more than none for hours.
bool over(WallNs since_ns, WallNs now_ns) {
    return now_ns < since_ns || now_ns - since_ns >= tally_window_ns;
}

void record_sum(store::Transaction& tx, const TallyEvent& event, const Line& line) {
    json all = json::parse(event.detail);
    all["count"] = line.unrecorded;
    all["from_ns"] = line.since_ns;
    all["to_ns"] = line.last_ns;
    tx.record({event.actor, event.action, event.object, 0, {}, all.dump()});
}

std::optional<Line> find(store::Transaction& tx, const TallyEvent& event) {
    store::Rows rows = tx.query(
        "SELECT id, since_ns, last_ns, unrecorded FROM tally"
        " WHERE action = $1 AND actor = $2 AND object = $3 AND detail = $4",
        event.action, event.actor, event.object, event.detail);
    if (!rows.next()) return std::nullopt;
    return Line{rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3)};
}

bool full(store::Transaction& tx) {
    store::Rows rows = tx.query("SELECT count(*) FROM tally");
    check(rows.next(), "count gives one row");
    return rows.integer(0) >= tally_kinds_max;
}

}  // namespace

Status Tally::count(store::Transaction& tx, const TallyEvent& given) {
    TallyEvent event = given;
    std::optional<Line> line = find(tx, event);
    if (!line && full(tx)) {
        event = {given.action, "many", "", R"({"kinds":"many"})"};
        line = find(tx, event);
    }
    const WallNs now = tx.clock().wall_ns();
    if (line && !over(line->since_ns, now)) {
        tx.no_evidence("counted; the sum is recorded when its minute is over");
        auto done =
            tx.run("UPDATE tally SET unrecorded = unrecorded + 1, last_ns = $2 WHERE id = $1",
                   line->id, now);
        if (!done) return fail(std::move(done.error()));
        return {};
    }
    if (line && line->unrecorded > 0) record_sum(tx, event, *line);
    tx.record({event.actor, event.action, event.object, 0, {}, with_count(event.detail, 1)});
    auto done = tx.run(
        "INSERT INTO tally (action, actor, object, detail, since_ns, last_ns, unrecorded)"
        " VALUES ($1, $2, $3, $4, $5, $5, 0) ON CONFLICT (action, actor, object, detail)"
        " DO UPDATE SET since_ns = excluded.since_ns, last_ns = excluded.last_ns, unrecorded = 0",
        event.action, event.actor, event.object, event.detail, now);
    if (!done) return fail(std::move(done.error()));
    return {};
}

Status Tally::count(const TallyEvent& event) {
    return database_.write([&](store::Transaction& tx) { return count(tx, event); });
}

Status Tally::flush() {
    return database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("windows that are over and hold nothing");
        const WallNs now = tx.clock().wall_ns();
        std::vector<std::int64_t> finished;
        {
            store::Rows rows = tx.query(
                "SELECT action, actor, object, detail, id, since_ns, last_ns, unrecorded FROM tally"
                " ORDER BY id");
            while (rows.next()) {
                const Line line{rows.integer(4), rows.integer(5), rows.integer(6), rows.integer(7)};
                if (!over(line.since_ns, now)) continue;
                finished.push_back(line.id);
                if (line.unrecorded == 0) continue;
                record_sum(tx, {rows.text(0), rows.text(1), rows.text(2), rows.text(3)}, line);
            }
        }
        for (const std::int64_t id : finished) {
            auto gone = tx.run("DELETE FROM tally WHERE id = $1", id);
            if (!gone) return fail(std::move(gone.error()));
        }
        return {};
    });
}

}  // namespace daicho::access
