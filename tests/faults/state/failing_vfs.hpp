#pragma once
// SQLite's own way to the file system with one call that fails: state.db under the same troubles as
// the ledger. Registered as the default while it lives, so it needs a process without other users.
#include <cstdint>

namespace daicho::test {

class FailingVfs {
public:
    enum class Trouble { io_error, no_space, failed_sync, short_write };

    FailingVfs();
    ~FailingVfs();
    FailingVfs(const FailingVfs&) = delete;
    FailingVfs& operator=(const FailingVfs&) = delete;

    /// The `at`-th write, sync or truncation (of the kind that the trouble is about) fails.
    void plan(Trouble trouble, std::uint64_t at);
    void heal();
    /// Calls of that kind since plan().
    [[nodiscard]] std::uint64_t counted() const;
    [[nodiscard]] bool struck() const;
};

}  // namespace daicho::test
