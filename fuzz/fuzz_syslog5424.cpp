// links: evidence
// RFC 5424 headers: every field is a part of the line, and taking escapes out never makes a value
// longer.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/fault.hpp"
#include "evidence/collect/parse/header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::evidence::collect::parse;
    const std::string_view line = text_of({data, size});
    const auto inside = [&](std::string_view part) {
        return part.empty() || (part.data() >= line.data() &&
                                part.data() + part.size() <= line.data() + line.size());
    };
    Header header;
    SdParams params;
    if (!syslog_5424(line, header, params)) return 0;
    check(header.facility <= 23 && header.severity <= 7, "the priority is in range");
    for (const std::string_view part : {header.host, header.app, header.pid, header.message_id,
                                        header.structured, header.message}) {
        check(inside(part), "a field lies in the line");
    }
    check(params.count <= sd_params_max, "the limit on parameters holds");
    for (const SdParam& param : params.all()) {
        check(inside(param.element) && inside(param.name) && inside(param.value),
              "a parameter lies in the line");
        std::vector<char> room(param.value.size() + 1);
        const auto plain = unescape_sd(param.value, room);
        check(plain.size() <= param.value.size(), "escapes only shorten");
        check(param.escaped || plain == param.value, "what is not escaped stays");
    }
    ZoneCache zone(fixed_zone(9 * 3600));
    check(quick_time(line, 0, zone) == header.time_ns, "the quick way reads the same time");
    return 0;
}
