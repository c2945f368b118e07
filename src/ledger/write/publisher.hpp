#pragma once
// The tree on disk: takes leaves, writes tiles and the signed checkpoint. Order of every
// publication: tiles durable, then the head beside the keys, then the checkpoint; whatever a crash
// leaves, nothing that was published is missing.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/tlog/tile.hpp"
#include "ledger/write/keyring.hpp"

namespace daicho::ledger::write {

/// append/publish/rotate are for one thread (the committer); checkpoint() for all.
class Publisher {
public:
    /// Continues the tree that the newest checkpoint speaks of; `nullopt` for the empty tree of a
    /// new ledger.
    [[nodiscard]] static Result<std::unique_ptr<Publisher>> restore(
        Files& files, Keyring& keyring, std::string ledger_directory, std::string origin,
        const std::optional<core::TreeHead>& published);

    /// Adds a leaf that is durable in the WAL; returns its index.
    [[nodiscard]] Result<std::uint64_t> append(ByteView leaf);
    /// Leaves in the tree, published or not.
    [[nodiscard]] std::uint64_t size() const noexcept { return tiles_.frontier().size(); }
    [[nodiscard]] core::TreeHead head() const { return tiles_.frontier().head(); }
    [[nodiscard]] std::uint64_t published_size() const;
    [[nodiscard]] bool dirty() const { return size() != published_size(); }

    /// Writes what is new and signs it with the current key. Throws IoFault. If that is
    /// out_of_space(), the next call first finishes, from the beginning, what this one began; after
    /// any other nothing may be published before a restart.
    void publish(std::uint64_t next_seq);
    void use_signer(KeySigner signer) { signer_.emplace(std::move(signer)); }
    [[nodiscard]] KeySigner& signer() { return *signer_; }
    [[nodiscard]] bool has_signer() const noexcept { return signer_.has_value(); }

    /// The newest published checkpoint, as on disk; empty before the first.
    [[nodiscard]] std::string checkpoint_note() const;
    [[nodiscard]] core::TreeHead published() const;
    [[nodiscard]] const std::string& origin() const noexcept { return origin_; }

private:
    Publisher(Files& files, Keyring& keyring, std::string directory, std::string origin)
        : files_(files),
          keyring_(keyring),
          directory_(std::move(directory)),
          origin_(std::move(origin)) {}
    /// A publication that is being written. Kept until all of it is on the medium: the tree gives
    /// each tile out once.
    struct Begun {
        core::TreeHead head;
        std::uint64_t next_seq = 0;
        std::vector<core::TileFile> tiles;
    };
    void finish();
    void write_tiles(const std::vector<core::TileFile>& tiles);
    void remove_replaced(std::uint64_t from, std::uint64_t to);

    Files& files_;
    Keyring& keyring_;
    std::string directory_;
    std::string origin_;
    core::TileWriter tiles_;
    std::optional<KeySigner> signer_;
    std::optional<Begun> begun_;
    mutable Mutex mutex_;
    core::TreeHead published_ DAICHO_GUARDED_BY(mutex_);
    std::string note_ DAICHO_GUARDED_BY(mutex_);
};

/// Fetches tile files below `ledger_directory`.
[[nodiscard]] core::TileFetch fetch_from(Files& files, const std::string& ledger_directory);
/// The same for a tree that has grown since: a partial tile that is gone is cut out of a wider one.
[[nodiscard]] core::TileFetch fetch_growing(Files& files, const std::string& ledger_directory);

}  // namespace daicho::ledger::write
