#include "app/cli/help_form.hpp"

#include <algorithm>
#include <charconv>

#include "app/cli/command_line.hpp"
#include "base/calendar/date.hpp"
#include "base/calendar/timestamp.hpp"
#include "base/clock.hpp"

namespace daicho::app::cli {
namespace {

constexpr std::size_t left_columns = 34;

/// Terminal columns of UTF-8: what is not ASCII here is Japanese, and two columns wide.
std::size_t columns_of(const std::string& text) {
    std::size_t columns = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) ++columns;
        if (byte >= 0xC0) columns += 2;
    }
    return columns;
}

/// The part of a message of CLI11 before or after a mark; the whole where it has none.
std::string before(const std::string& text, std::string_view mark) {
    return text.substr(0, text.find(mark));
}
std::string after(const std::string& text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    return at == std::string::npos ? text : text.substr(at + mark.size());
}

/// CLI11 tells kinds of trouble apart by class, and what it is about only in its English message.
std::string what_is_wrong(const CLI::ParseError& error, Language language) {
    const std::string said = error.what();
    const auto say = [language](const char* key, const std::string& name,
                                const std::string& value = "") {
        return sentence(language, key, {{"name", name}, {"value", value}});
    };
    const auto is = [&error]<typename Kind>(const Kind*) {
        return dynamic_cast<const Kind*>(&error) != nullptr;
    };
    constexpr const CLI::RequiredError* required = nullptr;
    constexpr const CLI::ExtrasError* extra = nullptr;
    constexpr const CLI::ArgumentMismatch* mismatch = nullptr;
    constexpr const CLI::ValidationError* invalid = nullptr;
    constexpr const CLI::ConversionError* inconvertible = nullptr;
    constexpr const CLI::ExcludesError* excluded = nullptr;
    if (is(required) && said.starts_with("A subcommand")) return say("help.wrong_no_command", "");
    if (is(required)) return say("help.wrong_required", before(said, " is required"));
    if (is(extra)) return say("help.wrong_extra", after(said, "expected: "));
    if (is(mismatch)) return say("help.wrong_no_value", before(said, ":"));
    if (is(invalid)) return say("help.wrong_value", before(said, ": "), after(said, ": "));
    if (is(inconvertible) && said.find(" = ") != std::string::npos)
        return say("help.wrong_value", before(after(said, "convert: "), " = "), after(said, " = "));
    if (is(excluded))
        return say("help.wrong_together", before(said, " excludes "), after(said, " excludes "));
    return say("help.wrong_other", "");
}

bool is_day_in_reach(const std::string& text) {
    const auto day = calendar::parse_date(text);
    return day && calendar::in_reach(*day);
}

bool is_moment_in_reach(const std::string& text) {
    const auto stamp = calendar::parse_rfc3339(text);
    return stamp && calendar::in_reach(calendar::date_of(stamp->wall_ns / day_ns));
}

/// Refuses in the words of `key` what `good` does not take.
CLI::Validator validator(Language language, const char* key,
                         std::function<bool(const std::string&)> good) {
    return CLI::Validator(
        [language, key, good = std::move(good)](std::string& text) {
            return good(text) ? std::string() : text + ": " + sentence(language, key);
        },
        "");
}

}  // namespace

HelpForm::HelpForm(Language language) {
    const std::pair<const char*, const char*> words[] = {{"Usage", "help.usage"},
                                                         {"OPTIONS", "help.options_word"},
                                                         {"SUBCOMMAND", "help.subcommand_word"},
                                                         {"SUBCOMMANDS", "help.subcommand_word"},
                                                         {"Positionals", "help.positionals"},
                                                         {"Options", "help.options"},
                                                         {"REQUIRED", "help.required"},
                                                         {"Excludes", "help.excludes"},
                                                         {"TEXT", "help.text_type"},
                                                         {"UINT", "help.number_type"},
                                                         {"INT", "help.number_type"}};
    for (const auto& [word, key] : words) label(word, sentence(language, key));
}

std::string HelpForm::make_group(std::string group, bool is_positional,
                                 std::vector<const CLI::Option*> options) const {
    return CLI::Formatter::make_group(get_label(group), is_positional, std::move(options));
}

std::string HelpForm::row(const std::string& left, const std::string& right) const {
    std::string out = "  " + left;
    const std::size_t columns = columns_of(out);
    if (columns >= left_columns) {
        out += "\n" + std::string(left_columns, ' ');
    } else {
        out += std::string(left_columns - columns, ' ');
    }
    return out + right + "\n";
}

std::string HelpForm::make_option(const CLI::Option* option, bool is_positional) const {
    return row(make_option_name(option, is_positional) + make_option_opts(option),
               make_option_desc(option));
}

std::string HelpForm::make_subcommand(const CLI::App* command) const {
    return row(command->get_display_name(true), command->get_description());
}

std::string not_understood(const CLI::App& app, const CLI::ParseError& error, Language language) {
    const CLI::App* chosen = &app;
    std::string command = app.get_name();
    while (!chosen->get_subcommands().empty()) {
        chosen = chosen->get_subcommands().front();
        command += " " + chosen->get_name();
    }
    return sentence(language, "help.wrong",
                    {{"what", what_is_wrong(error, language)}, {"command", command}});
}

CLI::Validator is_host_port(Language language, const std::string& or_word) {
    return CLI::Validator(
        [language, or_word](std::string& text) {
            const bool good = parse_host_port(text) || (!or_word.empty() && text == or_word);
            return good ? std::string() : text + ": " + sentence(language, "help.not_address");
        },
        "");
}

CLI::Validator is_one_of(Language language, std::vector<std::string> list) {
    return CLI::Validator(
        [language, list = std::move(list)](std::string& text) {
            if (std::ranges::find(list, text) != list.end()) return std::string();
            return text + ": " +
                   sentence(language, "help.not_listed", {{"list", CLI::detail::join(list, ", ")}});
        },
        "");
}

CLI::Validator is_between(Language language, std::int64_t low, std::int64_t high) {
    return CLI::Validator(
        [language, low, high](std::string& text) {
            std::int64_t number = 0;
            const char* end = text.data() + text.size();
            const auto [at, wrong] = std::from_chars(text.data(), end, number);
            if (wrong == std::errc() && at == end && number >= low && number <= high)
                return std::string();
            return text + ": " +
                   sentence(language, "help.not_between",
                            {{"low", std::to_string(low)}, {"high", std::to_string(high)}});
        },
        "");
}

CLI::Validator is_day(Language language) {
    return validator(language, "help.not_day", is_day_in_reach);
}

CLI::Validator is_moment(Language language) {
    return validator(language, "help.not_moment", [](const std::string& text) {
        return is_day_in_reach(text) || is_moment_in_reach(text);
    });
}

CLI::Validator is_filled(Language language) {
    return validator(language, "help.not_filled",
                     [](const std::string& text) { return !text.empty(); });
}

}  // namespace daicho::app::cli
