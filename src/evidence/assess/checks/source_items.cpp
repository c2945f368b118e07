// Do the records of each source say what they must? Shares are taken over the accesses of the whole
// look-back, so that a quiet day does not decide.
#include <algorithm>

#include "evidence/assess/checks/sources.hpp"

namespace daicho::evidence::assess {
namespace {

/// Sums of the counts of all days; a day that does not state a count adds nothing.
struct Sums {
    std::map<std::string, std::int64_t> by_count;
    std::string first_day;

    void add(const std::string& day, const Fact& fact) {
        if (first_day.empty()) first_day = day;
        for (const auto& [name, value] : fact.detail.items()) {
            // Bounded, so that a year of sums can't overflow.
            if (value.is_number_integer())
                by_count[name] += std::clamp<std::int64_t>(value, 0, count_max);
        }
    }
    [[nodiscard]] std::int64_t of(const std::string& name) const {
        const auto found = by_count.find(name);
        return found == by_count.end() ? 0 : found->second;
    }
    static constexpr std::int64_t count_max = 1'000'000'000'000;  // events a day
};

void judge_shares(const Context& context, const nlohmann::json& arguments,
                  const std::string& source, const Sums& sums, Finding& finding) {
    const std::int64_t share = context.count(arguments, "share");
    const std::int64_t accesses = sums.of("access_events");
    for (const auto& item : arguments.at("items")) {
        const std::string name = item.get<std::string>();
        const std::int64_t per_thousand =
            std::min<std::int64_t>(1000, sums.of(name) * 1000 / accesses);
        if (per_thousand >= share) continue;
        finding.say(State::nonconformant, "assess.items.missing." + name,
                    {{"source", ParamType::source, source},
                     {"share", ParamType::text, percent_text(per_thousand)},
                     {"wanted", ParamType::text, percent_text(share)}});
        finding.needs(context.action("assess.items.configure", "sources",
                                     {{"source", ParamType::source, source}}));
    }
}

/// Nothing of a sort ever seen is not proof that it would be recorded.
void judge_seen(const Context& context, const nlohmann::json& arguments, const std::string& source,
                const Sums& sums, Finding& finding) {
    if (!arguments.contains("seen")) return;
    for (const auto& sort : arguments.at("seen")) {
        const std::string name = sort.get<std::string>();
        if (sums.of(name) > 0) continue;
        finding.say(State::insufficient, "assess.items.unseen." + name,
                    {{"source", ParamType::source, source}});
        finding.needs(context.action("assess.items.try." + name, "sources",
                                     {{"source", ParamType::source, source}}));
    }
}

}  // namespace

Finding source_items(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const WallNs since = context.ago(arguments.at("look_back").get<std::string>());
    const auto sources = sources_with(context, arguments.at("flag").get<std::string>(), finding);
    for (const RegisteredSource& source : sources) {
        Sums sums;
        for (const auto& [day, fact] : days_of(context, source.id, since)) {
            sums.add(day, *fact);
            finding.weigh(*fact);
        }
        if (sums.of("access_events") == 0) {
            finding.say(State::insufficient, "assess.items.no_access",
                        {{"source", ParamType::source, source.id}});
            finding.needs(context.action("assess.items.configure", "sources",
                                         {{"source", ParamType::source, source.id}}));
            continue;
        }
        judge_shares(context, arguments, source.id, sums, finding);
        judge_seen(context, arguments, source.id, sums, finding);
    }
    if (finding.state == State::conformant) {
        finding.say(State::conformant, "assess.items.complete",
                    {count_param("count", sources.size())});
    }
    return finding;
}

}  // namespace daicho::evidence::assess
