// Kept long enough, by setting and by deed, and readable to nobody else.
#include <algorithm>

#include "evidence/assess/checks/check.hpp"

namespace daicho::evidence::assess {
namespace {

/// In retention.set, beside the roles: whoever holds a delegation. That is checked act by act
/// elsewhere.
constexpr std::string_view delegate = "delegate";

void judge_setting(const Context& context, const nlohmann::json& arguments, const Fact& setting,
                   Finding& finding) {
    const register_::Period& wanted = context.period(arguments, "period");
    const auto set = register_::parse_period(setting.text("period"));
    if (!set) {
        finding.say(State::insufficient, "assess.retention.unknown");
    } else if (set->mean_seconds() < wanted.mean_seconds()) {
        finding.say(State::nonconformant, "assess.retention.short",
                    {period_param("set", *set), period_param("wanted", wanted)});
        finding.needs(context.action("assess.retention.lengthen", "settings",
                                     {period_param("wanted", wanted)}));
    } else {
        finding.say(State::conformant, "assess.retention.long_enough",
                    {period_param("set", *set), period_param("wanted", wanted)});
    }
}

void judge_readers(const Context& context, const nlohmann::json& arguments, const Fact& setting,
                   Finding& finding) {
    const std::set<std::string> roles =
        context.roles_of(arguments.at("readers").get<std::vector<std::string>>());
    const std::vector<std::string> readers = setting.list("readers");
    if (readers.empty()) {
        finding.say(State::insufficient, "assess.retention.readers_unknown");
        return;
    }
    for (const std::string& reader : readers) {
        if (reader == delegate || roles.contains(reader)) continue;
        finding.say(State::nonconformant, "assess.retention.reader",
                    {{"role", ParamType::text, reader}});
        finding.needs(context.action("assess.retention.restrict", "people"));
    }
}

void judge_destruction(const Context& context, const nlohmann::json& arguments,
                       const std::string& retention_class, Finding& finding) {
    const register_::Period& wanted = context.period(arguments, "period");
    for (const Fact& done : context.book.of("retire.done")) {
        if (done.subject != retention_class) continue;
        const auto last = done.number("last_ns");
        const bool early = !last || register_::add(context.zone, *last, wanted) > done.time_ns;
        finding.weigh(done, !early);
        if (!early) continue;
        finding.say(State::nonconformant, "assess.retention.destroyed_early",
                    {context.instant("at", done.time_ns), period_param("wanted", wanted)});
        finding.needs(context.action("assess.retention.report_loss", "none"));
    }
}

}  // namespace

Finding retained(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const std::string retention_class = arguments.at("class").get<std::string>();
    judge_destruction(context, arguments, retention_class, finding);
    const Fact* setting = context.book.newest("retention.set", retention_class);
    if (setting == nullptr) {
        finding.say(State::insufficient, "assess.retention.unknown");
        finding.needs(context.action("assess.retention.set", "settings"));
        return finding;
    }
    finding.weigh(*setting);
    judge_setting(context, arguments, *setting, finding);
    if (arguments.contains("readers")) judge_readers(context, arguments, *setting, finding);
    return finding;
}

}  // namespace daicho::evidence::assess
