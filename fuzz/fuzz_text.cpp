// links: base
// Any bytes: what is shown is UTF-8 without anything invisible, search keys are stable, nothing is
// cut in two.
#include "base/fault.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace {

/// The definition of RFC 3629 in its plainest form, to check the fast one against.
bool is_utf8_slowly(std::string_view text) {
    std::size_t left = 0;
    std::uint32_t value = 0;
    std::uint32_t least = 0;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (left > 0) {
            if ((byte & 0xC0) != 0x80) return false;
            value = (value << 6) | (byte & 0x3FU);
            if (--left > 0) continue;
            if (value < least || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
                return false;
        } else if (byte >= 0xF0 && byte < 0xF8) {
            left = 3, value = byte & 0x07U, least = 0x10000;
        } else if (byte >= 0xE0 && byte < 0xF0) {
            left = 2, value = byte & 0x0FU, least = 0x800;
        } else if (byte >= 0xC0 && byte < 0xE0) {
            left = 1, value = byte & 0x1FU, least = 0x80;
        } else if (byte >= 0x80) {
            return false;
        }
    }
    return left == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    const std::string_view text = text_of({data, size});
    check(is_utf8(text) == is_utf8_slowly(text), "both UTF-8 checks agree");

    const std::string shown = safe_display(text);
    check(is_utf8(shown), "what is shown is UTF-8");
    check(shown.size() <= 13 * size, "what is shown is not endless");
    for (const char c : shown)
        check(static_cast<std::uint8_t>(c) >= 0x20 && c != 0x7F, "no control");
    check(safe_display(shown) == shown, "what is shown once stays");

    const std::string key = fold_for_search(text);
    check(is_utf8(key), "a key is UTF-8");
    check(fold_for_search(key) == key, "a key is its own key");
    check(is_utf8(nfkc(text)), "NFKC gives UTF-8");

    for (const std::size_t most : {std::size_t{0}, size / 3, size / 2, size}) {
        const std::string_view part = utf8_prefix(text, most);
        check(part.size() <= most && text.starts_with(part), "a prefix is one");
        check(!is_utf8(text) || is_utf8(part), "and does not cut");
    }
    check(log_line("e", {{"k", text}}).find('\n') == std::string::npos, "a log line is a line");
    return 0;
}
