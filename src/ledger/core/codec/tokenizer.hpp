#pragma once
// Takes lines apart into templates and columns of values (line.hpp says how).
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "ledger/core/codec/line.hpp"
#include "ledger/core/codec/template_plan.hpp"

namespace daicho::ledger::core::codec {

/// Templates of one depth, numbered by first use.
class TemplateTable {
public:
    /// The template's number; `added` says whether it is new. At most templates_max.
    [[nodiscard]] std::uint32_t add(ByteView text, bool& added);
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] ByteView text(std::uint32_t number) const noexcept {
        return ByteView(texts_).subspan(entries_[number].offset, entries_[number].size);
    }
    [[nodiscard]] std::size_t text_bytes() const noexcept { return texts_.size(); }
    void clear();

private:
    struct Entry {
        std::uint32_t offset;
        std::uint32_t size;
    };
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t generation = 0;
        std::uint32_t number = 0;
    };
    std::vector<Entry> entries_;
    Bytes texts_;
    void grow();

    std::vector<Slot> slots_ =
        std::vector<Slot>(512);  // small while it can be: it is probed for every line
    std::uint32_t generation_ = 1;
};

/// Not synchronised.
class Tokenizer {
public:
    Tokenizer();
    /// The number of the line's template, its values being added to the columns; nothing when the
    /// line must be kept as it is.
    [[nodiscard]] std::optional<std::uint32_t> add(ByteView line);
    [[nodiscard]] const TemplateTable& templates(unsigned depth) const {
        return levels_[depth].table;
    }
    [[nodiscard]] const std::vector<std::uint64_t>& column(std::uint32_t number) const {
        return columns_[number];
    }
    [[nodiscard]] std::size_t column_count() const { return map_.size(); }
    [[nodiscard]] const ColumnMap& map() const { return map_; }
    /// The columns that the template's values go to, in the order of its marks.
    [[nodiscard]] std::span<const std::uint32_t> columns_of(unsigned depth,
                                                            std::uint32_t number) const {
        const Level& level = levels_[depth];
        return std::span(level.columns)
            .subspan(level.first_column[number],
                     level.first_column[number + 1] - level.first_column[number]);
    }
    void clear();

private:
    struct Level {
        TemplateTable table;
        std::vector<std::uint32_t> columns;       // of all templates, one after the other
        std::vector<std::uint32_t> first_column;  // by template, and the end
        Bytes text;                               // the template being made
        std::size_t text_size = 0;
        std::vector<std::uint64_t> values;
        std::size_t value_count = 0;
        std::size_t literal = 0;  // where the literal that is not yet copied begins
    };
    [[nodiscard]] bool load(ByteView line);
    [[nodiscard]] std::size_t next(std::size_t from) const noexcept;
    [[nodiscard]] std::uint32_t split(unsigned depth, std::size_t begin, std::size_t end);
    [[nodiscard]] std::uint32_t close(Level& level, unsigned depth, std::size_t end);
    void copy_literal(Level& level, std::size_t end) noexcept;
    void put(Level& level, std::size_t begin, std::size_t end, Mark mark, unsigned width,
             std::uint64_t value) noexcept;
    [[nodiscard]] std::size_t take_quoted(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t take_digits(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t take_in_word(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t take_hex(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t take_number(Level& level, std::size_t at, std::size_t stop,
                                          std::size_t end);
    [[nodiscard]] std::size_t try_stamp(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t try_bsd_stamp(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t try_clf_stamp(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t try_ipv4(Level& level, std::size_t at, std::size_t end);
    [[nodiscard]] std::size_t try_pairs(Level& level, std::size_t at, std::size_t end);

    std::array<Level, nesting_max + 1> levels_;
    ColumnMap map_;
    std::vector<std::vector<std::uint64_t>> columns_;
    std::vector<Step> steps_;
    Bytes line_;                        // a copy with room behind it
    std::vector<std::uint64_t> marks_;  // a bit for every digit and quote of line_
    StampReference reference_;
    unsigned nested_count_ = 0;
};

}  // namespace daicho::ledger::core::codec
