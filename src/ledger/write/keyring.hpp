#pragma once
// The ledger's keys on this machine: DATA.keys, outside the data directory (docs/formats/ledger.md,
// "Keys"). For now the root key is a file there, which the status page says: who can read it can
// read the ledger and sign with today's key, but not with yesterday's.
#include <memory>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "crypto/ed25519.hpp"
#include "ledger/core/keys.hpp"
#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/tlog/note.hpp"

namespace daicho::ledger::write {

/// Signs notes with a key in memory.
class KeySigner final : public core::NoteSigner {
public:
    [[nodiscard]] static Result<KeySigner> make(const std::string& name, crypto::SigningKey key);
    [[nodiscard]] const core::VerifierKey& key() const override { return vkey_; }
    [[nodiscard]] Result<Bytes> sign(ByteView text) override;

private:
    KeySigner(core::VerifierKey vkey, crypto::SigningKey key)
        : vkey_(std::move(vkey)), key_(std::move(key)) {}
    core::VerifierKey vkey_;
    crypto::SigningKey key_;
};

using Head = core::Head;

/// Thread-safe. Throws IoFault where the disk fails.
class Keyring {
public:
    /// Makes root and log key in `directory`, which must not hold any (Errc::conflict).
    [[nodiscard]] static Status create(Files& files, const std::string& directory);
    [[nodiscard]] static Result<std::unique_ptr<Keyring>> open(Files& files, std::string directory);

    [[nodiscard]] Result<KeySigner> log_signer(const std::string& name) const;

    /// The key that signs on `day`; nullopt if there is none (never made, or destroyed).
    [[nodiscard]] std::optional<KeySigner> day_signer(const std::string& day,
                                                      const std::string& name);
    [[nodiscard]] Result<KeySigner> make_day_key(const std::string& day, const std::string& name);
    /// The private half is gone when this returns. Destroying what is not there is no error.
    void destroy_day_key(const std::string& day);
    /// All but that of `day`.
    void destroy_day_keys_but(const std::string& day);
    /// Days for which a private half exists, ascending.
    [[nodiscard]] std::vector<std::string> day_keys();

    /// The key-encryption key of a class and day. Errc::not_found once it is destroyed or if it
    /// never was.
    [[nodiscard]] Result<crypto::Key32> kek(const std::string& retention_class,
                                            const std::string& day);
    [[nodiscard]] Result<crypto::Key32> kek_or_make(const std::string& retention_class,
                                                    const std::string& day);
    /// Overwrites and removes. Errc::denied under a legal hold, Errc::not_found if there is none.
    [[nodiscard]] Status destroy_kek(const std::string& retention_class, const std::string& day);
    [[nodiscard]] std::vector<std::string> kek_days(const std::string& retention_class);
    void set_hold(const std::string& retention_class, const std::string& day, bool held);
    [[nodiscard]] bool held(const std::string& retention_class, const std::string& day);

    [[nodiscard]] Bytes wrap_mac_key(const crypto::Key32& key, std::uint64_t first_leaf) const;
    [[nodiscard]] Result<crypto::Key32> unwrap_mac_key(ByteView wrapped,
                                                       std::uint64_t first_leaf) const;

    [[nodiscard]] Result<std::optional<Head>> read_head();
    void write_head(const Head& head);

    [[nodiscard]] const std::string& directory() const noexcept { return directory_; }
    /// Another key for another room (`purpose` = room and use), derived from the root.
    [[nodiscard]] crypto::Key32 derived(std::string_view purpose) const;

private:
    Keyring(Files& files, std::string directory, core::RootKey root)
        : files_(files), directory_(std::move(directory)), root_(std::move(root)) {}
    [[nodiscard]] std::string kek_path(const std::string& retention_class,
                                       const std::string& day) const;
    void shred(const std::string& path);

    Files& files_;
    std::string directory_;
    core::RootKey root_;
    Mutex mutex_;
};

}  // namespace daicho::ledger::write
