#pragma once
// How handlers put their answers, and how ids and times look outside.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "app/http/message.hpp"
#include "app/http/problem.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace daicho::app::api {

[[nodiscard]] http::Response json_reply(const nlohmann::json& body, int status = 200);
[[nodiscard]] http::Response no_content();

/// RFC 3339, UTC, as many digits of fraction as are not zero (0, 3, 6 or 9).
[[nodiscard]] std::string time_text(WallNs time_ns);
[[nodiscard]] nlohmann::json time_or_null(const std::optional<WallNs>& time_ns);
/// Text that the description has already accepted as a time.
[[nodiscard]] WallNs time_of(const std::string& text);

[[nodiscard]] std::string id_text(std::int64_t id);
/// Errc::not_found for what can't be an id of ours: the caller learns no more than that.
[[nodiscard]] Result<std::int64_t> id_of(std::string_view text);
[[nodiscard]] Result<std::uint64_t> seq_of(std::string_view text);
[[nodiscard]] nlohmann::json seq_or_null(const std::optional<std::int64_t>& seq);

/// The one table from code to HTTP status.
[[nodiscard]] int status_of(Errc code) noexcept;
[[nodiscard]] http::Response to_response(const Error& error);
/// 400 with one entry per field.
[[nodiscard]] http::Response invalid_fields(std::vector<http::FieldProblem> problems);

}  // namespace daicho::app::api
