#include "app/node/retention/hold.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::app::node {
namespace {

/// A file that was begun on a day is closed minutes after its end.
constexpr std::int64_t file_overlap_ns = hour_ns;

calendar::Date day_of(const std::string& text) {
    const auto day = calendar::parse_date(text);
    if (!day) throw Fault("database: a day of a legal hold that is none");
    return *day;
}

std::vector<store::Value> values_of(const LegalHold& hold) {
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? store::Value() : store::Value(text);
    };
    return {calendar::to_text(hold.first_day),
            calendar::to_text(hold.last_day),
            hold.reason,
            hold.placed_by,
            hold.placed_ns,
            text_or_null(hold.released_by),
            hold.released_ns == 0 ? store::Value() : store::Value(hold.released_ns),
            text_or_null(hold.release_reason)};
}

LegalHold hold_of(const store::Version& version) {
    const auto text = [&](std::size_t column) {
        const auto* value = std::get_if<std::string>(&version.values[column]);
        return value == nullptr ? std::string() : *value;
    };
    const auto time = [&](std::size_t column) {
        const auto* value = std::get_if<std::int64_t>(&version.values[column]);
        return value == nullptr ? 0 : *value;
    };
    return {version.key, version.version, day_of(text(0)), day_of(text(1)), text(2),
            text(3),     time(4),         text(5),         time(6),         text(7)};
}

/// Public: which days; no word of a person.
std::string detail_of(const LegalHold& hold) {
    return nlohmann::json{{"first_day", calendar::to_text(hold.first_day)},
                          {"last_day", calendar::to_text(hold.last_day)}}
        .dump();
}

Status check_reason(const std::string& reason) {
    const bool blank = std::ranges::all_of(reason, [](char c) { return c == ' '; });
    if (!blank && reason.size() <= hold_reason_bytes_max && is_utf8(reason)) return {};
    return refuse(Errc::invalid, "cli.bad_reason", "no reason, or too long a one",
                  {{"bytes", std::to_string(hold_reason_bytes_max)}});
}

}  // namespace

const store::Versioned& Holds::table() {
    static const store::Versioned described(
        "legal_hold", "legal_hold",
        {"first_day", "last_day", "reason", "placed_by", "placed_ns", "released_by", "released_ns",
         "release_reason"});
    return described;
}

Result<LegalHold> Holds::place(const std::string& actor, const calendar::Date& first,
                               const calendar::Date& last, const std::string& reason) {
    const Status good = check_reason(reason);
    if (!good) return fail(good.error());
    if (last < first) return refuse(Errc::invalid, "cli.bad_period", "not a period");
    const auto stored = database_.write([&](store::Transaction& tx) -> Result<LegalHold> {
        LegalHold hold;
        hold.first_day = first;
        hold.last_day = last;
        hold.reason = reason;
        hold.placed_by = actor;
        hold.placed_ns = tx.clock().wall_ns();
        const Result<std::int64_t> key =
            table().add(tx, values_of(hold), {actor, "retention.hold_placed", detail_of(hold)});
        if (!key) return fail(key.error());
        return hold_of(*table().current(tx, *key));
    });
    if (!stored) return stored;
    const Status marked = mark();
    if (!marked) return fail(marked.error());
    const Status durable = pump_.flush();
    if (!durable) return fail(durable.error());
    return stored;
}

Result<LegalHold> Holds::release(const std::string& actor, std::int64_t id,
                                 const std::string& reason) {
    const Status good = check_reason(reason);
    if (!good) return fail(good.error());
    const std::vector<std::pair<std::string, std::string>> which{{"id", std::to_string(id)}};
    const auto stored = database_.write([&](store::Transaction& tx) -> Result<LegalHold> {
        const auto current = table().current(tx, id);
        if (!current)
            return refuse(Errc::not_found, "cli.no_such_hold", "there is no such hold", which);
        LegalHold hold = hold_of(*current);
        if (hold.released_ns != 0)
            return refuse(Errc::conflict, "cli.hold_released", "it was released before", which);
        hold.released_by = actor;
        hold.released_ns = tx.clock().wall_ns();
        hold.release_reason = reason;
        const Result<std::int64_t> version =
            table().change(tx, id, hold.version, values_of(hold),
                           {actor, "retention.hold_released", detail_of(hold)});
        if (!version) return fail(version.error());
        return hold_of(*table().current(tx, id));
    });
    if (!stored) return stored;
    // First the record of it, then the keys.
    const Status durable = pump_.flush();
    if (!durable) return fail(durable.error());
    const auto others = in_force();
    if (!others) return fail(others.error());
    for (const ledger::keep::RetentionUnit& unit : ledger::keep::retention_units(ledger_)) {
        const bool still = std::ranges::any_of(
            *others, [&](const LegalHold& other) { return covers(other, unit); });
        if (covers(*stored, unit) && !still)
            ledger_.keyring().set_hold(unit.retention_class, unit.day, false);
    }
    return stored;
}

Result<std::vector<LegalHold>> Holds::all() {
    return database_.read([](store::Reader& reader) -> Result<std::vector<LegalHold>> {
        std::vector<LegalHold> out;
        for (const store::Version& version : table().all(reader, "id DESC"))
            out.push_back(hold_of(version));
        return out;
    });
}

Result<std::vector<LegalHold>> Holds::in_force() {
    Result<std::vector<LegalHold>> out = all();
    if (out) std::erase_if(*out, [](const LegalHold& hold) { return hold.released_ns != 0; });
    return out;
}

bool Holds::covers(const LegalHold& hold, const ledger::keep::RetentionUnit& unit) const {
    const WallNs begins_ns = std::int64_t{calendar::days_of(day_of(unit.day))} * day_ns;
    const WallNs ends_ns = std::max(begins_ns + day_ns + file_overlap_ns, unit.last_event_ns + 1);
    const WallNs from_ns = zone_.instant(hold.first_day);
    const WallNs to_ns = zone_.instant(calendar::add_days(hold.last_day, 1));
    return begins_ns < to_ns && from_ns < ends_ns;
}

Status Holds::mark() {
    const auto holds = in_force();
    if (!holds) return fail(holds.error());
    if (holds->empty()) return {};
    for (const ledger::keep::RetentionUnit& unit : ledger::keep::retention_units(ledger_)) {
        if (unit.held) continue;
        for (const LegalHold& hold : *holds) {
            if (covers(hold, unit))
                ledger_.keyring().set_hold(unit.retention_class, unit.day, true);
        }
    }
    return {};
}

}  // namespace daicho::app::node
