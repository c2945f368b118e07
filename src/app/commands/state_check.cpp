#include "app/commands/state_check.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>
#include <unordered_set>

#include "access/account.hpp"
#include "access/delegation.hpp"
#include "access/organisation.hpp"
#include "app/commands/state_rest.hpp"
#include "app/node/fact_rules.hpp"
#include "app/node/pump.hpp"
#include "app/node/retention/disposal.hpp"
#include "app/node/retention/hold.hpp"
#include "app/node/schema.hpp"
#include "app/node/state_guard.hpp"
#include "register/obligation/completion.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;
using verify::StateProblem;
using verify::StateReport;

constexpr std::array<const char*, 7> fields{"action", "actor",   "detail", "digest",
                                            "object", "time_ns", "version"};
constexpr std::size_t rows_per_page = 2'000;
constexpr std::int64_t read_ms_max = 600'000;
/// A running daicho stores the facts of an event a moment after the event is durable.
constexpr int attempts_max = 4;
constexpr std::chrono::milliseconds settle{400};

std::string field_text(const json& event, const char* name) {
    if (!event.is_object()) return {};
    const auto found = event.find(name);
    return found == event.end() ? std::string() : found->dump();
}

std::string key_of(const store::Fact& fact) {
    const std::string own =
        fact.source_key.empty() ? "seq:" + std::to_string(fact.seq) : fact.source_key;
    return fact.kind + '\0' + fact.subject + '\0' + own;
}

crypto::Digest form_of(const store::Fact& fact) {
    const std::string text =
        std::to_string(fact.time_ns) + ' ' + std::to_string(fact.seq) + ' ' + fact.detail;
    return crypto::sha256(view_of(text));
}

std::string name_of(const store::Fact& fact) {
    return "fact:" + std::to_string(fact.id) + " " + fact.kind;
}

std::int64_t number_of(store::Reader& reader, std::string_view sql) {
    store::Rows rows = reader.query(sql);
    check(rows.next(), "an aggregate gives one row");
    return rows.integer(0);
}

}  // namespace

std::vector<const store::Versioned*> versioned_tables() {
    return {&access::organisations::table(),
            &access::accounts::table(),
            &access::delegations::table(),
            &register_::review_table(),
            &register_::completion_table(),
            &node::source_table(),
            &node::setting_table(),
            &node::disposals::table(),
            &node::Holds::table()};
}

Status StateAgainstLedger::begin(const std::string& path) {
    store::DatabaseOptions options;
    options.create = false;
    options.readers_max = 1;
    options.read_ms_max = read_ms_max;
    Result<std::unique_ptr<store::Database>> database =
        store::Database::open(path + "/state.db", clock_, options);
    if (!database) return fail(database.error());
    database_ = std::move(*database);
    return database_->read([this](store::Reader& reader) -> Status {
        delivered_ = number_of(
            reader, "SELECT COALESCE(MAX(id), 0) FROM outbox WHERE ledger_seq IS NOT NULL");
        facts_then_ = number_of(reader, "SELECT COALESCE(MAX(id), 0) FROM fact");
        return {};
    });
}

void StateAgainstLedger::restart() {
    told_.clear();
    given_.clear();
    given_up_.clear();
    destroyed_.clear();
}

StateAgainstLedger::Told StateAgainstLedger::told_of(const std::string& text) {
    const json event = json::parse(text, nullptr, false);
    Told out;
    std::string whole;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string value = field_text(event, fields[i]);
        out.fields[i] = std::hash<std::string>()(value);
        whole += value + '\0';
    }
    out.whole = crypto::sha256(view_of(whole));
    out.object = field_text(event, "object") + " version " + field_text(event, "version");
    return out;
}

void StateAgainstLedger::event(std::uint64_t seq, std::string_view source, ByteView raw) {
    if (source != "daicho") return;
    const std::string text(text_of(raw));
    const json event = json::parse(text, nullptr, false);
    if (!event.is_object()) return;
    const auto outbox = event.find("outbox");
    std::int64_t id = 0;
    if (outbox != event.end() && outbox->is_number_integer()) {
        id = outbox->get<std::int64_t>();
        std::vector<Told>& all = told_[id];
        if (std::ranges::find(all, seq, &Told::seq) != all.end()) return;
        all.push_back(told_of(text));
        all.back().seq = seq;
    }
    if (const auto ids = node::given_up_by(event)) given_up_.push_back(*ids);
    for (const store::Fact& fact : node::facts_of_event(seq, text)) give(fact, id, 0);
}

void StateAgainstLedger::notice(std::uint64_t leaf_index, const ledger::core::NoticeLeaf& leaf) {
    for (const store::Fact& fact : node::facts_of_leaf(leaf_index, leaf))
        give(fact, 0, leaf_index + 1);
}

void StateAgainstLedger::destroyed(ledger::core::verify::SeqRange range) {
    destroyed_.push_back(range);
}

void StateAgainstLedger::give(const store::Fact& fact, std::int64_t outbox, std::uint64_t leaf) {
    Given& given = given_[key_of(fact)];
    given.forms.push_back(form_of(fact));
    given.outbox = outbox;
    given.leaf = leaf;
}

bool StateAgainstLedger::is_destroyed(std::int64_t seq) const {
    if (seq < 0) return false;
    const auto place = static_cast<std::uint64_t>(seq);
    return std::ranges::any_of(destroyed_, [place](const auto& range) {
        return place >= range.first && place <= range.last;
    });
}

Result<StateReport> StateAgainstLedger::finish() {
    for (int attempt = 1;; ++attempt) {
        StateReport report;
        const Status read = database_->read([&](store::Reader& reader) -> Status {
            compare(reader, report);
            return {};
        });
        if (!read) return fail(read.error());
        if (report.passed() || attempt == attempts_max) return report;
        std::this_thread::sleep_for(settle);
    }
}

void StateAgainstLedger::compare(store::Reader& reader, StateReport& report) const {
    try {
        compare_records(reader, report);
        compare_rows(reader, report);
        compare_facts(reader, report);
        compare_schema(reader, report);
        compare_sessions(reader, report);
        report.not_compared.assign(tables_not_compared.begin(), tables_not_compared.end());
    } catch (const Fault& fault) {
        report.add({StateProblem::unreadable, "state.db", fault.what()});
    }
}

void StateAgainstLedger::compare_records(store::Reader& reader, StateReport& report) const {
    std::unordered_set<std::int64_t> here;
    std::unordered_set<std::string> kinds;
    for (const store::Versioned* table : versioned_tables()) kinds.insert(table->object());
    std::int64_t after = 0;
    while (true) {
        const std::vector<store::OutboxKept> rows =
            store::outbox_rows(reader, after, rows_per_page);
        if (rows.empty()) break;
        for (const store::OutboxKept& row : rows) {
            here.insert(row.id);
            compare_record(row, report);
            if (row.version > 0 && !kinds.contains(row.object.substr(0, row.object.find(':'))))
                report.add({StateProblem::row, row.object, {}, verify::no_table});
        }
        after = rows.back().id;
    }
    for (const auto& [id, told] : told_) {
        const bool given_up = std::ranges::any_of(
            given_up_, [id](const auto& ids) { return id > ids.first && id <= ids.second; });
        if (here.contains(id) || given_up) continue;
        report.add({StateProblem::evidence_gone, "outbox:" + std::to_string(id),
                    told.front().object + ", event " + std::to_string(told.front().seq)});
    }
}

void StateAgainstLedger::compare_record(const store::OutboxKept& row, StateReport& report) const {
    const std::string place = "outbox:" + std::to_string(row.id);
    const auto found = told_.find(row.id);
    if (found == told_.end()) {
        if (!row.ledger_seq) {
            ++report.pending;
        } else if (is_destroyed(*row.ledger_seq)) {
            ++report.destroyed;
        } else if (row.id > delivered_) {
            ++report.newer;
        } else {
            report.add({StateProblem::event_gone, place,
                        row.object + " version " + std::to_string(row.version) + ", event " +
                            std::to_string(*row.ledger_seq)});
        }
        return;
    }
    ++report.records;
    const Told expected = told_of(node::event_json(row));
    bool placed = !row.ledger_seq;
    for (const Told& told : found->second) {
        placed = placed || std::cmp_equal(told.seq, *row.ledger_seq);
        if (told.whole == expected.whole) continue;
        std::string detail = told.object + ", event " + std::to_string(told.seq) + ":";
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (told.fields[i] != expected.fields[i]) detail.append(" ").append(fields[i]);
        report.add({StateProblem::evidence, place, detail, verify::differs});
    }
    if (!placed && !is_destroyed(*row.ledger_seq))
        report.add({StateProblem::evidence, place, "event " + std::to_string(*row.ledger_seq),
                    verify::elsewhere});
}

void StateAgainstLedger::compare_rows(store::Reader& reader, StateReport& report) const {
    for (const store::Versioned* table : versioned_tables()) {
        for (const std::string& trouble : table->verify(reader))
            report.add(finding_of_row(trouble));
    }
}

void StateAgainstLedger::compare_facts(store::Reader& reader, StateReport& report) const {
    std::unordered_set<std::string> here;
    std::int64_t after = 0;
    while (true) {
        const std::vector<store::Fact> page = store::facts::page(reader, after, rows_per_page);
        if (page.empty()) break;
        for (const store::Fact& fact : page) {
            const std::string key = key_of(fact);
            here.insert(key);
            const auto found = given_.find(key);
            if (found == given_.end()) {
                if (is_destroyed(fact.seq)) {
                    ++report.destroyed;
                } else if (fact.id > facts_then_) {
                    ++report.newer;
                } else {
                    report.add({StateProblem::fact, name_of(fact), {}, verify::from_nothing});
                }
            } else if (std::ranges::find(found->second.forms, form_of(fact)) ==
                       found->second.forms.end()) {
                report.add({StateProblem::fact, name_of(fact), {}, verify::otherwise});
            } else {
                ++report.facts;
            }
        }
        after = page.back().id;
    }
    const Result<std::int64_t> leaves = node::position(reader, node::leaves_position);
    for (const auto& [key, given] : given_) {
        const bool not_yet =
            given.outbox > delivered_ || (leaves && std::cmp_greater(given.leaf, *leaves));
        if (here.contains(key) || not_yet) continue;
        const std::string kind = key.substr(0, key.find('\0'));
        report.add({StateProblem::fact_gone, kind,
                    given.leaf > 0 ? "leaf " + std::to_string(given.leaf - 1)
                                   : "outbox " + std::to_string(given.outbox)});
    }
}

}  // namespace daicho::app::commands
