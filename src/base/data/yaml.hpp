#pragma once
// YAML content files as JSON values, with the place of each value for error messages. A
// deliberately small YAML: one document, no anchors, aliases, tags or merge keys, no duplicate
// keys, keys are text.
//
// What a scalar is: quoted or block text is text, always. Plain: `true`/`false` are booleans;
// `null`, `~` and nothing are null; -?(0|[1-9][0-9]*) within 64 bits is an integer; all else is
// text (yes, 007, 0x1F, 1.5, 2026-04-01).
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "base/result.hpp"

namespace daicho::data {

struct Place {
    int line = 0;    // from 1
    int column = 0;  // from 1, in bytes
};

struct YamlDocument {
    std::string file;  // as given, for messages
    nlohmann::json value;
    std::map<std::string, Place> places;  // by JSON pointer (RFC 6901); "" is the whole

    /// "file:line:column: field: what"; a pointer without a place gets that of its nearest parent.
    [[nodiscard]] std::string message(std::string_view pointer, std::string_view what) const;
};

struct YamlLimits {
    std::size_t bytes_max = std::size_t{1} << 20;  // the largest content file planned has 200 kB
    std::size_t values_max = 20'000;
    int depth_max = 40;
};

/// Errors are Errc::invalid or Errc::too_large with "file:line:column: field: what".
[[nodiscard]] Result<YamlDocument> parse_yaml(std::string_view text, std::string_view file,
                                              const YamlLimits& limits = {});
/// Errc::not_found when there is no such file; throws IoFault when it can't be read.
[[nodiscard]] Result<YamlDocument> load_yaml(Files& files, const std::string& path,
                                             const YamlLimits& limits = {});

/// One reference token of a JSON pointer: "~" and "/" escaped.
[[nodiscard]] std::string pointer_token(std::string_view key);

}  // namespace daicho::data
