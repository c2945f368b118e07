#include "app/node/services/business_hours.hpp"

#include <array>
#include <string>

#include "access/organisation.hpp"

namespace daicho::app::node {
namespace {

constexpr std::array<const char*, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// "09:30"; the settings were checked when they were stored.
std::int32_t second_of(const std::string& text) {
    return std::stoi(text.substr(0, 2)) * 3600 + std::stoi(text.substr(3, 2)) * 60;
}

}  // namespace

nlohmann::json business_hours_view(store::Reader& reader) {
    const nlohmann::json usual{
        {"days", {"mon", "tue", "wed", "thu", "fri"}}, {"opens", "09:00"}, {"closes", "18:00"}};
    const auto organisation = access::organisations::current(reader);
    if (!organisation) return usual;
    return nlohmann::json::parse(organisation->settings).value("business_hours", usual);
}

evidence::assess::review::BusinessHours business_hours(store::Reader& reader) {
    const nlohmann::json view = business_hours_view(reader);
    evidence::assess::review::BusinessHours out;
    out.days.fill(false);
    for (std::size_t i = 0; i < day_names.size(); ++i) {
        for (const nlohmann::json& day : view["days"])
            out.days[i] = out.days[i] || day == day_names[i];
    }
    out.opens_s = second_of(view["opens"]);
    out.closes_s = second_of(view["closes"]);
    return out;
}

}  // namespace daicho::app::node
