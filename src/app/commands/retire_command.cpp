// What is past its retention, and what is being done about it. Destroying takes two people, who
// sign in: a command line can't tell them apart, so this one only lists.
#include <nlohmann/json.hpp>

#include "app/cli/progress.hpp"
#include "app/commands/commands.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;

void print_class(std::ostream& out, const json& one) {
    out << one["id"].get<std::string>() << "  " << one["period"].get<std::string>();
    if (one["clause_id"].is_string()) out << "  " << one["clause_id"].get<std::string>();
    out << "\n";
    for (const json& day : one["past"]) {
        out << "  " << day["day"].get<std::string>() << "  " << day["state"].get<std::string>()
            << "  " << cli::grouped(day["events"].get<std::uint64_t>()) << " events, "
            << cli::grouped(day["bytes"].get<std::uint64_t>()) << " bytes in "
            << day["segments"].size() << " file(s), kept until "
            << day["kept_until"].get<std::string>() << "\n";
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
    for (const json& one : (*plan)["classes"]) print_class(console.out, one);
    for (const json& one : (*plan)["disposals"]) {
        console.out << "application " << one["id"].get<std::string>() << "  "
                    << one["class"].get<std::string>() << "  " << one["state"].get<std::string>()
                    << "  " << one["days"].size() << " day(s)\n";
    }
    console.out << (console.language == cli::Language::japanese
                        ? "廃棄は画面の「保存と廃棄」で、一人が申請し、別の一人が承認します。\n"
                        : "Nothing was destroyed: one person applies and another approves, on the "
                          "page Retention and destruction.\n");
    return cli::exit_done;
}

}  // namespace

int ledger_retire(Console& console, const cli::Common& options) {
    return with_node(console, options, "",
                     [&](node::Node& node) { return list(node, console, options); });
}

}  // namespace daicho::app::commands
