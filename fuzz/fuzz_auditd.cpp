// links: evidence
// auditd records: fields lie in the record or in the scratch room, and hexadecimal strings decode
// to half their length.
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/fault.hpp"
#include "evidence/collect/parse/auditd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::evidence::collect::parse;
    const std::string_view message = text_of({data, size});
    Scratch scratch;
    ledger::search::Fields fields;
    const auto inside = [&](std::string_view part) {
        return part.empty() || scratch.owns(part) ||
               (part.data() >= message.data() &&
                part.data() + part.size() <= message.data() + message.size());
    };
    const auto head = audit_head(message);
    const bool known = auditd(message, scratch, fields);
    check(known == head.has_value(), "what has a head is a record");
    check(inside(fields.user) && inside(fields.host), "a field lies in the record or in the room");
    if (head)
        check(inside(head->type) && inside(head->node) && inside(head->body),
              "the head lies in the record");
    Scratch other;
    const auto value = audit_string(message, other);
    check(other.owns(value) ? value.empty() || value.size() * 2 == message.size()
                            : value.size() <= message.size(),
          "decoding halves, or leaves as it is");
    return 0;
}
