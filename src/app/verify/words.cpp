#include "app/verify/words.hpp"

namespace daicho::app::verify {
namespace {

using nlohmann::json;

std::string known_or(cli::Language language, const std::string& key, const std::string& otherwise) {
    const std::string known = cli::sentence(language, key);
    return known.empty() ? otherwise : known;
}

std::string words_of_value(const json& value, cli::Language language) {
    if (value.is_boolean())
        return cli::sentence(language, value.get<bool>() ? "verified.yes" : "verified.no");
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_clauses(json& out, const json& clauses, cli::Language language) {
    for (const auto& [clause, told] : clauses.items()) {
        const auto status = told.value("status", std::string());
        out[cli::sentence(language, "verified.clause_name", {{"clause", clause}})] = cli::sentence(
            language, "verified.clause_words",
            {{"status", known_or(language, "word." + status, status)},
             {"here", std::to_string(told.value("evidence_proven", std::uint64_t{0}))},
             {"elsewhere", std::to_string(told.value("evidence_elsewhere", std::uint64_t{0}))}});
    }
}

}  // namespace

json worded(const json& extra, cli::Language language) {
    json out = json::object();
    for (const auto& [key, value] : extra.items()) {
        if (key == "clauses" && value.is_object()) {
            add_clauses(out, value, language);
        } else {
            out[known_or(language, "verified." + key, key)] = words_of_value(value, language);
        }
    }
    return out;
}

}  // namespace daicho::app::verify
