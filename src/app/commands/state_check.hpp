#pragma once
// `daicho verify DATA --state`: is the state what the ledger says of it? Reads only.
//   every change recorded in the state = its event in the ledger, both ways
//   every version of every row          = the digest of its record (store/versioned.hpp)
//   every fact that status is made of   = what the rules give from the ledger (node/fact_rules.hpp)
//   the schema, and every open session  = state_rest.hpp
#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/verify/state.hpp"
#include "base/clock.hpp"
#include "store/facts.hpp"
#include "store/versioned.hpp"

namespace daicho::app::commands {

/// Every table of versioned rows in the house.
[[nodiscard]] std::vector<const store::Versioned*> versioned_tables();

/// Not thread-safe. Works beside a running daicho: what is written meanwhile is counted as newer.
class StateAgainstLedger final : public verify::StateCheck {
public:
    explicit StateAgainstLedger(const Clock& clock) : clock_(clock) {}

    [[nodiscard]] Status begin(const std::string& path) override;
    [[nodiscard]] Result<verify::StateReport> finish() override;

    [[nodiscard]] std::string_view retention_class() const override { return "evidence"; }
    void restart() override;
    void event(std::uint64_t seq, std::string_view source, ByteView raw) override;
    void notice(std::uint64_t leaf_index, const ledger::core::NoticeLeaf& leaf) override;
    void destroyed(ledger::core::verify::SeqRange range) override;

private:
    static constexpr std::size_t fields_count = 7;
    /// What an event says of a change. Digests instead of texts: there may be millions.
    struct Told {
        std::uint64_t seq = 0;
        crypto::Digest whole;
        std::array<std::size_t, fields_count> fields{};  // only to name the one that differs
        std::string object;                              // with its version
    };
    struct Given {
        std::vector<crypto::Digest> forms;  // a measurement may have been made twice
        std::int64_t outbox = 0;            // of the event that it follows from; 0: none
        std::uint64_t leaf = 0;             // or the leaf, plus one
    };
    struct Pass;

    [[nodiscard]] static Told told_of(const std::string& json);
    void give(const store::Fact& fact, std::int64_t outbox, std::uint64_t leaf);
    [[nodiscard]] bool is_destroyed(std::int64_t seq) const;
    void compare(store::Reader& reader, verify::StateReport& report) const;
    void compare_records(store::Reader& reader, verify::StateReport& report) const;
    void compare_record(const store::OutboxKept& row, verify::StateReport& report) const;
    void compare_rows(store::Reader& reader, verify::StateReport& report) const;
    void compare_facts(store::Reader& reader, verify::StateReport& report) const;

    const Clock& clock_;
    std::unique_ptr<store::Database> database_;
    /// Rows that a restored state does not have, and that were given up on the record: ids after
    /// the first up to the second.
    std::vector<std::pair<std::int64_t, std::int64_t>> given_up_;
    std::int64_t delivered_ = 0;   // outbox rows up to here were in the ledger when this began
    std::int64_t facts_then_ = 0;  // facts up to here were there when this began
    std::unordered_map<std::int64_t, std::vector<Told>> told_;  // by outbox id
    std::unordered_map<std::string, Given> given_;              // by kind, subject and key
    std::vector<ledger::core::verify::SeqRange> destroyed_;
};

}  // namespace daicho::app::commands
