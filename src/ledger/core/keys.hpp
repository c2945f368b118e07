#pragma once
// The names of every derived key and certificate of the ledger, in one place, so that writer and
// verifier can't differ (docs/formats/ledger.md, "Keys").
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/aead.hpp"
#include "crypto/kdf.hpp"
#include "crypto/secret.hpp"
#include "ledger/core/event.hpp"
#include "ledger/core/leaf.hpp"
#include "ledger/core/tlog/merkle.hpp"
#include "ledger/core/wal.hpp"

namespace daicho::ledger::core {

/// Subkeys of a data key.
[[nodiscard]] crypto::Key32 wal_key(const crypto::Key32& data_key);
[[nodiscard]] crypto::Key32 block_key(const crypto::Key32& data_key);
[[nodiscard]] crypto::Key32 index_key(const crypto::Key32& data_key);
[[nodiscard]] crypto::Key32 salt_key(const crypto::Key32& data_key, std::uint64_t batch_first_seq);
/// The next frame MAC key; the caller wipes the one before by letting it go.
[[nodiscard]] crypto::Key32 next_frame_key(const crypto::Key32& key);
[[nodiscard]] crypto::Nonce frame_nonce(std::uint64_t leaf_index) noexcept;

/// Salt of event `position` of a batch.
[[nodiscard]] Salt salt_at(const crypto::Key32& batch_salt_key, std::uint32_t position);

/// What a wrapped key is bound to: nobody can pass one key off as another.
[[nodiscard]] Bytes data_key_context(std::string_view retention_class, std::string_view day,
                                     std::uint64_t segment);
[[nodiscard]] Bytes kek_context(std::string_view retention_class, std::string_view day);
[[nodiscard]] Bytes mac_key_context(std::uint64_t first_leaf);

/// The text that the log key, and the day key before, sign for a day key.
[[nodiscard]] std::string certificate_text(std::string_view day, std::string_view vkey);

/// Unwraps and checks the commitment. Errc::tampered if either does not fit.
[[nodiscard]] Result<crypto::Key32> unwrap_data_key(const crypto::Key32& kek, const ClassKey& key,
                                                    std::uint64_t segment);

/// What a key derived from the root is for.
enum class RootUse : std::uint8_t { signing, kek, mac, head, room };

/// The secret that wraps all others, DATA.keys/root.key. Immutable, so thread-safe.
class RootKey {
public:
    explicit RootKey(crypto::SecretBytes secret) : secret_(std::move(secret)) {}
    /// Errc::invalid for a file of another form.
    [[nodiscard]] static Result<RootKey> parse(ByteView file);
    /// The content of the file; the caller wipes it.
    [[nodiscard]] Bytes format() const;
    [[nodiscard]] crypto::Key32 subkey(RootUse use) const;

private:
    crypto::SecretBytes secret_;
};

/// The newest published tree, kept apart from the data (DATA.keys/head), so that an older copy of
/// the data is noticed.
struct Head {
    TreeHead tree;
    std::uint64_t next_seq = 0;
    bool operator==(const Head&) const = default;
};
[[nodiscard]] Bytes encode(const Head& head, const RootKey& root);
/// Errc::tampered unless it was made with this root key.
[[nodiscard]] Result<Head> decode_head(ByteView bytes, const RootKey& root);

/// YYYY-MM-DD in UTC.
[[nodiscard]] std::string day_of(WallNs wall_ns);

}  // namespace daicho::ledger::core
