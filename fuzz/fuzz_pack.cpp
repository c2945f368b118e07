// links: ledger_core
// Packs: a file that is accepted is exactly what the writer makes of its members.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/core/verify/pack/pack_form.hpp"
#include "ledger/core/verify/pack/zip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::core::verify;
    const std::string_view text = text_of({data, size});
    if (const auto manifest = parse_manifest(text))
        check(format_manifest(*manifest) == text, "a manifest has one form");
    (void)parse_status(text);
    const ZipRead read = [&](std::uint64_t offset, std::size_t count) {
        const std::size_t from = std::min<std::uint64_t>(offset, size);
        return Bytes(data + from, data + from + std::min(count, size - from));
    };
    const auto members = read_zip(read, size);
    if (!members) return 0;
    Bytes again;
    ZipWriter writer(
        [&](ByteView bytes) { again.insert(again.end(), bytes.begin(), bytes.end()); });
    for (const ZipMember& one : *members) {
        const auto content = read_member(read, one);
        if (!content) return 0;
        check(writer.add(one.name, *content).has_value(), "what was read can be written");
    }
    check(writer.finish().has_value() && again.size() == size &&
              std::equal(again.begin(), again.end(), data),
          "a pack has one form");
    return 0;
}
