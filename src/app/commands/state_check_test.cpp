#include "app/commands/state_check.hpp"

#include <gtest/gtest.h>

#include <set>

#include "access/room.hpp"
#include "app/commands/state_rest.hpp"
#include "app/node/schema.hpp"
#include "base/fault.hpp"
#include "register/obligation/completion.hpp"
#include "store/test_support.hpp"

namespace daicho::app::commands {
namespace {

TEST(StateCheck, KnowsEveryTableOfVersionedRows) {
    const store::test::TemporaryDirectory folder;
    const SystemClock clock;
    const auto database = store::test::open_at(folder.file("state.db"), clock);
    const std::array<store::MigrationSet, 4> sets{store::migrations(), access::migrations(),
                                                  register_::migrations(), node::migrations()};
    ASSERT_TRUE(database->migrate(sets));
    const auto count = database->read([](store::Reader& reader) -> Result<std::int64_t> {
        store::Rows rows = reader.query(
            "SELECT count(*) FROM sqlite_master m WHERE m.type = 'table'"
            " AND m.name LIKE '%\\_history' ESCAPE '\\' AND EXISTS"
            " (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'outbox_id')");
        check(rows.next(), "count gives one row");
        return rows.integer(0);
    });
    ASSERT_TRUE(count);
    std::set<std::string> objects;
    for (const store::Versioned* table : versioned_tables()) objects.insert(table->object());
    // One that is forgotten in versioned_tables() would be changed without anybody noticing.
    EXPECT_EQ(static_cast<std::int64_t>(objects.size()), *count);
    EXPECT_GE(*count, 8);
}

TEST(StateCheck, SaysOfEveryTableThatItIsComparedOrNot) {
    const store::test::TemporaryDirectory folder;
    const SystemClock clock;
    const auto database = store::test::open_at(folder.file("state.db"), clock);
    const std::array<store::MigrationSet, 4> sets{store::migrations(), access::migrations(),
                                                  register_::migrations(), node::migrations()};
    ASSERT_TRUE(database->migrate(sets));
    std::set<std::string, std::less<>> known{"outbox", "fact", "session", "schema_version"};
    known.insert(tables_not_compared.begin(), tables_not_compared.end());
    const auto unknown = database->read([&](store::Reader& reader) -> Result<std::string> {
        std::string out;
        store::Rows rows = reader.query(
            "SELECT m.name FROM sqlite_master m WHERE m.type = 'table'"
            " AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
        while (rows.next()) {
            const std::string name = rows.text(0);
            const bool has_history =
                name.ends_with("_history") ||
                reader.query("SELECT 1 FROM sqlite_master WHERE name = $1", name + "_history")
                    .next();
            if (known.erase(name) == 0 && !has_history) out += name + " ";
        }
        for (const std::string& gone : known) out += "no such table: " + gone + " ";
        return out;
    });
    ASSERT_TRUE(unknown);
    EXPECT_EQ(*unknown, "");
}

}  // namespace
}  // namespace daicho::app::commands
