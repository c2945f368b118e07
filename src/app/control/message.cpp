#include "app/control/message.hpp"

#include <algorithm>

namespace daicho::app::control {
namespace {

constexpr std::string_view mark = "dcontrl1";  // the last sign is the version
constexpr std::size_t text_bytes_max = 65'535;

bool fits(const std::string& text) {
    return text.size() <= text_bytes_max && text.find('\0') == std::string::npos;
}

}  // namespace

Result<Bytes> encode(const Request& request) {
    if (request.arguments.size() > arguments_max)
        return fail(Errc::too_large, "too many arguments for one command");
    if (!fits(request.directory) || !std::ranges::all_of(request.arguments, fits))
        return fail(Errc::invalid, "an argument is too long, or no text");
    Bytes body;
    ByteWriter writer(body);
    writer.u8(request.japanese ? 1 : 0);
    writer.text16(request.directory);
    writer.u16(static_cast<std::uint16_t>(request.arguments.size()));
    for (const std::string& argument : request.arguments) writer.text16(argument);
    if (body.size() > request_bytes_max)
        return fail(Errc::too_large, "the arguments are too long for one command");
    Bytes out;
    ByteWriter head(out);
    head.raw(view_of(mark));
    head.u32(static_cast<std::uint32_t>(body.size()));
    head.raw(body);
    return out;
}

Result<std::size_t> decode_head(ByteView head) {
    ByteReader reader(head);
    const ByteView found = reader.raw(mark.size());
    const std::uint32_t length = reader.u32();
    if (!reader.done() || text_of(found) != mark)
        return fail(Errc::invalid, "no request of this version");
    if (length > request_bytes_max) return fail(Errc::too_large, "an impossibly long request");
    return length;
}

Result<Request> decode_request(ByteView body) {
    if (body.size() > request_bytes_max) return fail(Errc::too_large, "an impossibly long request");
    ByteReader reader(body);
    Request out;
    const std::uint8_t language = reader.u8();
    out.japanese = language == 1;
    out.directory = reader.text16();
    const std::size_t count = reader.u16();
    if (!reader.ok() || language > 1 || count > arguments_max)
        return fail(Errc::invalid, "not a request");
    // Each argument takes two bytes at least: a count that lies reserves nothing.
    out.arguments.reserve(std::min(count, reader.left() / 2));
    for (std::size_t i = 0; i < count && reader.ok(); ++i) out.arguments.push_back(reader.text16());
    if (!reader.done()) return fail(Errc::invalid, "a request of another length than it says");
    if (!out.directory.starts_with('/') || !fits(out.directory) ||
        !std::ranges::all_of(out.arguments, fits)) {
        return fail(Errc::invalid, "a request with impossible texts");
    }
    return out;
}

Bytes encode(const Answer& answer) {
    Bytes out;
    ByteWriter writer(out);
    writer.raw(view_of(mark));
    writer.u8(static_cast<std::uint8_t>(answer.verdict));
    writer.u8(answer.exit_code);
    return out;
}

Result<Answer> decode_answer(ByteView bytes) {
    ByteReader reader(bytes);
    const ByteView found = reader.raw(mark.size());
    const std::uint8_t verdict = reader.u8();
    const std::uint8_t exit_code = reader.u8();
    if (!reader.done() || text_of(found) != mark || verdict < 1 ||
        verdict > static_cast<std::uint8_t>(Verdict::stopping)) {
        return fail(Errc::invalid, "not an answer of this version");
    }
    return Answer{static_cast<Verdict>(verdict), exit_code};
}

}  // namespace daicho::app::control
