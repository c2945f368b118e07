// links: evidence
// The whole extractor: never reads outside (the sanitiser sees to it), every text field lies in the
// event or is a decoded value no longer than the event, and the same event gives the same fields
// again.
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "evidence/collect/extractor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using ledger::search::Fields;
    static evidence::collect::FieldExtractor extractor(
        evidence::collect::parse::fixed_zone(9 * 3600));
    static evidence::collect::FieldExtractor second(evidence::collect::parse::fixed_zone(9 * 3600));
    const ByteView raw(data, size);
    const std::string_view line = text_of(raw);
    constexpr WallNs received = WallNs{1'795'000'000} * second_ns;
    Fields fields;
    Fields again;
    extractor.extract(raw, received, fields);
    second.extract(raw, received, again);
    for (const std::string_view part :
         {fields.host, fields.app, fields.pid, fields.user, fields.target_user, fields.message}) {
        check(part.size() <= size, "no field is longer than the event");
    }
    const auto inside = [&](std::string_view part) {
        return part.empty() || (part.data() >= line.data() &&
                                part.data() + part.size() <= line.data() + line.size());
    };
    check(inside(fields.message), "the message lies in the event");
    check(fields.user == again.user && fields.target_user == again.target_user &&
              fields.host == again.host && fields.app == again.app &&
              fields.time_ns == again.time_ns && fields.address == again.address &&
              fields.port == again.port && fields.category == again.category &&
              fields.action == again.action && fields.outcome == again.outcome &&
              fields.status == again.status && fields.volume_bytes == again.volume_bytes,
          "extraction has no memory");
    check(fields.severity <= 7 || fields.severity == 255, "the severity is one");
    check(fields.status == 0 || (fields.status >= 100 && fields.status <= 599),
          "the status is one");
    return 0;
}
