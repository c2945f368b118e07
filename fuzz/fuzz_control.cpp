// links: app_control
// What another process says over the control socket: bounded, and what parses has one form.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "app/control/message.hpp"
#include "base/fault.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::app::control;
    const ByteView input(data, size);

    if (size >= head_bytes) {
        const auto length = decode_head(input.first(head_bytes));
        check(!length || *length <= request_bytes_max, "the limit on the length holds");
        if (const auto request = decode_request(input.subspan(head_bytes))) {
            check(request->arguments.size() <= arguments_max, "the limit on arguments holds");
            const auto again = encode(*request);
            check(again.has_value(), "what was read can be written");
            const ByteView body = ByteView(*again).subspan(head_bytes);
            check(std::ranges::equal(body, input.subspan(head_bytes)), "a request has one form");
        }
    }
    if (const auto answer = decode_answer(input)) {
        check(std::ranges::equal(encode(*answer), input), "an answer has one form");
    }
    return 0;
}
