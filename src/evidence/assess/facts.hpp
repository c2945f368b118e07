#pragma once
// The facts a status is computed from (docs/formats/facts.md), as plain values, and a book of those
// known at one moment.
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace daicho::evidence::assess {

/// Larger numbers in a detail count as unknown: as nanoseconds this is the year 2116, and a period
/// of a hundred years may still be added without overflow.
inline constexpr std::int64_t number_max = std::int64_t{1} << 62;

struct Fact {
    std::string kind;
    std::string subject;
    WallNs time_ns = 0;      // set by the server
    std::int64_t seq = -1;   // of the ledger event that states it; -1: none
    std::int64_t leaf = -1;  // of the ledger leaf that states it; -1: none
    nlohmann::json detail = nlohmann::json::object();

    /// Fields of `detail`; nothing when absent or of another type.
    [[nodiscard]] std::string text(const char* field) const;
    [[nodiscard]] std::optional<std::int64_t> number(const char* field) const;
    [[nodiscard]] bool is_true(const char* field) const;
    [[nodiscard]] std::vector<std::string> list(const char* field) const;
};

/// Immutable: the facts not after a moment, each once, in an order that does not depend on how they
/// came in.
class FactBook {
public:
    FactBook(std::span<const Fact> facts, WallNs as_of);

    [[nodiscard]] WallNs as_of() const noexcept { return as_of_; }
    /// Of one kind, by time.
    [[nodiscard]] std::span<const Fact> of(std::string_view kind) const;
    /// Of one kind, not before `since_ns`.
    [[nodiscard]] std::span<const Fact> of(std::string_view kind, WallNs since_ns) const;
    /// The newest of a kind about a subject; nullptr when there is none.
    [[nodiscard]] const Fact* newest(std::string_view kind, std::string_view subject) const;
    /// The newest of a kind about each subject.
    [[nodiscard]] std::map<std::string_view, const Fact*> newest_by_subject(
        std::string_view kind) const;
    /// The time of the oldest fact.
    [[nodiscard]] std::optional<WallNs> begin_ns() const noexcept { return begin_ns_; }

private:
    WallNs as_of_;
    std::map<std::string, std::vector<Fact>, std::less<>> by_kind_;
    std::optional<WallNs> begin_ns_;
};

}  // namespace daicho::evidence::assess
