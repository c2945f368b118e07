#include "store/value.hpp"

namespace daicho::store {

Param::Param(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        view_ = *number;
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        view_ = std::string_view(*text);
    } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
        view_ = ByteView(*bytes);
    }
}

Bytes canonical_form(std::span<const Value> values) {
    Bytes out;
    ByteWriter writer(out);
    writer.u32(static_cast<std::uint32_t>(values.size()));
    for (const Value& value : values) {
        writer.u8(static_cast<std::uint8_t>(value.index()));
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            writer.u64(static_cast<std::uint64_t>(*number));
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            writer.u64(text->size());
            writer.raw(view_of(*text));
        } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
            writer.u64(bytes->size());
            writer.raw(*bytes);
        }
    }
    return out;
}

}  // namespace daicho::store
