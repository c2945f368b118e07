#pragma once
// The texts of the command line as they are stored: one entry in both languages.
#include <span>
#include <string_view>

namespace daicho::app::cli {

struct Text {
    std::string_view key;
    std::string_view japanese;
    std::string_view english;
};

/// Refusals and results (texts.cpp).
[[nodiscard]] std::span<const Text> spoken_texts();
/// Refusals and results that name days, files or keys (case_texts.cpp).
[[nodiscard]] std::span<const Text> case_texts();
/// Of `daicho verify` and daicho-verify (verify_texts.cpp).
[[nodiscard]] std::span<const Text> verify_texts();
/// What --help says, and what is said of a command line that is not understood (help_texts.cpp).
[[nodiscard]] std::span<const Text> help_texts();

}  // namespace daicho::app::cli
