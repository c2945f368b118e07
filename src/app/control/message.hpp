#pragma once
// What a command says to the running daicho, and what it is answered (docs/decisions/0050). Bytes
// of another process: parsed within bounds, in one form.
//   request = head("dcontrl1", u32 length) ‖ u8 language ‖ text16 directory ‖ u16 count ‖ text16 …
//   answer  = "dcontrl1" ‖ u8 verdict ‖ u8 exit code
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace daicho::app::control {

/// A command with some ten thousand file names; ARG_MAX of Linux is twice that. What is longer is
/// refused before anything is done, and can be split.
inline constexpr std::size_t request_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t arguments_max = 16'384;
inline constexpr std::size_t head_bytes = 12;
inline constexpr std::size_t answer_bytes = 10;

struct Request {
    std::vector<std::string> arguments;  // without the program's name
    std::string directory;               // absolute: where the command was typed
    bool japanese = true;                // the language that was set there
    bool operator==(const Request&) const = default;
};

/// Errc::too_large over a bound; Errc::invalid for what no command line can hold (NUL).
[[nodiscard]] Result<Bytes> encode(const Request& request);
/// The length that follows a head. Errc::invalid: no request of this version; Errc::too_large.
[[nodiscard]] Result<std::size_t> decode_head(ByteView head);
/// What follows the head. Errc::invalid, Errc::too_large.
[[nodiscard]] Result<Request> decode_request(ByteView body);

enum class Verdict : std::uint8_t {
    ran = 1,         // the exit code is the command's
    busy,            // as many as may run at once do so already
    denied,          // another account than the server's
    not_understood,  // another version
    stopping,
};
struct Answer {
    Verdict verdict = Verdict::ran;
    std::uint8_t exit_code = 0;
    bool operator==(const Answer&) const = default;
};
[[nodiscard]] Bytes encode(const Answer& answer);
[[nodiscard]] Result<Answer> decode_answer(ByteView bytes);

}  // namespace daicho::app::control
