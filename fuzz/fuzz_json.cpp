// links: base
// JSON from outside: what the gate lets in has one canonical text, which reads back as the same
// value.
#include "base/data/json.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    const Result<nlohmann::json> read = data::parse_json(text_of({data, size}));
    if (!read) {
        check(is_utf8(read.error().message), "an error message is UTF-8");
        return 0;
    }
    const std::string text = data::canonical_json(*read);
    // Escapes make the canonical text longer than the input at most sixfold.
    const Result<nlohmann::json> back = data::parse_json(text, {.bytes_max = 6 * size + 64});
    check(back.has_value(), "canonical text passes the gate");
    check(*back == *read, "canonical text means the same");
    check(data::canonical_json(*back) == text, "canonical text is its own canonical text");
    return 0;
}
