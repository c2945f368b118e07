#include <algorithm>
#include <limits>
#include <unordered_map>

#include "base/fault.hpp"
#include "ledger/core/codec/column.hpp"
#include "ledger/search/index.hpp"
#include "ledger/search/index/dictionary.hpp"
#include "ledger/search/index/filter.hpp"
#include "ledger/search/index/rollup.hpp"
#include "ledger/search/index/tokens.hpp"
#include "ledger/search/matcher.hpp"

namespace daicho::ledger::search {
namespace {

using core::codec::Shape;
using core::codec::zigzag;
using Values = std::vector<std::uint64_t>;

/// Web and packet-filter events come from half the internet: only this many of their addresses
/// enter a segment's dictionary, so that those of sign-ins find room. The others are found through
/// the block filters.
constexpr std::size_t noisy_addresses_max = 256;

enum class HeadColumn : std::size_t {
    events,
    first_seq,
    seq_span,
    wall_first,
    wall_span,
    seconds_first,
    seconds_span,
    columns,
    filter
};
constexpr std::size_t head_column_count = 9;

std::string_view text_of_address(const Address& address) {
    return {reinterpret_cast<const char*>(address.data()), address.size()};
}

void put_header(Bytes& out, Section section) {
    ByteWriter writer(out);
    writer.u32(index_magic);
    writer.u8(static_cast<std::uint8_t>(section));
}

void put_dictionary(const Dictionary& dictionary, bool addresses, Bytes& out) {
    ByteWriter writer(out);
    writer.varint(dictionary.size());
    for (std::size_t i = 0; i < dictionary.size(); ++i) {
        std::string_view value = dictionary.value_at(i);
        if (addresses && value.starts_with(ipv4_prefix)) value.remove_prefix(ipv4_prefix.size());
        writer.u8(static_cast<std::uint8_t>(value.size()));
        writer.raw(view_of(value));
    }
}

}  // namespace

struct IndexBuilder::State {
    explicit State(Extractor& extractor_) : extractor(extractor_) { clear(); }

    void clear();
    void add_event(const core::BlockEvent& event, const std::vector<std::uint64_t>& source_codes);
    void add_rollup(const Fields& fields, const Kind& kind, std::size_t raw_bytes,
                    std::int64_t seconds);
    void put_block_columns();
    void put_head_values(std::span<const core::BlockEvent> events, std::size_t columns_bytes,
                         std::size_t filter_bytes);
    [[nodiscard]] std::uint64_t code_of_address(const Fields& f);
    [[nodiscard]] std::uint64_t code_of_profile(std::uint64_t host, std::uint64_t app,
                                                const Kind& kind);
    [[nodiscard]] Bytes make_head();
    [[nodiscard]] Bytes make_rollup();

    Extractor& extractor;
    core::codec::ColumnEncoder encoder;
    TokenSet tokens;
    FilterBuilder filter;
    Fields fields;
    Dictionary hosts, apps, users, addresses, sources;
    std::vector<Profile> profiles;                                   // by code - profile_first
    std::unordered_map<std::uint64_t, std::uint64_t> profile_codes;  // of packed profiles
    std::uint64_t last_profile = ~std::uint64_t{0};                  // packed, and its code
    std::uint64_t last_profile_code = 0;
    std::size_t noisy_addresses = 0;
    std::array<Values, column_count> rows;  // of the block at hand
    std::array<Values, head_column_count> head;
    Bytes columns;
    Bytes filters;
    RollupBuilder rollup;
    bool rollup_complete = true;
};

void IndexBuilder::State::clear() {
    for (Dictionary* dictionary : {&hosts, &apps, &users, &addresses, &sources})
        dictionary->clear();
    profiles.clear();
    profile_codes.clear();
    last_profile = ~std::uint64_t{0};
    noisy_addresses = 0;
    for (Values& values : head) values.clear();
    columns.clear();
    filters.clear();
    put_header(columns, Section::columns);
    put_header(filters, Section::filters);
    rollup.clear();
    rollup_complete = true;
}

std::uint64_t IndexBuilder::State::code_of_address(const Fields& f) {
    if (!f.address) return code_absent;
    const bool noisy = f.category == Category::network || f.category == Category::web;
    const std::size_t before = addresses.size();
    const std::uint64_t code = addresses.code_of(text_of_address(*f.address),
                                                 !noisy || noisy_addresses < noisy_addresses_max);
    if (noisy && addresses.size() > before) ++noisy_addresses;
    if (code == code_unlisted) tokens.add(token_of_address(*f.address));
    return code;
}

std::uint64_t IndexBuilder::State::code_of_profile(std::uint64_t host, std::uint64_t app,
                                                   const Kind& kind) {
    static_assert(dictionary_entries_max + code_first < (1u << 20));
    const std::uint64_t packed = host << 44 | app << 24 | kind.packed();
    if (packed == last_profile) return last_profile_code;
    const auto found = profile_codes.find(packed);
    std::uint64_t code = profile_unlisted;
    if (found != profile_codes.end()) {
        code = found->second;
    } else if (profiles.size() < profiles_max) {
        code = profiles.size() + profile_first;
        profiles.push_back(
            {static_cast<std::uint32_t>(host), static_cast<std::uint32_t>(app), kind});
        profile_codes.emplace(packed, code);
    }
    last_profile = packed;
    last_profile_code = code;
    return code;
}

void IndexBuilder::State::add_event(const core::BlockEvent& event,
                                    const std::vector<std::uint64_t>& source_codes) {
    fields = Fields{};
    extractor.extract(event.raw, event.wall_ns, fields);
    tokens.add(event.raw);
    const auto code = [](Dictionary& dictionary, std::string_view value) {
        return value.empty() ? code_absent : dictionary.code_of(value);
    };
    const auto put = [&](Column column, std::uint64_t value) {
        rows[static_cast<std::size_t>(column)].push_back(value);
    };
    const Kind kind{fields.category, fields.action, fields.outcome};
    const std::int64_t seconds = seconds_of(event_time(fields, event.wall_ns));

    put(Column::profile, code_of_profile(code(hosts, fields.host), code(apps, fields.app), kind));
    put(Column::user, code(users, fields.user));
    put(Column::target, code(users, fields.target_user));
    put(Column::address, code_of_address(fields));
    put(Column::source, source_codes[event.source]);
    put(Column::seconds, zigzag(seconds));
    add_rollup(fields, kind, event.raw.size(), seconds);
}

void IndexBuilder::State::add_rollup(const Fields& f, const Kind& kind, std::size_t raw_bytes,
                                     std::int64_t seconds) {
    const std::uint64_t user = rows[static_cast<std::size_t>(Column::user)].back();
    const std::uint64_t source = rows[static_cast<std::size_t>(Column::source)].back();
    if (user == code_unlisted || source == code_unlisted || rollup.size() >= rollup_rows_max) {
        rollup_complete = false;
        return;
    }
    rollup.add({hour_of_seconds(seconds), static_cast<std::uint32_t>(source),
                static_cast<std::uint32_t>(user)},
               kind, raw_bytes, f.address);
}

void IndexBuilder::State::put_block_columns() {
    Bytes body;
    ByteWriter sizes(columns);
    for (Values& values : rows) {
        const std::size_t before = body.size();
        encoder.encode(values, Shape::number, body);
        sizes.varint(body.size() - before);
        values.clear();
    }
    sizes.raw(body);
}

void IndexBuilder::State::put_head_values(std::span<const core::BlockEvent> events,
                                          std::size_t columns_bytes, std::size_t filter_bytes) {
    WallNs wall_first = events[0].wall_ns;
    WallNs wall_last = wall_first;
    for (const core::BlockEvent& event : events) {
        wall_first = std::min(wall_first, event.wall_ns);
        wall_last = std::max(wall_last, event.wall_ns);
    }
    std::int64_t seconds_first = std::numeric_limits<std::int64_t>::max();
    std::int64_t seconds_last = std::numeric_limits<std::int64_t>::min();
    for (const std::uint64_t value : rows[static_cast<std::size_t>(Column::seconds)]) {
        seconds_first = std::min(seconds_first, core::codec::unzigzag(value));
        seconds_last = std::max(seconds_last, core::codec::unzigzag(value));
    }
    const auto put = [&](HeadColumn column, std::uint64_t value) {
        head[static_cast<std::size_t>(column)].push_back(value);
    };
    put(HeadColumn::events, events.size());
    put(HeadColumn::first_seq, events.front().seq);
    put(HeadColumn::seq_span, events.back().seq - events.front().seq);
    put(HeadColumn::wall_first, zigzag(wall_first));
    put(HeadColumn::wall_span,
        static_cast<std::uint64_t>(wall_last) - static_cast<std::uint64_t>(wall_first));
    put(HeadColumn::seconds_first, zigzag(seconds_first));
    put(HeadColumn::seconds_span, static_cast<std::uint64_t>(seconds_last - seconds_first));
    put(HeadColumn::columns, columns_bytes);
    put(HeadColumn::filter, filter_bytes);
}

Bytes IndexBuilder::State::make_head() {
    Bytes out;
    put_header(out, Section::head);
    ByteWriter writer(out);
    const std::size_t blocks = head[0].size();
    writer.varint(blocks);
    for (const Values& values : head) {
        if (blocks > 0) encoder.encode(values, Shape::number, out);
    }
    // Addresses are written without the twelve bytes that all of IPv4 shares.
    for (const Dictionary* dictionary : {&hosts, &apps, &users, &addresses, &sources}) {
        put_dictionary(*dictionary, dictionary == &addresses, out);
    }
    writer.varint(profiles.size());
    for (const Profile& profile : profiles) {
        writer.varint(profile.host);
        writer.varint(profile.app);
        writer.varint(profile.kind.packed());
    }
    return out;
}

Bytes IndexBuilder::State::make_rollup() {
    Bytes out;
    put_header(out, Section::rollup);
    ByteWriter writer(out);
    writer.u8(rollup_complete ? 1 : 0);
    if (!rollup_complete) return out;
    const auto sums = rollup.sorted();
    writer.varint(sums.size());
    if (sums.empty()) return out;
    Values values(sums.size());
    const auto put = [&](auto value_of) {
        std::transform(sums.begin(), sums.end(), values.begin(), value_of);
        encoder.encode(values, Shape::number, out);
    };
    put([](const auto& row) { return zigzag(row.first.hour); });
    put([](const auto& row) { return std::uint64_t{row.first.source}; });
    put([](const auto& row) { return std::uint64_t{row.first.user}; });
    put([](const auto& row) { return row.second.events; });
    put([](const auto& row) { return row.second.bytes; });
    put([](const auto& row) { return row.second.failures; });
    put([](const auto& row) { return row.second.sign_ins; });
    put([](const auto& row) { return row.second.sign_ins_failed; });
    put([](const auto& row) { return row.second.addresses; });
    return out;
}

IndexBuilder::IndexBuilder(Extractor& extractor) : state_(std::make_unique<State>(extractor)) {}
IndexBuilder::~IndexBuilder() = default;
IndexBuilder::IndexBuilder(IndexBuilder&&) noexcept = default;
IndexBuilder& IndexBuilder::operator=(IndexBuilder&&) noexcept = default;

void IndexBuilder::add_block(std::span<const core::BlockEvent> events,
                             std::span<const std::string> sources) {
    State& s = *state_;
    check(!events.empty() && events.size() <= core::block_events_max, "an index block has events");
    check(s.head[0].size() < blocks_max, "too many blocks for an index");
    std::vector<std::uint64_t> source_codes(sources.size(), code_absent);
    for (const core::BlockEvent& event : events) {
        std::uint64_t& code = source_codes[event.source];
        if (code == code_absent) code = s.sources.code_of(sources[event.source]);
    }
    s.tokens.clear();
    for (const core::BlockEvent& event : events) s.add_event(event, source_codes);
    const std::size_t columns_before = s.columns.size();
    const std::size_t filters_before = s.filters.size();
    s.filter.build(s.tokens.hashes(), s.filters);
    // The head looks at the rows that put_block_columns() clears.
    s.put_head_values(events, 0, s.filters.size() - filters_before);
    s.put_block_columns();
    s.head[static_cast<std::size_t>(HeadColumn::columns)].back() =
        s.columns.size() - columns_before;
}

Sections IndexBuilder::finish() {
    State& s = *state_;
    Sections out;
    out[static_cast<std::size_t>(Section::head)] = s.make_head();
    out[static_cast<std::size_t>(Section::columns)] = std::move(s.columns);
    out[static_cast<std::size_t>(Section::filters)] = std::move(s.filters);
    out[static_cast<std::size_t>(Section::rollup)] = s.make_rollup();
    s.clear();
    return out;
}

}  // namespace daicho::ledger::search
