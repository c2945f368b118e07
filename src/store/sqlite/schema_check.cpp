#include "store/sqlite/schema_check.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/fault.hpp"

namespace daicho::store::sqlite {
namespace {

using Objects = std::map<std::string, std::string>;  // by kind and name: the SQL that made it

struct Closer {
    void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};

// The indices that SQLite makes for UNIQUE and its own statistics follow from the rest; a trigger
// or a view is never ours, whatever it is called.
constexpr const char* all_objects =
    "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master"
    " WHERE type IN ('trigger', 'view') OR name NOT LIKE 'sqlite@_%' ESCAPE '@'";

int take(void* out, int, char** values, char**) {
    static_cast<Objects*>(out)->emplace(values[0], values[1]);
    return 0;
}

Objects made_by(std::span<const MigrationSet> sets) {
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open(":memory:", &raw);
    const std::unique_ptr<sqlite3, Closer> database(raw);
    const auto run = [&](const char* sql, Objects* out) {
        const int code = sqlite3_exec(raw, sql, out == nullptr ? nullptr : &take, out, nullptr);
        if (code != SQLITE_OK) throw Fault("the schema can't be made in memory");
    };
    if (opened != SQLITE_OK) throw Fault("no database in memory");
    run(version_table, nullptr);
    for (const MigrationSet& set : sets) {
        for (const Migration& step : set.steps) run(std::string(step.sql).c_str(), nullptr);
    }
    Objects out;
    run(all_objects, &out);
    return out;
}

}  // namespace

std::vector<std::string> schema_differences(Reader& reader, std::span<const MigrationSet> sets) {
    Objects there;
    Rows rows = reader.query(all_objects);
    while (rows.next()) there.emplace(rows.get<std::string>(0), rows.get<std::string>(1));
    const Objects wanted = made_by(sets);
    std::vector<std::string> out;
    const auto note_missing = [&out](const Objects& some, const Objects& others) {
        for (const auto& [name, sql] : some) {
            const auto found = others.find(name);
            if (found == others.end() || found->second != sql) out.push_back(name);
        }
    };
    note_missing(wanted, there);
    note_missing(there, wanted);
    std::ranges::sort(out);
    const auto repeated = std::ranges::unique(out);
    out.erase(repeated.begin(), repeated.end());
    return out;
}

}  // namespace daicho::store::sqlite
