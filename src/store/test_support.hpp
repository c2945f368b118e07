#pragma once
// For unit tests of store/ and of the rooms above it: a directory that goes away, and a database in
// it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace daicho::store::test {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "store-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) std::abort();
        path_ = pattern;
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

/// 2026-11-22T00:00:00Z.
inline constexpr WallNs test_start_ns = 1'795'305'600 * second_ns;

inline std::unique_ptr<Database> open_at(const std::string& path, const Clock& clock,
                                         const DatabaseOptions& options = {}) {
    auto opened = Database::open(path, clock, options);
    EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().message);
    return opened ? std::move(*opened) : nullptr;
}

/// Runs one statement as a transaction of its own.
template <typename... Args>
Status run_alone(Database& database, std::string_view sql, const Args&... args) {
    return database.write([&](Transaction& tx) -> Status {
        tx.no_evidence("test");
        auto done = tx.run(sql, args...);
        if (!done) return fail(std::move(done.error()));
        return {};
    });
}

inline std::int64_t number_from(Database& database, std::string_view sql) {
    auto number = database.read([&](Reader& reader) -> Result<std::int64_t> {
        Rows rows = reader.query(sql);
        if (!rows.next()) return fail(Errc::not_found, "no row");
        return rows.integer(0);
    });
    EXPECT_TRUE(number.has_value()) << (number ? "" : number.error().message);
    return number.value_or(-1);
}

}  // namespace daicho::store::test
