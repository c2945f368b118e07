// Is every day accounted for? A day on which a source sent nothing can't be told from a loss, until
// somebody says which.
#include <algorithm>

#include "evidence/assess/checks/sources.hpp"

namespace daicho::evidence::assess {
namespace {

/// Somebody stated that these hours are missing, and why.
bool declared(const Context& context, const std::string& source, WallNs from_ns, WallNs to_ns,
              Finding& finding) {
    for (const Fact& gap : context.book.of("gap.declared")) {
        if (!gap.subject.empty() && gap.subject != source) continue;
        const auto from = gap.number("from_ns");
        const auto to = gap.number("to_ns");
        if (!from || !to || *from > from_ns || *to < to_ns || gap.text("reason").empty()) continue;
        finding.weigh(gap);
        return true;
    }
    return false;
}

}  // namespace

Finding source_days(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const WallNs since = context.ago(arguments.at("look_back").get<std::string>());
    const auto sources = sources_with(context, arguments.at("flag").get<std::string>(), finding);
    const calendar::Date today = context.zone.date(context.as_of());
    std::optional<WallNs> kept_since;
    for (const RegisteredSource& source : sources) {
        kept_since = std::min(kept_since.value_or(source.since_ns), source.since_ns);
        // A day more, because the count of a day may have been brought up to date only just after
        // it began.
        const auto days = days_of(context, source.id, since - day_ns);
        std::size_t unknown = 0;
        std::string first;
        // The day of registration is not whole, and today is not over.
        calendar::Date day =
            calendar::add_days(context.zone.date(std::max(source.since_ns, since)), 1);
        for (; day < today; day = calendar::add_days(day, 1)) {
            const auto counted = days.find(calendar::to_text(day));
            if (counted != days.end() && counted->second->number("events").value_or(0) > 0) {
                finding.weigh(*counted->second);
                continue;
            }
            const WallNs begin = context.zone.instant(day);
            const WallNs end = context.zone.instant(calendar::add_days(day, 1));
            if (declared(context, source.id, begin, end, finding)) continue;
            if (unknown++ == 0) first = calendar::to_text(day);
        }
        if (unknown == 0) continue;
        finding.say(State::insufficient, "assess.days.unknown",
                    {{"source", ParamType::source, source.id},
                     count_param("count", unknown),
                     {"first", ParamType::day, first}});
        finding.needs(context.action("assess.days.declare", "sources",
                                     {{"source", ParamType::source, source.id}}));
    }
    if (finding.state == State::conformant && kept_since) {
        finding.say(State::conformant, "assess.days.complete", {context.day("since", *kept_since)});
    }
    return finding;
}

}  // namespace daicho::evidence::assess
