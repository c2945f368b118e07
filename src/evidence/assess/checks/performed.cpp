// Reviews: done often enough, by somebody with the right, over records without a hole, with every
// required question answered. A review that lacks one of these is told of but does not count.
#include <algorithm>

#include "evidence/assess/checks/check.hpp"
#include "evidence/assess/rights.hpp"

namespace daicho::evidence::assess {
namespace {

using register_::Obligation;
using register_::ObligationVersion;

/// What is taken from a review that counts.
struct Counted {
    const Fact* review = nullptr;
    WallNs through_ns = 0;  // how far it looked: the age of a review is that of what it did not see
};

class Chain {
public:
    Chain(const Context& context, const nlohmann::json& arguments)
        : context_(context),
          rights_(context.book, roles(context, arguments)),
          obligations_(arguments.at("obligations").get<std::vector<std::string>>()),
          checklist_(arguments.at("checklist").get<std::vector<std::string>>()) {}

    Counted last(Finding& finding) {
        Counted out;
        for (const Fact& review : context_.book.of("review.completed")) {
            if (std::find(obligations_.begin(), obligations_.end(), review.subject) ==
                obligations_.end())
                continue;
            const char* fault = fault_of(review);
            finding.weigh(review, fault == nullptr);
            if (fault != nullptr) {
                finding.remark(fault, {context_.instant("at", review.time_ns)});
                continue;
            }
            covered_ = std::max(covered_, *review.number("last_seq"));
            const WallNs through = std::min(*review.number("through_ns"), review.time_ns);
            if (out.review == nullptr || through >= out.through_ns) out = {&review, through};
        }
        return out;
    }

private:
    static std::set<std::string> roles(const Context& context, const nlohmann::json& arguments) {
        std::vector<std::string> posts;
        for (const auto& id : arguments.at("obligations")) {
            posts.push_back(context.content.obligations.at(id.get<std::string>()).post);
        }
        return context.roles_of(posts);
    }

    /// Why a review does not count, or nullptr.
    [[nodiscard]] const char* fault_of(const Fact& review) const {
        if (!rights_.held(review)) return "assess.review.no_right";
        const auto first = review.number("first_seq");
        const auto last = review.number("last_seq");
        if (!first || !last || !review.number("through_ns") || *last < *first - 1)
            return "assess.review.no_range";
        // Sequence numbers start at 0 or 1; nothing may lie between what was covered before and
        // this. Looking at old records once more is no fault: their age decides what it is worth.
        if (*first > covered_ + 1) return "assess.review.hole";
        const std::vector<std::string> answered = review.list("checklist");
        for (const std::string& item : checklist_) {
            if (std::find(answered.begin(), answered.end(), item) == answered.end())
                return "assess.review.unanswered";
        }
        return nullptr;
    }

    const Context& context_;
    Rights rights_;
    std::vector<std::string> obligations_;
    std::vector<std::string> checklist_;
    std::int64_t covered_ = 0;
};

/// The rules of the obligation that hold at the moment asked for.
const ObligationVersion& rules_at(const Context& context, const Obligation& duty) {
    const calendar::Date today = context.zone.date(context.as_of());
    const ObligationVersion* found = &duty.versions.front();
    for (const ObligationVersion& version : duty.versions) {
        if (version.valid_from <= today) found = &version;
    }
    return *found;
}

}  // namespace

Finding performed(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const Obligation& duty =
        context.content.obligations.at(arguments.at("obligations").at(0).get<std::string>());
    const ObligationVersion& rules = rules_at(context, duty);
    const register_::Period& interval = context.period(arguments, "interval");
    Action act = context.action("assess.review.do", "review");
    act.post = duty.post;
    act.page_params = {{"obligation", duty.id}};

    const Counted last = Chain(context, arguments).last(finding);
    const std::optional<WallNs> from = last.review ? last.through_ns : context.book.begin_ns();
    if (!from) {
        finding.say(State::insufficient, "assess.review.none");
        finding.needs(std::move(act));
        return finding;
    }
    const WallNs due =
        register_::end_of_day(context.zone, register_::add(context.zone, *from, interval));
    const WallNs warn = register_::subtract(context.zone, due, rules.warn_before);
    const WallNs late = register_::add(context.zone, due, rules.grace);
    act.by_ns = due;
    finding.due(due);
    if (context.as_of() >= late) {
        finding.say(State::nonconformant,
                    last.review ? "assess.review.too_old" : "assess.review.never",
                    {context.instant("since", *from), context.instant("due", due),
                     period_param("interval", interval)});
    } else if (!last.review) {
        finding.say(State::insufficient, "assess.review.none_until", {context.instant("due", due)});
    } else if (context.as_of() >= warn) {
        finding.say(State::due_soon, "assess.review.due",
                    {context.instant("at", *from), context.instant("due", due)});
    } else {
        finding.say(State::conformant, "assess.review.in_time",
                    {context.instant("at", *from), context.instant("due", due)});
        return finding;
    }
    finding.needs(std::move(act));
    return finding;
}

}  // namespace daicho::evidence::assess
