#include "ledger/core/codec/template_plan.hpp"

#include <algorithm>

namespace daicho::ledger::core::codec {
namespace {

/// Enough to tell `SRC=` from `DST=`, short enough that names before it don't matter.
constexpr std::size_t context_size = 8;

constexpr std::uint64_t mix(std::uint64_t value) noexcept {
    value *= 0x9e3779b97f4a7c15ull;
    return value ^ value >> 29;
}

unsigned width_max(Mark mark) {
    switch (mark) {
        case Mark::padded:
            return number_digits_max;
        case Mark::hex:
            return hex_digits_max;
        case Mark::pairs:
            return pairs_max;
        default:
            return fraction_digits_max;
    }
}

}  // namespace

std::uint32_t ColumnMap::column_of(ByteView text, std::size_t at, Mark mark, unsigned width,
                                   unsigned depth) {
    std::uint64_t key = static_cast<std::uint64_t>(mark) << 16 | width << 8 | depth;
    // Stamps of all lines make one column: they rise together.
    if (mark != Mark::stamp && mark != Mark::bsd_stamp) {
        std::uint64_t context = 0;
        const std::size_t size = std::min(context_size, at);
        for (std::size_t i = at - size; i < at; ++i) context = context << 8 | text[i];
        key = mix(mix(key) ^ context);
    }
    const auto [found, added] =
        columns_.try_emplace(key, static_cast<std::uint32_t>(shapes_.size()));
    if (added) {
        const bool bytes = mark == Mark::ipv4 || mark == Mark::pairs;
        shapes_.push_back(bytes ? Shape::bytes : Shape::number);
        depths_.push_back(static_cast<std::uint8_t>(depth));
    }
    return found->second;
}

void ColumnMap::clear() {
    columns_.clear();
    shapes_.clear();
    depths_.clear();
}

Status plan_template(ByteView text, unsigned depth, ColumnMap& columns, std::vector<Step>& steps) {
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_plain_control(text[at])) continue;
        if (!is_mark(text[at])) return fail(Errc::tampered, "unknown mark in a template");
        Step step;
        step.literal = static_cast<std::uint32_t>(start);
        step.length = static_cast<std::uint32_t>(at - start);
        step.mark = static_cast<Mark>(text[at]);
        const std::size_t mark_at = at;
        if (has_width(step.mark)) {
            const unsigned byte = ++at < text.size() ? text[at] : 0;
            const unsigned least = step.mark == Mark::stamp ? 0 : 1;
            if (byte < 0x30 + least || byte > 0x30 + width_max(step.mark)) {
                return fail(Errc::tampered, "impossible width in a template");
            }
            step.width = static_cast<std::uint8_t>(byte - 0x30);
        }
        if (step.mark == Mark::nested && depth >= nesting_max) {
            return fail(Errc::tampered, "templates nested too deep");
        }
        if (has_value(step.mark)) {
            step.column = columns.column_of(text, mark_at, step.mark, step.width, depth);
        }
        steps.push_back(step);
        start = at + 1;
    }
    Step end;
    end.literal = static_cast<std::uint32_t>(start);
    end.length = static_cast<std::uint32_t>(text.size() - start);
    end.last = true;
    steps.push_back(end);
    return {};
}

}  // namespace daicho::ledger::core::codec
