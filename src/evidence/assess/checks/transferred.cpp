// On write-once media in time. Two witnesses that must agree: the segments with their transfers,
// and the hourly measurement of what is not transferred yet - so a missing record of a segment does
// not look like a finished transfer.
#include <algorithm>

#include "evidence/assess/checks/check.hpp"

namespace daicho::evidence::assess {
namespace {

struct Transfers {
    std::map<std::string_view, WallNs> first_good;  // by segment: read back, on a write-once medium
    bool declared_only = false;
};

Transfers good_transfers(const Context& context, Finding& finding) {
    Transfers out;
    for (const Fact& done : context.book.of("export.completed")) {
        const std::string write_once = done.text("write_once");
        const bool good =
            done.is_true("read_back") && (write_once == "proven" || write_once == "declared");
        finding.weigh(done, good);
        if (!good) continue;
        out.first_good.emplace(done.subject, done.time_ns);
        out.declared_only = out.declared_only || write_once == "declared";
    }
    return out;
}

/// The receive time of the oldest event not transferred, as far as the segments tell; counts those
/// transferred late.
std::optional<WallNs> oldest_in_segments(const Context& context, const Transfers& transfers,
                                         const register_::Period& within, WallNs since,
                                         std::size_t& late, Finding& finding) {
    std::optional<WallNs> oldest;
    for (const Fact& segment : context.book.of("segment.sealed", since)) {
        const WallNs first = segment.number("first_ns").value_or(segment.time_ns);
        const auto done = transfers.first_good.find(segment.subject);
        finding.weigh(segment, done != transfers.first_good.end());
        if (done == transfers.first_good.end()) {
            oldest = std::min(oldest.value_or(first), first);
        } else if (done->second > register_::add(context.zone, first, within)) {
            ++late;
        }
    }
    return oldest;
}

/// The same as measured; says insufficient when nobody measured lately.
std::optional<WallNs> oldest_measured(const Context& context, const nlohmann::json& arguments,
                                      Finding& finding) {
    const Fact* measured = context.book.newest("backlog.measured", "");
    if (measured == nullptr ||
        measured->time_ns < context.ago(arguments.at("fresh").get<std::string>())) {
        finding.say(State::insufficient, "assess.transfer.unmeasured");
        finding.needs(context.action("assess.transfer.see_jobs", "ledger"));
        if (measured == nullptr) return std::nullopt;
    }
    finding.weigh(*measured);
    if (measured->number("events").value_or(0) == 0) return std::nullopt;
    const auto oldest = measured->number("oldest_ns");
    if (!oldest) finding.say(State::insufficient, "assess.transfer.unmeasured");
    return oldest;
}

}  // namespace

Finding transferred(const Context& context, const nlohmann::json& arguments) {
    Finding finding;
    const register_::Period& within = context.period(arguments, "within");
    const WallNs since = context.ago(arguments.at("look_back").get<std::string>());
    const Transfers transfers = good_transfers(context, finding);
    std::size_t late = 0;
    std::optional<WallNs> oldest =
        oldest_in_segments(context, transfers, within, since, late, finding);
    if (const auto measured = oldest_measured(context, arguments, finding)) {
        oldest = std::min(oldest.value_or(*measured), *measured);
    }
    Action act = context.action("assess.transfer.do", "ledger");
    if (transfers.first_good.empty()) {
        finding.say(State::insufficient, "assess.transfer.never");
        if (!oldest) finding.needs(act);
    }
    if (oldest) {
        const WallNs due = register_::add(context.zone, *oldest, within);
        const WallNs notice = register_::add(
            context.zone, *oldest,
            register_::parse_period(arguments.at("notice").get<std::string>()).value_or(within));
        act.by_ns = due;
        finding.due(due);
        const bool is_late = context.as_of() >= due;
        if (is_late || context.as_of() >= notice) {
            finding.say(is_late ? State::nonconformant : State::due_soon,
                        is_late ? "assess.transfer.late" : "assess.transfer.due",
                        {context.instant("oldest", *oldest), context.instant("due", due)});
        }
        if (finding.state != State::conformant) finding.needs(act);
    }
    if (finding.state == State::conformant) {
        finding.say(State::conformant, "assess.transfer.in_time", {period_param("within", within)});
    }
    if (late > 0) finding.remark("assess.transfer.was_late", {count_param("count", late)});
    if (transfers.declared_only) finding.remark("assess.transfer.declared_only");
    return finding;
}

}  // namespace daicho::evidence::assess
