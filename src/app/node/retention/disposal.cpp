#include "app/node/retention/disposal.hpp"

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/fault.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> state_names{"requested", "approved", "done",
                                                      "failed",    "rejected", "withdrawn"};

DisposalState state_named(std::string_view name) {
    for (std::size_t i = 0; i < state_names.size(); ++i) {
        if (state_names[i] == name) return static_cast<DisposalState>(i);
    }
    throw Fault("database: a disposal in a state that does not exist");
}

crypto::Digest digest_of(const std::string& hex) {
    crypto::Digest out;
    const auto bytes = from_hex(hex);
    if (!bytes || bytes->size() != out.bytes.size()) throw Fault("database: a digest that is none");
    std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
    return out;
}

json json_of(const std::vector<DisposalDay>& days) {
    json out = json::array();
    for (const DisposalDay& one : days) {
        out.push_back({{"bytes", one.bytes},
                       {"content", one.content.hex()},
                       {"day", one.day},
                       {"events", one.events},
                       {"last_ns", one.last_event_ns},
                       {"segments", one.segments}});
    }
    return out;
}

std::vector<DisposalDay> days_of(const std::string& text) {
    std::vector<DisposalDay> out;
    for (const json& one : json::parse(text)) {
        DisposalDay day;
        day.day = one.at("day");
        day.events = one.at("events");
        day.bytes = one.at("bytes");
        day.segments = one.at("segments");
        day.last_event_ns = one.at("last_ns");
        day.content = digest_of(one.at("content"));
        out.push_back(std::move(day));
    }
    return out;
}

store::Value text_or_null(const std::string& text) {
    return text.empty() ? store::Value() : store::Value(text);
}
store::Value time_or_null(WallNs time) {
    return time == 0 ? store::Value() : store::Value(time);
}

std::vector<store::Value> values_of(const Disposal& d) {
    return {d.retention_class,
            std::string(name_of(d.state)),
            json_of(d.days).dump(),
            content_of(d).hex(),
            d.rule,
            d.requested_by,
            d.requested_ns,
            d.reason,
            text_or_null(d.decided_by),
            time_or_null(d.decided_ns),
            text_or_null(d.note),
            time_or_null(d.finished_ns)};
}

/// Public: which class and days, how much, and what exactly was approved; no word of a person.
std::string detail_of(const Disposal& d) {
    std::uint64_t events = 0;
    for (const DisposalDay& one : d.days) events += one.events;
    json out{{"class", d.retention_class},      {"content", content_of(d).hex()},
             {"days", d.days.size()},           {"events", events},
             {"first_day", d.days.front().day}, {"last_day", d.days.back().day},
             {"requested_by", d.requested_by},  {"rule", d.rule}};
    if (!d.decided_by.empty()) out["decided_by"] = d.decided_by;
    return out.dump();
}

Disposal disposal_of(store::Reader& reader, const store::Version& version) {
    const auto text = [&](std::size_t column) {
        const auto* value = std::get_if<std::string>(&version.values[column]);
        return value == nullptr ? std::string() : *value;
    };
    const auto time = [&](std::size_t column) {
        const auto* value = std::get_if<std::int64_t>(&version.values[column]);
        return value == nullptr ? 0 : *value;
    };
    Disposal out{version.key,      version.version,  text(0), state_named(text(1)),
                 days_of(text(2)), text(4),          text(5), time(6),
                 text(7),          text(8),          time(9), text(10),
                 time(11),         version.outbox_id};
    store::Rows rows = reader.query(
        "SELECT day, leaf_index, problem FROM disposal_outcome WHERE disposal_id = $1", out.id);
    while (rows.next()) {
        for (DisposalDay& one : out.days) {
            if (one.day != rows.text(0)) continue;
            if (const auto leaf = rows.get<std::optional<std::int64_t>>(1))
                one.leaf_index = static_cast<std::uint64_t>(*leaf);
            one.problem = rows.get<std::optional<std::string>>(2).value_or("");
        }
    }
    return out;
}

std::vector<Disposal> by_ids(store::Reader& reader, store::Rows rows) {
    std::vector<std::int64_t> ids;
    while (rows.next()) ids.push_back(rows.integer(0));
    std::vector<Disposal> out;
    for (const std::int64_t id : ids) {
        if (auto found = disposals::find(reader, id)) out.push_back(std::move(*found));
    }
    return out;
}

}  // namespace

std::string_view name_of(DisposalState state) noexcept {
    return state_names[static_cast<std::size_t>(state)];
}

crypto::Digest content_of(const Disposal& disposal) {
    std::string listed = disposal.retention_class + "\n";
    for (const DisposalDay& one : disposal.days) listed += one.day + " " + one.content.hex() + "\n";
    return crypto::sha256(view_of(listed));
}

namespace disposals {

const store::Versioned& table() {
    static const store::Versioned described(
        "disposal", "disposal",
        {"retention_class", "state", "days", "content", "rule", "requested_by", "requested_ns",
         "reason", "decided_by", "decided_ns", "note", "finished_ns"});
    return described;
}

Result<Disposal> add(store::Transaction& tx, Disposal disposal) {
    disposal.state = DisposalState::requested;
    disposal.requested_ns = tx.clock().wall_ns();
    const Result<std::int64_t> key =
        table().add(tx, values_of(disposal),
                    {disposal.requested_by, "retention.disposal_requested", detail_of(disposal)});
    if (!key) return fail(key.error());
    return *find(tx, *key);
}

Result<Disposal> change(store::Transaction& tx, Disposal disposal, const std::string& actor) {
    const std::string action = "retention.disposal_" + std::string(name_of(disposal.state));
    const Result<std::int64_t> version =
        table().change(tx, disposal.id, disposal.version, values_of(disposal),
                       {actor, action, detail_of(disposal)});
    if (!version) return fail(version.error());
    return *find(tx, disposal.id);
}

std::optional<Disposal> find(store::Reader& reader, std::int64_t id) {
    const std::optional<store::Version> version = table().current(reader, id);
    if (!version) return std::nullopt;
    return disposal_of(reader, *version);
}

std::vector<Disposal> list(store::Reader& reader, std::int64_t before_id, std::size_t count_max) {
    const std::int64_t before =
        before_id > 0 ? before_id : std::numeric_limits<std::int64_t>::max();
    return by_ids(reader, reader.query("SELECT id FROM disposal WHERE id < $1 ORDER BY id DESC "
                                       "LIMIT $2",
                                       before, count_max));
}

std::vector<Disposal> open(store::Reader& reader) {
    return by_ids(reader, reader.query("SELECT id FROM disposal WHERE state IN ('requested', "
                                       "'approved') ORDER BY id"));
}

Status note_outcome(store::Transaction& tx, std::int64_t id, const DisposalDay& day) {
    tx.no_evidence("the RETIRE leaf says it");
    const std::optional<std::string> problem =
        day.problem.empty() ? std::nullopt : std::optional(day.problem);
    const Result<std::int64_t> changed = tx.run(
        "INSERT INTO disposal_outcome (disposal_id, day, leaf_index, problem) VALUES ($1, $2, $3, "
        "$4)",
        id, day.day, day.leaf_index, problem);
    if (!changed) return fail(changed.error());
    return {};
}

}  // namespace disposals
}  // namespace daicho::app::node
