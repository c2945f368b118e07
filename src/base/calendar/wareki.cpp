#include "base/calendar/wareki.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/fault.hpp"
#include "base/text.hpp"

namespace daicho::calendar {
namespace {

constexpr Date gregorian_from{1873, 1,
                              1};  // 明治6年1月1日, by the decree of 明治5年 (太政官布告337号)
// Two digits: no era has lasted longer, and 令和2026年 is a slip that must not pass for the year
// 4044.
constexpr int era_years_max = 99;
constexpr std::size_t era_year_digits = 2;
constexpr std::size_t text_size_max = 64;  // full-width 令和８年１２月３１日 has 30 bytes

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Takes what it recognises off the front of a normalised text.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}
    bool take(std::string_view word) noexcept {
        skip_space();
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    bool take_ignoring_case(std::string_view word) noexcept {
        skip_space();
        if (rest_.size() < word.size() ||
            !equal_ignoring_case(rest_.substr(0, word.size()), word)) {
            return false;
        }
        rest_.remove_prefix(word.size());
        return true;
    }
    /// One to `digits_max` digits; -1 otherwise.
    int number(std::size_t digits_max) noexcept {
        skip_space();
        std::size_t count = 0;
        int value = 0;
        while (count < rest_.size() && count <= digits_max && is_digit(rest_[count])) {
            value = value * 10 + (rest_[count] - '0');
            ++count;
        }
        if (count == 0 || count > digits_max) return -1;
        rest_.remove_prefix(count);
        return value;
    }
    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

private:
    void skip_space() noexcept {
        if (rest_.starts_with(' ')) rest_.remove_prefix(1);
    }
    std::string_view rest_;
};

struct YearMonthDay {
    int year = -1;
    int month = -1;
    int day = -1;
};

/// 8年4月1日 or 8.4.1, 8/4/1, 8-4-1 with one kind of separator. `first_year`: 元年 may stand for 1.
bool read_parts(Scanner& in, bool first_year, std::size_t year_digits, YearMonthDay& out) {
    const bool gannen = first_year && in.take("元");
    out.year = gannen ? 1 : in.number(year_digits);
    if (out.year < 0) return false;
    if (in.take("年")) {
        out.month = in.number(2);
        if (out.month < 0 || !in.take("月")) return false;
        out.day = in.number(2);
        return out.day >= 0 && in.take("日");
    }
    if (gannen) return false;
    for (const std::string_view separator : {".", "/", "-"}) {
        if (!in.take(separator)) continue;
        out.month = in.number(2);
        if (out.month < 0 || !in.take(separator)) return false;
        out.day = in.number(2);
        return out.day >= 0;
    }
    return false;
}

tl::unexpected<Error> not_a_date() {
    return refuse(Errc::invalid, "error.date.form", "not a date in a form that is accepted");
}

Result<std::string> prepared(std::string_view text) {
    if (text.size() > text_size_max || !is_utf8(text)) return not_a_date();
    return std::string(trim(nfkc(text)));
}

}  // namespace

Result<Wareki> Wareki::create(std::vector<Era> eras) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < eras.size(); ++i) {
        const Era& era = eras[i];
        const bool in_order = i == 0 || eras[i - 1].first < era.first;
        if (era.name.empty() || era.letter.empty() || !is_valid(era.first) || !in_order) {
            return fail(Errc::invalid,
                        "eras must be complete and in the order of their first days");
        }
        if (!seen.insert(nfkc(era.name)).second || !seen.insert(ascii_lower(era.letter)).second) {
            return fail(Errc::invalid, "two eras of one name or letter");
        }
    }
    if (eras.empty()) return fail(Errc::invalid, "no eras");
    return Wareki(std::move(eras));
}

Wareki Wareki::standard() {
    return Wareki({{"明治", "M", {1868, 1, 25}},
                   {"大正", "T", {1912, 7, 30}},
                   {"昭和", "S", {1926, 12, 25}},
                   {"平成", "H", {1989, 1, 8}},
                   {"令和", "R", {2019, 5, 1}}});
}

const Era* Wareki::era_of(const Date& date) const noexcept {
    if (date < gregorian_from) return nullptr;
    const auto after =
        std::upper_bound(eras_.begin(), eras_.end(), date,
                         [](const Date& d, const Era& era) { return d < era.first; });
    if (after == eras_.begin()) return nullptr;
    const Era* const era = &*std::prev(after);
    return date.year - era->first.year < era_years_max ? era : nullptr;
}

std::optional<std::string> Wareki::to_text(const Date& date, WarekiStyle style) const {
    check(is_valid(date), "a valid date");
    const Era* const era = era_of(date);
    if (era == nullptr) return std::nullopt;
    const int year = date.year - era->first.year + 1;
    const std::string month = std::to_string(date.month);
    const std::string day = std::to_string(date.day);
    if (style == WarekiStyle::letter) {
        return era->letter + std::to_string(year) + "." + month + "." + day;
    }
    const std::string year_words = year == 1 ? "元" : std::to_string(year);
    return era->name + year_words + "年" + month + "月" + day + "日";
}

std::optional<std::string> Wareki::year_text(const Date& date) const {
    check(is_valid(date), "a valid date");
    const Era* const era = era_of(date);
    if (era == nullptr) return std::nullopt;
    const int year = date.year - era->first.year + 1;
    return era->name + (year == 1 ? "元" : std::to_string(year)) + "年";
}

Result<Date> Wareki::parse(std::string_view text) const {
    const Result<std::string> ready = prepared(text);
    if (!ready) return fail(ready.error());
    for (const Era& era : eras_) {
        Scanner in(*ready);
        const bool by_name = in.take(nfkc(era.name));
        if (!by_name && !in.take_ignoring_case(era.letter)) continue;
        YearMonthDay parts;
        if (!read_parts(in, true, era_year_digits, parts) || !in.at_end() || parts.year == 0)
            return not_a_date();
        const auto date = make_date(era.first.year + parts.year - 1, parts.month, parts.day);
        if (!date) return refuse(Errc::invalid, "error.date.no_such_day", "there is no such day");
        if (era_of(*date) != &era) {
            return refuse(Errc::invalid, "error.wareki.era", "the day does not lie in that era");
        }
        return *date;
    }
    return not_a_date();
}

Result<Date> parse_any_date(const Wareki& wareki, std::string_view text) {
    const Result<std::string> ready = prepared(text);
    if (!ready) return fail(ready.error());
    if (ready->empty() || !is_digit(ready->front())) return wareki.parse(*ready);
    Scanner in(*ready);
    YearMonthDay parts;
    // Four digits, or "8/4/1" would silently be a day in the year 8.
    if (ready->find_first_not_of("0123456789") != 4) return not_a_date();
    if (!read_parts(in, false, 4, parts) || !in.at_end()) return not_a_date();
    const auto date = make_date(parts.year, parts.month, parts.day);
    if (!date) return refuse(Errc::invalid, "error.date.no_such_day", "there is no such day");
    return *date;
}

}  // namespace daicho::calendar
