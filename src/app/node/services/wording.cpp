#include "app/node/services/wording.hpp"

#include <map>
#include <string>

namespace daicho::app::node {
namespace {

std::map<std::string, std::string> parts_of(std::string_view rule) {
    std::map<std::string, std::string> out;
    while (!rule.empty()) {
        const std::size_t end = rule.find(';');
        const std::string_view part = rule.substr(0, end);
        const std::size_t equals = part.find('=');
        if (equals != std::string_view::npos) {
            out[std::string(part.substr(0, equals))] = std::string(part.substr(equals + 1));
        }
        if (end == std::string_view::npos) break;
        rule.remove_prefix(end + 1);
    }
    return out;
}

struct Words {
    const char* ja;
    const char* en;
};
const std::map<std::string, Words>& weekdays() {
    static const std::map<std::string, Words> days{
        {"MO", {"月曜日", "Monday"}},    {"TU", {"火曜日", "Tuesday"}},
        {"WE", {"水曜日", "Wednesday"}}, {"TH", {"木曜日", "Thursday"}},
        {"FR", {"金曜日", "Friday"}},    {"SA", {"土曜日", "Saturday"}},
        {"SU", {"日曜日", "Sunday"}}};
    return days;
}

}  // namespace

nlohmann::json rule_words(std::string_view rrule) {
    const auto parts = parts_of(rrule);
    const auto value = [&parts](const char* name) {
        const auto found = parts.find(name);
        return found == parts.end() ? std::string() : found->second;
    };
    const std::string freq = value("FREQ");
    const std::string interval = value("INTERVAL").empty() ? "1" : value("INTERVAL");
    const nlohmann::json as_written{{"ja", std::string(rrule)}, {"en", std::string(rrule)}};
    if (freq == "WEEKLY") {
        const auto day = weekdays().find(value("BYDAY"));
        std::string ja = interval == "1" ? "毎週" : interval + "週ごと";
        std::string en = interval == "1" ? "every week" : "every " + interval + " weeks";
        if (day != weekdays().end()) {
            ja += day->second.ja;
            en += std::string(" on ") + day->second.en;
        }
        return {{"ja", ja}, {"en", en}};
    }
    if (freq == "MONTHLY") {
        const std::string day = value("BYMONTHDAY");
        std::string ja = interval == "1" ? "毎月" : interval + "か月ごと";
        std::string en = interval == "1" ? "every month" : "every " + interval + " months";
        if (day == "-1") {
            ja += "末日";
            en += " on the last day";
        } else if (!day.empty()) {
            ja += day + "日";
            en += " on day " + day;
        }
        return {{"ja", ja}, {"en", en}};
    }
    if (freq == "DAILY") return {{"ja", "毎日"}, {"en", "every day"}};
    if (freq == "YEARLY") return {{"ja", "毎年"}, {"en", "every year"}};
    return as_written;
}

}  // namespace daicho::app::node
