#include "evidence/assess/review/summary.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace daicho::evidence::assess::review {
namespace {

using Pair = std::pair<std::string, std::string>;  // user, address

WallNs earlier(WallNs a, WallNs b) {
    return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

void add(SignIns& sum, const SignIns& row) {
    sum.succeeded += row.succeeded;
    sum.failed += row.failed;
    sum.first_ns = earlier(sum.first_ns, row.first_ns);
    sum.last_ns = std::max(sum.last_ns, row.last_ns);
    sum.last_success_ns = std::max(sum.last_success_ns, row.last_success_ns);
    sum.first_failure_ns = earlier(sum.first_failure_ns, row.first_failure_ns);
}

/// Sums by user and address of the rows that `is_wanted`, most failures first.
std::vector<SignIns> by_pair(const std::vector<SignIns>& rows,
                             const std::function<bool(const SignIns&)>& is_wanted) {
    std::map<Pair, SignIns> sums;
    for (const SignIns& row : rows) {
        if (!is_wanted(row)) continue;
        SignIns& sum = sums[{row.user, row.address}];
        sum.user = row.user;
        sum.address = row.address;
        add(sum, row);
    }
    std::vector<SignIns> out;
    for (auto& [pair, sum] : sums) out.push_back(std::move(sum));
    std::stable_sort(out.begin(), out.end(), [](const SignIns& a, const SignIns& b) {
        return std::tie(a.failed, a.succeeded) > std::tie(b.failed, b.succeeded);
    });
    return out;
}

using Counts = std::map<std::string, std::uint64_t>;

Counts counts_by(const std::vector<SignIns>& rows, std::string SignIns::*name) {
    Counts out;
    for (const SignIns& row : rows) out[row.*name] += row.succeeded + row.failed;
    return out;
}

bool is_unusual(std::uint64_t now, std::uint64_t before) {
    const std::uint64_t more = std::max(now, before);
    const std::uint64_t less = std::min(now, before);
    return more >= frequency_count_min && more / frequency_factor >= less;
}

void add_unusual(std::vector<Frequency>& out, const Counts& now, const Counts& before,
                 std::string Frequency::*name) {
    std::set<std::string> names;
    for (const Counts* counts : {&now, &before}) {
        for (const auto& [one, count] : *counts) names.insert(one);
    }
    const auto count_in = [](const Counts& counts, const std::string& one) {
        const auto found = counts.find(one);
        return found == counts.end() ? std::uint64_t{0} : found->second;
    };
    for (const std::string& one : names) {
        Frequency frequency;
        frequency.*name = one;
        frequency.now = count_in(now, one);
        frequency.before = count_in(before, one);
        if (!one.empty() && is_unusual(frequency.now, frequency.before))
            out.push_back(std::move(frequency));
    }
}

std::vector<Frequency> unusual(const std::vector<SignIns>& now,
                               const std::vector<SignIns>& before) {
    std::vector<Frequency> out;
    add_unusual(out, counts_by(now, &SignIns::user), counts_by(before, &SignIns::user),
                &Frequency::user);
    add_unusual(out, counts_by(now, &SignIns::address), counts_by(before, &SignIns::address),
                &Frequency::address);
    const auto change = [](const Frequency& one) {
        return std::max(one.now, one.before) - std::min(one.now, one.before);
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const Frequency& a, const Frequency& b) { return change(a) > change(b); });
    return out;
}

template <typename Row>
void cut(std::vector<Row>& rows, bool& truncated) {
    if (rows.size() <= rows_max) return;
    rows.resize(rows_max);
    truncated = true;
}

/// The same length of time before; its entries come before the slice's.
Slice before(const Slice& slice) {
    const std::uint64_t last = slice.first_seq == 0 ? 0 : slice.first_seq - 1;
    return {0, last, slice.from_ns - (slice.to_ns - slice.from_ns), slice.from_ns};
}

void fill_sign_ins(Summary& out, const std::vector<SignIns>& rows,
                   const std::vector<std::string>& addresses,
                   const std::function<bool(WallNs)>& in_hours) {
    const std::set<std::string> fresh(addresses.begin(), addresses.end());
    out.sign_ins = by_pair(rows, [](const SignIns&) { return true; });
    out.out_of_hours = by_pair(rows, [&](const SignIns& row) { return !in_hours(row.at_ns); });
    out.new_addresses =
        by_pair(rows, [&](const SignIns& row) { return fresh.contains(row.address); });
    for (const SignIns& sum : out.sign_ins) {
        out.succeeded += sum.succeeded;
        out.failed += sum.failed;
        if (sum.failed < repeated_failures) continue;
        out.failures.push_back(
            {sum, sum.last_success_ns > sum.first_failure_ns && sum.first_failure_ns > 0});
    }
}

}  // namespace

bool within_hours(const BusinessHours& hours, const calendar::BusinessDays& business_days,
                  const calendar::Zone& zone, WallNs at_ns) {
    const calendar::LocalTime local = zone.local(at_ns);
    const auto weekday = static_cast<std::size_t>(calendar::weekday_of(local.date)) - 1;
    return hours.days[weekday] && !business_days.is_holiday(local.date) &&
           local.second_of_day >= hours.opens_s && local.second_of_day < hours.closes_s;
}

Result<Summary> summarise(LogAggregates& logs, const Slice& slice, const BusinessHours& hours,
                          const calendar::BusinessDays& business_days, const calendar::Zone& zone) {
    const auto rows = logs.sign_ins(slice);
    if (!rows) return fail(rows.error());
    const auto rows_before = logs.sign_ins(before(slice));
    if (!rows_before) return fail(rows_before.error());
    const auto addresses = logs.new_addresses(slice, new_address_days);
    if (!addresses) return fail(addresses.error());
    auto volumes = logs.volumes(slice);
    if (!volumes) return fail(volumes.error());
    auto silent = logs.silent_sources(slice);
    if (!silent) return fail(silent.error());

    Summary out;
    out.slice = slice;
    fill_sign_ins(out, *rows, *addresses,
                  [&](WallNs at_ns) { return within_hours(hours, business_days, zone, at_ns); });
    out.frequency = unusual(*rows, *rows_before);
    out.volumes = std::move(*volumes);
    std::sort(out.volumes.begin(), out.volumes.end(), [](const Volume& a, const Volume& b) {
        return std::tie(a.day, a.source) < std::tie(b.day, b.source);
    });
    for (const Volume& volume : out.volumes) out.events += volume.events;
    out.silent_sources = std::move(*silent);
    std::sort(out.silent_sources.begin(), out.silent_sources.end(),
              [](const SourceSilence& a, const SourceSilence& b) { return a.source < b.source; });
    cut(out.sign_ins, out.truncated);
    cut(out.out_of_hours, out.truncated);
    cut(out.new_addresses, out.truncated);
    cut(out.failures, out.truncated);
    cut(out.frequency, out.truncated);
    cut(out.volumes, out.truncated);
    cut(out.silent_sources, out.truncated);
    return out;
}

}  // namespace daicho::evidence::assess::review
