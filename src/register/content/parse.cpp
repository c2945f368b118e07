// From JSON that fits its schema to the model. Nothing here can fail except on what a schema can't
// say, so fields are taken with at().
#include "base/calendar/timestamp.hpp"
#include "register/content/builder.hpp"

namespace daicho::register_ {
namespace {

using nlohmann::json;

std::string text(const json& from, const char* name) {
    return from.at(name).get<std::string>();
}
std::vector<std::string> texts(const json& from, const char* name) {
    return from.at(name).get<std::vector<std::string>>();
}
Bilingual both(const json& from) {
    return {text(from, "ja"), text(from, "en")};
}
Bilingual both(const json& from, const char* name) {
    return both(from.at(name));
}
calendar::Date date(const json& from, const char* name) {
    return calendar::parse_date(text(from, name)).value_or(calendar::Date{});
}
Period period(const json& from, const char* name) {
    return parse_period(text(from, name)).value_or(Period{});
}
WallNs instant(const std::string& written) {
    const auto time = calendar::parse_rfc3339(written);
    return time ? time->wall_ns : 0;
}
Quantity quantity(const json& value) {
    if (value.is_string()) return parse_period(value.get<std::string>()).value_or(Period{});
    return value.get<std::int64_t>();
}

class Taker {
public:
    Taker(ContentBuilder::State& state, const data::YamlDocument& document, const std::string& kind)
        : state_(state), document_(document), value_(document.value.at(kind)), at_("/" + kind) {}

    void regulation() {
        const std::string id = text(value_, "id");
        if (!state_.claim("regulation", id, document_, at_)) return;
        std::vector<std::string> clauses = std::move(state_.content.regulations[id].clauses);
        state_.content.regulations[id] = {id,
                                          text(value_, "number"),
                                          both(value_, "title"),
                                          both(value_, "about"),
                                          value_.at("complete").get<bool>(),
                                          std::move(clauses)};
    }

    void clauses() {
        const std::string regulation = text(value_, "regulation");
        std::size_t index = 0;
        for (const json& from : value_.at("list")) {
            const std::string id = text(from, "id");
            if (!state_.claim("clause", id, document_, at_ + "/list/" + std::to_string(index++)))
                continue;
            Clause clause{id,
                          regulation,
                          both(from, "section"),
                          both(from, "statement"),
                          text(from, "post"),
                          texts(from, "kinds"),
                          {}};
            for (const json& stated : from.at("parameters")) {
                clause.parameters.push_back({text(stated, "id"), quantity(stated.at("value"))});
            }
            state_.content.clauses.emplace(id, std::move(clause));
            state_.content.regulations[regulation].clauses.push_back(id);
        }
    }

    void parameters() {
        each("parameter", "id", [&](const std::string& id, const json& from) {
            Parameter parameter;
            parameter.id = id;
            parameter.title = both(from, "title");
            parameter.is_period = text(from, "type") == "duration";
            parameter.is_per_thousand = text(from, "type") == "per_thousand";
            parameter.direction =
                text(from, "direction") == "at_least" ? Direction::at_least : Direction::at_most;
            if (from.contains("default")) parameter.fallback = quantity(from.at("default"));
            if (from.contains("reason")) parameter.reason = both(from, "reason");
            state_.content.parameters.emplace(id, std::move(parameter));
        });
    }

    void posts() {
        each("post", "id", [&](const std::string& id, const json& from) {
            state_.content.posts.emplace(id, Post{id, both(from, "title"), texts(from, "aliases"),
                                                  text(from, "role"), both(from, "about")});
        });
    }

    void retention() {
        each("retention", "class", [&](const std::string& id, const json& from) {
            RetentionClass retained{id, both(from, "title"), {}};
            for (const json& part : from.at("periods")) {
                RetentionPeriod one{period(part, "period"), date(part, "valid_from"), std::nullopt,
                                    both(part, "source"), std::nullopt};
                if (part.contains("valid_to")) one.valid_to = date(part, "valid_to");
                if (part.contains("clause")) one.clause = text(part, "clause");
                retained.periods.push_back(std::move(one));
            }
            state_.content.retention.emplace(id, std::move(retained));
        });
    }

    void holidays() {
        const std::string id = text(value_, "calendar");
        if (!state_.claim("holidays", id, document_, at_)) return;
        HolidayTable table{id,
                           both(value_, "title"),
                           both(value_, "source"),
                           {date(value_, "known_from"), date(value_, "known_until")},
                           {}};
        for (const json& day : value_.at("days"))
            table.days.push_back({date(day, "date"), both(day)});
        state_.content.holidays.emplace(id, std::move(table));
    }

    void obligation() {
        const std::string id = text(value_, "id");
        if (!state_.claim("obligation", id, document_, at_)) return;
        Obligation duty{id,
                        both(value_, "title"),
                        both(value_, "about"),
                        texts(value_, "clauses"),
                        text(value_, "post"),
                        text(value_, "evidence"),
                        value_.at("covers_earlier").get<bool>(),
                        {},
                        {}};
        for (const json& from : value_.at("versions")) {
            const std::string adjust = text(from, "adjust");
            duty.versions.push_back(
                {date(from, "valid_from"), text(from, "rrule"), date(from, "anchor"),
                 adjust == "none"                    ? Adjust::none
                 : adjust == "previous_business_day" ? Adjust::previous_business_day
                                                     : Adjust::next_business_day,
                 period(from, "lead"), period(from, "warn_before"), period(from, "grace")});
        }
        for (const json& from : value_.at("checklist")) {
            duty.checklist.push_back({text(from, "id"), both(from, "title"), both(from, "ask"),
                                      both(from, "basis"), text(from, "panel")});
        }
        state_.content.obligations.emplace(id, std::move(duty));
    }

    void control() {
        const std::string id = text(value_, "id");
        if (!state_.claim("control", id, document_, at_)) return;
        Control control{id,
                        both(value_, "title"),
                        both(value_, "purpose"),
                        texts(value_, "clauses"),
                        text(value_, "post"),
                        texts(value_, "parameters"),
                        {},
                        both(value_, "failing"),
                        both(value_, "mend"),
                        {}};
        for (const json& from : value_.at("evidence")) {
            control.evidence.push_back({text(from, "check"), from});
        }
        for (const json& from : value_.at("examples")) control.examples.push_back(example(from));
        state_.content.controls.emplace(id, std::move(control));
    }

    void sentences() {
        const std::string language = text(value_, "language");
        for (const auto& [key, sentence] : value_.at("sentences").items()) {
            if (state_.claim("text", key + "." + language, document_,
                             at_ + "/sentences/" + data::pointer_token(key))) {
                state_.texts[key][language] = sentence.get<std::string>();
            }
        }
    }

private:
    template <typename Take>
    void each(const std::string& kind, const char* key, Take&& take) {
        std::size_t index = 0;
        for (const json& from : value_) {
            const std::string id = text(from, key);
            if (state_.claim(kind, id, document_, at_ + "/" + std::to_string(index++)))
                take(id, from);
        }
    }

    static Example example(const json& from) {
        Example out{text(from, "title"), instant(text(from, "as_of")), json::array(),
                    text(from, "expect")};
        for (const json& fact : from.at("facts")) {
            json detail = fact.at("detail");
            for (auto& [name, part] : detail.items()) {
                // Nanoseconds are not for reading: a time may be written as text.
                if (name.ends_with("_ns") && part.is_string())
                    part = instant(part.get<std::string>());
            }
            out.facts.push_back({{"kind", fact.at("kind")},
                                 {"subject", fact.at("subject")},
                                 {"time_ns", instant(text(fact, "time"))},
                                 {"seq", fact.at("seq")},
                                 {"detail", std::move(detail)}});
        }
        return out;
    }

    ContentBuilder::State& state_;
    const data::YamlDocument& document_;
    const json& value_;
    std::string at_;
};

}  // namespace

void take_document(ContentBuilder::State& state, const data::YamlDocument& document,
                   const std::string& kind) {
    static const std::map<std::string, void (Taker::*)()> takers = {
        {"regulation", &Taker::regulation}, {"clauses", &Taker::clauses},
        {"parameters", &Taker::parameters}, {"posts", &Taker::posts},
        {"retention", &Taker::retention},   {"holidays", &Taker::holidays},
        {"obligation", &Taker::obligation}, {"control", &Taker::control},
        {"texts", &Taker::sentences},
    };
    const auto found = takers.find(kind);
    if (found == takers.end()) {
        return state.mistake(
            document.message("", "the schema describes '" + kind + "', but nothing reads it"));
    }
    Taker taker(state, document, kind);
    (taker.*(found->second))();
}

}  // namespace daicho::register_
