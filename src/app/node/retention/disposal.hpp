#pragma once
// The application to destroy what its retention class no longer demands: who asks for exactly what,
// who else decides, what came of it. Each step is a version of the row, so each is in the ledger.
//   requested -> approved -> done | failed;   requested -> rejected | withdrawn
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "store/database.hpp"
#include "store/versioned.hpp"

namespace daicho::app::node {

enum class DisposalState : std::uint8_t { requested, approved, done, failed, rejected, withdrawn };
[[nodiscard]] std::string_view name_of(DisposalState state) noexcept;

/// A year and its leap day: what one person can oversee in one application.
inline constexpr std::size_t disposal_days_max = 366;

/// Of one key: a retention class and a day.
struct DisposalDay {
    std::string day;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t segments = 0;
    WallNs last_event_ns = 0;
    crypto::Digest content;                   // of RetentionUnit
    std::optional<std::uint64_t> leaf_index;  // of the RETIRE leaf, once destroyed
    std::string problem;                      // text_key of why it was not
};

struct Disposal {
    std::int64_t id = 0;
    std::int64_t version = 0;
    std::string retention_class;
    DisposalState state = DisposalState::requested;
    std::vector<DisposalDay> days;  // ascending
    std::string rule;               // what allows it: class, period, clause
    std::string requested_by;       // "account:7"
    WallNs requested_ns = 0;
    std::string reason;
    std::string decided_by;  // empty: nobody yet
    WallNs decided_ns = 0;
    std::string note;
    WallNs finished_ns = 0;
    std::int64_t outbox_id = 0;  // evidence of the newest step
};

/// Over all its days: what the second person approves.
[[nodiscard]] crypto::Digest content_of(const Disposal& disposal);

/// All in the caller's transaction.
namespace disposals {

[[nodiscard]] const store::Versioned& table();
/// Version 1, action "retention.disposal_requested".
[[nodiscard]] Result<Disposal> add(store::Transaction& tx, Disposal disposal);
/// The next version, action "retention.disposal_" and the name of its state. Errc::conflict when
/// `disposal.version` is not the current one.
[[nodiscard]] Result<Disposal> change(store::Transaction& tx, Disposal disposal,
                                      const std::string& actor);
[[nodiscard]] std::optional<Disposal> find(store::Reader& reader, std::int64_t id);
/// Newest first, before an id (0: from the newest).
[[nodiscard]] std::vector<Disposal> list(store::Reader& reader, std::int64_t before_id,
                                         std::size_t count_max);
/// Those still to be decided or carried out, oldest first.
[[nodiscard]] std::vector<Disposal> open(store::Reader& reader);
/// What came of one day; said once. Derived from the RETIRE leaf, so without evidence of its own.
[[nodiscard]] Status note_outcome(store::Transaction& tx, std::int64_t id, const DisposalDay& day);

}  // namespace disposals
}  // namespace daicho::app::node
