#pragma once
// The sealed segments of a data directory and the events not yet sealed, as the search engine and
// the provers see them.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "ledger/core/segment.hpp"
#include "ledger/read/absent.hpp"
#include "ledger/read/retired_files.hpp"
#include "ledger/search/catalog.hpp"
#include "ledger/write/keyring.hpp"
#include "ledger/write/wal_file.hpp"

namespace daicho::ledger::read {

/// One sealed file. `directory` is immutable once loaded.
struct SealedFile {
    std::uint64_t id = 0;  // position in the store; never used again for another
    std::string file;
    core::SegmentDirectory directory;
    search::SegmentInfo info;
    bool present = true;  // false: retired, or missing
};

/// Where an event lies.
struct Location {
    std::uint64_t leaf_index = 0;
    std::uint64_t first_seq = 0;
    std::uint32_t count = 0;
    std::shared_ptr<const SealedFile> sealed;  // or
    std::shared_ptr<write::WalFile> wal;       // exactly one of the two
    write::BatchRef ref;                       // in `wal`
};

/// Thread-safe. Throws IoFault.
class SegmentStore final : public search::Catalog {
public:
    SegmentStore(Files& files, write::Keyring& keyring, std::string data_directory);

    /// Loads what DATA/ledger/segment holds, but for the names in `unsealed`: those events are read
    /// from their WAL files. Errc::tampered names the file that can't be read.
    [[nodiscard]] Status load(const std::set<std::string>& unsealed);
    void add_wal(std::shared_ptr<write::WalFile> wal);
    /// In one step for readers: the segments of a WAL file appear and the file is left out of the
    /// tail. Until forget_wal() the file still counts as using its keys.
    void replace_wal(const std::string& wal_path, std::vector<SealedFile> segments);
    /// The file is gone from the disk.
    void forget_wal(const std::string& wal_path);
    void retire(const std::string& file);
    /// Looks whether every file is still there: one listing of a folder.
    void look_for_missing();
    /// File or key of this segment is gone: it is left out from now on. Errc::expired if a RETIRE
    /// leaf names it; else it counts as missing, Errc::tampered with segment_missing_key.
    tl::unexpected<Error> note_gone(const SealedFile& file) const;
    [[nodiscard]] Absent& absent() const noexcept { return absent_; }
    [[nodiscard]] RetiredFiles& retired() noexcept { return retired_; }
    [[nodiscard]] const RetiredFiles& retired() const noexcept { return retired_; }
    /// Numbers of the events that can be read here, sealed or not.
    [[nodiscard]] std::vector<SeqRange> covered() const;
    /// Files whose key is not there.
    [[nodiscard]] std::vector<std::shared_ptr<const SealedFile>> without_key() const;

    [[nodiscard]] std::vector<std::shared_ptr<const SealedFile>> files() const;
    /// Files with events that are not sealed yet, oldest first.
    [[nodiscard]] std::vector<std::shared_ptr<write::WalFile>> unsealed() const;
    /// Whether a file that is not sealed yet uses the key of this class and day.
    [[nodiscard]] bool day_in_use(const std::string& retention_class, const std::string& day) const;
    [[nodiscard]] std::optional<Location> locate(std::uint64_t seq) const;
    /// Errc::expired once the key is destroyed; Errc::tampered as in note_gone().
    [[nodiscard]] Result<crypto::Key32> data_key(const SealedFile& file) const;
    [[nodiscard]] Result<core::Block> open_block(const SealedFile& file,
                                                 std::uint32_t number) const;
    /// Segments whose index is missing or damaged.
    [[nodiscard]] std::vector<std::string> without_index() const;
    [[nodiscard]] Status rebuild_index(const std::string& file, search::Extractor& extractor);

    [[nodiscard]] std::vector<search::SegmentInfo> segments() const override;
    [[nodiscard]] Result<Bytes> index_section(std::uint64_t segment,
                                              search::Section section) const override;
    [[nodiscard]] Result<std::shared_ptr<const core::Block>> block(
        std::uint64_t segment, std::uint32_t number) const override;
    [[nodiscard]] Result<std::shared_ptr<const core::Block>> rows(
        std::uint64_t segment, std::uint32_t number,
        std::span<const std::uint8_t> wanted) const override;
    [[nodiscard]] Status tail(const Visit& visit) const override;
    [[nodiscard]] static SealedFile describe(std::string file, core::SegmentDirectory directory);

private:
    [[nodiscard]] std::shared_ptr<const SealedFile> by_id(std::uint64_t id) const;
    /// Decrypted, still packed.
    [[nodiscard]] Result<Bytes> packed_block(const SealedFile& file, std::uint32_t number) const;
    [[nodiscard]] Result<Bytes> stored_block(const SealedFile& file, std::uint32_t number) const;
    void leave_out(const std::string& file) const;
    [[nodiscard]] std::string path_of(const std::string& file) const {
        return directory_ + "/ledger/segment/" + file;
    }
    Files& files_;
    write::Keyring& keyring_;
    std::string directory_;
    mutable Absent absent_;
    RetiredFiles retired_;
    mutable Mutex mutex_;
    /// A file that turns out to be gone is left out by whoever wanted to read it.
    mutable std::vector<std::shared_ptr<const SealedFile>> sealed_ DAICHO_GUARDED_BY(mutex_);
    std::vector<std::shared_ptr<write::WalFile>> wals_ DAICHO_GUARDED_BY(mutex_);  // oldest first
    /// Sealed, and not removed yet: opening the ledger after a crash still needs their keys.
    std::vector<std::shared_ptr<write::WalFile>> leaving_ DAICHO_GUARDED_BY(mutex_);
    mutable std::map<std::uint64_t, crypto::Key32> keys_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::ledger::read
