#include "evidence/assess/facts.hpp"

#include <algorithm>
#include <tuple>

namespace daicho::evidence::assess {
namespace {

/// A total order: two facts that compare equal are the same fact.
bool before(const Fact& a, const Fact& b) {
    const auto key = [](const Fact& fact) {
        return std::tie(fact.time_ns, fact.seq, fact.leaf, fact.subject);
    };
    if (key(a) != key(b)) return key(a) < key(b);
    return a.detail < b.detail;
}

bool same(const Fact& a, const Fact& b) {
    return a.time_ns == b.time_ns && a.seq == b.seq && a.leaf == b.leaf && a.subject == b.subject &&
           a.detail == b.detail;
}

}  // namespace

std::string Fact::text(const char* field) const {
    const auto found = detail.find(field);
    return found != detail.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> Fact::number(const char* field) const {
    const auto found = detail.find(field);
    if (found == detail.end() || !found->is_number_integer()) return std::nullopt;
    // An unsigned value beyond int64 would come out negative.
    if (found->is_number_unsigned() && found->get<std::uint64_t>() > number_max)
        return std::nullopt;
    const std::int64_t number = found->get<std::int64_t>();
    if (number > number_max || number < -number_max) return std::nullopt;
    return number;
}

bool Fact::is_true(const char* field) const {
    const auto found = detail.find(field);
    return found != detail.end() && found->is_boolean() && found->get<bool>();
}

std::vector<std::string> Fact::list(const char* field) const {
    std::vector<std::string> out;
    const auto found = detail.find(field);
    if (found == detail.end() || !found->is_array()) return out;
    for (const nlohmann::json& item : *found) {
        if (item.is_string()) out.push_back(item.get<std::string>());
    }
    return out;
}

FactBook::FactBook(std::span<const Fact> facts, WallNs as_of) : as_of_(as_of) {
    for (const Fact& fact : facts) {
        if (fact.time_ns > as_of || !fact.detail.is_object()) continue;
        by_kind_[fact.kind].push_back(fact);
        begin_ns_ = std::min(begin_ns_.value_or(fact.time_ns), fact.time_ns);
    }
    for (auto& [kind, list] : by_kind_) {
        std::sort(list.begin(), list.end(), before);
        list.erase(std::unique(list.begin(), list.end(), same), list.end());
    }
}

std::span<const Fact> FactBook::of(std::string_view kind) const {
    const auto found = by_kind_.find(kind);
    if (found == by_kind_.end()) return {};
    return found->second;
}

std::span<const Fact> FactBook::of(std::string_view kind, WallNs since_ns) const {
    const std::span<const Fact> all = of(kind);
    const auto first = std::partition_point(
        all.begin(), all.end(), [&](const Fact& fact) { return fact.time_ns < since_ns; });
    return all.subspan(static_cast<std::size_t>(first - all.begin()));
}

const Fact* FactBook::newest(std::string_view kind, std::string_view subject) const {
    const std::span<const Fact> all = of(kind);
    for (auto fact = all.rbegin(); fact != all.rend(); ++fact) {
        if (fact->subject == subject) return &*fact;
    }
    return nullptr;
}

std::map<std::string_view, const Fact*> FactBook::newest_by_subject(std::string_view kind) const {
    std::map<std::string_view, const Fact*> out;
    for (const Fact& fact : of(kind)) out[fact.subject] = &fact;
    return out;
}

}  // namespace daicho::evidence::assess
