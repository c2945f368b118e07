#include "ledger/search/matcher.hpp"

#include <cstring>

namespace daicho::ledger::search {
namespace {

std::uint8_t lower(std::uint8_t c) {
    return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c | 0x20) : c;
}
bool is_continuation(std::uint8_t c) {
    return (c & 0xc0) == 0x80;
}

/// Whether a character may begin at `at`: not in the middle of one outside ASCII.
bool is_boundary(ByteView raw, std::size_t at) {
    if (at == 0 || at == raw.size()) return true;
    return raw[at - 1] < 0x80 || !is_continuation(raw[at]);
}

}  // namespace

TermMatcher::TermMatcher(const Term& term, bool ignore_case)
    : bytes_(term.bytes),
      ignore_case_(ignore_case),
      tokens_(tokens_of_term(term.bytes, term.open_left, term.open_right)) {
    const auto first = static_cast<std::uint8_t>(bytes_.front());
    const auto last = static_cast<std::uint8_t>(bytes_.back());
    bound_left_ = is_word_byte(first) && !term.open_left;
    bound_right_ = is_word_byte(last) && !term.open_right;
    whole_left_ = first >= 0x80;
    whole_right_ = last >= 0x80;
    if (ignore_case_) {
        for (char& c : bytes_) c = static_cast<char>(lower(static_cast<std::uint8_t>(c)));
    }
}

bool TermMatcher::fits(ByteView raw, std::size_t at) const noexcept {
    const std::size_t end = at + bytes_.size();
    if (bound_left_ && at > 0 && is_word_byte(raw[at - 1])) return false;
    if (bound_right_ && end < raw.size() && is_word_byte(raw[end])) return false;
    if (whole_left_ && !is_boundary(raw, at)) return false;
    return !whole_right_ || is_boundary(raw, end);
}

std::size_t TermMatcher::find(ByteView raw, std::size_t from) const noexcept {
    const std::size_t size = bytes_.size();
    if (!ignore_case_) {
        while (from + size <= raw.size()) {
            const void* hit = memmem(raw.data() + from, raw.size() - from, bytes_.data(), size);
            if (hit == nullptr) return npos;
            const auto at =
                static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - raw.data());
            if (fits(raw, at)) return at;
            from = at + 1;
        }
        return npos;
    }
    const auto first = static_cast<std::uint8_t>(bytes_.front());
    for (std::size_t at = from; at + size <= raw.size(); ++at) {
        if (lower(raw[at]) != first) continue;
        std::size_t i = 1;
        while (i < size && lower(raw[at + i]) == static_cast<std::uint8_t>(bytes_[i])) ++i;
        if (i == size && fits(raw, at)) return at;
    }
    return npos;
}

bool TermMatcher::found_in(ByteView raw) const noexcept {
    return find(raw, 0) != npos;
}

Matcher::Matcher(const Query& query) : query_(query) {
    for (const Term& term : query.terms) terms_.emplace_back(term, query.ignore_case);
    const bool by_event_time =
        query.time_field == TimeField::event && (query.time_from_ns || query.time_to_ns);
    needs_fields_ = by_event_time || !query.host.empty() || !query.app.empty() ||
                    !query.user.empty() || query.address || query.category || query.action ||
                    query.outcome;
}

bool Matcher::matches_envelope(const core::BlockEvent& event,
                               const std::string& source) const noexcept {
    if (query_.seq_from && event.seq < *query_.seq_from) return false;
    if (query_.seq_to && event.seq >= *query_.seq_to) return false;
    if (query_.after &&
        (query_.newest_first ? event.seq >= *query_.after : event.seq <= *query_.after)) {
        return false;
    }
    if (query_.time_field == TimeField::received) {
        if (query_.time_from_ns && event.wall_ns < *query_.time_from_ns) return false;
        if (query_.time_to_ns && event.wall_ns >= *query_.time_to_ns) return false;
    }
    return query_.source.empty() || query_.source == source;
}

bool Matcher::matches_text(ByteView raw) const noexcept {
    for (const TermMatcher& term : terms_) {
        if (!term.found_in(raw)) return false;
    }
    return true;
}

bool Matcher::matches_fields(const Fields& fields, WallNs received_ns) const noexcept {
    if (query_.time_field == TimeField::event) {
        const WallNs time = event_time(fields, received_ns);
        if (query_.time_from_ns && time < *query_.time_from_ns) return false;
        if (query_.time_to_ns && time >= *query_.time_to_ns) return false;
    }
    if (!query_.host.empty() && fields.host != query_.host) return false;
    if (!query_.app.empty() && fields.app != query_.app) return false;
    if (!query_.user.empty() && fields.user != query_.user && fields.target_user != query_.user) {
        return false;
    }
    if (query_.address && !(fields.address && query_.address->contains(*fields.address)))
        return false;
    if (query_.category && fields.category != *query_.category) return false;
    if (query_.action && fields.action != *query_.action) return false;
    return !query_.outcome || fields.outcome == *query_.outcome;
}

}  // namespace daicho::ledger::search
