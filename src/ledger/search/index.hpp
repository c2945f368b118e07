#pragma once
// The search index of one segment: derived from its blocks, rebuildable, never evidence
// (docs/formats/index.md). Four sections, so that each can be sealed and opened alone: a search for
// a rare token reads `head` and `filters`.
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "ledger/core/block.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::ledger::search {

/// Values are stored in index files.
enum class Section : std::uint8_t {
    head = 0,     // per block: times, seq, counts; dictionaries of the segment
    columns = 1,  // per event: codes of host, app, user, address, class, source; seconds
    filters = 2,  // per block: which tokens occur
    rollup = 3,   // per hour, source and user: counts, bytes, failures, addresses
};
inline constexpr std::size_t section_count = 4;
using Sections = std::array<Bytes, section_count>;

/// Builds an index while a segment is written. The blocks must come in the order of their numbers
/// in the segment, each with the events and sources its block was encoded from. Not synchronised.
class IndexBuilder {
public:
    /// `extractor` must outlive the builder.
    explicit IndexBuilder(Extractor& extractor);
    ~IndexBuilder();
    IndexBuilder(IndexBuilder&&) noexcept;
    IndexBuilder& operator=(IndexBuilder&&) noexcept;

    void add_block(std::span<const core::BlockEvent> events, std::span<const std::string> sources);
    /// The sections of everything added since the last call; the builder may be used again.
    [[nodiscard]] Sections finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace daicho::ledger::search
