#pragma once
// Which segment files RETIRE leaves name: what is gone and named there went lawfully. Read from the
// tree only when something is gone; a derived hint in DATA/index saves reading all of it again.
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "ledger/core/leaf.hpp"

namespace daicho::ledger::read {

class Prover;

/// Thread-safe. Throws IoFault.
class RetiredFiles {
public:
    RetiredFiles(Files& files, std::string data_directory);

    /// Nothing is gone that a leaf below `size` could speak of: they need not be read.
    void skip(std::uint64_t size);
    /// Reads the RETIRE leaves of the published tree, each proven: those that the hint names and
    /// all after it, or `everything` without believing the hint. Errc::tampered when a leaf is not
    /// the one in the tree.
    [[nodiscard]] Status read(Prover& prover, bool everything);
    /// A leaf that has become durable just now.
    void note(const core::NoticeLeaf& leaf, std::uint64_t leaf_index);

    [[nodiscard]] bool names(const std::string& file) const;
    [[nodiscard]] std::set<std::string> files() const;
    /// Events in these files, as the leaves count them; nullopt where a leaf names some files
    /// again.
    [[nodiscard]] std::optional<std::uint64_t> events() const;

private:
    struct Hint {
        std::uint64_t through = 0;          // leaves below this were looked at
        std::vector<std::uint64_t> leaves;  // the RETIRE leaves among them
    };
    [[nodiscard]] Hint read_hint() const;
    void write_hint() const DAICHO_REQUIRES(mutex_);
    void take(const core::NoticeLeaf& leaf, std::uint64_t leaf_index) DAICHO_REQUIRES(mutex_);
    [[nodiscard]] Status take_proven(Prover& prover, std::uint64_t leaf_index)
        DAICHO_REQUIRES(mutex_);

    Files& files_;
    std::string path_;
    mutable Mutex mutex_;
    std::uint64_t through_ DAICHO_GUARDED_BY(mutex_) = 0;
    std::set<std::uint64_t> leaves_ DAICHO_GUARDED_BY(mutex_);
    std::set<std::string> named_ DAICHO_GUARDED_BY(mutex_);
    std::uint64_t events_ DAICHO_GUARDED_BY(mutex_) = 0;
    bool counted_twice_ DAICHO_GUARDED_BY(mutex_) = false;
};

}  // namespace daicho::ledger::read
