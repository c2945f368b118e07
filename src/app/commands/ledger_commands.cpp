#include <iostream>
#include <nlohmann/json.hpp>

#include "app/api/reply.hpp"
#include "app/cli/progress.hpp"
#include "app/commands/commands.hpp"
#include "app/node/services/display.hpp"
#include "base/text.hpp"
#include "evidence/collect/import.hpp"

namespace daicho::app::commands {
namespace {

using nlohmann::json;
namespace search = ledger::search;

void print(const json& value) {
    std::cout << value.dump(2) << std::endl;
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

}  // namespace

int ledger_import(const cli::ImportOptions& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options);
    if (!node) return refused(node.error());
    evidence::collect::FileImporter importer((*node)->ledger(), system_clock(),
                                             (*node)->zone_rule(), &(*node)->board());
    std::unique_ptr<cli::Progress> bar;
    std::string shown;
    importer.on_progress = [&](const evidence::collect::ImportProgress& progress) {
        if (progress.file != shown) {
            shown = progress.file;
            const auto total =
                progress.bytes_total == 0 ? std::nullopt : std::optional(progress.bytes_total);
            bar.reset();
            bar = std::make_unique<cli::Progress>(std::cerr, cli::progress_wanted(options.quiet),
                                                  system_clock(), "bytes", total);
        }
        bar->at(progress.bytes_done);
    };
    const std::atomic<bool> cancel{false};
    const auto report = importer.run(options.source, options.files, cancel);
    bar.reset();
    if (!report) return refused(report.error());
    if (options.json) {
        print({{"events", report->events},
               {"bytes", report->bytes},
               {"files", report->files},
               {"last_seq", report->last_seq}});
    } else {
        std::cout << cli::grouped(report->events) << " events of " << report->files
                  << " file(s) are in the ledger, up to " << report->last_seq << "\n";
    }
    return cli::exit_done;
}

int ledger_search(const cli::SearchOptions& options) {
    const Result<search::Query> query = query_of(options);
    if (!query) return refused(query.error());
    const Result<std::unique_ptr<node::Node>> node = open_node(options);
    if (!node) return refused(node.error());
    const Result<search::Page> page = (*node)->searcher().search(*query);
    if (!page) return refused(page.error());
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    for (const search::Match& match : page->matches) {
        first = first == 0 ? match.seq : std::min(first, match.seq);
        last = std::max(last, match.seq);
    }
    const auto noted = record_reading(**node, "search", page->matches.size(), first, last);
    if (!noted) return refused(noted.error());
    const auto extractor = (*node)->make_extractor();
    json all = json::array();
    for (const search::Match& match : page->matches) {
        if (!options.json) {
            std::cout << match.seq << " " << api::time_text(match.wall_ns) << " " << match.source
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
    if (options.json) print({{"events", all}, {"more", page->next.has_value()}});
    return cli::exit_done;
}

int ledger_prove(const cli::ProveOptions& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options);
    if (!node) return refused(node.error());
    const auto noted = record_reading(**node, "proof", 1, options.seq, options.seq);
    if (!noted) return refused(noted.error());
    const Status published = (*node)->ledger().wait_published(*noted);
    if (!published) return refused(published.error());
    Result<ledger::read::Prover> prover = (*node)->ledger().prover();
    if (!prover) return refused(prover.error());
    const Result<ledger::core::EventProof> proof = prover->prove(options.seq);
    if (!proof) return refused(proof.error());
    const Result<std::string> file = ledger::core::format_event_proof(*proof);
    if (!file) return refused(file.error());
    if (options.output.empty() || options.output == "-") {
        std::cout << *file;
        return cli::exit_done;
    }
    write_file_durably(real_files(), options.output, view_of(*file));
    std::cout << options.output << "\n";
    return cli::exit_done;
}

int ledger_export(const cli::ExportOptions& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options);
    if (!node) return refused(node.error());
    if (!options.target.empty()) {
        Result<node::ExportSetting> setting = (*node)->upkeep().export_setting();
        if (!setting) return refused(setting.error());
        setting->directory = options.target;
        setting->allow_same_volume =
            true;  // the EXPORT leaf says so, and the control does not count it
        const Status stored = (*node)->upkeep().store_export_setting("command-line", *setting);
        if (!stored) return refused(stored.error());
    }
    const auto report = (*node)->upkeep().export_now(nullptr);
    if (!report) return refused(report.error());
    if (options.json) {
        print({{"bundle", report->bundle},
               {"files", report->files},
               {"bytes", report->bytes},
               {"leaf", report->leaf_index},
               {"tree_size", report->tree_size},
               {"same_volume", report->same_volume}});
    } else {
        std::cout << report->files.size() << " segment(s), " << cli::grouped(report->bytes)
                  << " bytes, read back from " << report->bundle << "\n";
        if (report->same_volume) {
            std::cout << "This target lies on the volume of the data: it does not count as a "
                         "write-once copy.\n";
        }
    }
    return cli::exit_done;
}

int ledger_status(const cli::Common& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options);
    if (!node) return refused(node.error());
    const Result<json> state = (*node)->upkeep().state();
    if (!state) return refused(state.error());
    if (options.json) {
        print(*state);
        return cli::exit_done;
    }
    std::cout << "origin      " << (*state)["origin"].get<std::string>() << "\nevents      "
              << (*state)["events"].get<std::string>() << "\ntree size   "
              << (*state)["tree_size"].get<std::string>() << "\nroot        "
              << (*state)["root"].get<std::string>() << "\nexport      "
              << (*state)["export_alarm"].get<std::string>() << "\n\n"
              << (*state)["checkpoint"].get<std::string>();
    return cli::exit_done;
}

int ledger_reindex(const cli::Common& options) {
    const Result<std::unique_ptr<node::Node>> node = open_node(options);
    if (!node) return refused(node.error());
    const auto files = (*node)->ledger().segments().files();
    cli::Progress bar(std::cerr, cli::progress_wanted(options.quiet), system_clock(), "segments",
                      files.size());
    const auto extractor = (*node)->make_extractor();
    std::uint64_t done = 0;
    for (const auto& file : files) {
        const Status rebuilt = (*node)->ledger().segments().rebuild_index(file->file, *extractor);
        if (!rebuilt && rebuilt.error().code != Errc::expired) return refused(rebuilt.error());
        bar.at(++done);
    }
    if (options.json) print({{"segments", done}});
    return cli::exit_done;
}

}  // namespace daicho::app::commands
