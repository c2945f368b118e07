#pragma once
// Controls: how it is known, from facts alone, whether clauses are kept. What the checks mean is in
// evidence/assess.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "register/content/model.hpp"

namespace daicho::register_ {

/// One question put to the facts; which ones exist and what they take is in
/// content/schema/control.yaml.
struct CheckSpec {
    std::string check;
    nlohmann::json arguments;
};
struct Example {
    std::string title;
    WallNs as_of = 0;
    nlohmann::json facts;  // array of {kind, subject, time_ns, seq, detail}
    std::string expect;
};
struct Control {
    std::string id;
    Bilingual title;
    Bilingual purpose;
    std::vector<std::string> clauses;
    std::string post;
    std::vector<std::string> parameters;
    std::vector<CheckSpec> evidence;
    Bilingual failing;
    Bilingual mend;
    std::vector<Example> examples;
};

}  // namespace daicho::register_
