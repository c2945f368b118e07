#pragma once
// What each command of `daicho` does. Standard output is the answer, standard error the rest.
#include "app/commands/console.hpp"

namespace daicho::app::commands {

[[nodiscard]] int init(Console& console, const cli::InitOptions& options);
[[nodiscard]] int serve(Console& console, const cli::ServeOptions& options);
[[nodiscard]] int ledger_import(Console& console, const cli::ImportOptions& options);
[[nodiscard]] int ledger_search(Console& console, const cli::SearchOptions& options);
[[nodiscard]] int ledger_prove(Console& console, const cli::ProveOptions& options);
[[nodiscard]] int ledger_export(Console& console, const cli::ExportOptions& options);
[[nodiscard]] int ledger_status(Console& console, const cli::Common& options);
[[nodiscard]] int ledger_reindex(Console& console, const cli::Common& options);
/// Lists what may be destroyed; destroys nothing.
[[nodiscard]] int ledger_retire(Console& console, const cli::Common& options);
/// Legal holds (docs/decisions/0061).
[[nodiscard]] int ledger_hold(Console& console, const cli::HoldOptions& options);
[[nodiscard]] int ledger_release(Console& console, const cli::ReleaseOptions& options);
[[nodiscard]] int ledger_holds(Console& console, const cli::Common& options);
[[nodiscard]] int status(Console& console, const cli::StatusOptions& options);
[[nodiscard]] int pack(Console& console, const cli::PackOptions& options);
[[nodiscard]] int rescue(Console& console, const cli::RescueOptions& options);
[[nodiscard]] int accept_restored_state(Console& console, const cli::RestoredOptions& options);
/// `arguments` as of daicho-verify, and --state.
[[nodiscard]] int verify(Console& console, const std::vector<std::string>& arguments);

/// RFC 3339, or a day (its beginning in the organisation's usual zone, or its end with `end`).
[[nodiscard]] Result<WallNs> moment(const std::string& text, bool end);
/// A day (its end, of today: `now`) or RFC 3339, not after `now`.
[[nodiscard]] Result<WallNs> moment_until(const std::string& text, const calendar::Zone& zone,
                                          WallNs now);
[[nodiscard]] const Clock& system_clock();

}  // namespace daicho::app::commands
