// links: ledger_core
// Event proofs: what parses has one form.
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/event_proof.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::core;
    const std::string_view file = text_of({data, size});
    const auto proof = parse_event_proof(file);
    if (!proof) return 0;
    const auto again = format_event_proof(*proof);
    check(again && *again == file, "a proof has one form");
    const auto proven = verify_event_proof(*proof, std::nullopt, std::nullopt);
    check(!proven || proven->raw.size() == proven->envelope.raw_length, "the bytes are all there");
    return 0;
}
