// Clocks of sources against ours. The median difference between the time a message states and the
// time it came: single messages are late for many reasons, half of them are not. If our own clock
// is not known to be right, nothing is known.
#include "evidence/assess/checks/sources.hpp"

namespace daicho::evidence::assess {
namespace {

bool own_clock_right(const Context& context, WallNs fresh, Finding& finding) {
    const Fact* own = context.book.newest("source.clock", own_source);
    if (own == nullptr || own->time_ns < fresh) {
        finding.say(State::insufficient, "assess.clock.own_unknown");
    } else {
        finding.weigh(*own, own->is_true("synchronised"));
        if (own->is_true("synchronised")) return true;
        finding.say(State::insufficient, "assess.clock.own_unsynchronised");
    }
    finding.needs(context.action("assess.clock.synchronise_own", "none"));
    return false;
}

void judge(const Context& context, const nlohmann::json& arguments, const std::string& source,
           const Fact& measured, Finding& finding) {
    const std::int64_t skew = *measured.number("skew_p50_ns");
    const std::int64_t tolerance_ns =
        context.period(arguments, "tolerance").mean_seconds() * second_ns;
    const bool right = -tolerance_ns <= skew && skew <= tolerance_ns;
    finding.weigh(measured, right);
    const std::vector<Param> params = {
        {"source", ParamType::source, source},
        {"skew_ms", ParamType::count, std::to_string(skew / 1'000'000)},
        period_param("tolerance", context.period(arguments, "tolerance"))};
    if (right) {
        finding.say(State::conformant, "assess.clock.right", params);
    } else {
        finding.say(State::nonconformant, "assess.clock.wrong", params);
        finding.needs(context.action("assess.clock.synchronise", "sources",
                                     {{"source", ParamType::source, source}}));
    }
}

}  // namespace

Finding clocks(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const WallNs fresh = context.ago(arguments.at("fresh").get<std::string>());
    const auto sources = sources_with(context, arguments.at("flag").get<std::string>(), finding);
    if (arguments.at("own_clock").get<bool>() && !own_clock_right(context, fresh, finding))
        return finding;
    for (const RegisteredSource& source : sources) {
        const Fact* measured = context.book.newest("source.clock", source.id);
        const bool known = measured != nullptr && measured->time_ns >= fresh &&
                           measured->number("samples").value_or(0) > 0 &&
                           measured->number("skew_p50_ns");
        if (known) {
            judge(context, arguments, source.id, *measured, finding);
        } else {
            finding.say(State::insufficient, "assess.clock.unknown",
                        {{"source", ParamType::source, source.id}});
            finding.needs(context.action("assess.clock.send_time", "sources",
                                         {{"source", ParamType::source, source.id}}));
        }
    }
    return finding;
}

}  // namespace daicho::evidence::assess
