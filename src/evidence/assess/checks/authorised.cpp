// Who read and analysed logs.
#include "evidence/assess/checks/check.hpp"
#include "evidence/assess/rights.hpp"

namespace daicho::evidence::assess {
namespace {

/// How many acts there were; those without the right are told.
std::size_t judge(const Context& context, const nlohmann::json& arguments, Finding& finding) {
    const Rights rights(context.book,
                        context.roles_of(arguments.at("posts").get<std::vector<std::string>>()));
    const WallNs since = context.ago(arguments.at("look_back").get<std::string>());
    std::size_t acts = 0;
    std::size_t strangers = 0;
    const Fact* newest = nullptr;
    for (const auto& kind : arguments.at("kinds")) {
        for (const Fact& act : context.book.of(kind.get<std::string>(), since)) {
            const bool held = rights.held(act);
            finding.weigh(act, held);
            ++acts;
            if (held) continue;
            ++strangers;
            if (newest == nullptr || act.time_ns > newest->time_ns) newest = &act;
        }
    }
    if (newest != nullptr) {
        finding.say(State::nonconformant, "assess.rights.stranger",
                    {count_param("count", strangers),
                     context.instant("at", newest->time_ns),
                     {"account", ParamType::account, newest->text("performer")}});
        finding.needs(context.action("assess.rights.examine", "people"));
    }
    return acts;
}

}  // namespace

Finding authorised(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const std::size_t acts = judge(context, arguments, finding);
    if (acts == 0) {
        finding.say(State::insufficient, "assess.rights.nobody");
        finding.needs(context.action("assess.review.do", "review"));
    } else if (finding.state == State::conformant) {
        finding.say(State::conformant, "assess.rights.all", {count_param("count", acts)});
    }
    return finding;
}

Finding no_stranger(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const std::size_t acts = judge(context, arguments, finding);
    const WallNs since = context.ago(arguments.at("look_back").get<std::string>());
    const std::span<const Fact> refused = context.book.of("log.refused", since);
    for (const Fact& fact : refused) finding.weigh(fact);
    if (finding.state == State::conformant) {
        finding.say(State::conformant, "assess.rights.no_stranger",
                    {count_param("count", acts), count_param("refused", refused.size())});
    }
    return finding;
}

}  // namespace daicho::evidence::assess
