#pragma once
// Room for values that are not in the line as they are: unescaped, decoded from hexadecimal. Fixed,
// so that extracting never allocates; what doesn't fit stays as it is written in the line.
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace daicho::evidence::collect::parse {

class Scratch {
public:
    static constexpr std::size_t capacity =
        8192;  // user names, hosts, paths of one event; PATH_MAX is 4096
    void clear() noexcept { used_ = 0; }
    /// `size` characters, or none when there is no room.
    [[nodiscard]] std::span<char> room(std::size_t size) noexcept {
        if (size > capacity - used_) return {};
        return {buffer_.data() + used_, size};
    }
    /// Keeps what was written at the front of the last room().
    void keep(std::size_t size) noexcept { used_ += size; }
    [[nodiscard]] bool owns(std::string_view text) const noexcept {
        return text.data() >= buffer_.data() && text.data() + text.size() <= buffer_.data() + used_;
    }

private:
    std::array<char, capacity> buffer_;
    std::size_t used_ = 0;
};

}  // namespace daicho::evidence::collect::parse
