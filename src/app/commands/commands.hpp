#pragma once
// What each command of `daicho` does. Standard output is the answer, standard error the rest.
#include "app/cli/command_line.hpp"
#include "app/node/node.hpp"

namespace daicho::app::commands {

[[nodiscard]] int init(const cli::InitOptions& options);
[[nodiscard]] int serve(const cli::ServeOptions& options);
[[nodiscard]] int ledger_import(const cli::ImportOptions& options);
[[nodiscard]] int ledger_search(const cli::SearchOptions& options);
[[nodiscard]] int ledger_prove(const cli::ProveOptions& options);
[[nodiscard]] int ledger_export(const cli::ExportOptions& options);
[[nodiscard]] int ledger_status(const cli::Common& options);
[[nodiscard]] int ledger_reindex(const cli::Common& options);
[[nodiscard]] int status(const cli::StatusOptions& options);
[[nodiscard]] int pack(const cli::PackOptions& options);
[[nodiscard]] int rescue(const cli::RescueOptions& options);

/// Opens everything without listening: for commands beside a stopped daicho. A running one holds
/// the lock, and the refusal says so.
[[nodiscard]] Result<std::unique_ptr<node::Node>> open_node(const cli::Common& options,
                                                            const std::string& content = "");
/// Prints the error and gives the exit code for it.
[[nodiscard]] int refused(const Error& error);
/// RFC 3339, or a day (its beginning in UTC, or its end with `end`).
[[nodiscard]] Result<WallNs> moment(const std::string& text, bool end);
[[nodiscard]] const Clock& system_clock();

}  // namespace daicho::app::commands
