// links: base crypto store register
// Content files that an organisation writes itself: whatever is read is either taken whole or
// refused with a place, and the rules of time in it can be enumerated.
#include <cstdint>
#include <string>

#include "base/fault.hpp"
#include "base/text.hpp"
#include "register/content/content.hpp"
#include "register/obligation/recurrence.hpp"

namespace {

using namespace daicho;
using namespace daicho::register_;

/// Beside the source; a fuzzer may be run from anywhere below it.
const SchemaSet& schemas() {
    static const SchemaSet set = [] {
        std::string folder = std::string(__FILE__);
        folder.resize(folder.rfind("/fuzz/"));
        auto loaded = load_schemas(real_files(), folder + "/content");
        check(loaded.has_value(), "the shipped schemas make sense");
        return std::move(*loaded);
    }();
    return set;
}

void check_rules(const Content& content) {
    for (const auto& [id, obligation] : content.obligations) {
        for (const ObligationVersion& version : obligation.versions) {
            const calendar::DateRange year{{2026, 1, 1}, {2026, 12, 31}};
            const auto days = recur(version.rrule, version.anchor, year);
            check(days || days.error().code == Errc::too_large,
                  "a rule that was accepted has days");
            if (!days) continue;
            for (std::size_t i = 1; i < days->size(); ++i) {
                check((*days)[i - 1] < (*days)[i], "days are in order");
            }
            check(days->size() <= 365, "a year has no more days");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    (void)check_rrule(text);
    if (const auto period = parse_period(text))
        check(parse_period(to_text(*period)) == period, "a length of time has one value");
    ContentBuilder builder(schemas());
    builder.add_yaml("fuzz.yaml", text);
    builder.add_blocklist("fuzz.txt", text);
    const Result<Content> built = builder.finish();
    if (built) {
        check_rules(*built);
        for (const auto& [key, sentence] : built->texts) {
            (void)render(*built, key, true, {{"a", "{a}"}});
        }
    } else {
        check(built.error().code == Errc::invalid, "a refusal says what is wrong");
        check(built.error().message.find("fuzz.") != std::string::npos, "and where");
    }
    return 0;
}
