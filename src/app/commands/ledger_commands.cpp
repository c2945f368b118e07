#include <limits>
#include <nlohmann/json.hpp>

#include "app/api/reply.hpp"
#include "app/cli/progress.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/output_file.hpp"
#include "app/node/services/display.hpp"
#include "base/text.hpp"
#include "evidence/collect/import.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;
namespace search = ledger::search;

void print(const Console& console, const json& value) {
    console.out << value.dump(2) << std::endl;
}

Result<search::Query> query_of(const cli::SearchOptions& options) {
    search::Query query;
    query.source = options.source;
    query.host = options.host;
    query.app = options.app;
    query.user = options.user;
    query.limit = options.limit;
    if (!options.from.empty()) {
        const Result<WallNs> from = moment(options.from, false);
        if (!from) return fail(from.error());
        query.time_from_ns = *from;
    }
    if (!options.to.empty()) {
        const Result<WallNs> to = moment(options.to, true);
        if (!to) return fail(to.error());
        query.time_to_ns = *to;
    }
    if (!options.address.empty()) {
        const Result<search::AddressRange> range = search::parse_address_range(options.address);
        if (!range) return fail(range.error());
        query.address = *range;
    }
    if (options.outcome == "success") query.outcome = search::Outcome::success;
    if (options.outcome == "failure") query.outcome = search::Outcome::failure;
    if (options.outcome == "unknown") query.outcome = search::Outcome::unknown;
    Result<std::vector<search::Term>> terms = search::parse_text(options.text);
    if (!terms) return fail(terms.error());
    query.terms = std::move(*terms);
    return query;
}

/// A reading from the machine's own command line is recorded as such: it is nobody's account.
Result<std::uint64_t> record_reading(node::Node& node, const std::string& purpose,
                                     std::uint64_t events, std::uint64_t first,
                                     std::uint64_t last) {
    return node.ledger().record_read(
        {"command-line", "none", "", "", purpose, events, first, last});
}

/// Draws where the import is; a new line for each file.
class ImportBar {
public:
    ImportBar(Console& console, bool quiet)
        : console_(console), visible_(console.shows_progress && !quiet) {}
    void at(const evidence::collect::ImportProgress& progress) {
        if (progress.file != shown_) {
            shown_ = progress.file;
            const auto total =
                progress.bytes_total == 0 ? std::nullopt : std::optional(progress.bytes_total);
            bar_.reset();
            bar_ = std::make_unique<cli::Progress>(
                console_.err, visible_, system_clock(),
                cli::sentence(console_.language, "cli.unit_bytes"), total);
        }
        bar_->at(progress.bytes_done);
    }

private:
    Console& console_;
    bool visible_;
    std::string shown_;
    std::unique_ptr<cli::Progress> bar_;
};

int import_into(node::Node& node, Console& console, const cli::ImportOptions& options) {
    evidence::collect::FileImporter importer(node.ledger(), system_clock(), node.zone_rule(),
                                             &node.board());
    auto bar = std::make_unique<ImportBar>(console, options.quiet);
    importer.on_progress = [&bar](const auto& progress) { bar->at(progress); };
    importer.open_file = [&console](const std::string& file) {
        return console.open_for_reading(file);
    };
    const auto report = importer.run(options.source, options.files, console.progress.cancel);
    bar.reset();
    if (!report) return console.refused(report.error());
    if (options.json) {
        print(console,
              {{"events", report->events},
               {"bytes", report->bytes},
               {"files", report->files},
               {"cut_events", report->cut},
               {"last_seq", report->events == 0 ? json(nullptr) : json(report->last_seq)}});
    } else if (report->events == 0) {
        console.say("cli.out_import_nothing", {{"files", std::to_string(report->files)}});
    } else {
        console.say("cli.out_import", {{"events", cli::grouped(report->events)},
                                       {"files", std::to_string(report->files)},
                                       {"last", std::to_string(report->last_seq)}});
        if (report->cut > 0)
            console.say("cli.out_import_cut", {{"cut", cli::grouped(report->cut)}});
    }
    return cli::exit_done;
}

int search_in(node::Node& node, Console& console, const cli::SearchOptions& options,
              const search::Query& query) {
    const Result<search::Page> page = node.searcher().search(query, &console.progress);
    if (!page) return console.refused(page.error());
    const auto [first, last] = page->seq_span();
    const auto noted = record_reading(node, "search", page->matches.size(), first, last);
    if (!noted) return console.refused(noted.error());
    const auto extractor = node.make_extractor();
    json all = json::array();
    for (const search::Match& match : page->matches) {
        if (console.progress.cancel) break;
        if (!options.json) {
            console.out << match.seq << " " << api::time_text(match.wall_ns) << " " << match.source
                        << " " << safe_display(text_of(match.raw)) << "\n";
            continue;
        }
        search::Fields fields;
        extractor->extract(match.raw, match.wall_ns, fields);
        all.push_back({{"seq", match.seq},
                       {"received_at", api::time_text(match.wall_ns)},
                       {"source", match.source},
                       {"fields", node::fields_view(fields)},
                       {"raw_base64", to_base64(match.raw)}});
    }
    const std::uint64_t missing = node.ledger().segments().absent().missing_within(
        query.seq_from.value_or(0),
        query.seq_to.value_or(std::numeric_limits<std::uint64_t>::max()));
    if (options.json) {
        const bool complete = missing == 0 && page->segments_expired == 0;
        print(console, {{"events", all}, {"more", page->next.has_value()}, {"complete", complete}});
    }
    if (missing > 0) {
        console.err << "daicho: "
                    << cli::sentence(console.language, "search.missing",
                                     {{"events", std::to_string(missing)}})
                    << std::endl;
    }
    return cli::exit_done;
}

int prove_from(node::Node& node, Console& console, const cli::ProveOptions& options) {
    const auto noted = record_reading(node, "proof", 1, options.seq, options.seq);
    if (!noted) return console.refused(noted.error());
    const Status published = node.ledger().wait_published(*noted);
    if (!published) return console.refused(published.error());
    Result<ledger::read::Prover> prover = node.ledger().prover();
    if (!prover) return console.refused(prover.error());
    const Result<ledger::core::EventProof> proof = prover->prove(options.seq);
    if (!proof && proof.error().code == Errc::not_found && proof.error().text_key.empty())
        return console.refused({Errc::not_found,
                                proof.error().message,
                                "cli.no_such_event",
                                {{"seq", std::to_string(options.seq)}}});
    if (!proof) return console.refused(proof.error());
    const Result<std::string> file = ledger::core::format_event_proof(*proof);
    if (!file) return console.refused(file.error());
    if (options.output.empty() || options.output == "-") {
        console.out << *file;
        return cli::exit_done;
    }
    Result<OutputFile> output = OutputFile::prepare(console, options.output, options.force);
    if (!output) return console.refused(output.error());
    output->write([&file](const std::string& path) {
        write_file_durably(real_files(), path, view_of(*file));
    });
    const Status kept = output->keep();
    if (!kept) return console.refused(kept.error());
    if (options.json) {
        print(console, {{"seq", options.seq}, {"output", console.absolute(options.output)}});
    } else {
        console.out << options.output << std::endl;
    }
    return cli::exit_done;
}

/// Named by a person at this moment: it is made where it is missing, as an export by itself never
/// does, and may be on the volume of the data. The EXPORT leaf says so, and the control does not
/// count it.
Result<ledger::keep::ExportTarget> named_target(const std::string& directory) {
    try {
        real_files().make_directories(directory);
    } catch (const IoFault&) {
        return refuse(Errc::invalid, "export.target_unusable", "the target can't be made");
    }
    return ledger::keep::ExportTarget{directory, true};
}

int export_from(node::Node& node, Console& console, const cli::ExportOptions& options) {
    std::optional<ledger::keep::ExportTarget> once;
    if (!options.target.empty()) {
        auto named = named_target(console.absolute(options.target));
        if (!named) return console.refused(named.error());
        once = std::move(*named);
    }
    const auto report = node.upkeep().export_now(&console.progress, once);
    if (!report) return console.refused(report.error());
    if (options.json) {
        print(console, {{"bundle", report->bundle},
                        {"files", report->files},
                        {"bytes", report->bytes},
                        {"leaf", report->leaf_index},
                        {"tree_size", report->tree_size},
                        {"same_volume", report->same_volume}});
        return cli::exit_done;
    }
    console.say("cli.out_export", {{"files", std::to_string(report->files.size())},
                                   {"bytes", cli::grouped(report->bytes)},
                                   {"bundle", report->bundle}});
    if (report->same_volume) console.say("cli.out_same_volume");
    return cli::exit_done;
}

int state_of(node::Node& node, Console& console, const cli::Common& options) {
    const Result<json> state = node.upkeep().state();
    if (!state) return console.refused(state.error());
    if (options.json) {
        print(console, *state);
        return cli::exit_done;
    }
    const auto text = [&state](const char* name) { return (*state)[name].get<std::string>(); };
    console.say("cli.out_state", {{"origin", text("origin")},
                                  {"log_key", text("log_key")},
                                  {"events", text("events")},
                                  {"size", text("tree_size")},
                                  {"root", text("root")},
                                  {"export", console.word(text("export_alarm"))},
                                  {"backlog", (*state)["backlog"]["events"].dump()},
                                  {"alarms", std::to_string((*state)["alarms"].size())}});
    for (const json& alarm : (*state)["alarms"]) {
        const std::string key = alarm["message"]["text_key"].get<std::string>();
        std::vector<std::pair<std::string, std::string>> params;
        for (const auto& [name, value] : alarm["message"]["params"].items())
            params.emplace_back(name, value.get<std::string>());
        console.say("cli.out_alarm", {{"level", console.word(alarm["level"].get<std::string>())},
                                      {"alarm", cli::sentence(console.language, key, params)},
                                      {"since", alarm["since"].get<std::string>()}});
    }
    console.out << "\n" << (*state)["checkpoint"].get<std::string>();
    return cli::exit_done;
}

int reindex_all(node::Node& node, Console& console, const cli::Common& options) {
    const auto files = node.ledger().segments().files();
    const bool visible = console.shows_progress && !options.quiet;
    cli::Progress bar(console.err, visible, system_clock(),
                      cli::sentence(console.language, "cli.unit_segments"), files.size());
    const auto extractor = node.make_extractor();
    std::uint64_t done = 0;
    for (const auto& file : files) {
        if (console.progress.cancel)
            return console.refused({Errc::unavailable, "cancelled", "cli.interrupted", {}});
        const Status rebuilt = node.ledger().segments().rebuild_index(file->file, *extractor);
        if (!rebuilt && rebuilt.error().code != Errc::expired)
            return console.refused(rebuilt.error());
        bar.at(++done);
    }
    if (options.json) {
        print(console, {{"segments", done}});
    } else {
        console.say("cli.out_reindex", {{"segments", std::to_string(done)}});
    }
    return cli::exit_done;
}

}  // namespace

int ledger_import(Console& console, const cli::ImportOptions& options) {
    return with_node(console, options, "",
                     [&](node::Node& node) { return import_into(node, console, options); });
}

int ledger_search(Console& console, const cli::SearchOptions& options) {
    const Result<search::Query> query = query_of(options);
    if (!query) return console.refused(query.error());
    return with_node(console, options, "",
                     [&](node::Node& node) { return search_in(node, console, options, *query); });
}

int ledger_prove(Console& console, const cli::ProveOptions& options) {
    return with_node(console, options, "",
                     [&](node::Node& node) { return prove_from(node, console, options); });
}

int ledger_export(Console& console, const cli::ExportOptions& options) {
    return with_node(console, options, "",
                     [&](node::Node& node) { return export_from(node, console, options); });
}

int ledger_status(Console& console, const cli::Common& options) {
    return with_node(console, options, "",
                     [&](node::Node& node) { return state_of(node, console, options); });
}

int ledger_reindex(Console& console, const cli::Common& options) {
    return with_node(console, options, "",
                     [&](node::Node& node) { return reindex_all(node, console, options); });
}

}  // namespace daicho::app::commands
