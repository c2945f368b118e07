#pragma once
// How long each class of records is kept: at least what content and the clauses demand, longer when
// the security officer says so. Each change, and the first start, is evidence (retention.set).
#include <optional>
#include <string>
#include <vector>

#include "base/calendar/zone.hpp"
#include "register/content/content.hpp"
#include "store/database.hpp"

namespace daicho::app::node {

struct RetentionRule {
    std::string id;  // retention class
    register_::Bilingual title;
    register_::Period period;   // in force
    register_::Period minimum;  // what may not be undercut
    register_::Bilingual source;
    std::optional<std::string> clause;  // that states the minimum
    std::int64_t version = 0;           // of the setting

    /// "log P3Y 003-01-4.5-9c": goes into RETIRE leaves.
    [[nodiscard]] std::string text() const;
    /// The first moment at which events up to `last_event_ns` may be destroyed: with the end of the
    /// day on which the period ends.
    [[nodiscard]] WallNs kept_until(const calendar::Zone& zone, WallNs last_event_ns) const;
};

/// Thread-safe.
class RetentionRules {
public:
    RetentionRules(store::Database& database, const register_::Content& content)
        : database_(database), content_(content) {}

    /// Records what is in force where nothing is recorded yet, or where content now demands more.
    /// Before anything is judged.
    [[nodiscard]] Status state();
    [[nodiscard]] Result<std::vector<RetentionRule>> all();
    /// Errc::not_found.
    [[nodiscard]] Result<RetentionRule> one(const std::string& retention_class);
    /// Errc::invalid ("retention.period_too_short", "retention.period_malformed"), Errc::conflict.
    [[nodiscard]] Result<RetentionRule> set(const std::string& actor,
                                            const std::string& retention_class,
                                            const std::string& period, std::int64_t version);

private:
    [[nodiscard]] RetentionRule demanded(const register_::RetentionClass& retained,
                                         WallNs now) const;
    [[nodiscard]] RetentionRule in_force(store::Reader& reader,
                                         const register_::RetentionClass& retained) const;

    store::Database& database_;
    const register_::Content& content_;
};

}  // namespace daicho::app::node
