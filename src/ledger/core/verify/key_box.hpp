#pragma once
// DATA.keys for reading only: what a deep verification needs of it, and nothing that could sign.
#include <optional>
#include <string>

#include "base/files.hpp"
#include "ledger/core/keys.hpp"

namespace daicho::ledger::core::verify {

/// Immutable. Throws IoFault.
class KeyBox {
public:
    /// Errc::not_found without a root key, Errc::invalid if it is damaged.
    [[nodiscard]] static Result<KeyBox> open(Files& files, std::string directory);
    /// Errc::not_found once it is destroyed; Errc::tampered if it is not of this root.
    [[nodiscard]] Result<crypto::Key32> kek(const std::string& retention_class,
                                            const std::string& day) const;
    [[nodiscard]] Result<crypto::Key32> mac_key(ByteView wrapped, std::uint64_t first_leaf) const;
    /// nullopt: there is none. Errc::tampered: not of this root.
    [[nodiscard]] Result<std::optional<Head>> head() const;

private:
    KeyBox(Files& files, std::string directory, RootKey root)
        : files_(&files), directory_(std::move(directory)), root_(std::move(root)) {}
    Files* files_;
    std::string directory_;
    RootKey root_;
};

}  // namespace daicho::ledger::core::verify
