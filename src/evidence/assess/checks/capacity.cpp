// Room for a flood: the usual peak rate times a factor, for a time.
#include <algorithm>

#include "evidence/assess/checks/check.hpp"

namespace daicho::evidence::assess {
namespace {

/// Half as much again as is demanded: below that somebody should act before it is too late.
constexpr std::int64_t margin_percent = 150;
/// A century: more says nothing, and percentages of it fit.
constexpr std::int64_t holds_s_max = std::int64_t{36'525} * 86'400;

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
    const std::vector<Param> params = {volume, period_param("holds", {0, 0, holds_s}),
                                       period_param("wanted", {0, 0, wanted_s}),
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
