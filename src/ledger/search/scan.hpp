#pragma once
// One query over one segment: which blocks may hold matches, and which of their rows match for
// certain, perhaps, or not.
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "ledger/search/catalog.hpp"
#include "ledger/search/index/index_reader.hpp"
#include "ledger/search/matcher.hpp"
#include "ledger/search/store.hpp"

namespace daicho::ledger::search {

/// Ordered: the verdict on several conditions is the least of theirs.
enum class Verdict : std::uint8_t { no = 0, perhaps = 1, yes = 2 };

/// What a query needs besides the segment; one per running query, one thread.
class Probe {
public:
    Probe(const Query& query, Extractor& extractor)
        : query_(query), matcher_(query), extractor_(extractor) {}
    [[nodiscard]] const Query& query() const noexcept { return query_; }
    [[nodiscard]] const Matcher& matcher() const noexcept { return matcher_; }
    /// The definition of a match; fields() are those of the event when it is one.
    [[nodiscard]] bool matches(const core::BlockEvent& event, const std::string& source);
    /// Extracts unless matches() has just done so for this very event.
    [[nodiscard]] const Fields& fields(const core::BlockEvent& event);
    [[nodiscard]] ColumnReader& columns() noexcept { return columns_; }

private:
    const Query& query_;
    Matcher matcher_;
    Extractor& extractor_;
    Fields fields_;
    bool extracted_ = false;
    ColumnReader columns_;
};

class SegmentScan {
public:
    /// Errc::expired: the segment can't be read any more.
    [[nodiscard]] static Result<SegmentScan> open(Probe& probe, Store& store,
                                                  const SegmentInfo& info);
    /// No block can match.
    [[nodiscard]] bool is_empty() const noexcept { return empty_; }
    [[nodiscard]] bool has_index() const noexcept { return head_ != nullptr; }
    [[nodiscard]] const IndexHead& head() const noexcept { return *head_; }
    [[nodiscard]] std::uint32_t block_count() const noexcept;
    /// Sequence numbers of a block lie within these (those of the segment when there is no index).
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> bounds(
        std::uint32_t number) const noexcept;
    /// From times, sequence numbers and filters alone.
    [[nodiscard]] Result<bool> may_match(std::uint32_t number);
    /// A verdict for each row of the block; false when all are `no`. Only with an index.
    [[nodiscard]] Result<bool> judge(std::uint32_t number, std::vector<Verdict>& rows);
    [[nodiscard]] Result<std::shared_ptr<const core::Block>> block(std::uint32_t number) const {
        return store_->block(info_.id, number);
    }
    /// The block for rows that judge() has not refused: when they are few, the others lack their
    /// bytes.
    [[nodiscard]] Result<std::shared_ptr<const core::Block>> block(
        std::uint32_t number, const std::vector<Verdict>& rows);
    [[nodiscard]] Status read(std::uint32_t number, Column column, std::vector<std::uint64_t>& out);

private:
    struct Test {
        Column column;
        std::optional<Column> second;   // a match in either will do
        std::vector<Verdict> verdicts;  // by code
    };
    SegmentScan(Probe& probe, Store& store, const SegmentInfo& info)
        : probe_(&probe), store_(&store), info_(info) {}
    [[nodiscard]] Status load();
    void add_tests();
    [[nodiscard]] std::vector<Verdict> verdicts_on(Field field, std::string_view value) const;
    void add_address_test();
    void add_profile_test();
    [[nodiscard]] bool is_inside_segment() const noexcept;
    [[nodiscard]] Status apply(Test& test, std::uint32_t number, std::vector<Verdict>& rows);
    [[nodiscard]] Status apply_seconds(std::uint32_t number, std::vector<Verdict>& rows);
    void apply_envelope(const BlockInfo& block, std::vector<Verdict>& rows) const;

    Probe* probe_;
    Store* store_;
    SegmentInfo info_;
    bool empty_ = false;
    std::shared_ptr<const IndexHead> head_;
    std::shared_ptr<const Bytes> columns_;
    std::shared_ptr<const Bytes> filters_;
    std::vector<Test> tests_;
    std::vector<TokenHash> tokens_;
    std::optional<TokenHash> address_token_;  // when one address is asked for
    std::vector<std::uint64_t> values_;
    std::vector<std::uint64_t> second_values_;
    std::vector<std::uint8_t> wanted_;
};

}  // namespace daicho::ledger::search
