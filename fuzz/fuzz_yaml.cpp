// links: base
// Content files: whatever the bytes, the reader ends, keeps its limits, and can place every value
// it gives.
#include "base/data/json.hpp"
#include "base/data/yaml.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    const std::string_view text = text_of({data, size});
    const Result<data::YamlDocument> read = data::parse_yaml(text, "fuzz.yaml");
    if (!read) {
        check(is_utf8(read.error().message), "an error message is UTF-8");
        check(read.error().message.starts_with("fuzz.yaml:"), "an error message has a place");
        return 0;
    }
    for (const auto& [pointer, place] : read->places) {
        check(read->value.contains(nlohmann::json::json_pointer(pointer)), "a place has its value");
        check(place.line >= 1 && place.column >= 1, "a place is in the file");
    }
    const Result<nlohmann::json> back = data::parse_json(data::canonical_json(read->value),
                                                         {.bytes_max = SIZE_MAX, .depth_max = 41});
    check(back.has_value() && *back == read->value, "what YAML gives is good JSON");
    return 0;
}
