#pragma once
// Messages whose values have names: RFC 5424 structured data, key=value text, JSON. All bounded:
// what lies beyond the limits is not looked at (it is only derived; the event is kept whole).
#include <string_view>

#include "evidence/collect/parse/header.hpp"
#include "evidence/collect/parse/scratch.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::evidence::collect::parse {

inline constexpr std::size_t scanned_size_max = std::size_t{16} << 10;  // of a message, for pairs
inline constexpr std::size_t pairs_max = 128;
inline constexpr unsigned json_depth_max = 16;

/// Calls nothing, allocates nothing: iterates over key=value pairs with bare, "quoted" or 'quoted'
/// values.
class KeyValues {
public:
    explicit KeyValues(std::string_view text) noexcept
        : cursor_(text.substr(0, scanned_size_max)) {}
    /// False at the end. `value` is without its quotes, escapes stay.
    [[nodiscard]] bool next(std::string_view& key, std::string_view& value) noexcept;

private:
    Cursor cursor_;
    std::size_t seen_ = 0;
};

/// True if a parameter was recognised. `message_id` is the event number where a Windows agent puts
/// it there.
[[nodiscard]] bool structured_data(const SdParams& params, std::string_view message_id,
                                   Scratch& scratch, ledger::search::Fields& out);
[[nodiscard]] bool key_values(std::string_view message, ledger::search::Fields& out);
/// An object at the front of the message; nested objects by name ("source": {"ip": …}). Times
/// without zone need `zone`.
[[nodiscard]] bool json_object(std::string_view message, ZoneCache& zone, Scratch& scratch,
                               ledger::search::Fields& out);

}  // namespace daicho::evidence::collect::parse
