// links: ledger_core
// Leaves: what decodes has one form, and reading facts never does worse than refuse.
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/verify/notices.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::core;
    if (size > leaf_size_max) return 0;
    const Bytes entry(data, data + size);
    if (const auto leaf = decode_batch(entry)) check(encode(*leaf) == entry, "one BATCH, one form");
    if (const auto leaf = decode_notice(entry)) {
        check(encode(*leaf) == entry, "one notice, one form");
        (void)verify::read_facts(*leaf);
    }
    return 0;
}
