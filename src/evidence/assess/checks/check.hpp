#pragma once
// The questions a control may put to the facts, one function each: the cases of
// content/schema/control.yaml. All are pure; arguments were checked by the schema when the content
// was loaded.
#include <map>
#include <string>
#include <vector>

#include "base/calendar/zone.hpp"
#include "evidence/assess/parameters.hpp"
#include "evidence/assess/status.hpp"

namespace daicho::evidence::assess {

struct Context {
    const register_::Content& content;
    const FactBook& book;
    const calendar::Zone& zone;
    const std::map<std::string, Effective>& parameters;
    const register_::Control& control;

    [[nodiscard]] WallNs as_of() const noexcept { return book.as_of(); }
    [[nodiscard]] Param instant(const char* name, WallNs at) const;
    [[nodiscard]] Param day(const char* name, WallNs at) const;
    /// So long before the moment asked for.
    [[nodiscard]] WallNs ago(const std::string& period) const;
    /// The roles that posts give.
    [[nodiscard]] std::set<std::string> roles_of(const std::vector<std::string>& posts) const;
    /// The value of the parameter that an argument names. Parameters are checked before: see
    /// assess.cpp.
    [[nodiscard]] const register_::Period& period(const nlohmann::json& arguments,
                                                  const char* argument) const;
    [[nodiscard]] std::int64_t count(const nlohmann::json& arguments, const char* argument) const;
    [[nodiscard]] Action action(std::string text_key, std::string page,
                                std::vector<Param> params = {}) const;
};

[[nodiscard]] Param count_param(const char* name, std::size_t value);
[[nodiscard]] Param period_param(const char* name, const register_::Period& value);

using Check = Finding (*)(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding performed(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding authorised(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding no_stranger(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding source_items(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding source_days(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding retained(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding transferred(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding capacity(const Context& context, const nlohmann::json& arguments);
[[nodiscard]] Finding clocks(const Context& context, const nlohmann::json& arguments);

}  // namespace daicho::evidence::assess
