#include "ledger/search/query.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

namespace daicho::ledger::search {
namespace {

constexpr unsigned mapped_bits = 96;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_mapped(const Address& address) {
    constexpr std::uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::memcmp(address.data(), prefix, sizeof prefix) == 0;
}

/// Reads a phrase; `at` is behind the opening quote and comes to lie behind the closing one.
Result<Term> read_phrase(std::string_view text, std::size_t& at) {
    Term term;
    while (at < text.size() && text[at] != '"') {
        const bool escaped = text[at] == '\\' && at + 1 < text.size() &&
                             (text[at + 1] == '"' || text[at + 1] == '\\');
        if (escaped) ++at;
        term.bytes += text[at++];
    }
    if (at == text.size()) return fail(Errc::invalid, "a quote is not closed");
    ++at;
    if (term.bytes.empty()) return fail(Errc::invalid, "an empty phrase");
    return term;
}

Result<Term> read_word(std::string_view text, std::size_t& at) {
    const std::size_t begin = at;
    while (at < text.size() && !is_space(text[at])) ++at;
    std::string_view word = text.substr(begin, at - begin);
    Term term;
    if (word.front() == '*') {
        term.open_left = true;
        word.remove_prefix(1);
    }
    if (!word.empty() && word.back() == '*') {
        term.open_right = true;
        word.remove_suffix(1);
    }
    if (word.empty()) return fail(Errc::invalid, "a star needs a word");
    term.bytes = word;
    return term;
}

}  // namespace

Result<std::vector<Term>> parse_text(std::string_view text) {
    if (text.size() > query_text_size_max) return fail(Errc::too_large, "search text too long");
    std::vector<Term> terms;
    std::size_t at = 0;
    while (true) {
        while (at < text.size() && is_space(text[at])) ++at;
        if (at == text.size()) return terms;
        if (terms.size() == query_terms_max) return fail(Errc::too_large, "too many search words");
        const bool phrase = text[at] == '"';
        if (phrase) ++at;
        Result<Term> term = phrase ? read_phrase(text, at) : read_word(text, at);
        if (!term) return tl::unexpected(term.error());
        terms.push_back(std::move(*term));
    }
}

bool AddressRange::contains(const Address& other) const noexcept {
    const unsigned whole = bits / 8;
    if (std::memcmp(address.data(), other.data(), whole) != 0) return false;
    if (bits % 8 == 0) return true;
    return ((address[whole] ^ other[whole]) >> (8 - bits % 8)) == 0;
}

std::optional<Address> parse_address(std::string_view text) {
    // inet_pton wants a terminator and refuses what is not strict.
    if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
    char buffer[INET6_ADDRSTRLEN + 1] = {};
    std::copy(text.begin(), text.end(), buffer);
    if (std::strlen(buffer) != text.size()) return std::nullopt;
    Address address{};
    if (inet_pton(AF_INET, buffer, address.data() + 12) == 1) {
        address[10] = address[11] = 0xff;
        return address;
    }
    if (inet_pton(AF_INET6, buffer, address.data()) == 1) return address;
    return std::nullopt;
}

std::string print_address(const Address& address) {
    char buffer[INET6_ADDRSTRLEN] = {};
    if (!is_mapped(address)) {
        inet_ntop(AF_INET6, address.data(), buffer, sizeof buffer);
        return buffer;
    }
    // A hundred thousand of these are printed for one table.
    char* at = buffer;
    for (std::size_t i = 12; i < address.size(); ++i) {
        if (i > 12) *at++ = '.';
        at = std::to_chars(at, buffer + sizeof buffer, address[i]).ptr;
    }
    return {buffer, static_cast<std::size_t>(at - buffer)};
}

Result<AddressRange> parse_address_range(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return fail(Errc::invalid, "not an address");
    AddressRange range{*address, 128};
    if (slash == std::string_view::npos) return range;
    const std::string_view digits = text.substr(slash + 1);
    const unsigned width_max = text.find(':') == std::string_view::npos ? 32 : 128;
    unsigned width = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), width);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    if (!whole || width > width_max || (digits.size() > 1 && digits[0] == '0')) {
        return fail(Errc::invalid, "not a prefix length");
    }
    range.bits = static_cast<std::uint8_t>(width_max == 32 ? mapped_bits + width : width);
    for (unsigned bit = range.bits; bit < 128; ++bit) {
        if ((range.address[bit / 8] >> (7 - bit % 8) & 1) != 0) {
            return fail(Errc::invalid, "address has bits beyond its prefix");
        }
    }
    return range;
}

Status check_query(const Query& query) {
    if (query.limit == 0 || query.limit > query_limit_max)
        return fail(Errc::invalid, "limit out of range");
    if (query.terms.size() > query_terms_max) return fail(Errc::too_large, "too many search words");
    for (const Term& term : query.terms) {
        if (term.bytes.empty()) return fail(Errc::invalid, "an empty search word");
        if (term.bytes.size() > query_text_size_max)
            return fail(Errc::too_large, "search word too long");
    }
    if (query.time_to_ns == std::numeric_limits<WallNs>::min()) {
        return fail(Errc::invalid, "no time lies before the end of the range");
    }
    if (query.address && query.address->bits > 128) return fail(Errc::invalid, "prefix too long");
    return {};
}

}  // namespace daicho::ledger::search
