// What no file of content/ can tell alone: mentions without a target, figures of the wrong type,
// missing translations.
#include <algorithm>
#include <set>

#include "register/content/builder.hpp"

namespace daicho::register_ {
namespace {

using State = ContentBuilder::State;

void check_mentions(State& state) {
    for (const auto& [mention, message] : state.references) {
        if (!state.places.contains(mention.kind + ":" + mention.id)) state.mistake(message);
    }
}

bool fits(const Parameter& parameter, const Quantity& value) {
    return std::holds_alternative<Period>(value) == parameter.is_period;
}

void check_parameters(State& state) {
    for (const auto& [id, parameter] : state.content.parameters) {
        if (parameter.fallback && !fits(parameter, *parameter.fallback)) {
            state.mistake_at("parameter", id, "the default is not of the parameter's type");
        }
        if (parameter.fallback.has_value() != parameter.reason.has_value()) {
            state.mistake_at("parameter", id, "a default needs a reason, and a reason a default");
        }
    }
    for (const auto& [id, clause] : state.content.clauses) {
        std::set<std::string> seen;
        for (const StatedParameter& stated : clause.parameters) {
            const auto parameter = state.content.parameters.find(stated.id);
            if (parameter == state.content.parameters.end()) continue;  // told by check_mentions
            if (!fits(parameter->second, stated.value)) {
                state.mistake_at("clause", id,
                                 "'" + stated.id + "' is not of the parameter's type");
            }
            if (!seen.insert(stated.id).second) {
                state.mistake_at("clause", id, "'" + stated.id + "' is stated twice");
            }
        }
    }
}

/// A figure that an evidence query uses must be among the control's parameters, so that its screen
/// shows it.
void check_controls(State& state) {
    static const std::set<std::string> figures = {"interval", "share",    "period",   "within",
                                                  "factor",   "duration", "tolerance"};
    for (const auto& [id, control] : state.content.controls) {
        std::set<std::string> expected;
        for (const Example& example : control.examples) expected.insert(example.expect);
        for (const char* needed : {"conformant", "nonconformant", "insufficient"}) {
            if (!expected.contains(needed)) {
                state.mistake_at("control", id, std::string("examples: none expects ") + needed);
            }
        }
        for (const CheckSpec& spec : control.evidence) {
            for (const auto& [name, value] : spec.arguments.items()) {
                if (!figures.contains(name)) continue;
                const std::string figure = value.get<std::string>();
                const auto& listed = control.parameters;
                if (std::find(listed.begin(), listed.end(), figure) == listed.end()) {
                    state.mistake_at("control", id,
                                     "parameters: '" + figure + "' is used but not listed");
                }
            }
        }
    }
}

void check_obligations(State& state) {
    for (const auto& [id, duty] : state.content.obligations) {
        std::set<std::string> items;
        for (const ChecklistItem& item : duty.checklist) {
            if (!items.insert(item.id).second)
                state.mistake_at("obligation", id, "checklist: '" + item.id + "' twice");
        }
        for (std::size_t i = 1; i < duty.versions.size(); ++i) {
            if (duty.versions[i].valid_from <= duty.versions[i - 1].valid_from) {
                state.mistake_at("obligation", id, "versions: valid_from must grow");
            }
        }
    }
}

void check_dated_tables(State& state) {
    for (const auto& [id, table] : state.content.holidays) {
        std::set<calendar::Date> dates;
        for (const Holiday& day : table.days) {
            if (!table.known.contains(day.date) || !dates.insert(day.date).second) {
                state.mistake_at("holidays", id,
                                 "days: " + calendar::to_text(day.date) +
                                     " is outside the known range, or twice");
            }
        }
    }
    for (const auto& [id, retained] : state.content.retention) {
        for (std::size_t i = 0; i < retained.periods.size(); ++i) {
            const RetentionPeriod& part = retained.periods[i];
            const bool is_last = i + 1 == retained.periods.size();
            const bool ends_well = part.valid_to ? *part.valid_to >= part.valid_from : is_last;
            const bool follows = i == 0 || (retained.periods[i - 1].valid_to &&
                                            part.valid_from > *retained.periods[i - 1].valid_to);
            if (!ends_well || !follows) {
                state.mistake_at("retention", id,
                                 "periods: valid_from and valid_to must follow each other");
            }
        }
    }
}

std::set<std::string> placeholders(const std::string& sentence) {
    std::set<std::string> out;
    for (std::size_t open = sentence.find('{'); open != std::string::npos;
         open = sentence.find('{', open + 1)) {
        const std::size_t close = sentence.find('}', open);
        if (close != std::string::npos) out.insert(sentence.substr(open + 1, close - open - 1));
    }
    return out;
}

void check_texts(State& state) {
    for (const auto& [key, languages] : state.texts) {
        if (!languages.contains("ja") || !languages.contains("en")) {
            const std::string there = languages.begin()->first;
            state.mistake_at("text", key + "." + there,
                             "the sentence is missing in the other language");
            continue;
        }
        if (placeholders(languages.at("ja")) != placeholders(languages.at("en"))) {
            state.mistake_at("text", key + ".en", "the placeholders differ between ja and en");
        }
        state.content.texts[key] = {languages.at("ja"), languages.at("en")};
    }
}

}  // namespace

void check_whole(ContentBuilder::State& state) {
    check_mentions(state);
    check_parameters(state);
    check_controls(state);
    check_obligations(state);
    check_dated_tables(state);
    check_texts(state);
}

}  // namespace daicho::register_
