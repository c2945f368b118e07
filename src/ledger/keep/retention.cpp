#include "ledger/keep/retention.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <span>

namespace daicho::ledger::keep {
namespace {

/// A leaf lists 64 KiB at most.
constexpr std::size_t files_per_leaf = 300;

using Sealed = std::shared_ptr<const read::SealedFile>;
using ByDay = std::map<std::pair<std::string, std::string>, std::vector<Sealed>>;

ByDay by_class_and_day(Ledger& ledger) {
    ByDay out;
    for (const Sealed& sealed : ledger.segments().files()) {
        const core::ClassKey& key = sealed->directory.header.key;
        out[{key.retention_class, key.day}].push_back(sealed);
    }
    return out;
}

std::uint64_t events_in(const read::SealedFile& sealed) {
    std::uint64_t events = 0;
    for (const core::SegmentBatch& batch : sealed.directory.footer.batches) events += batch.count;
    return events;
}

RetentionUnit unit_of(Ledger& ledger, const std::string& retention_class, const std::string& day,
                      const std::vector<Sealed>& files) {
    RetentionUnit unit;
    unit.retention_class = retention_class;
    unit.day = day;
    unit.held = ledger.keyring().held(retention_class, day);
    unit.open = ledger.segments().day_in_use(retention_class, day);
    std::string listed = retention_class + "\n" + day + "\n";
    for (const Sealed& sealed : files) {
        unit.events += events_in(*sealed);
        unit.bytes += sealed->directory.file_bytes;
        unit.last_event_ns = std::max(unit.last_event_ns, sealed->info.wall_last_ns);
        unit.files.push_back(sealed->file);
        listed += sealed->file + " " + sealed->directory.digest.hex() + "\n";
    }
    unit.content = crypto::sha256(view_of(listed));
    return unit;
}

Status check_order(const Clock& clock, const RetireOrder& order, const RetentionUnit& unit) {
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
    if (unit.open) {
        return refuse(Errc::conflict, "ledger.retire.not_sealed",
                      "events of that day are not sealed yet");
    }
    return {};
}

Result<std::uint64_t> record(Ledger& ledger, const RetireOrder& order,
                             std::span<const Sealed> files) {
    nlohmann::json listed = nlohmann::json::array();
    std::uint64_t events = 0;
    WallNs last_ns = 0;
    for (const Sealed& sealed : files) {
        events += events_in(*sealed);
        last_ns = std::max(last_ns, sealed->info.wall_last_ns);
        listed.push_back({{"digest", sealed->directory.digest.hex()}, {"file", sealed->file}});
    }
    const nlohmann::json facts{{"approved_by", {order.requested_by, order.approved_by}},
                               {"class", order.retention_class},
                               {"day", order.day},
                               {"events", events},
                               {"files", listed},
                               {"last_ns", last_ns},
                               {"rule", order.rule}};
    return ledger.append_notice(core::LeafType::retire, facts.dump());
}

}  // namespace

std::vector<RetentionUnit> retention_units(Ledger& ledger) {
    ByDay files = by_class_and_day(ledger);
    std::vector<RetentionUnit> out;
    for (const std::string& name : ledger.options().commit.classes) {
        for (const std::string& day : ledger.keyring().kek_days(name))
            out.push_back(unit_of(ledger, name, day, files[{name, day}]));
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.day < b.day; });
    return out;
}

RetentionUnit retention_unit(Ledger& ledger, const std::string& retention_class,
                             const std::string& day) {
    return unit_of(ledger, retention_class, day, by_class_and_day(ledger)[{retention_class, day}]);
}

Result<std::uint64_t> retire(Ledger& ledger, const Clock& clock, const RetireOrder& order) {
    const std::vector<Sealed> files = by_class_and_day(ledger)[{order.retention_class, order.day}];
    const RetentionUnit unit = unit_of(ledger, order.retention_class, order.day, files);
    const Status allowed = check_order(clock, order, unit);
    if (!allowed) return fail(allowed.error());
    if (files.empty()) return fail(Errc::not_found, "there is nothing of that class and day");
    Result<std::uint64_t> leaf = fail(Errc::not_found, "");
    for (std::size_t at = 0; at < files.size(); at += files_per_leaf) {
        const std::size_t count = std::min(files_per_leaf, files.size() - at);
        leaf = record(ledger, order, std::span(files).subspan(at, count));
        if (!leaf) return fail(leaf.error());
    }
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
