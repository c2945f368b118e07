#pragma once
// How --help looks: CLI11's form with every word of it from the table of texts, and columns that
// stand straight below each other when a character is two columns wide.
#include <CLI/CLI.hpp>
#include <string>

#include "app/cli/texts.hpp"

namespace daicho::app::cli {

class HelpForm final : public CLI::Formatter {
public:
    explicit HelpForm(Language language);
    std::string make_group(std::string group, bool is_positional,
                           std::vector<const CLI::Option*> options) const override;
    std::string make_option(const CLI::Option* option, bool is_positional) const override;
    std::string make_subcommand(const CLI::App* command) const override;

private:
    [[nodiscard]] std::string row(const std::string& left, const std::string& right) const;
};

/// What CLI11 found wrong, where to read on, and that nothing has happened.
[[nodiscard]] std::string not_understood(const CLI::App& app, const CLI::ParseError& error,
                                         Language language);

/// Validators; what they say follows the name of the option.
[[nodiscard]] CLI::Validator is_host_port(Language language, const std::string& or_word = "");
[[nodiscard]] CLI::Validator is_one_of(Language language, std::vector<std::string> list);
[[nodiscard]] CLI::Validator is_between(Language language, std::int64_t low, std::int64_t high);
/// A day ("2026-11-22") within reach of the clock (calendar::in_reach).
[[nodiscard]] CLI::Validator is_day(Language language);
/// A day, or a moment of RFC 3339.
[[nodiscard]] CLI::Validator is_moment(Language language);
[[nodiscard]] CLI::Validator is_filled(Language language);

}  // namespace daicho::app::cli
