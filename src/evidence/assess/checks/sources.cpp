#include "evidence/assess/checks/sources.hpp"

#include <algorithm>

namespace daicho::evidence::assess {
namespace {

/// A sender without registration counts for so long after its last event.
constexpr std::int64_t unregistered_ns = 31 * day_ns;
/// So many are named and to be dealt with; the next take their place when these are done.
constexpr std::size_t strangers_named_max = 3;

bool has(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

void tell_unregistered(const Context& context, Finding& finding) {
    const auto registered = context.book.newest_by_subject("source.registered");
    std::set<std::string> strangers;
    for (const Fact& fact : context.book.of("source.coverage", context.as_of() - unregistered_ns)) {
        if (fact.subject == own_source || registered.contains(fact.subject)) continue;
        if (fact.number("events").value_or(1) > 0 && strangers.insert(fact.subject).second)
            finding.weigh(fact, false);
    }
    if (strangers.empty()) return;
    std::string some;
    std::size_t named = 0;
    for (const std::string& stranger : strangers) {
        if (named == strangers_named_max) break;
        some += (named++ == 0 ? "" : ", ") + stranger;
        finding.needs(context.action("assess.sources.register_or_ignore", "sources",
                                     {{"source", ParamType::source, stranger}}));
    }
    std::vector<Param> params = {count_param("count", strangers.size()),
                                 {"sources", ParamType::text, some}};
    const std::size_t more = strangers.size() - named;
    if (more > 0) params.push_back(count_param("more", more));
    finding.say(State::insufficient,
                more > 0 ? "assess.sources.unregistered_more" : "assess.sources.unregistered",
                params);
}

}  // namespace

std::vector<RegisteredSource> sources_with(const Context& context, const std::string& flag,
                                           Finding& finding) {
    std::vector<RegisteredSource> out;
    for (const auto& [id, newest] : context.book.newest_by_subject("source.registered")) {
        if (newest->text("state") != "active" || !has(newest->list("flags"), flag)) continue;
        finding.weigh(*newest);
        out.push_back({std::string(id), newest->time_ns});
    }
    for (RegisteredSource& source : out) {
        for (const Fact& fact : context.book.of("source.registered")) {
            if (fact.subject != source.id || !has(fact.list("flags"), flag)) continue;
            source.since_ns = std::min(source.since_ns, fact.time_ns);
        }
    }
    if (out.empty()) {
        finding.say(State::insufficient, "assess.sources.none." + flag);
        finding.needs(context.action("assess.sources.register." + flag, "sources"));
    }
    tell_unregistered(context, finding);
    return out;
}

std::map<std::string, const Fact*> days_of(const Context& context, const std::string& source,
                                           WallNs since_ns) {
    std::map<std::string, const Fact*> out;
    for (const Fact& fact : context.book.of("source.coverage", since_ns)) {
        if (fact.subject == source && calendar::parse_date(fact.text("day")))
            out[fact.text("day")] = &fact;
    }
    return out;
}

}  // namespace daicho::evidence::assess
