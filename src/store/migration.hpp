#pragma once
// The schema grows by numbered steps, forward only. Each room owns its steps and hands them to
// main, which hands all of them to Database::migrate in the order of the rooms.
#include <cstdint>
#include <span>
#include <string_view>

namespace daicho::store {

/// `sql` may hold several statements; all of them and the note of the step are one transaction. A
/// step that has shipped never changes: its digest is kept in the database and compared at every
/// start.
struct Migration {
    std::int64_t number = 0;  // 1, 2, 3 … without gaps
    std::string_view name;
    std::string_view sql;
};

struct MigrationSet {
    std::string_view room;
    std::span<const Migration> steps;
};

/// Outbox and facts. First in every list.
[[nodiscard]] MigrationSet migrations();

}  // namespace daicho::store
