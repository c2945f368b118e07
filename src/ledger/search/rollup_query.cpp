// The review summary: hourly sums, from the index where there is one.
#include <algorithm>
#include <limits>
#include <map>

#include "ledger/search/searcher_state.hpp"
#include "ledger/search/sweep.hpp"

namespace daicho::ledger::search {
namespace {

using Names = std::tuple<std::int64_t, std::string, std::string>;
using Rows = std::map<Names, RollupSums>;

struct Hours {
    std::int64_t from = 0;
    std::int64_t to = 0;
    [[nodiscard]] bool contains(std::int64_t hour) const noexcept {
        return hour >= from && hour < to;
    }
};

void add(Rows& rows, Names names, const RollupSums& sums) {
    RollupSums& row = rows[std::move(names)];
    row.events += sums.events;
    row.bytes += sums.bytes;
    row.failures += sums.failures;
    row.sign_ins += sums.sign_ins;
    row.sign_ins_failed += sums.sign_ins_failed;
    row.addresses += sums.addresses;
}

/// Sums made from events: for segments without an index and for the tail.
class EventSums {
public:
    EventSums(Extractor& extractor, Hours hours) : extractor_(extractor), hours_(hours) {}
    void add_event(const core::BlockEvent& event, const std::string& source) {
        fields_ = Fields{};
        extractor_.extract(event.raw, event.wall_ns, fields_);
        const std::int64_t hour = hour_of_seconds(seconds_of(event_time(fields_, event.wall_ns)));
        if (!hours_.contains(hour)) return;
        const Kind kind{fields_.category, fields_.action, fields_.outcome};
        builder_.add(
            {hour, number_of(sources_, source), number_of(users_, std::string(fields_.user))}, kind,
            event.raw.size(), fields_.address);
    }
    void move_to(Rows& rows) {
        for (const auto& [key, sums] : builder_.sorted()) {
            add(rows, {key.hour, sources_.names[key.source], users_.names[key.user]}, sums);
        }
        clear();
    }
    void clear() {
        builder_.clear();
        sources_ = {};
        users_ = {};
    }

private:
    struct Numbers {
        std::map<std::string, std::uint32_t> by_name;
        std::vector<std::string> names;
    };
    static std::uint32_t number_of(Numbers& numbers, const std::string& name) {
        const auto [found, added] =
            numbers.by_name.try_emplace(name, static_cast<std::uint32_t>(numbers.names.size()));
        if (added) numbers.names.push_back(name);
        return found->second;
    }
    Extractor& extractor_;
    Hours hours_;
    Fields fields_;
    RollupBuilder builder_;
    Numbers sources_;
    Numbers users_;
};

Status add_from_index(Store& store, const SegmentInfo& info, const IndexHead& head, Hours hours,
                      Rows& rows) {
    const bool any =
        std::any_of(head.blocks().begin(), head.blocks().end(), [&](const BlockInfo& block) {
            return hour_of_seconds(block.seconds_first) < hours.to &&
                   hour_of_seconds(block.seconds_last) >= hours.from;
        });
    if (!any) return {};
    const auto section = store.section(info.id, Section::rollup);
    if (!section) return tl::unexpected(section.error());
    const auto entries = read_rollup(**section, head);
    if (!entries) return tl::unexpected(entries.error());
    const auto name = [&](Field field, std::uint64_t code) {
        return code < code_first ? std::string{} : head.values(field)[code - code_first];
    };
    for (const RollupEntry& entry : *entries) {
        if (!hours.contains(entry.hour)) continue;
        add(rows, {entry.hour, name(Field::source, entry.source), name(Field::user, entry.user)},
            entry.sums);
    }
    return {};
}

Status add_from_blocks(Store& store, const SegmentInfo& info, EventSums& sums, Rows& rows) {
    for (std::uint32_t number = 0; number < info.blocks; ++number) {
        const auto block = store.block(info.id, number);
        if (!block) {
            sums.clear();
            return tl::unexpected(block.error());
        }
        for (std::size_t i = 0; i < (*block)->size(); ++i) {
            const core::BlockEvent event = (*block)->event(i);
            sums.add_event(event, (*block)->sources()[event.source]);
        }
    }
    sums.move_to(rows);
    return {};
}

Status add_segment(Store& store, const SegmentInfo& info, Hours hours, EventSums& sums,
                   Rows& rows) {
    const auto head = store.head(info.id);
    if (head) {
        const Status added = add_from_index(store, info, **head, hours, rows);
        if (added || added.error().code != Errc::not_found) return added;
    } else if (head.error().code != Errc::not_found && head.error().code != Errc::tampered) {
        return tl::unexpected(head.error());
    }
    return add_from_blocks(store, info, sums, rows);
}

}  // namespace

Result<std::vector<RollupRow>> Searcher::rollup(std::int64_t hour_from, std::int64_t hour_to,
                                                Progress* progress) const {
    const Hours hours{hour_from, hour_to};
    const auto extractor = state_->make_extractor();
    EventSums sums(*extractor, hours);
    const auto visit = [&](const core::BlockEvent& event, const std::string& source) {
        sums.add_event(event, source);
        return true;
    };
    const auto segments = take_snapshot(
        state_->store.catalog(), [&] { sums.clear(); }, visit);
    if (!segments) return tl::unexpected(segments.error());
    Rows rows;
    sums.move_to(rows);
    std::uint64_t total = 0;
    std::uint64_t done = 0;
    for (const SegmentInfo& info : *segments) total += info.blocks;
    for (const SegmentInfo& info : *segments) {
        const Status added = add_segment(state_->store, info, hours, sums, rows);
        if (!added && !leaves_segment_out(added.error())) return tl::unexpected(added.error());
        done += info.blocks;
        const Status stepped = step(progress, total, done);
        if (!stepped) return tl::unexpected(stepped.error());
    }
    std::vector<RollupRow> out;
    out.reserve(rows.size());
    for (const auto& [names, s] : rows) {
        out.push_back({std::get<0>(names), std::get<1>(names), std::get<2>(names), s.events,
                       s.bytes, s.failures, s.sign_ins, s.sign_ins_failed, s.addresses});
    }
    return out;
}

}  // namespace daicho::ledger::search
