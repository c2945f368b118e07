#pragma once
// What the command line says to a person, in the two languages of the house. Each refusal tells
// what happened, what was kept, and what can be done.
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace daicho::app::cli {

enum class Language { japanese, english };

/// LC_ALL, LC_MESSAGES, LANG in this order; Japanese where none is set.
[[nodiscard]] Language language_of_environment();
/// "ja" or "en" as given with --lang anywhere in `arguments`; `otherwise` without it. For what must
/// be said before the arguments are understood.
[[nodiscard]] Language language_of(const std::vector<std::string>& arguments, Language otherwise);

/// The sentence of a text key with its {params} filled in; empty when the catalogue has none.
[[nodiscard]] std::string sentence(
    Language language, std::string_view key,
    const std::vector<std::pair<std::string, std::string>>& params = {});
/// An error for a person: its sentence, or what its code means and the technical message.
[[nodiscard]] std::string words_of(Language language, const Error& error);

}  // namespace daicho::app::cli
