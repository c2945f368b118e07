#pragma once
// What builder and reader of an index must agree on (docs/formats/index.md).
#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::ledger::search {

/// "DIX" and the version of the format; the section's number follows.
inline constexpr std::uint32_t index_magic = 0x44495801;

/// The columns that every block has, in file order.
enum class Column : std::uint8_t {
    profile = 0,  // host, app and kind in one: they go together
    user = 1,
    target = 2,
    address = 3,
    source = 4,
    seconds = 5,  // event time, zigzag
};
inline constexpr std::size_t column_count = 6;

/// The dictionaries of a segment, in file order; `user` serves acting and target users.
enum class Field : std::uint8_t { host = 0, app = 1, user = 2, address = 3, source = 4 };
inline constexpr std::size_t field_count = 5;

/// Codes: absent, present but not in the dictionary, and then the dictionary.
inline constexpr std::uint64_t code_absent = 0;
inline constexpr std::uint64_t code_unlisted = 1;
inline constexpr std::uint64_t code_first = 2;

/// An address that begins like this is written without it.
inline constexpr std::string_view ipv4_prefix{"\0\0\0\0\0\0\0\0\0\0\xff\xff", 12};

/// A dictionary stops growing here; later values are unlisted. Hostile senders can invent names
/// without end.
inline constexpr std::size_t dictionary_entries_max = 65536;
inline constexpr std::size_t dictionary_bytes_max = std::size_t{2} << 20;
inline constexpr std::size_t dictionary_value_size_max = 255;
/// More rows than this and a segment's roll-up is left out: it is then made from the events when
/// asked for.
inline constexpr std::size_t rollup_rows_max = 262144;

inline constexpr std::size_t blocks_max = 65536;
/// Profiles beyond get the code profile_unlisted.
inline constexpr std::size_t profiles_max = 16384;
inline constexpr std::uint64_t profile_unlisted = 0;
inline constexpr std::uint64_t profile_first = 1;

/// The three fields that classify an event, as one code.
struct Kind {
    Category category = Category::none;
    Action action = Action::none;
    Outcome outcome = Outcome::unknown;
    bool operator==(const Kind&) const = default;
    [[nodiscard]] constexpr std::uint32_t packed() const noexcept {
        return static_cast<std::uint32_t>(category) << 16 |
               static_cast<std::uint32_t>(action) << 8 | static_cast<std::uint32_t>(outcome);
    }
    [[nodiscard]] static constexpr Kind unpacked(std::uint32_t value) noexcept {
        return {static_cast<Category>(value >> 16 & 0xff), static_cast<Action>(value >> 8 & 0xff),
                static_cast<Outcome>(value & 0xff)};
    }
    [[nodiscard]] constexpr bool is_sign_in() const noexcept {
        return category == Category::authentication && action == Action::sign_in;
    }
};

/// Codes of host and app, and the kind: what most events of one service share.
struct Profile {
    std::uint32_t host = 0;
    std::uint32_t app = 0;
    Kind kind;
    bool operator==(const Profile&) const = default;
};

}  // namespace daicho::ledger::search
