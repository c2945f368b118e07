// Room for a flood: the usual peak rate times a factor, for a time.
#include <algorithm>

#include "evidence/assess/checks/check.hpp"

namespace daicho::evidence::assess {
namespace {

/// Half as much again as is demanded: below that somebody should act before it is too late.
constexpr std::int64_t margin_percent = 150;
/// A century: more says nothing, and percentages of it fit.
constexpr std::int64_t holds_s_max = std::int64_t{36'525} * 86'400;

/// "6 years" rather than 58919 hours, 20 minutes and 26 seconds: rounded down to what matters.
register_::Period rounded(std::int64_t seconds) {
    constexpr std::int64_t hour_s = 3'600;
    constexpr std::int64_t day_s = 24 * hour_s;
    constexpr std::int32_t year_days = 365;  // a few years are a day or two too long, not more
    const auto days = static_cast<std::int32_t>(std::min(seconds, holds_s_max) / day_s);
    if (days >= 2 * year_days) return {days / year_days * 12, 0, 0};
    if (days >= 14) return {0, days, 0};
    if (days >= 2) return {0, days, seconds % day_s / hour_s * hour_s};
    return {0, 0, seconds};
}

void judge(const Context& context, const nlohmann::json& arguments, const Fact& measured,
           Finding& finding) {
    const Param volume{"volume", ParamType::text, measured.subject};
    const auto free = measured.number("free_bytes");
    const auto reserve = measured.number("reserve_bytes");
    const auto rate = measured.number("rate_p99_bytes_per_s");
    if (!free || !reserve || !rate || *rate <= 0) {
        finding.say(State::insufficient, "assess.capacity.rate_unknown", {volume});
        return;
    }
    const std::int64_t factor = std::max<std::int64_t>(1, context.count(arguments, "factor"));
    const std::int64_t usable =
        std::max<std::int64_t>(0, *free - std::max<std::int64_t>(0, *reserve));
    // Two divisions instead of rate times factor: exact for whole numbers, and nothing can
    // overflow.
    const std::int64_t holds_s = std::min(usable / *rate / factor, holds_s_max);
    const std::int64_t wanted_s = context.period(arguments, "duration").mean_seconds();
    const std::vector<Param> params = {volume, period_param("holds", rounded(holds_s)),
                                       period_param("wanted", rounded(wanted_s)),
                                       count_param("factor", static_cast<std::size_t>(factor))};
    if (holds_s < wanted_s) {
        finding.say(State::nonconformant, "assess.capacity.short", params);
    } else if (holds_s * 100 < wanted_s * margin_percent) {
        finding.say(State::due_soon, "assess.capacity.tight", params);
    } else {
        finding.say(State::conformant, "assess.capacity.enough", params);
        return;
    }
    finding.needs(context.action("assess.capacity.enlarge", "ledger", {volume}));
}

}  // namespace

Finding capacity(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const auto volumes = context.book.newest_by_subject("capacity.measured");
    const WallNs fresh = context.ago(arguments.at("fresh").get<std::string>());
    if (volumes.empty()) {
        finding.say(State::insufficient, "assess.capacity.never");
        finding.needs(context.action("assess.capacity.see_jobs", "ledger"));
    }
    for (const auto& [volume, measured] : volumes) {
        finding.weigh(*measured);
        if (measured->time_ns < fresh) {
            finding.say(State::insufficient, "assess.capacity.old",
                        {context.instant("at", measured->time_ns)});
            finding.needs(context.action("assess.capacity.see_jobs", "ledger"));
        } else {
            judge(context, arguments, *measured, finding);
        }
    }
    return finding;
}

}  // namespace daicho::evidence::assess
