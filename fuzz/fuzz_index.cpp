// links: ledger ledger_core
// The reader of search indexes on damaged bytes: the input is cut into the four sections at 0xfe
// 0xfd.
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/search/index/index_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::search;
    std::array<ByteView, section_count> sections;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < section_count; ++i) {
        std::size_t end = begin;
        while (end < size && !(end + 1 < size && data[end] == 0xfe && data[end + 1] == 0xfd)) ++end;
        if (i + 1 == section_count) end = size;
        sections[i] = ByteView(data, size).subspan(begin, end - begin);
        begin = end + 2 <= size ? end + 2 : size;
    }
    static_cast<void>(Filter::parse(sections[2]));
    const auto head = IndexHead::parse(sections[0]);
    if (!head) return 0;
    ColumnReader reader;
    std::vector<std::uint64_t> values;
    for (const BlockInfo& block : (*head)->blocks()) {
        for (std::size_t column = 0; column < column_count; ++column) {
            const Status read =
                reader.read(sections[1], **head, block, static_cast<Column>(column), values);
            if (read) check(values.size() == block.events, "a column has a value for each event");
        }
        if (const auto filter = read_filter(sections[2], block)) {
            static_cast<void>(filter->may_contain(size));
        }
    }
    if (const auto rows = read_rollup(sections[3], **head)) {
        for (const RollupEntry& row : *rows) {
            check(row.user < (*head)->values(Field::user).size() + code_first, "users are known");
        }
    }
    return 0;
}
