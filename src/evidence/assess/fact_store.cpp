#include "evidence/assess/fact_store.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "base/data/json.hpp"

namespace daicho::evidence::assess {
namespace {

using nlohmann::json;

/// Where the subject of a fact stands in the event.
enum class Subject { actor, object, field };

struct Kind {
    std::string_view name;
    int days;  // window; 0: all
    Subject subject = Subject::field;
    const char* field = "";  // of the event's detail; empty: not made from an event
};

// Look-backs of controls must fit the windows; a test compares them with content/.
constexpr std::array<Kind, 20> kinds = {{
    {"regulation.adopted", 0, Subject::field, "regulation"},
    {"review.completed", 0, Subject::field, "obligation"},
    {"log.read", 100, Subject::actor, ""},
    {"log.refused", 100, Subject::actor, ""},
    {"delegation.granted", 0, Subject::object, ""},
    {"delegation.revoked", 0, Subject::object, ""},
    {"retention.set", 0, Subject::field, "class"},
    {"retire.done", 0, Subject::field, "class"},
    {"gap.declared", 0, Subject::field, "source"},
    {"segment.sealed", 40, Subject::field, ""},
    {"export.completed", 40, Subject::field, ""},
    {"backlog.measured", 2, Subject::field, ""},
    {"capacity.measured", 2, Subject::field, ""},
    {"source.registered", 0, Subject::field, "source"},
    {"source.coverage", 40, Subject::field, ""},
    {"source.clock", 10, Subject::field, ""},
    {"exception.approved", 0, Subject::field, "clause"},
    {"exception.revoked", 0, Subject::field, "clause"},
    {"applicability.excluded", 0, Subject::field, "clause"},
    {"applicability.restored", 0, Subject::field, "clause"},
}};

const Kind* kind_named(std::string_view name) {
    for (const Kind& kind : kinds) {
        if (kind.name == name) return &kind;
    }
    return nullptr;
}

/// A refusal to read logs is recorded by the access room as any refusal.
bool is_refused_reading(std::string_view action, const json& detail) {
    const std::string permission =
        detail.value("permission", json("")).is_string() ? detail.value("permission", "") : "";
    return action == "access.refused" && (permission == "log.read" || permission == "log.review");
}

Result<json> object_of(std::string_view text) {
    Result<json> parsed = data::parse_json(text);
    if (parsed && !parsed->is_object()) return fail(Errc::invalid, "a detail that is no object");
    return parsed;
}

}  // namespace

std::optional<store::Fact> fact_of_event(std::string_view action, const std::string& actor,
                                         const std::string& object, std::string_view detail,
                                         WallNs time_ns, std::int64_t seq) {
    const Result<json> fields = object_of(detail);
    if (!fields) return std::nullopt;
    const Kind* kind = kind_named(is_refused_reading(action, *fields) ? "log.refused" : action);
    if (kind == nullptr) return std::nullopt;
    store::Fact out;
    out.time_ns = time_ns;
    out.kind = kind->name;
    out.seq = seq;
    out.detail = std::string(detail);
    if (kind->subject == Subject::actor) {
        out.subject = actor;
    } else if (kind->subject == Subject::object) {
        out.subject = object;
    } else {
        const auto field = fields->find(kind->field);
        if (*kind->field == '\0' || field == fields->end() || !field->is_string())
            return std::nullopt;
        out.subject = field->get<std::string>();
    }
    return out;
}

int window_days(std::string_view kind) noexcept {
    const Kind* found = kind_named(kind);
    return found == nullptr ? 0 : found->days;
}

Fact fact_of(const store::Fact& stored) {
    Fact out{stored.kind, stored.subject, stored.time_ns, stored.seq, -1, json::object()};
    if (Result<json> detail = object_of(stored.detail)) out.detail = std::move(*detail);
    if (const auto leaf = out.number("leaf_index")) out.leaf = *leaf;
    return out;
}

namespace {

/// A window is read in slices, so that the hourly facts of many sources stay under a query's limit:
/// 1,000 sources make 96,000 in four days.
constexpr std::int64_t slice_ns = 4 * day_ns;

/// Cumulative counts of a day: of those known by then, only the newest says anything. Their key is
/// the day and the hour.
bool is_daily(const store::Fact& fact) {
    return (fact.kind == "source.coverage" || fact.kind == "source.clock") &&
           fact.source_key.size() > 10;
}

class Loader {
public:
    explicit Loader(store::Reader& reader) : reader_(reader) {}

    Status load(const Kind& kind, WallNs asked) {
        // No fact is so old or so new, and its windows can be reckoned.
        constexpr WallNs reach = std::numeric_limits<WallNs>::max() - 1000 * day_ns;
        const WallNs as_of = std::clamp(asked, -reach, reach);
        if (kind.days == 0) return load(kind, std::nullopt, as_of + 1);
        for (WallNs from = as_of - kind.days * day_ns; from <= as_of; from += slice_ns) {
            const Status loaded = load(kind, from, std::min(from + slice_ns, as_of + 1));
            if (!loaded) return loaded;
        }
        return {};
    }

    std::vector<Fact> take() {
        for (const auto& [key, stored] : newest_) facts_.push_back(fact_of(stored));
        return std::move(facts_);
    }

private:
    Status load(const Kind& kind, std::optional<WallNs> from, WallNs before) {
        store::FactQuery query;
        query.kind = std::string(kind.name);
        query.from_ns = from;
        query.before_ns = before;
        auto found = store::facts::find(reader_, query);
        if (!found) return fail(found.error());
        for (store::Fact& stored : *found) {
            if (is_daily(stored)) {
                std::string key =
                    stored.kind + "\n" + stored.source_key.substr(0, 10) + "\n" + stored.subject;
                newest_.insert_or_assign(std::move(key), std::move(stored));  // they come by time
            } else {
                facts_.push_back(fact_of(stored));
            }
        }
        return {};
    }

    store::Reader& reader_;
    std::vector<Fact> facts_;
    std::map<std::string, store::Fact> newest_;
};

}  // namespace

Result<std::vector<Fact>> load_facts(store::Reader& reader, WallNs as_of) {
    Loader loader(reader);
    for (const Kind& kind : kinds) {
        const Status loaded = loader.load(kind, as_of);
        if (!loaded) return fail(loaded.error());
    }
    return loader.take();
}

}  // namespace daicho::evidence::assess
