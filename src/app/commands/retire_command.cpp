// What is past its retention, and what is being done about it. Destroying takes two people, who
// sign in: a command line can't tell them apart, so this one only lists.
#include <nlohmann/json.hpp>

#include "app/cli/progress.hpp"
#include "app/commands/commands.hpp"
#include "evidence/assess/status_json.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;

void print_class(const Console& console, const json& one) {
    std::ostream& out = console.out;
    const std::string period = one["period"].get<std::string>();
    const auto parsed = register_::parse_period(period);
    out << one["id"].get<std::string>() << "  "
        << (parsed ? evidence::assess::period_words(*parsed,
                                                    console.language == cli::Language::japanese)
                   : period);
    if (one["clause_id"].is_string()) out << "  " << one["clause_id"].get<std::string>();
    out << "\n";
    for (const json& day : one["past"]) {
        console.say("cli.out_past_day",
                    {{"day", day["day"].get<std::string>()},
                     {"state", console.word(day["state"].get<std::string>())},
                     {"events", cli::grouped(day["events"].get<std::uint64_t>())},
                     {"bytes", cli::grouped(day["bytes"].get<std::uint64_t>())},
                     {"files", std::to_string(day["segments"].size())},
                     {"until", day["kept_until"].get<std::string>()}});
    }
}

int list(node::Node& node, Console& console, const cli::Common& options) {
    Result<json> plan = node.retention().overview();
    if (!plan) return console.refused(plan.error());
    const Result<json> open = node.retention().disposals("");
    if (!open) return console.refused(open.error());
    (*plan)["disposals"] = (*open)["disposals"];
    if (options.json) {
        console.out << plan->dump(2) << "\n";
        return cli::exit_done;
    }
    for (const json& one : (*plan)["classes"]) print_class(console, one);
    for (const json& one : (*plan)["disposals"]) {
        console.say("cli.out_application",
                    {{"id", one["id"].get<std::string>()},
                     {"class", one["class"].get<std::string>()},
                     {"state", console.word(one["state"].get<std::string>())},
                     {"days", std::to_string(one["days"].size())}});
    }
    console.say("cli.out_two_people");
    return cli::exit_done;
}

}  // namespace

int ledger_retire(Console& console, const cli::Common& options) {
    return with_node(console, options, "",
                     [&](node::Node& node) { return list(node, console, options); });
}

}  // namespace daicho::app::commands
