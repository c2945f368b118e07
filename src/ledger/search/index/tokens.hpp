#pragma once
// Which pieces of an event's text the block filters know. One rule serves both sides: a token of a
// search term that lies whole between the term's fixed ends is a token of every event that holds
// the term (docs/formats/index.md, "Tokens").
//   word:    run of ASCII letters, digits, `_`, in lower case; not: one character, up to five
//   digits,
//            and the shapes of stamps (05T17, 490662Z), which would be new in every event
//   address: four runs of at most three digits with dots between
//   pair:    two neighbouring characters outside ASCII (scripts without spaces between words)
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::ledger::search {

using TokenHash = std::uint64_t;

inline constexpr std::size_t word_digits_min = 6;

[[nodiscard]] constexpr bool is_word_byte(std::uint8_t c) noexcept {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/// Collects the distinct tokens of the events of a block. Not synchronised.
class TokenSet {
public:
    TokenSet();
    void add(ByteView raw);
    /// For what a filter must know besides the text's own tokens.
    void add(TokenHash hash) { insert(hash); }
    /// Distinct hashes in no particular order, until the next clear().
    [[nodiscard]] std::span<const TokenHash> hashes() const noexcept { return hashes_; }
    void clear();

private:
    void insert(TokenHash hash) {
        // Most tokens are those of the lines before: these few stay in the first-level cache.
        TokenHash& recent = recent_[hash % recent_.size()];
        if (recent == hash) return;
        recent = hash;
        insert_new(hash);
    }
    void insert_new(TokenHash hash);
    void grow();
    std::array<TokenHash, 1024> recent_{};
    std::vector<TokenHash> slots_;  // 0 = free
    std::vector<TokenHash> hashes_;
    Bytes line_;  // a copy with room behind it
    std::vector<std::uint32_t> edges_;
};

/// Tokens that any event containing `bytes` has. An open end may go on in the event, so what
/// touches it is left out.
[[nodiscard]] std::vector<TokenHash> tokens_of_term(std::string_view bytes, bool open_left,
                                                    bool open_right);

/// The same as that of its text when the event has an IPv4 address as a dotted quad.
[[nodiscard]] TokenHash token_of_address(const Address& address);

}  // namespace daicho::ledger::search
