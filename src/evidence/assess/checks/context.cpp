#include "evidence/assess/checks/check.hpp"

namespace daicho::evidence::assess {

Param Context::instant(const char* name, WallNs at) const {
    return {name, ParamType::instant, zone.to_text(at)};
}

Param Context::day(const char* name, WallNs at) const {
    return {name, ParamType::day, calendar::to_text(zone.date(at))};
}

WallNs Context::ago(const std::string& period) const {
    return register_::subtract(zone, as_of(),
                               register_::parse_period(period).value_or(register_::Period{}));
}

std::set<std::string> Context::roles_of(const std::vector<std::string>& posts) const {
    std::set<std::string> out;
    for (const std::string& post : posts) out.insert(content.posts.at(post).role);
    return out;
}

const register_::Period& Context::period(const nlohmann::json& arguments,
                                         const char* argument) const {
    return std::get<register_::Period>(
        parameters.at(arguments.at(argument).get<std::string>()).value);
}

std::int64_t Context::count(const nlohmann::json& arguments, const char* argument) const {
    return std::get<std::int64_t>(parameters.at(arguments.at(argument).get<std::string>()).value);
}

Action Context::action(std::string text_key, std::string page, std::vector<Param> params) const {
    return {
        {std::move(text_key), std::move(params)}, control.post, std::nullopt, std::move(page), {}};
}

Param count_param(const char* name, std::size_t value) {
    return {name, ParamType::count, std::to_string(value)};
}

Param period_param(const char* name, const register_::Period& value) {
    return {name, ParamType::period, register_::to_text(value)};
}

}  // namespace daicho::evidence::assess
