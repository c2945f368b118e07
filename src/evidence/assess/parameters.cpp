#include "evidence/assess/parameters.hpp"

#include <algorithm>

namespace daicho::evidence::assess {
namespace {

using register_::Content;
using register_::Direction;
using register_::Period;
using register_::Quantity;

std::int64_t size_of(const Quantity& value) {
    if (const Period* period = std::get_if<Period>(&value)) return period->mean_seconds();
    return std::get<std::int64_t>(value);
}

}  // namespace

std::set<std::string> adopted(const Content& content, const FactBook& book) {
    std::set<std::string> out;
    const auto acts = book.newest_by_subject("regulation.adopted");
    for (const auto& [id, regulation] : content.regulations) {
        const auto act = acts.find(id);
        if (acts.empty()) {
            out.insert(id);
        } else if (act != acts.end()) {
            const auto until = act->second->number("until_ns");
            if (!until || book.as_of() < *until) out.insert(id);
        }
    }
    return out;
}

std::map<std::string, Effective> effective_parameters(const Content& content,
                                                      const std::set<std::string>& regulations) {
    std::map<std::string, Effective> out;
    for (const auto& [id, clause] : content.clauses) {
        if (!regulations.contains(clause.regulation)) continue;
        for (const auto& stated : clause.parameters)
            out[stated.id].stated.push_back({id, stated.value});
    }
    for (const auto& [id, parameter] : content.parameters) {
        if (!out.contains(id) && parameter.fallback) out[id].value = *parameter.fallback;
    }
    for (auto& [id, effective] : out) {
        effective.parameter = id;
        if (effective.stated.empty()) continue;
        const bool larger_first = content.parameters.at(id).direction == Direction::at_least;
        std::stable_sort(effective.stated.begin(), effective.stated.end(),
                         [&](const Stated& a, const Stated& b) {
                             return larger_first ? size_of(a.value) > size_of(b.value)
                                                 : size_of(a.value) < size_of(b.value);
                         });
        effective.value = effective.stated.front().value;
        effective.source = effective.stated.front().clause;
    }
    return out;
}

std::string percent_text(std::int64_t per_thousand) {
    return std::to_string(per_thousand / 10) + "." + std::to_string(per_thousand % 10) + " %";
}

std::string shown(const register_::Parameter& parameter, const Quantity& value) {
    const std::int64_t* number = std::get_if<std::int64_t>(&value);
    return parameter.is_per_thousand && number != nullptr ? percent_text(*number) : to_text(value);
}

std::string to_text(const Quantity& value) {
    if (const Period* period = std::get_if<Period>(&value)) return register_::to_text(*period);
    return std::to_string(std::get<std::int64_t>(value));
}

}  // namespace daicho::evidence::assess
