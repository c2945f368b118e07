#pragma once
// Whether the tables are those that the migrations make. Rows have digests in the ledger, the
// schema has not: a changed constraint or an added index could quietly refuse or lose rows.
#include <span>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace daicho::store::sqlite {

/// Where applied steps are written down; made before all of them.
inline constexpr const char* version_table = R"(
CREATE TABLE IF NOT EXISTS schema_version (
    room TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    applied_ns INTEGER NOT NULL,
    PRIMARY KEY (room, number)
) STRICT)";

/// Names of tables, indices, triggers and views that are missing, strange or differ from what all
/// steps of `sets` make in an empty database; sorted.
[[nodiscard]] std::vector<std::string> schema_differences(Reader& reader,
                                                          std::span<const MigrationSet> sets);

}  // namespace daicho::store::sqlite
