#include "access/password/rules.hpp"

#include <algorithm>
#include <cstdint>

#include "access/password/hash_queue.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"
#include "crypto/password.hpp"

namespace daicho::access::password {
namespace {

/// A name shorter than this is in too many words to be forbidden ("k", "社").
constexpr std::size_t forbidden_chars_min = 3;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_symbol(char c) {
    return c > ' ' && c < 0x7f && !is_letter(c) && !is_digit(c);
}

bool any(std::string_view text, bool (*test)(char)) {
    return std::any_of(text.begin(), text.end(), test);
}
bool all(std::string_view text, bool (*test)(char)) {
    return std::all_of(text.begin(), text.end(), test);
}

/// `text` is valid UTF-8.
std::u32string code_points(std::string_view text) {
    std::u32string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0U) == 0x80U) {
            out.back() = (out.back() << 6U) | (byte & 0x3fU);
        } else {
            // The lead byte keeps what its length bits leave over.
            out.push_back(byte < 0x80 ? byte
                                      : byte & (byte >= 0xf0   ? 0x07U
                                                : byte >= 0xe0 ? 0x0fU
                                                               : 0x1fU));
        }
    }
    return out;
}

/// The longest run in which each character follows from the one before by `step` (0: the same
/// character). Only letters and digits of ASCII count for rising and falling runs.
std::size_t longest_run(const std::u32string& text, int step) {
    const auto in = [](char32_t c, char32_t first, char32_t last) {
        return c >= first && c <= last;
    };
    std::size_t longest = text.empty() ? 0 : 1;
    std::size_t run = 1;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char32_t a = text[i - 1];
        const char32_t b = text[i];
        const bool counts = step == 0 || (in(a, U'0', U'9') && in(b, U'0', U'9')) ||
                            (in(a, U'a', U'z') && in(b, U'a', U'z'));
        const bool follows = static_cast<std::int64_t>(b) - static_cast<std::int64_t>(a) == step;
        run = counts && follows ? run + 1 : 1;
        longest = std::max(longest, run);
    }
    return longest;
}

bool contains_name(const std::string& folded, std::string_view name) {
    const std::string forbidden = fold_for_search(name);
    if (code_point_count(forbidden) < forbidden_chars_min) return false;
    return folded.find(forbidden) != std::string::npos;
}

/// 株式会社みほん is guessed as みほん: the legal form before or after the name does not hide it.
std::string without_legal_form(std::string_view organisation) {
    std::string name = fold_for_search(organisation);
    for (const std::string_view form : {"株式会社", "有限会社", "合同会社", "(株)", "(有)",
                                        "一般社団法人", "社会保険労務士法人", "税理士法人"}) {
        const std::string folded = fold_for_search(form);
        const std::size_t at = name.find(folded);
        if (at != std::string::npos) name.erase(at, folded.size());
    }
    return std::string(trim(name));
}

}  // namespace

Rules::Rules(Policy policy, const std::vector<std::string>& blocked) : policy_(policy) {
    check(policy.chars_min >= chars_floor, "a password policy below the regulations' minimum");
    for (const std::string& word : blocked) blocked_.insert(fold_for_search(word));
}

std::vector<std::string> Rules::broken_by(std::string_view password, const Context& context) const {
    if (password.size() > crypto::password_size_max) return {"password.too_long"};
    if (!is_utf8(password)) return {"password.not_text"};
    const std::string typed = normalised(password);
    const std::string folded = fold_for_search(typed);
    const std::u32string lower = code_points(ascii_lower(typed));
    std::vector<std::string> broken;
    const auto rule = [&broken](bool holds, const char* text_key) {
        if (!holds) broken.emplace_back(text_key);
    };
    rule(code_point_count(typed) >= policy_.chars_min, "password.too_short");
    rule(typed.empty() || !all(typed, is_letter), "password.only_letters");
    rule(typed.empty() || !all(typed, is_digit), "password.only_digits");
    rule(!policy_.needs_upper || any(typed, is_upper), "password.needs_upper");
    rule(!policy_.needs_digit || any(typed, is_digit), "password.needs_digit");
    rule(!policy_.needs_symbol || any(typed, is_symbol), "password.needs_symbol");
    rule(longest_run(code_points(typed), 0) <= policy_.same_run_max, "password.same_run");
    rule(longest_run(lower, 1) <= policy_.sequence_max &&
             longest_run(lower, -1) <= policy_.sequence_max,
         "password.sequence");
    rule(!contains_name(folded, context.login), "password.contains_login");
    rule(!contains_name(folded, context.display_name), "password.contains_name");
    rule(!contains_name(folded, without_legal_form(context.organisation)),
         "password.contains_organisation");
    rule(!is_blocked(folded), "password.blocked");
    return broken;
}

bool Rules::is_blocked(std::string_view folded) const {
    const auto is_added = [](char c) { return is_digit(c) || is_symbol(c) || c == ' '; };
    std::size_t leading = 0;
    while (leading < folded.size() && is_added(folded[leading])) ++leading;
    // A listed word may itself begin or end with digits: each end is tried with and without.
    for (const std::size_t begin : {std::size_t{0}, leading}) {
        for (std::size_t end = folded.size(); end > begin; --end) {
            if (blocked_.contains(std::string(folded.substr(begin, end - begin)))) return true;
            if (!is_added(folded[end - 1])) break;
        }
    }
    return false;
}

}  // namespace daicho::access::password
