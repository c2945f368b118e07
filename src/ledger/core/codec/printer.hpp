#pragma once
// Prints templates and values back to lines (line.hpp has the rules).
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "ledger/core/codec/template_plan.hpp"

namespace daicho::ledger::core::codec {

/// The templates of one depth as read from a block.
struct TemplateList {
    struct Entry {
        std::uint32_t first_step = 0;
        ByteView text;
    };
    std::vector<Entry> entries;
    std::vector<Step> steps;
};

/// Prints into a buffer it does not own. The buffer must have printer_slack bytes behind
/// `capacity`.
inline constexpr std::size_t printer_slack = 64;

class Printer {
public:
    Printer(std::span<const TemplateList> levels, std::vector<const std::uint64_t*> columns,
            std::uint8_t* out, std::size_t capacity)
        : levels_(levels),
          columns_(std::move(columns)),
          start_(out),
          at_(out),
          end_(out + capacity) {}
    /// Appends one line of template `number`, taking its values from the columns, whose number was
    /// counted before. False: the line does not fit or a value can't be printed.
    [[nodiscard]] bool line(std::uint32_t number);
    [[nodiscard]] bool plain(ByteView bytes);
    /// Passes over the values of a line without printing it. Lines that are passed over one after
    /// the other are only counted, until one is printed.
    [[nodiscard]] bool skip(std::uint32_t number);
    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>(at_ - start_);
    }

private:
    /// Lines passed over since the last one that was printed.
    struct Passed {
        std::vector<std::uint32_t> lines;      // by template
        std::vector<std::uint32_t> templates;  // those with any
    };
    [[nodiscard]] bool pass(unsigned depth, std::uint64_t number);
    [[nodiscard]] bool catch_up();
    [[nodiscard]] bool print(unsigned depth, std::uint32_t number);
    [[nodiscard]] bool mark(const Step& step, unsigned depth);
    [[nodiscard]] bool stamp(std::uint64_t value, unsigned digits);
    [[nodiscard]] bool bsd_stamp(std::uint64_t value);
    [[nodiscard]] bool clf_stamp(std::uint64_t value);
    [[nodiscard]] bool pairs(std::uint64_t value, unsigned width);
    void number(std::uint64_t value) noexcept;
    void small(std::uint32_t value) noexcept;
    void digits(std::uint64_t value, unsigned width) noexcept;
    void clock(const CivilTime& t) noexcept;

    std::span<const TemplateList> levels_;
    std::vector<const std::uint64_t*> columns_;
    std::array<Passed, nesting_max + 1> passed_;
    std::uint8_t* start_;
    std::uint8_t* at_;
    std::uint8_t* end_;
    StampReference reference_;
    std::int64_t cached_seconds_ = -1;  // of cached_, the printed date and clock
    std::array<std::uint8_t, 19> cached_{};
};

}  // namespace daicho::ledger::core::codec
