// Counts and groups. Where the index decides, columns alone are read; the rest is looked up in the
// events.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>

#include "ledger/search/searcher_state.hpp"
#include "ledger/search/sweep.hpp"

namespace daicho::ledger::search {
namespace {

using Values = std::vector<std::uint64_t>;

struct Sums {
    std::uint64_t events = 0;
    std::uint64_t failures = 0;
    std::int64_t first = 0;  // seconds
    std::int64_t last = 0;
    void add(bool failed, std::int64_t seconds) {
        first = events == 0 ? seconds : std::min(first, seconds);
        last = events == 0 ? seconds : std::max(last, seconds);
        ++events;
        failures += failed;
    }
    void add(const Sums& other) {
        if (other.events == 0) return;
        first = events == 0 ? other.first : std::min(first, other.first);
        last = events == 0 ? other.last : std::max(last, other.last);
        events += other.events;
        failures += other.failures;
    }
};

/// IPv4 as four bytes: such keys need no memory of their own.
std::string_view short_key(std::string_view address) {
    if (address.starts_with(ipv4_prefix)) address.remove_prefix(ipv4_prefix.size());
    return address;
}

std::string key_of(GroupBy by, const Fields& fields, const std::string& source,
                   std::int64_t seconds) {
    switch (by) {
        case GroupBy::address:
            if (!fields.address) return {};
            return std::string(short_key(text_of(*fields.address)));
        case GroupBy::user:
            return std::string(fields.user);
        case GroupBy::host:
            return std::string(fields.host);
        case GroupBy::app:
            return std::string(fields.app);
        case GroupBy::source:
            return source;
        case GroupBy::hour:
            return std::to_string(hour_of_seconds(seconds));
    }
    return {};
}

Column column_of(GroupBy by) {
    switch (by) {
        case GroupBy::host:
        case GroupBy::app:
            return Column::profile;
        case GroupBy::user:
            return Column::user;
        case GroupBy::address:
            return Column::address;
        case GroupBy::source:
            return Column::source;
        case GroupBy::hour:
            break;
    }
    return Column::seconds;
}

Field field_of(GroupBy by) {
    switch (by) {
        case GroupBy::host:
            return Field::host;
        case GroupBy::app:
            return Field::app;
        case GroupBy::user:
            return Field::user;
        case GroupBy::address:
            return Field::address;
        default:
            return Field::source;
    }
}

std::string print_key(GroupBy by, const std::string& key) {
    if (by != GroupBy::address || key.empty()) return key;
    const std::string full = key.size() == sizeof(Address) ? key : std::string(ipv4_prefix) + key;
    Address address;
    std::copy_n(full.begin(), address.size(), address.begin());
    return print_address(address);
}

/// Goes through all blocks that may match, in no order. `Row` handlers get what they can from
/// columns.
class Aggregation {
public:
    Aggregation(Probe& probe, Store& store, Progress* progress)
        : probe_(probe), store_(store), progress_(progress) {}
    virtual ~Aggregation() = default;
    [[nodiscard]] Status run();
    [[nodiscard]] std::uint32_t segments_expired() const noexcept { return expired_; }

protected:
    virtual void restart() = 0;
    [[nodiscard]] virtual Status begin_segment(SegmentScan&) { return {}; }
    [[nodiscard]] virtual Status begin_block(SegmentScan&, std::uint32_t) { return {}; }
    /// A matching row by its codes; false: they don't say enough, on_event() is wanted.
    [[nodiscard]] virtual bool on_row(std::size_t row) = 0;
    virtual void on_event(const core::BlockEvent& event, const std::string& source) = 0;
    virtual void end_segment(SegmentScan&) {}

    Probe& probe_;

private:
    [[nodiscard]] Status segment(const SegmentInfo& info);
    [[nodiscard]] Status block(SegmentScan& scan, std::uint32_t number);

    Store& store_;
    Progress* progress_;
    std::vector<Verdict> rows_;
    std::uint64_t blocks_total_ = 0;
    std::uint64_t blocks_done_ = 0;
    std::uint32_t expired_ = 0;
};

Status Aggregation::run() {
    const auto visit = [&](const core::BlockEvent& event, const std::string& source) {
        if (probe_.matches(event, source)) on_event(event, source);
        return true;
    };
    const auto segments = take_snapshot(
        store_.catalog(), [&] { restart(); }, visit);
    if (!segments) return tl::unexpected(segments.error());
    for (const SegmentInfo& info : *segments) blocks_total_ += info.blocks;
    for (const SegmentInfo& info : *segments) {
        const Status done = segment(info);
        if (!done && !leaves_segment_out(done.error())) return done;
        if (!done && done.error().code == Errc::expired) ++expired_;
    }
    return {};
}

Status Aggregation::segment(const SegmentInfo& info) {
    auto scan = SegmentScan::open(probe_, store_, info);
    if (!scan) return tl::unexpected(scan.error());
    if (scan->is_empty()) {
        blocks_done_ += info.blocks;
        return step(progress_, blocks_total_, blocks_done_);
    }
    const Status begun = begin_segment(*scan);
    if (!begun) return begun;
    for (std::uint32_t number = 0; number < scan->block_count(); ++number) {
        const Result<bool> may = scan->may_match(number);
        if (!may) return tl::unexpected(may.error());
        if (*may) {
            const Status done = block(*scan, number);
            if (!done) return done;
        }
        const Status stepped = step(progress_, blocks_total_, ++blocks_done_);
        if (!stepped) return stepped;
    }
    end_segment(*scan);
    return {};
}

Status Aggregation::block(SegmentScan& scan, std::uint32_t number) {
    std::shared_ptr<const core::Block> decoded;
    if (scan.has_index()) {
        const Result<bool> some = scan.judge(number, rows_);
        if (!some) return tl::unexpected(some.error());
        if (!*some) return {};
        const Status begun = begin_block(scan, number);
        if (!begun) return begun;
    }
    const auto decode = [&]() -> Status {
        if (decoded) return {};
        auto got = scan.block(number);
        if (!got) return tl::unexpected(got.error());
        decoded = std::move(*got);
        if (!scan.has_index()) rows_.assign(decoded->size(), Verdict::perhaps);
        if (rows_.size() == decoded->size()) return {};
        return fail(Errc::tampered, "index and block differ in size");
    };
    if (!scan.has_index()) {
        const Status done = decode();
        if (!done) return done;
    }
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        if (rows_[row] == Verdict::no) continue;
        if (rows_[row] == Verdict::yes && on_row(row)) continue;
        const Status done = decode();
        if (!done) return done;
        const core::BlockEvent event = decoded->event(row);
        const std::string& source = decoded->sources()[event.source];
        if (probe_.matches(event, source)) on_event(event, source);
    }
    return {};
}

class Counting final : public Aggregation {
public:
    using Aggregation::Aggregation;
    std::uint64_t events = 0;

private:
    void restart() override { events = 0; }
    bool on_row(std::size_t) override {
        ++events;
        return true;
    }
    void on_event(const core::BlockEvent&, const std::string&) override { ++events; }
};

/// Keys are as they lie in the dictionaries (addresses as short_key) and are printed once, at the
/// end.
class Grouping final : public Aggregation {
public:
    Grouping(Probe& probe, Store& store, Progress* progress, GroupBy by)
        : Aggregation(probe, store, progress), by_(by), column_(column_of(by)) {}
    std::unordered_map<std::string, Sums> groups;
    /// More than groups_max; what came later was left out.
    bool overflowed = false;

private:
    void add_to(const std::string& key, const Sums& sums) {
        if (sums.events == 0) return;
        if (groups.size() >= groups_max && !groups.contains(key)) {
            overflowed = true;
        } else {
            groups[key].add(sums);
        }
    }
    void restart() override { groups.clear(); }
    Status begin_segment(SegmentScan& scan) override {
        by_hour_.clear();
        if (!scan.has_index()) return {};
        const IndexHead& head = scan.head();
        failed_.assign(profile_first, false);
        for (const Profile& profile : head.profiles()) {
            failed_.push_back(profile.kind.outcome == Outcome::failure);
        }
        if (by_ == GroupBy::hour) return {};
        by_code_.assign(head.values(field_of(by_)).size() + code_first, {});
        places_.clear();
        if (column_ != Column::profile) return {};
        places_.assign(profile_first, code_unlisted);
        for (const Profile& profile : head.profiles()) {
            places_.push_back(by_ == GroupBy::host ? profile.host : profile.app);
        }
        return {};
    }
    Status begin_block(SegmentScan& scan, std::uint32_t number) override {
        const Status profiles = scan.read(number, Column::profile, profiles_);
        if (!profiles) return profiles;
        const Status seconds = scan.read(number, Column::seconds, seconds_);
        if (!seconds || by_ == GroupBy::hour || column_ == Column::profile) return seconds;
        return scan.read(number, column_, codes_);
    }
    bool on_row(std::size_t row) override {
        const std::uint64_t profile = profiles_[row];
        if (profile == profile_unlisted) return false;
        const std::int64_t seconds = core::codec::unzigzag(seconds_[row]);
        if (by_ == GroupBy::hour) {
            by_hour_[hour_of_seconds(seconds)].add(failed_[profile], seconds);
            return true;
        }
        const std::uint64_t place = places_.empty() ? codes_[row] : places_[profile];
        if (place == code_unlisted) return false;
        by_code_[place].add(failed_[profile], seconds);
        return true;
    }
    void on_event(const core::BlockEvent& event, const std::string& source) override {
        const Fields& fields = probe_.fields(event);
        const std::int64_t seconds = seconds_of(event_time(fields, event.wall_ns));
        Sums sums;
        sums.add(fields.outcome == Outcome::failure, seconds);
        add_to(key_of(by_, fields, source, seconds), sums);
    }
    void end_segment(SegmentScan& scan) override {
        for (const auto& [hour, sums] : by_hour_) add_to(std::to_string(hour), sums);
        by_hour_.clear();
        if (!scan.has_index() || by_ == GroupBy::hour) return;
        add_to({}, by_code_[code_absent]);
        const std::vector<std::string>& values = scan.head().values(field_of(by_));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const Sums& sums = by_code_[i + code_first];
            if (sums.events == 0) continue;
            const bool address = by_ == GroupBy::address;
            add_to(address ? std::string(short_key(values[i])) : values[i], sums);
        }
    }

    GroupBy by_;
    Column column_;
    std::vector<Sums> by_code_;          // by code of the field
    std::vector<std::uint64_t> places_;  // by profile, where the field is part of it: its code
    std::map<std::int64_t, Sums> by_hour_;
    std::vector<bool> failed_;  // by profile
    Values profiles_;
    Values seconds_;
    Values codes_;
};

Query without_page(Query query) {
    query.limit = 1;
    query.after.reset();
    return query;
}

}  // namespace

Result<Totals> Searcher::count(const Query& query, Progress* progress) const {
    const Query q = without_page(query);
    const Status good = check_query(q);
    if (!good) return tl::unexpected(good.error());
    const auto extractor = state_->make_extractor();
    Probe probe(q, *extractor);
    Counting counting(probe, state_->store, progress);
    const Status done = counting.run();
    if (!done) return tl::unexpected(done.error());
    return Totals{counting.events, counting.segments_expired()};
}

Result<std::vector<Group>> Searcher::group(const Query& query, GroupBy by,
                                           Progress* progress) const {
    const Query q = without_page(query);
    const Status good = check_query(q);
    if (!good) return tl::unexpected(good.error());
    const auto extractor = state_->make_extractor();
    Probe probe(q, *extractor);
    Grouping grouping(probe, state_->store, progress, by);
    const Status done = grouping.run();
    if (!done) return tl::unexpected(done.error());
    if (grouping.overflowed) return fail(Errc::too_large, "too many groups");
    std::vector<Group> out;
    out.reserve(grouping.groups.size());
    for (const auto& [key, sums] : grouping.groups) {
        out.push_back({print_key(by, key), sums.events, sums.failures, sums.first * second_ns,
                       sums.last * second_ns});
    }
    std::sort(out.begin(), out.end(), [](const Group& a, const Group& b) {
        return a.events != b.events ? a.events > b.events : a.key < b.key;
    });
    return out;
}

Result<std::vector<Group>> Searcher::new_addresses(const Query& query, unsigned days,
                                                   Progress* progress) const {
    if (!query.time_from_ns) return fail(Errc::invalid, "new addresses need the start of a period");
    Result<std::vector<Group>> now = group(query, GroupBy::address, progress);
    if (!now) return now;
    Query earlier = query;
    earlier.time_to_ns = query.time_from_ns;
    std::int64_t from = 0;
    if (__builtin_sub_overflow(*query.time_from_ns, std::int64_t{days} * day_ns, &from)) {
        return fail(Errc::invalid, "period out of range");
    }
    earlier.time_from_ns = from;
    const Result<std::vector<Group>> known = group(earlier, GroupBy::address, progress);
    if (!known) return known;
    std::set<std::string> seen{""};
    for (const Group& entry : *known) seen.insert(entry.key);
    std::erase_if(*now, [&](const Group& entry) { return seen.contains(entry.key); });
    return now;
}

}  // namespace daicho::ledger::search
