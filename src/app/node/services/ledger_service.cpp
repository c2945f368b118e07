#include "app/node/services/ledger_service.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "app/api/reply.hpp"
#include "app/node/schema.hpp"
#include "app/node/services/ledger_damage.hpp"
#include "ledger/core/keys.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

constexpr const char* export_setting_name = "export_target";
constexpr std::size_t exports_per_page = 100;

json message(const std::string& key, json params = json::object()) {
    return {{"text_key", key}, {"params", std::move(params)}};
}

struct Span {
    std::string subject;
    WallNs first_ns = 0;
    std::uint64_t events = 0;
};

/// Segments that no write-once copy is recorded for.
std::vector<Span> not_exported(store::Reader& reader) {
    std::set<std::string> exported;
    const auto copies = facts_of_kind(reader, "export.completed");
    if (copies) {
        for (const store::Fact& copy : *copies) {
            const json detail = json::parse(copy.detail);
            if (detail.value("read_back", false) && detail.value("write_once", "no") != "no")
                exported.insert(copy.subject);
        }
    }
    std::vector<Span> out;
    const auto sealed = facts_of_kind(reader, "segment.sealed");
    if (!sealed) return out;
    for (const store::Fact& one : *sealed) {
        if (exported.contains(one.subject)) continue;
        const json detail = json::parse(one.detail);
        out.push_back({one.subject, detail.value("first_ns", one.time_ns),
                       detail.value("events", std::uint64_t{0})});
    }
    return out;
}

ExportSetting setting_of(const std::optional<store::Version>& version) {
    ExportSetting out;
    if (!version) return out;
    out.version = version->version;
    const json value = json::parse(std::get<std::string>(version->values[1]));
    out.directory = value.value("directory", std::string());
    out.allow_same_volume = value.value("allow_same_volume", false);
    return out;
}

std::string alarm_of(const std::optional<WallNs>& oldest, WallNs now) {
    const std::int64_t age = oldest ? now - *oldest : 0;
    if (age >= export_breach_ns) return "breach_24h";
    if (age >= export_critical_ns) return "critical_20h";
    if (age >= export_warning_ns) return "warning_12h";
    return "ok";
}

}  // namespace

Result<ExportSetting> LedgerUpkeep::export_setting() {
    return database_.read([](store::Reader& reader) -> Result<ExportSetting> {
        return setting_of(setting_table().current_where(reader, "name", export_setting_name));
    });
}

Status LedgerUpkeep::store_export_setting(const std::string& actor, const ExportSetting& setting) {
    const json value{{"allow_same_volume", setting.allow_same_volume},
                     {"directory", setting.directory}};
    const store::Change change{actor, "settings.export_target_changed", value.dump()};
    return database_.write([&](store::Transaction& tx) -> Status {
        const auto current = setting_table().current_where(tx, "name", export_setting_name);
        if (!current) {
            const auto key = setting_table().add(tx, {export_setting_name, value.dump()}, change);
            if (!key) return fail(key.error());
            return {};
        }
        const auto version = setting_table().change(tx, current->key, setting.version,
                                                    {export_setting_name, value.dump()}, change);
        if (!version) return fail(version.error());
        return {};
    });
}

Result<json> LedgerUpkeep::target_view(const ExportSetting& setting) {
    const auto checked =
        database_.read([&](store::Reader& reader) -> Result<std::optional<WallNs>> {
            const auto facts = facts_of_kind(reader, "export.checked", true);
            if (!facts) return fail(facts.error());
            for (const store::Fact& fact : *facts) {
                const bool read_back = json::parse(fact.detail).value("read_back", false);
                if (fact.subject == setting.directory && read_back)
                    return std::optional(fact.time_ns);
            }
            return std::optional<WallNs>();
        });
    if (!checked) return fail(checked.error());
    Files& files = ledger_.files();
    bool exists = false;
    bool same = false;
    try {
        exists = !setting.directory.empty() && files.exists(setting.directory);
        same = exists &&
               files.volume_of(setting.directory) == files.volume_of(ledger_.ledger_directory());
    } catch (const IoFault&) {
        exists = false;
    }
    return json{{"directory", setting.directory.empty() ? json(nullptr) : json(setting.directory)},
                {"same_volume", same},
                {"writable", exists},
                {"write_once_checked_at", api::time_or_null(*checked)},
                {"version", setting.version}};
}

Result<json> LedgerUpkeep::export_target() {
    const Result<ExportSetting> setting = export_setting();
    if (!setting) return fail(setting.error());
    return target_view(*setting);
}

Result<json> LedgerUpkeep::set_export_target(const access::Caller& by, const std::string& directory,
                                             std::int64_t version) {
    if (directory.empty() || directory[0] != '/' || directory.find('\0') != std::string::npos) {
        return refuse(Errc::invalid, "export.target_not_absolute",
                      "the target is an absolute path");
    }
    Files& files = ledger_.files();
    try {
        // Never made here: where a medium is not mounted, the folder would come into being on the
        // volume of the data's own machine.
        if (!files.exists(directory)) {
            return refuse(Errc::invalid, "export.target_missing", "the target does not exist",
                          {{"target", directory}});
        }
        if (files.volume_of(directory) == files.volume_of(ledger_.ledger_directory())) {
            return refuse(Errc::invalid, "export.same_volume",
                          "the target lies on the volume of the data", {{"target", directory}});
        }
    } catch (const IoFault& fault) {
        return refuse(Errc::invalid, "export.target_unusable", fault.what(),
                      {{"target", directory}});
    }
    const Status stored = store_export_setting(by.actor(), {version, directory, false});
    if (!stored) return fail(stored.error());
    return export_target();
}

Result<ledger::keep::ExportReport> LedgerUpkeep::export_now(
    Progress* progress, const std::optional<ledger::keep::ExportTarget>& once) {
    const Result<ExportSetting> setting = export_setting();
    if (!setting) return fail(setting.error());
    const ledger::keep::ExportTarget target =
        once.value_or(ledger::keep::ExportTarget{setting->directory, setting->allow_same_volume});
    if (target.directory.empty())
        return refuse(Errc::conflict, "export.no_target", "no export target is set");
    const Status flushed = pump_.flush();
    if (!flushed) return fail(flushed.error());
    Result<ledger::keep::ExportReport> report =
        ledger::keep::export_segments(ledger_, target, true, progress);
    if (!report) return report;
    const Status stored = pump_.flush();
    if (!stored) return fail(stored.error());
    const Status measured = measure_backlog();
    if (!measured) return fail(measured.error());
    return report;
}

Result<json> LedgerUpkeep::start_export(const access::Caller& by) {
    const Result<ExportSetting> setting = export_setting();
    if (!setting) return fail(setting.error());
    if (setting->directory.empty())
        return refuse(Errc::conflict, "export.no_target", "no export target is set");
    return jobs_.add(by.actor(), "export", true, [this](Progress& progress) -> Result<std::string> {
        const Result<ledger::keep::ExportReport> report = export_now(&progress);
        if (!report) return fail(report.error());
        return std::to_string(report->leaf_index);
    });
}

Result<Backlog> LedgerUpkeep::backlog() {
    Backlog out;
    const auto spans = database_.read(
        [](store::Reader& reader) -> Result<std::vector<Span>> { return not_exported(reader); });
    if (!spans) return fail(spans.error());
    const auto take = [&out](WallNs first) {
        out.oldest_ns = std::min(out.oldest_ns.value_or(first), first);
    };
    for (const Span& span : *spans) {
        out.events += span.events;
        take(span.first_ns);
    }
    for (const auto& wal : ledger_.segments().unsealed()) {
        for (const ledger::write::BatchRef& ref : wal->batches()) {
            out.events += ref.count;
            out.bytes += ref.raw_bytes;
            take(ref.wall_first_ns);
        }
    }
    return out;
}

std::uint64_t LedgerUpkeep::stored_bytes(const ledger::read::SealedFile& sealed) const {
    std::uint64_t bytes = sealed.directory.file_bytes;
    std::error_code none;
    const auto index = std::filesystem::file_size(
        ledger::read::index_path(ledger_.options().data_directory + "/index", sealed.file), none);
    return none ? bytes : bytes + index;
}

std::optional<std::int64_t> days_left(std::uint64_t free_bytes, std::uint64_t reserved_bytes,
                                      std::uint64_t grown_bytes, std::int64_t over_ns) noexcept {
    if (grown_bytes == 0 || over_ns < growth_window_ns_min) return std::nullopt;
    if (free_bytes <= reserved_bytes) return 0;
    const double per_day = static_cast<double>(grown_bytes) * static_cast<double>(day_ns) /
                           static_cast<double>(over_ns);
    const double days = static_cast<double>(free_bytes - reserved_bytes) / per_day;
    constexpr double days_max = 36'525;  // a hundred years: beyond, the figure says nothing more
    return static_cast<std::int64_t>(std::min(days, days_max));
}

json LedgerUpkeep::capacity_view(const ledger::write::CommitFigures& figures) {
    const WallNs now = clock_.wall_ns();
    std::uint64_t used = 0;
    std::uint64_t grown = 0;
    WallNs first_ns = now;
    for (const auto& file : ledger_.segments().files()) {
        const std::uint64_t bytes = stored_bytes(*file);
        used += bytes;
        first_ns = std::min(first_ns, file->info.wall_first_ns);
        if (file->info.wall_last_ns >= now - growth_window_ns) grown += bytes;
    }
    const std::uint64_t reserved = ledger_.options().commit.reserve_bytes;
    const std::optional<std::int64_t> days =
        days_left(figures.free_bytes, reserved, grown, std::min(now - first_ns, growth_window_ns));
    return {{"used_bytes", used},
            {"free_bytes", figures.free_bytes},
            {"reserved_bytes", reserved},
            {"low_water", figures.low_water},
            {"days_left", days ? json(*days) : json(nullptr)}};
}

Result<json> LedgerUpkeep::alarms() {
    const Result<Backlog> waiting = backlog();
    if (!waiting) return fail(waiting.error());
    const ledger::write::CommitFigures figures = ledger_.figures();
    const WallNs now = clock_.wall_ns();
    json out = json::array();
    const auto add = [&](const char* level, const std::string& key, WallNs since,
                         json params = json::object()) {
        out.push_back({{"level", level},
                       {"message", message(key, std::move(params))},
                       {"since", api::time_text(since)}});
    };
    const std::string age = alarm_of(waiting->oldest_ns, now);
    if (age == "breach_24h")
        add("breach", "ledger.alarm.export_24h", *waiting->oldest_ns + export_breach_ns);
    if (age == "critical_20h")
        add("critical", "ledger.alarm.export_20h", *waiting->oldest_ns + export_critical_ns);
    if (age == "warning_12h")
        add("warning", "ledger.alarm.export_12h", *waiting->oldest_ns + export_warning_ns);
    if (!figures.stopped.empty()) add("breach", "ledger.alarm.stopped", figures.last_commit_ns);
    if (figures.low_water) add("critical", "ledger.alarm.low_water", now);
    if (!ledger_.sealing_trouble().empty()) add("critical", "ledger.alarm.sealing", now);
    if (!pump_.trouble().empty()) add("critical", "ledger.alarm.evidence_waiting", now);
    const Result<json> damage = damage_alarms(ledger_, database_, now);
    if (!damage) return damage;
    out.insert(out.end(), damage->begin(), damage->end());
    return out;
}

Result<json> LedgerUpkeep::state() {
    const Result<Backlog> waiting = backlog();
    if (!waiting) return fail(waiting.error());
    Result<json> alarm_list = alarms();
    if (!alarm_list) return alarm_list;
    const ledger::write::CommitFigures figures = ledger_.figures();
    const ledger::core::TreeHead head = ledger_.published();
    struct Last {
        std::optional<WallNs> sealed_ns;
        std::optional<WallNs> exported_ns;
        std::optional<std::string> exported_seq;
    };
    const auto last = database_.read([](store::Reader& reader) -> Result<Last> {
        Last out;
        const auto sealed = facts_of_kind(reader, "segment.sealed");
        const auto copies = facts_of_kind(reader, "export.completed");
        if (!sealed || !copies) return fail(Errc::unavailable, "facts can't be read");
        std::map<std::string, std::uint64_t> last_seq;
        for (const store::Fact& one : *sealed) {
            out.sealed_ns = one.time_ns;
            last_seq[one.subject] = json::parse(one.detail).value("last_seq", std::uint64_t{0});
        }
        std::uint64_t newest = 0;
        for (const store::Fact& copy : *copies) {
            out.exported_ns = copy.time_ns;
            newest = std::max(newest, last_seq[copy.subject]);
            out.exported_seq = std::to_string(newest);
        }
        return out;
    });
    if (!last) return fail(last.error());
    json keys = json::array();
    const auto key_entry = [&](const char* kind, const std::string& id, const std::string& day,
                               bool expires) {
        const std::string created = day + "T00:00:00Z";
        keys.push_back({{"kind", kind},
                        {"id", id},
                        {"created_at", created},
                        {"expires_at", expires ? json(day + "T23:59:59Z") : json(nullptr)}});
    };
    for (const std::string& day : ledger_.keyring().day_keys())
        key_entry("signing", "day:" + day, day, true);
    return json{
        {"origin", ledger_.origin()},
        {"log_key", ledger_.log_key().format()},
        {"events", std::to_string(figures.next_seq)},
        {"tree_size", std::to_string(head.size)},
        {"root", head.root.hex()},
        {"checkpoint", ledger_.checkpoint_note()},
        {"checkpoint_at",
         api::time_text(figures.last_checkpoint_ns == 0 ? clock_.wall_ns()
                                                        : figures.last_checkpoint_ns)},
        {"last_sealed_at", api::time_or_null(last->sealed_ns)},
        {"last_exported_at", api::time_or_null(last->exported_ns)},
        {"last_exported_seq", last->exported_seq ? json(*last->exported_seq) : json(nullptr)},
        {"oldest_unexported_at", api::time_or_null(waiting->oldest_ns)},
        {"export_alarm", alarm_of(waiting->oldest_ns, clock_.wall_ns())},
        {"backlog", {{"events", waiting->events}, {"bytes", waiting->bytes}}},
        {"keys", keys},
        {"root_key",
         {{"place", "file_outside_data"}, {"warning", message("ledger.root_key_file")}}},
        {"capacity", capacity_view(figures)},
        {"alarms", *alarm_list}};
}

Result<json> LedgerUpkeep::exports(const std::string& cursor) {
    if (!cursor.empty())
        return refuse(Errc::invalid, "common.bad_cursor", "not a cursor of this list");
    const auto facts = database_.read(
        [](store::Reader& reader) { return facts_of_kind(reader, "export.completed", true); });
    if (!facts) return fail(facts.error());
    const auto sealed = database_.read(
        [](store::Reader& reader) { return facts_of_kind(reader, "segment.sealed"); });
    if (!sealed) return fail(sealed.error());
    std::map<std::string, json> segments;
    for (const store::Fact& one : *sealed) segments[one.subject] = json::parse(one.detail);
    json out = json::array();
    for (const store::Fact& copy : *facts) {
        if (out.size() == exports_per_page) break;
        const json detail = json::parse(copy.detail);
        const json& segment = segments[copy.subject];
        const json none = json::object();
        const json& known = segment.is_object() ? segment : none;
        out.push_back(
            {{"id", copy.subject + ":" + std::to_string(copy.id)},
             {"exported_at", api::time_text(copy.time_ns)},
             {"directory", detail.value("target", "")},
             {"first_seq", std::to_string(known.value("first_seq", std::uint64_t{0}))},
             {"last_seq", std::to_string(known.value("last_seq", std::uint64_t{0}))},
             {"bytes", detail.value("bytes", std::uint64_t{0})},
             {"digest", detail.value("digest", "")},
             {"read_back", detail.value("read_back", false)},
             {"leaf_index", std::to_string(detail.value("leaf_index", std::uint64_t{0}))}});
    }
    return json{{"exports", out}, {"next_cursor", nullptr}};
}

Status LedgerUpkeep::measure_capacity() {
    const ledger::write::CommitFigures figures = ledger_.figures();
    const WallNs now = clock_.wall_ns();
    const json detail{{"free_bytes", figures.free_bytes},
                      {"reserve_bytes", ledger_.options().commit.reserve_bytes},
                      {"rate_p99_bytes_per_s", ledger_.rate_p99_bytes_per_s()}};
    return pump_.measure("capacity.measured", "data", std::to_string(now / hour_ns), now,
                         detail.dump());
}

Status LedgerUpkeep::measure_backlog() {
    const Result<Backlog> waiting = backlog();
    if (!waiting) return fail(waiting.error());
    const WallNs now = clock_.wall_ns();
    json detail{{"events", waiting->events}};
    if (waiting->oldest_ns) detail["oldest_ns"] = *waiting->oldest_ns;
    return pump_.measure("backlog.measured", "", std::to_string(now), now, detail.dump());
}

}  // namespace daicho::app::node
