// Legal holds on the command line: recorded in the ledger like every other change.
#include <nlohmann/json.hpp>

#include "app/api/reply.hpp"
#include "app/commands/commands.hpp"
#include "base/text.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;

constexpr const char* actor = "command-line";

json view(const node::LegalHold& hold) {
    const bool released = hold.released_ns != 0;
    return {{"id", std::to_string(hold.id)},
            {"from", calendar::to_text(hold.first_day)},
            {"to", calendar::to_text(hold.last_day)},
            {"reason", hold.reason},
            {"placed_at", api::time_text(hold.placed_ns)},
            {"released_at", released ? json(api::time_text(hold.released_ns)) : json(nullptr)},
            {"release_reason", released ? json(hold.release_reason) : json(nullptr)}};
}

void say(const Console& console, const char* key, const node::LegalHold& hold) {
    console.say(
        key, {{"id", std::to_string(hold.id)},
              {"from", calendar::to_text(hold.first_day)},
              {"to", calendar::to_text(hold.last_day)},
              {"reason", safe_display(hold.reason)},
              {"at", api::time_text(hold.released_ns == 0 ? hold.placed_ns : hold.released_ns)}});
}

int answer(const Console& console, bool as_json, const char* key,
           const Result<node::LegalHold>& hold) {
    if (!hold) return console.refused(hold.error());
    if (as_json) {
        console.out << view(*hold).dump(2) << std::endl;
    } else {
        say(console, key, *hold);
    }
    return cli::exit_done;
}

}  // namespace

int ledger_hold(Console& console, const cli::HoldOptions& options) {
    const auto from = calendar::parse_date(options.from);
    const auto to = calendar::parse_date(options.to);
    if (!from || !to || *to < *from)
        return console.mistyped({Errc::invalid, "not a period", "cli.bad_period", {}});
    return with_node(console, options, "", [&](node::Node& node) {
        return answer(console, options.json, "cli.out_hold",
                      node.retention().holds().place(actor, *from, *to, options.reason));
    });
}

int ledger_release(Console& console, const cli::ReleaseOptions& options) {
    return with_node(console, options, "", [&](node::Node& node) {
        return answer(console, options.json, "cli.out_release",
                      node.retention().holds().release(actor, static_cast<std::int64_t>(options.id),
                                                       options.reason));
    });
}

int ledger_holds(Console& console, const cli::Common& options) {
    return with_node(console, options, "", [&](node::Node& node) {
        const auto all = node.retention().holds().all();
        if (!all) return console.refused(all.error());
        json listed = json::array();
        for (const node::LegalHold& hold : *all) {
            if (options.json) {
                listed.push_back(view(hold));
            } else {
                say(console, hold.released_ns == 0 ? "cli.out_in_force" : "cli.out_released", hold);
            }
        }
        if (options.json) console.out << json{{"holds", listed}}.dump(2) << std::endl;
        if (!options.json && all->empty()) console.say("cli.out_no_holds");
        return cli::exit_done;
    });
}

}  // namespace daicho::app::commands
