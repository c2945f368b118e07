#include "ledger/keep/retention.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace daicho::ledger::keep {
namespace {

RetentionUnit unit_of(Ledger& ledger, const std::string& retention_class, const std::string& day) {
    RetentionUnit unit{retention_class, day, 0, 0, {}, ledger.keyring().held(retention_class, day)};
    for (const auto& sealed : ledger.segments().files()) {
        const core::ClassKey& key = sealed->directory.header.key;
        if (key.retention_class != retention_class || key.day != day) continue;
        for (const core::SegmentBatch& batch : sealed->directory.footer.batches)
            unit.events += batch.count;
        unit.last_event_ns = std::max(unit.last_event_ns, sealed->info.wall_last_ns);
        unit.files.push_back(sealed->file);
    }
    return unit;
}

Status check_order(Ledger& ledger, const Clock& clock, const RetireOrder& order,
                   const RetentionUnit& unit) {
    if (order.requested_by.empty() || order.approved_by.empty() ||
        order.requested_by == order.approved_by) {
        return refuse(Errc::denied, "ledger.retire.two_people",
                      "destroying needs the approval of a second person");
    }
    if (unit.held)
        return refuse(Errc::denied, "ledger.retire.held", "these events are under a legal hold");
    if (unit.last_event_ns + order.retention_ns > clock.wall_ns()) {
        return refuse(Errc::denied, "ledger.retire.too_early", "these events must still be kept");
    }
    // The key of a day also opens the WAL files made on that day: they must be sealed first.
    if (ledger.segments().day_in_use(order.retention_class, order.day)) {
        return refuse(Errc::conflict, "ledger.retire.not_sealed",
                      "events of that day are not sealed yet");
    }
    return {};
}

Result<std::uint64_t> record(Ledger& ledger, const RetireOrder& order, const RetentionUnit& unit) {
    nlohmann::json files = nlohmann::json::array();
    for (const auto& sealed : ledger.segments().files()) {
        if (std::find(unit.files.begin(), unit.files.end(), sealed->file) == unit.files.end())
            continue;
        files.push_back({{"digest", sealed->directory.digest.hex()}, {"file", sealed->file}});
    }
    const nlohmann::json facts{{"approved_by", {order.requested_by, order.approved_by}},
                               {"class", order.retention_class},
                               {"day", order.day},
                               {"events", unit.events},
                               {"files", files},
                               {"rule", order.rule}};
    return ledger.append_notice(core::LeafType::retire, facts.dump());
}

}  // namespace

std::vector<RetentionUnit> retention_units(Ledger& ledger) {
    std::vector<RetentionUnit> out;
    for (const std::string& name : ledger.options().commit.classes) {
        for (const std::string& day : ledger.keyring().kek_days(name))
            out.push_back(unit_of(ledger, name, day));
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.day < b.day; });
    return out;
}

Result<std::uint64_t> retire(Ledger& ledger, const Clock& clock, const RetireOrder& order) {
    const RetentionUnit unit = unit_of(ledger, order.retention_class, order.day);
    const Status allowed = check_order(ledger, clock, order, unit);
    if (!allowed) return fail(allowed.error());
    if (unit.files.empty()) return fail(Errc::not_found, "there is nothing of that class and day");
    const Result<std::uint64_t> leaf = record(ledger, order, unit);
    if (!leaf) return fail(leaf.error());
    const Status published = ledger.wait_published(*leaf);
    if (!published) return fail(published.error());
    const Status destroyed = ledger.keyring().destroy_kek(order.retention_class, order.day);
    if (!destroyed && destroyed.error().code != Errc::not_found) return fail(destroyed.error());
    for (const std::string& file : unit.files) {
        ledger.segments().retire(file);
        ledger.files().remove(ledger.ledger_directory() + "/segment/" + file);
        const std::string index =
            read::index_path(ledger.options().data_directory + "/index", file);
        if (ledger.files().exists(index)) ledger.files().remove(index);
    }
    ledger.files().sync_directory(ledger.ledger_directory() + "/segment");
    return leaf;
}

}  // namespace daicho::ledger::keep
