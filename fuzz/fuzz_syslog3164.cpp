// links: evidence
// RFC 3164 headers and their variants: every field is a part of the line, and a time without year
// is near the receipt.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/bytes.hpp"
#include "base/fault.hpp"
#include "evidence/collect/parse/header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::evidence::collect::parse;
    if (size < 4) return 0;
    std::uint32_t seconds = 0;
    std::memcpy(&seconds, data, sizeof seconds);
    const WallNs received = WallNs{seconds} * second_ns;
    const std::string_view line = text_of({data + 4, size - 4});
    const auto inside = [&](std::string_view part) {
        return part.empty() || (part.data() >= line.data() &&
                                part.data() + part.size() <= line.data() + line.size());
    };
    ZoneCache zone(fixed_zone(9 * 3600));
    Header header;
    const bool known = syslog_3164(line, received, zone, header);
    check(known || !header.time_ns, "without a header there is no time");
    for (const std::string_view part : {header.host, header.app, header.pid, header.message}) {
        check(inside(part), "a field lies in the line");
    }
    if (!known) return 0;
    check(header.severity == 255 || header.severity <= 7, "the priority is in range");
    check(header.message.size() <= line.size(), "the message is a part of the line");
    check(!header.message.empty()
              ? header.message.data() + header.message.size() == line.data() + line.size()
              : true,
          "the message reaches to the end");
    return 0;
}
