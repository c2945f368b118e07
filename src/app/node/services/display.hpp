#pragma once
// Bytes of an event as runs of text that are safe on a screen, with the searched words marked.
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "ledger/search/fields.hpp"
#include "ledger/search/query.hpp"

namespace daicho::app::node {

/// A list of DisplayPart (openapi.yaml). At most `bytes_max` bytes of `raw` are shown.
[[nodiscard]] nlohmann::json display_of(ByteView raw,
                                        const std::vector<ledger::search::Term>& terms,
                                        bool ignore_case, std::size_t bytes_max);
/// A list of HexLine, 16 bytes a line.
[[nodiscard]] nlohmann::json hex_lines(ByteView raw, std::size_t bytes_max);
/// EventFields; what is not known is absent. Texts are made safe to show.
[[nodiscard]] nlohmann::json fields_view(const ledger::search::Fields& fields);
/// EventFlag names of the envelope's bits.
[[nodiscard]] nlohmann::json flags_view(std::uint16_t flags);

}  // namespace daicho::app::node
