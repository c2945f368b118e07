#pragma once
// Which column each mark of a template feeds. Both halves of the codec derive it from the
// template's text, so the block holds no table of columns.
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "ledger/core/codec/column.hpp"
#include "ledger/core/codec/line.hpp"

namespace daicho::ledger::core::codec {

inline constexpr std::uint32_t no_column = 0xffffffff;

/// Literal bytes, then a mark. The last step of a template has no mark.
struct Step {
    std::uint32_t literal = 0;  // offset in the template's text
    std::uint32_t length = 0;
    std::uint32_t column = no_column;
    Mark mark = Mark::number;
    std::uint8_t width = 0;
    bool last = false;
};

/// Columns are told apart by what stands before the mark, not by template: `port ` makes the same
/// column in every sentence, so rare sentences don't make tiny columns.
class ColumnMap {
public:
    /// The column for a mark at `at` in `text`; a new one is numbered size().
    [[nodiscard]] std::uint32_t column_of(ByteView text, std::size_t at, Mark mark, unsigned width,
                                          unsigned depth);
    [[nodiscard]] std::size_t size() const noexcept { return shapes_.size(); }
    [[nodiscard]] Shape shape(std::uint32_t column) const noexcept { return shapes_[column]; }
    [[nodiscard]] unsigned depth(std::uint32_t column) const noexcept { return depths_[column]; }
    void clear();

private:
    std::unordered_map<std::uint64_t, std::uint32_t> columns_;
    std::vector<Shape> shapes_;
    std::vector<std::uint8_t> depths_;
};

/// Takes a template's text apart. Errc::tampered for a mark that the tokeniser would not write.
[[nodiscard]] Status plan_template(ByteView text, unsigned depth, ColumnMap& columns,
                                   std::vector<Step>& steps);

}  // namespace daicho::ledger::core::codec
