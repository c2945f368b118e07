#pragma once
// For tests: an extractor of `key=value` words, and segments and a tail in memory.
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "ledger/search/catalog.hpp"
#include "ledger/search/query.hpp"

namespace daicho::ledger::search {

/// Enough to give every field a meaning.
class WordExtractor final : public Extractor {
public:
    void extract(ByteView raw, WallNs, Fields& out) override {
        const std::string_view text = text_of(raw);
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find(' ', at), text.size());
            take(text.substr(at, end - at), out);
            at = end + 1;
        }
    }

private:
    static void take(std::string_view word, Fields& out) {
        const std::size_t equals = word.find('=');
        if (equals == std::string_view::npos) return;
        const std::string_view key = word.substr(0, equals);
        const std::string_view value = word.substr(equals + 1);
        const auto number = [&] { return std::strtoll(std::string(value).c_str(), nullptr, 10); };
        if (key == "t") out.time_ns = number();
        if (key == "h") out.host = value;
        if (key == "a") out.app = value;
        if (key == "u") out.user = value;
        if (key == "tu") out.target_user = value;
        if (key == "ip") out.address = parse_address(value);
        if (key == "c") out.category = static_cast<Category>(number());
        if (key == "k") out.action = static_cast<Action>(number());
        if (key == "o") out.outcome = static_cast<Outcome>(number());
    }
};

struct Stored {
    core::BlockEvent event;
    std::string source;
    Bytes raw;
};

class FakeCatalog final : public Catalog {
public:
    bool indexed = true;
    mutable std::size_t blocks_read = 0;
    std::set<std::uint64_t> expired;

    void add_segment(std::vector<std::vector<const Stored*>> blocks) {
        Segment segment;
        WordExtractor extractor;
        IndexBuilder builder(extractor);
        segment.info.id = segments_.size();
        segment.info.first_seq = ~std::uint64_t{0};
        segment.info.wall_first_ns = std::numeric_limits<WallNs>::max();
        segment.info.wall_last_ns = std::numeric_limits<WallNs>::min();
        for (const auto& stored : blocks) {
            std::vector<std::string> sources;
            std::vector<core::BlockEvent> events;
            for (const Stored* one : stored) {
                auto found = std::find(sources.begin(), sources.end(), one->source);
                if (found == sources.end()) found = sources.insert(found, one->source);
                events.push_back(one->event);
                events.back().source = static_cast<std::uint16_t>(found - sources.begin());
                segment.info.first_seq = std::min(segment.info.first_seq, one->event.seq);
                segment.info.last_seq = std::max(segment.info.last_seq, one->event.seq);
                segment.info.wall_first_ns =
                    std::min(segment.info.wall_first_ns, one->event.wall_ns);
                segment.info.wall_last_ns = std::max(segment.info.wall_last_ns, one->event.wall_ns);
            }
            builder.add_block(events, sources);
            segment.blocks.push_back(*core::encode_block(events, sources));
        }
        segment.info.blocks = static_cast<std::uint32_t>(segment.blocks.size());
        segment.sections = builder.finish();
        segments_.push_back(std::move(segment));
    }
    void add_tail(const Stored* one) { tail_.push_back(one); }
    Sections& sections(std::size_t segment) { return segments_[segment].sections; }

    std::vector<SegmentInfo> segments() const override {
        std::vector<SegmentInfo> out;
        for (const Segment& segment : segments_) out.push_back(segment.info);
        return out;
    }
    Result<Bytes> index_section(std::uint64_t segment, Section section) const override {
        if (expired.contains(segment)) return fail(Errc::expired, "key destroyed");
        if (!indexed) return fail(Errc::not_found, "no index");
        return segments_[segment].sections[static_cast<std::size_t>(section)];
    }
    Result<std::shared_ptr<const core::Block>> block(std::uint64_t segment,
                                                     std::uint32_t number) const override {
        if (expired.contains(segment)) return fail(Errc::expired, "key destroyed");
        ++blocks_read;
        auto block = core::decode_block(segments_[segment].blocks.at(number));
        if (!block) return tl::unexpected(block.error());
        return std::make_shared<const core::Block>(std::move(*block));
    }
    Result<std::shared_ptr<const core::Block>> rows(
        std::uint64_t segment, std::uint32_t number,
        std::span<const std::uint8_t> wanted) const override {
        if (expired.contains(segment)) return fail(Errc::expired, "key destroyed");
        ++blocks_read;
        auto block = core::decode_rows(segments_[segment].blocks.at(number), wanted);
        if (!block) return tl::unexpected(block.error());
        return std::make_shared<const core::Block>(std::move(*block));
    }
    Status tail(const Visit& visit) const override {
        for (const Stored* one : tail_) {
            if (!visit(one->event, one->source)) return {};
        }
        return {};
    }

private:
    struct Segment {
        SegmentInfo info;
        std::vector<Bytes> blocks;
        Sections sections;
    };
    std::vector<Segment> segments_;
    std::vector<const Stored*> tail_;
};

}  // namespace daicho::ledger::search
