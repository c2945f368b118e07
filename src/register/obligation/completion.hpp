#pragma once
// The record that a duty was done: which occurrence, by whom and by what right, over exactly which
// entries of the ledger, with what findings. Written once; a correction is a new version, and the
// old one stays.
//
// Evidence: action "review.completed" with the fields of docs/formats/facts.md. The findings stay
// in the state, because they may name people; the ledger gets a salted digest of them.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "register/content/model.hpp"
#include "register/obligation/occurrences.hpp"
#include "store/database.hpp"
#include "store/migration.hpp"
#include "store/versioned.hpp"

namespace daicho::register_ {

/// After store's and access's in main's list.
[[nodiscard]] store::MigrationSet migrations();

inline constexpr std::size_t finding_size_max = 4'000;  // code points; longer belongs in a report
inline constexpr std::size_t findings_max = 100;
inline constexpr std::size_t finding_seqs_max = 100;

/// Exactly which entries: what was looked at can be shown again, and what was not looked at is
/// known.
struct ReviewedRange {
    std::int64_t first_seq = 0;
    std::int64_t last_seq = -1;  // first_seq - 1: there was nothing to look at
    crypto::Digest root;         // of the tree that fixes them
    std::int64_t checkpoint_size = 0;
    WallNs from_ns = 0;
    WallNs through_ns = 0;  // when that checkpoint was taken: newer entries are the next review's
    WallNs to_ns = 0;       // end of the period, exclusive
};

/// By what right, as the access check found: a role, or a delegation ("delegation:11").
struct Right {
    std::string role;
    std::string delegation;
};

struct ReviewFinding {
    std::string text;
    std::vector<std::int64_t> seqs;  // events that show it
};

struct Review {
    std::int64_t id = 0;
    std::string obligation;
    std::string occurrence;
    std::string performer;  // "account:7"
    Right right;
    ReviewedRange range;
    crypto::Digest summary;               // of the summary that was on the screen
    std::vector<std::string> checklist;   // items answered
    std::vector<ReviewFinding> findings;  // empty: nothing was found
    std::string comment;
    WallNs completed_ns = 0;
    crypto::Digest findings_digest;
    std::int64_t outbox_id = 0;
};

/// In the caller's transaction: writes the review and the completion, with their evidence. `review`
/// without id, completed_ns, findings_digest and outbox_id. Errc::invalid: an item of the checklist
/// is unanswered
/// ("review.unanswered", param `item`), the range is no range, the text too long; Errc::conflict
/// ("review.already_done"): the occurrence was completed meanwhile.
[[nodiscard]] Result<Review> complete(store::Transaction& tx, const Obligation& obligation,
                                      Review review);

/// Newest first, before a review id (0: from the newest).
[[nodiscard]] Result<std::vector<Review>> reviews(store::Reader& reader, std::int64_t before_id,
                                                  std::size_t count_max);
[[nodiscard]] Result<std::optional<Review>> review(store::Reader& reader, std::int64_t id);
/// All completions of an obligation, for states_of().
[[nodiscard]] Result<std::vector<Done>> completions(store::Reader& reader,
                                                    const std::string& obligation);
/// Where the next review of an obligation must begin, so that nothing is left out: after the last
/// entry reviewed.
[[nodiscard]] std::int64_t next_first_seq(store::Reader& reader, const std::string& obligation);

/// For `verify --state`.
[[nodiscard]] const store::Versioned& review_table();
[[nodiscard]] const store::Versioned& completion_table();

}  // namespace daicho::register_
