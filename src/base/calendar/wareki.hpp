#pragma once
// Japanese era dates (和暦). The eras are data: a new one is a line in a table, not a change of
// code.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar/date.hpp"
#include "base/result.hpp"

namespace daicho::calendar {

struct Era {
    std::string name;    // 令和
    std::string letter;  // R
    Date first;          // its first day; the year that holds it is 元年
};

enum class WarekiStyle {
    kanji,   // 令和8年4月1日, 令和元年5月1日
    letter,  // R8.4.1
};

/// Thread-safe; immutable.
class Wareki {
public:
    /// Errc::invalid unless the eras follow each other and names and letters are unique.
    [[nodiscard]] static Result<Wareki> create(std::vector<Era> eras);
    /// Meiji to Reiwa, as fixed by law.
    [[nodiscard]] static Wareki standard();

    /// nullopt before 1873-01-01 (until then 明治 counted lunar dates, which are not these) and
    /// beyond an era's year 99.
    [[nodiscard]] std::optional<std::string> to_text(const Date& date,
                                                     WarekiStyle style = WarekiStyle::kanji) const;
    /// 令和8年, R8: the year alone, as the era stands on that date.
    [[nodiscard]] std::optional<std::string> year_text(const Date& date) const;

    /// Reads 令和8年4月1日, 令和元年5月1日, R8.4.1, R8/4/1, R8-4-1 (letters in either case) and
    /// ㋿8年4月1日; full-width forms are normalised first, single spaces between the parts allowed.
    /// Strict: the day must exist and lie in that era (平成31年5月1日 and 昭和元年12月24日 are
    /// refused, text_key "error.wareki.era").
    [[nodiscard]] Result<Date> parse(std::string_view text) const;
    [[nodiscard]] const std::vector<Era>& eras() const noexcept { return eras_; }

private:
    explicit Wareki(std::vector<Era> eras) : eras_(std::move(eras)) {}
    [[nodiscard]] const Era* era_of(const Date& date) const noexcept;
    std::vector<Era> eras_;  // oldest first
};

/// What a person types into a date field: ISO (2026-04-01), 2026/4/1, 2026年4月1日, or any wareki
/// form.
[[nodiscard]] Result<Date> parse_any_date(const Wareki& wareki, std::string_view text);

}  // namespace daicho::calendar
