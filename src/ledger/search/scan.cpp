#include "ledger/search/scan.hpp"

#include <algorithm>
#include <cstring>

namespace daicho::ledger::search {
namespace {

bool any(const std::vector<Verdict>& rows) {
    return std::any_of(rows.begin(), rows.end(), [](Verdict v) { return v != Verdict::no; });
}

}  // namespace

bool Probe::matches(const core::BlockEvent& event, const std::string& source) {
    extracted_ = false;
    if (!matcher_.matches_envelope(event, source) || !matcher_.matches_text(event.raw))
        return false;
    return !matcher_.needs_fields() || matcher_.matches_fields(fields(event), event.wall_ns);
}

const Fields& Probe::fields(const core::BlockEvent& event) {
    if (extracted_) return fields_;
    fields_ = Fields{};
    extractor_.extract(event.raw, event.wall_ns, fields_);
    extracted_ = true;
    return fields_;
}

Result<SegmentScan> SegmentScan::open(Probe& probe, Store& store, const SegmentInfo& info) {
    SegmentScan scan(probe, store, info);
    if (!scan.is_inside_segment()) {
        scan.empty_ = true;
        return scan;
    }
    const Status loaded = scan.load();
    if (!loaded) return tl::unexpected(loaded.error());
    return scan;
}

bool SegmentScan::is_inside_segment() const noexcept {
    const Query& q = probe_->query();
    if (q.seq_from && info_.last_seq < *q.seq_from) return false;
    if (q.seq_to && info_.first_seq >= *q.seq_to) return false;
    if (q.after && (q.newest_first ? info_.first_seq >= *q.after : info_.last_seq <= *q.after))
        return false;
    if (q.time_field != TimeField::received) return true;
    if (q.time_from_ns && info_.wall_last_ns < *q.time_from_ns) return false;
    return !(q.time_to_ns && info_.wall_first_ns >= *q.time_to_ns);
}

Status SegmentScan::load() {
    auto head = store_->head(info_.id);
    // A missing index costs time, not matches; a damaged one too, as the blocks are checked on
    // their own.
    if (!head && head.error().code != Errc::not_found && head.error().code != Errc::tampered) {
        return tl::unexpected(head.error());
    }
    if (!head) return {};
    if ((*head)->blocks().size() != info_.blocks)
        return fail(Errc::tampered, "index of another segment");
    head_ = std::move(*head);
    add_tests();
    for (const TermMatcher& term : probe_->matcher().terms()) {
        tokens_.insert(tokens_.end(), term.tokens().begin(), term.tokens().end());
    }
    if ((!tokens_.empty() || address_token_) && !empty_) {
        auto filters = store_->section(info_.id, Section::filters);
        if (!filters) return tl::unexpected(filters.error());
        filters_ = std::move(*filters);
    }
    return {};
}

void SegmentScan::add_tests() {
    const Query& q = probe_->query();
    if (!q.source.empty()) {
        tests_.push_back({Column::source, {}, verdicts_on(Field::source, q.source)});
    }
    add_profile_test();
    if (!q.user.empty()) {
        tests_.push_back({Column::user, Column::target, verdicts_on(Field::user, q.user)});
    }
    if (q.address) add_address_test();
    for (const Test& test : tests_) empty_ = empty_ || !any(test.verdicts);
}

std::vector<Verdict> SegmentScan::verdicts_on(Field field, std::string_view value) const {
    const std::vector<std::string>& values = head_->values(field);
    std::vector<Verdict> verdicts(values.size() + code_first, Verdict::no);
    const auto code = head_->find(field, value);
    if (code) verdicts[*code] = Verdict::yes;
    // A dictionary is full long after this many entries; a value that is listed is listed from its
    // first event on.
    const bool full =
        values.size() >= dictionary_entries_max / 16 || value.size() > dictionary_value_size_max;
    if (!code && full) verdicts[code_unlisted] = Verdict::perhaps;
    return verdicts;
}

void SegmentScan::add_address_test() {
    const AddressRange& range = *probe_->query().address;
    const std::vector<std::string>& values = head_->values(Field::address);
    Test test{Column::address, {}, std::vector<Verdict>(values.size() + code_first, Verdict::no)};
    for (std::size_t i = 0; i < values.size(); ++i) {
        Address address;
        std::memcpy(address.data(), values[i].data(), address.size());
        if (range.contains(address)) test.verdicts[i + code_first] = Verdict::yes;
    }
    // Whatever is listed may be unlisted elsewhere: it can have come from a noisy source first.
    test.verdicts[code_unlisted] = Verdict::perhaps;
    if (range.bits == 128) address_token_ = token_of_address(range.address);
    tests_.push_back(std::move(test));
}

void SegmentScan::add_profile_test() {
    const Query& q = probe_->query();
    if (q.host.empty() && q.app.empty() && !q.category && !q.action && !q.outcome) return;
    const std::vector<Verdict> hosts =
        q.host.empty() ? std::vector<Verdict>{} : verdicts_on(Field::host, q.host);
    const std::vector<Verdict> apps =
        q.app.empty() ? std::vector<Verdict>{} : verdicts_on(Field::app, q.app);
    Test test{Column::profile, {}, {}};
    const bool full = head_->profiles().size() >= profiles_max;
    test.verdicts.push_back(full ? Verdict::perhaps : Verdict::no);
    static_assert(profile_unlisted == 0 && profile_first == 1);
    for (const Profile& profile : head_->profiles()) {
        const bool good = (!q.category || profile.kind.category == *q.category) &&
                          (!q.action || profile.kind.action == *q.action) &&
                          (!q.outcome || profile.kind.outcome == *q.outcome);
        Verdict verdict = good ? Verdict::yes : Verdict::no;
        if (!hosts.empty()) verdict = std::min(verdict, hosts[profile.host]);
        if (!apps.empty()) verdict = std::min(verdict, apps[profile.app]);
        test.verdicts.push_back(verdict);
    }
    tests_.push_back(std::move(test));
}

std::uint32_t SegmentScan::block_count() const noexcept {
    return head_ ? static_cast<std::uint32_t>(head_->blocks().size()) : info_.blocks;
}

std::pair<std::uint64_t, std::uint64_t> SegmentScan::bounds(std::uint32_t number) const noexcept {
    if (!head_) return {info_.first_seq, info_.last_seq};
    return {head_->blocks()[number].first_seq, head_->blocks()[number].last_seq};
}

Result<bool> SegmentScan::may_match(std::uint32_t number) {
    if (!head_) return true;
    const Query& q = probe_->query();
    const BlockInfo& block = head_->blocks()[number];
    if (q.seq_from && block.last_seq < *q.seq_from) return false;
    if (q.seq_to && block.first_seq >= *q.seq_to) return false;
    if (q.after && (q.newest_first ? block.first_seq >= *q.after : block.last_seq <= *q.after))
        return false;
    if (q.time_field == TimeField::received) {
        if (q.time_from_ns && block.wall_last_ns < *q.time_from_ns) return false;
        if (q.time_to_ns && block.wall_first_ns >= *q.time_to_ns) return false;
    } else {
        if (q.time_from_ns && block.seconds_last < seconds_of(*q.time_from_ns)) return false;
        if (q.time_to_ns && block.seconds_first > seconds_of(*q.time_to_ns - 1)) return false;
    }
    if (tokens_.empty()) return true;
    const Result<Filter> filter = read_filter(*filters_, block);
    if (!filter) return tl::unexpected(filter.error());
    return std::all_of(tokens_.begin(), tokens_.end(),
                       [&](TokenHash token) { return filter->may_contain(token); });
}

Status SegmentScan::read(std::uint32_t number, Column column, std::vector<std::uint64_t>& out) {
    if (!columns_) {
        auto columns = store_->section(info_.id, Section::columns);
        if (!columns) return tl::unexpected(columns.error());
        columns_ = std::move(*columns);
    }
    return probe_->columns().read(*columns_, *head_, head_->blocks()[number], column, out);
}

Result<bool> SegmentScan::judge(std::uint32_t number, std::vector<Verdict>& rows) {
    const BlockInfo& block = head_->blocks()[number];
    const bool text = !probe_->matcher().terms().empty();
    rows.assign(block.events, text ? Verdict::perhaps : Verdict::yes);
    apply_envelope(block, rows);
    for (Test& test : tests_) {
        const Status applied = apply(test, number, rows);
        if (!applied) return tl::unexpected(applied.error());
        if (!any(rows)) return false;
    }
    const Query& q = probe_->query();
    if (q.time_field == TimeField::event && (q.time_from_ns || q.time_to_ns)) {
        const Status applied = apply_seconds(number, rows);
        if (!applied) return tl::unexpected(applied.error());
    }
    return any(rows);
}

Result<std::shared_ptr<const core::Block>> SegmentScan::block(std::uint32_t number,
                                                              const std::vector<Verdict>& rows) {
    wanted_.resize(rows.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        wanted_[i] = rows[i] != Verdict::no ? 1 : 0;
        count += wanted_[i];
    }
    // A whole block is worth keeping for the next query once a good part of it is decoded anyway.
    if (4 * count >= rows.size()) return block(number);
    return store_->rows(info_.id, number, wanted_);
}

Status SegmentScan::apply(Test& test, std::uint32_t number, std::vector<Verdict>& rows) {
    const Status read_first = read(number, test.column, values_);
    if (!read_first) return read_first;
    if (test.column == Column::address && address_token_) {
        // The builder has put every unlisted address into the block's filter.
        const Result<Filter> filter = read_filter(*filters_, head_->blocks()[number]);
        if (!filter) return tl::unexpected(filter.error());
        test.verdicts[code_unlisted] =
            filter->may_contain(*address_token_) ? Verdict::perhaps : Verdict::no;
    }
    if (!test.second) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i] = std::min(rows[i], test.verdicts[values_[i]]);
        }
        return {};
    }
    const Status read_second = read(number, *test.second, second_values_);
    if (!read_second) return read_second;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Verdict either =
            std::max(test.verdicts[values_[i]], test.verdicts[second_values_[i]]);
        rows[i] = std::min(rows[i], either);
    }
    return {};
}

Status SegmentScan::apply_seconds(std::uint32_t number, std::vector<Verdict>& rows) {
    const Query& q = probe_->query();
    const BlockInfo& block = head_->blocks()[number];
    // Rows hold whole seconds: a bound within a second leaves that second open.
    const std::int64_t from = q.time_from_ns ? seconds_of(*q.time_from_ns) : block.seconds_first;
    const bool from_open = q.time_from_ns && *q.time_from_ns % second_ns != 0;
    const std::int64_t last = q.time_to_ns ? seconds_of(*q.time_to_ns - 1) : block.seconds_last;
    const bool last_open = q.time_to_ns && *q.time_to_ns % second_ns != 0;
    const bool inside = block.seconds_first >= from + (from_open ? 1 : 0) &&
                        block.seconds_last <= last - (last_open ? 1 : 0);
    if (inside) return {};
    const Status got = read(number, Column::seconds, values_);
    if (!got) return got;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::int64_t seconds = core::codec::unzigzag(values_[i]);
        Verdict verdict = seconds >= from && seconds <= last ? Verdict::yes : Verdict::no;
        if ((from_open && seconds == from) || (last_open && seconds == last))
            verdict = Verdict::perhaps;
        rows[i] = std::min(rows[i], verdict);
    }
    return {};
}

void SegmentScan::apply_envelope(const BlockInfo& block, std::vector<Verdict>& rows) const {
    const Query& q = probe_->query();
    bool open = false;
    if (q.time_field == TimeField::received) {
        open = (q.time_from_ns && block.wall_first_ns < *q.time_from_ns) ||
               (q.time_to_ns && block.wall_last_ns >= *q.time_to_ns);
    }
    open = open || (q.seq_from && block.first_seq < *q.seq_from) ||
           (q.seq_to && block.last_seq >= *q.seq_to);
    if (q.after) {
        open = open || (q.newest_first ? block.last_seq >= *q.after : block.first_seq <= *q.after);
    }
    if (!open) return;
    for (Verdict& row : rows) row = std::min(row, Verdict::perhaps);
}

}  // namespace daicho::ledger::search
