#pragma once
// What an assessment says. Every sentence is a text_key of content/texts with typed parameters, so
// that a screen can show it in either language and an auditor can count it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "evidence/assess/facts.hpp"

namespace daicho::evidence::assess {

/// 適合, 期限間近, 証跡不足, 不適合, 例外承認中, 対象外. The first four in order of how bad they
/// are for a conjunction: what is known to be broken outweighs what is not known, and what is not
/// known never counts as good.
enum class State : std::uint8_t {
    conformant,
    due_soon,
    insufficient,
    nonconformant,
    exception,
    not_applicable
};
[[nodiscard]] std::string_view name_of(State state) noexcept;
[[nodiscard]] State worse(State a, State b) noexcept;

enum class ParamType : std::uint8_t {
    text,
    count,
    instant,
    period,
    day,
    source,
    account,
    clause,
    parameter
};
[[nodiscard]] std::string_view name_of(ParamType type) noexcept;
/// instant: RFC 3339 in the organisation's zone; period: ISO 8601; day: YYYY-MM-DD.
struct Param {
    std::string name;
    ParamType type = ParamType::text;
    std::string value;
    std::string known_as = {};  // what people call a source; empty: not registered
};

struct Sentence {
    std::string text_key;
    std::vector<Param> params;
};

struct Reason {
    State state = State::conformant;  // what this reason alone makes of it
    Sentence sentence;
};

/// What somebody must do next.
struct Action {
    Sentence sentence;
    std::string post;
    std::optional<WallNs> by_ns;
    std::string page;  // as in openapi.yaml, Action.page
    std::vector<std::pair<std::string, std::string>> page_params;
};

/// A fact that was weighed. `supports` false: it speaks against.
struct Evidence {
    std::string kind;
    std::string subject;
    WallNs time_ns = 0;
    std::int64_t seq = -1;
    std::int64_t leaf = -1;
    bool supports = true;
    std::string known_as = {};  // of the subject, as above
};

/// More is counted, not listed: a screen shows some, and the facts themselves can be asked for.
inline constexpr std::size_t evidence_listed_max = 100;

/// The outcome of one check, or of a control: all its checks together.
struct Finding {
    State state = State::conformant;
    std::vector<Reason> reasons;
    std::vector<Evidence> evidence;  // newest first, at most evidence_listed_max
    std::size_t evidence_count = 0;
    std::vector<Action> missing;
    std::optional<WallNs> next_due_ns;  // when it will need something again, as far as is known

    /// Adds a reason and worsens the state to it.
    void say(State state, std::string text_key, std::vector<Param> params = {});
    /// Adds a remark that changes nothing.
    void remark(std::string text_key, std::vector<Param> params = {});
    void weigh(const Fact& fact, bool supports = true);
    void needs(Action action);
    void due(WallNs by_ns);
    /// Takes in another one: the worse state, everything said.
    void join(const Finding& other);
};

}  // namespace daicho::evidence::assess
