#pragma once
// The gate for JSON from outside (RFC 8259), stricter than the library: limits, no duplicate keys,
// no byte order mark, no integer that would silently turn into a floating-point number.
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace daicho::data {

struct JsonLimits {
    std::size_t bytes_max = std::size_t{1} << 20;  // requests are forms, not files
    std::size_t depth_max = 32;                    // the deepest of our formats has 9
    std::size_t values_max = 100'000;              // 1 MiB of "[[],[],..." makes 350,000 heap nodes
};

/// One JSON value and nothing after it. Errc::too_large over a limit, Errc::invalid otherwise; the
/// message says where.
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view text,
                                                const JsonLimits& limits = {});

/// One text for one value, for digests: keys sorted by their UTF-8 bytes, no spaces, UTF-8 not
/// escaped, "/" not escaped, shortest form of numbers. Throws Fault on text that is not UTF-8, on
/// NaN and on infinity.
[[nodiscard]] std::string canonical_json(const nlohmann::json& value);

}  // namespace daicho::data
