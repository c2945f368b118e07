#include "app/node/fact_rules.hpp"

#include <nlohmann/json.hpp>

#include "evidence/assess/fact_store.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::int64_t number(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// Measurements that the node makes itself: facts with a key of their own.
constexpr std::string_view measurements[] = {"capacity.measured", "backlog.measured",
                                             "source.coverage", "source.clock"};

store::Fact fact(std::int64_t time, std::string_view kind, std::string subject, std::int64_t seq,
                 const json& detail) {
    store::Fact out;
    out.time_ns = time;
    out.kind = kind;
    out.subject = std::move(subject);
    out.seq = seq;
    out.detail = detail.dump();
    return out;
}

bool is_measurement(std::string_view action) {
    for (const std::string_view one : measurements) {
        if (one == action) return true;
    }
    return false;
}

/// Leaf positions and sequence numbers are two series: a fact of a leaf has no seq, but a key of
/// its own.
store::Fact leaf_fact(std::uint64_t leaf_index, const ledger::core::NoticeLeaf& leaf,
                      std::string_view kind, std::string subject, json detail) {
    detail["leaf_index"] = leaf_index;
    store::Fact out = fact(leaf.wall_ns, kind, std::move(subject), -1, detail);
    out.source_key = "leaf:" + std::to_string(leaf_index);
    return out;
}

std::string segment_subject(const std::string& file) {
    return "segment:" + file.substr(0, file.find('.'));
}

std::vector<store::Fact> of_export(std::uint64_t index, const ledger::core::NoticeLeaf& leaf,
                                   const json& facts) {
    std::vector<store::Fact> out;
    const json medium = facts.value("medium", json::object());
    const bool same_volume = medium.value("same_volume", true);
    const json files = facts.value("files", json::array());
    // Every export reads everything back, also when nothing new had to be copied.
    out.push_back(
        leaf_fact(index, leaf, "export.checked", text(facts, "target"),
                  {{"files", files.size()}, {"read_back", facts.value("read_back", false)}}));
    for (const json& file : files) {
        out.push_back(leaf_fact(index, leaf, "export.completed",
                                segment_subject(text(file, "file")),
                                {{"bytes", number(file, "bytes")},
                                 {"digest", text(file, "digest")},
                                 {"read_back", facts.value("read_back", false)},
                                 {"target", text(facts, "target")},
                                 {"write_once", same_volume ? "no" : "declared"}}));
    }
    return out;
}

}  // namespace

std::vector<store::Fact> facts_of_event(std::uint64_t seq, std::string_view text_form) {
    const json event = json::parse(text_form, nullptr, false);
    if (!event.is_object()) return {};
    const std::string action = text(event, "action");
    const std::int64_t time = number(event, "time_ns");
    const auto position = static_cast<std::int64_t>(seq);
    const json detail = event.value("detail", json::object());
    if (is_measurement(action)) {
        store::Fact out = fact(time, action, text(event, "object"), position, detail);
        out.source_key = text(event, "key");
        return {out};
    }
    const auto derived = evidence::assess::fact_of_event(
        action, text(event, "actor"), text(event, "object"), detail.dump(), time, position);
    if (!derived) return {};
    return {*derived};
}

std::vector<store::Fact> facts_of_leaf(std::uint64_t leaf_index,
                                       const ledger::core::NoticeLeaf& leaf) {
    const json facts = json::parse(leaf.json, nullptr, false);
    if (!facts.is_object()) return {};
    switch (leaf.type) {
        case ledger::core::LeafType::seal:
            return {leaf_fact(leaf_index, leaf, "segment.sealed",
                              segment_subject(text(facts, "file")),
                              {{"class", text(facts, "class")},
                               {"events", number(facts, "events")},
                               {"first_seq", number(facts, "first_seq")},
                               {"last_seq", number(facts, "last_seq")},
                               {"first_ns", number(facts, "wall_first")},
                               {"last_ns", number(facts, "wall_last")}})};
        case ledger::core::LeafType::export_:
            return of_export(leaf_index, leaf, facts);
        case ledger::core::LeafType::retire:
            return {leaf_fact(leaf_index, leaf, "retire.done", text(facts, "class"),
                              {{"day", text(facts, "day")},
                               {"events", number(facts, "events")},
                               {"last_ns", number(facts, "last_ns")},
                               {"segments", facts.value("files", json::array()).size()},
                               {"approved_by", facts.value("approved_by", json::array())}})};
        case ledger::core::LeafType::gap: {
            const std::string source =
                text(facts, "source") == "daicho" ? "" : text(facts, "source");
            json detail{{"from_ns", leaf.wall_ns},
                        {"to_ns", leaf.wall_ns},
                        {"reason", text(facts, "reason")}};
            if (facts.contains("events")) detail["lost"] = number(facts, "events");
            return {leaf_fact(leaf_index, leaf, "gap.declared", source, detail)};
        }
        case ledger::core::LeafType::clock:
            return {leaf_fact(leaf_index, leaf, "clock.step", "",
                              {{"step_ns", number(facts, "step_ns")},
                               {"boot_changed", facts.value("boot_changed", false)}})};
        case ledger::core::LeafType::config:
            if (text(facts, "what") != "head_missing") return {};
            return {leaf_fact(leaf_index, leaf, "ledger.head_missing", "",
                              {{"tree_size", text(facts, "value")}})};
        case ledger::core::LeafType::read: {
            json detail = facts;
            detail["performer"] = text(facts, "actor");
            return {leaf_fact(leaf_index, leaf, "log.read", text(facts, "actor"), detail)};
        }
        default:
            return {};
    }
}

}  // namespace daicho::app::node
