#include "ledger/core/verify/key_box.hpp"

namespace daicho::ledger::core::verify {

Result<KeyBox> KeyBox::open(Files& files, std::string directory) {
    std::optional<Bytes> text = read_file_if_exists(files, directory + "/root.key");
    if (!text) return fail(Errc::not_found, "there is no root key in " + directory);
    Result<RootKey> root = RootKey::parse(*text);
    crypto::wipe(*text);
    if (!root) return fail(root.error());
    return KeyBox(files, std::move(directory), std::move(*root));
}

Result<crypto::Key32> KeyBox::kek(const std::string& retention_class,
                                  const std::string& day) const {
    const std::string path = directory_ + "/kek/" + retention_class + "/" + day + ".key";
    const std::optional<Bytes> wrapped = read_file_if_exists(*files_, path);
    if (!wrapped) {
        return fail(Errc::not_found,
                    "the key of class " + retention_class + " for " + day + " is not there");
    }
    Result<crypto::Key32> key =
        crypto::unwrap_key(root_.subkey(RootUse::kek), *wrapped, kek_context(retention_class, day));
    if (!key) {
        return fail(Errc::tampered, "the key of class " + retention_class + " for " + day +
                                        " does not open under this root key");
    }
    return key;
}

Result<crypto::Key32> KeyBox::mac_key(ByteView wrapped, std::uint64_t first_leaf) const {
    return crypto::unwrap_key(root_.subkey(RootUse::mac), wrapped, mac_key_context(first_leaf));
}

Result<std::optional<Head>> KeyBox::head() const {
    const std::optional<Bytes> bytes = read_file_if_exists(*files_, directory_ + "/head");
    if (!bytes) return std::optional<Head>{};
    const Result<Head> head = decode_head(*bytes, root_);
    if (!head) return fail(head.error());
    return std::optional<Head>(*head);
}

}  // namespace daicho::ledger::core::verify
