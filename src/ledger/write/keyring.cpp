#include "ledger/write/keyring.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "crypto/aead.hpp"
#include "crypto/random.hpp"
#include "ledger/core/keys.hpp"

namespace daicho::ledger::write {
namespace {

constexpr std::string_view key_suffix = ".key";

Bytes signing_context(std::string_view what) {
    return to_bytes("signing key " + std::string(what));
}

/// A signing key's seed fits a Key32, so that one wrapping serves all keys.
Bytes wrap_seed(const crypto::Key32& wrapping, const crypto::SigningKey& key,
                std::string_view what) {
    const crypto::SecretBytes seed = key.seed();
    const crypto::Key32 as_key(std::span<const std::uint8_t, 32>(seed.view().data(), 32));
    return crypto::wrap_key(wrapping, as_key, signing_context(what));
}

Result<crypto::SigningKey> unwrap_seed(const crypto::Key32& wrapping, ByteView wrapped,
                                       std::string_view what) {
    const Result<crypto::Key32> seed = crypto::unwrap_key(wrapping, wrapped, signing_context(what));
    if (!seed) return fail(seed.error());
    return crypto::SigningKey::from_seed(seed->view());
}

void write_new(Files& files, const std::string& path, ByteView content) {
    check(!files.exists(path), "a key file is written once");
    write_file_durably(files, path, content);
}

/// The content of a key file; nullopt if there is none, or nothing but the zeros of a shredding
/// that a crash cut short.
std::optional<Bytes> read_key(Files& files, const std::string& path) {
    std::optional<Bytes> content = read_file_if_exists(files, path);
    if (content && std::ranges::all_of(*content, [](std::uint8_t byte) { return byte == 0; }))
        return std::nullopt;
    return content;
}

/// Ends what a power cut interrupted: key files of nothing but zeros go.
void finish_shredding(Files& files, const std::string& directory) {
    for (const DirectoryEntry& entry : files.list(directory)) {
        const std::string path = directory + "/" + entry.name;
        if (entry.is_directory) {
            finish_shredding(files, path);
        } else if (entry.name.ends_with(key_suffix) && entry.size > 0 && !read_key(files, path)) {
            files.remove(path);
        }
    }
}

std::vector<std::string> stems(Files& files, const std::string& directory,
                               std::string_view suffix) {
    std::vector<std::string> out;
    if (!files.exists(directory)) return out;
    for (const DirectoryEntry& entry : files.list(directory)) {
        if (entry.name.ends_with(suffix)) {
            out.push_back(entry.name.substr(0, entry.name.size() - suffix.size()));
        }
    }
    return out;
}

}  // namespace

Result<KeySigner> KeySigner::make(const std::string& name, crypto::SigningKey key) {
    Result<core::VerifierKey> vkey = core::VerifierKey::make(name, key.public_key());
    if (!vkey) return fail(vkey.error());
    return KeySigner(std::move(*vkey), std::move(key));
}

Result<Bytes> KeySigner::sign(ByteView text) {
    const crypto::Signature signature = key_.sign(text);
    return Bytes(signature.bytes.begin(), signature.bytes.end());
}

Status Keyring::create(Files& files, const std::string& directory) {
    files.make_directories(directory);
    if (files.exists(directory + "/root.key") || files.exists(directory + "/log.key")) {
        return fail(Errc::conflict, directory + " holds keys already; they are never overwritten");
    }
    crypto::SecretBytes secret(crypto::Key32::size);
    crypto::random_fill(secret.span());
    const core::RootKey root(std::move(secret));
    const crypto::SigningKey log = crypto::SigningKey::generate();
    write_new(files, directory + "/log.key",
              wrap_seed(root.subkey(core::RootUse::signing), log, "log"));
    Bytes text = root.format();
    write_new(files, directory + "/root.key", text);
    crypto::wipe(text);
    return {};
}

Result<std::unique_ptr<Keyring>> Keyring::open(Files& files, std::string directory) {
    const std::string path = directory + "/root.key";
    std::optional<Bytes> text = read_file_if_exists(files, path);
    if (!text) return fail(Errc::not_found, "there is no root key at " + path);
    Result<core::RootKey> root = core::RootKey::parse(*text);
    crypto::wipe(*text);
    if (!root) return fail(root.error().code, path + ": " + root.error().message);
    for (const char* folder : {"/day", "/kek"}) {
        if (files.exists(directory + folder)) finish_shredding(files, directory + folder);
    }
    sync_tree(files, directory);
    return std::unique_ptr<Keyring>(new Keyring(files, std::move(directory), std::move(*root)));
}

crypto::Key32 Keyring::derived(std::string_view purpose) const {
    return crypto::derive(root_.subkey(core::RootUse::room), "room", view_of(purpose));
}

Result<KeySigner> Keyring::log_signer(const std::string& name) const {
    const std::optional<Bytes> wrapped = read_file_if_exists(files_, directory_ + "/log.key");
    if (!wrapped) return fail(Errc::not_found, "the log key is not on this machine");
    Result<crypto::SigningKey> key =
        unwrap_seed(root_.subkey(core::RootUse::signing), *wrapped, "log");
    if (!key) return fail(key.error());
    return KeySigner::make(name, std::move(*key));
}

std::optional<KeySigner> Keyring::day_signer(const std::string& day, const std::string& name) {
    const MutexLock lock(mutex_);
    const std::optional<Bytes> wrapped = read_key(files_, directory_ + "/day/" + day + ".key");
    if (!wrapped) return std::nullopt;
    Result<crypto::SigningKey> key =
        unwrap_seed(root_.subkey(core::RootUse::signing), *wrapped, "day " + day);
    if (!key) throw Fault("the signing key of " + day + " is damaged: " + key.error().message);
    Result<KeySigner> signer = KeySigner::make(name, std::move(*key));
    if (!signer) throw Fault(signer.error().message);
    return std::move(*signer);
}

Result<KeySigner> Keyring::make_day_key(const std::string& day, const std::string& name) {
    const MutexLock lock(mutex_);
    files_.make_directories(directory_ + "/day");
    const std::string path = directory_ + "/day/" + day + ".key";
    if (files_.exists(path))
        return fail(Errc::conflict, "the signing key of " + day + " exists already");
    crypto::SigningKey key = crypto::SigningKey::generate();
    write_new(files_, path, wrap_seed(root_.subkey(core::RootUse::signing), key, "day " + day));
    return KeySigner::make(name, std::move(key));
}

void Keyring::destroy_day_keys_but(const std::string& day) {
    for (const std::string& other : day_keys()) {
        if (other != day) destroy_day_key(other);
    }
}

void Keyring::destroy_day_key(const std::string& day) {
    const MutexLock lock(mutex_);
    const std::string path = directory_ + "/day/" + day + ".key";
    if (files_.exists(path)) files_.shred(path);
}

std::vector<std::string> Keyring::day_keys() {
    const MutexLock lock(mutex_);
    return stems(files_, directory_ + "/day", key_suffix);
}

std::string Keyring::kek_path(const std::string& retention_class, const std::string& day) const {
    return directory_ + "/kek/" + retention_class + "/" + day + ".key";
}

Result<crypto::Key32> Keyring::kek(const std::string& retention_class, const std::string& day) {
    const MutexLock lock(mutex_);
    const std::optional<Bytes> wrapped = read_key(files_, kek_path(retention_class, day));
    if (!wrapped) {
        return fail(Errc::not_found,
                    "the key of class " + retention_class + " for " + day + " is not there");
    }
    return crypto::unwrap_key(root_.subkey(core::RootUse::kek), *wrapped,
                              core::kek_context(retention_class, day));
}

Result<crypto::Key32> Keyring::kek_or_make(const std::string& retention_class,
                                           const std::string& day) {
    Result<crypto::Key32> existing = kek(retention_class, day);
    if (existing || existing.error().code != Errc::not_found) return existing;
    const MutexLock lock(mutex_);
    files_.make_directories(directory_ + "/kek/" + retention_class);
    crypto::Key32 key = crypto::random_key();
    const std::string path = kek_path(retention_class, day);
    if (files_.exists(path)) files_.remove(path);  // the zeros of a shredding
    write_new(files_, path,
              crypto::wrap_key(root_.subkey(core::RootUse::kek), key,
                               core::kek_context(retention_class, day)));
    return key;
}

Status Keyring::destroy_kek(const std::string& retention_class, const std::string& day) {
    if (held(retention_class, day)) {
        return refuse(Errc::denied, "ledger.retire.held", "the key is under a legal hold",
                      {{"class", retention_class}, {"day", day}});
    }
    const MutexLock lock(mutex_);
    const std::string path = kek_path(retention_class, day);
    if (!files_.exists(path)) return fail(Errc::not_found, "there is no such key");
    files_.shred(path);
    return {};
}

std::vector<std::string> Keyring::kek_days(const std::string& retention_class) {
    const MutexLock lock(mutex_);
    return stems(files_, directory_ + "/kek/" + retention_class, key_suffix);
}

void Keyring::set_hold(const std::string& retention_class, const std::string& day, bool on) {
    const MutexLock lock(mutex_);
    const std::string path = kek_path(retention_class, day) + ".hold";
    if (on && !files_.exists(path)) write_file_durably(files_, path, {});
    if (!on && files_.exists(path)) {
        files_.remove(path);
        files_.sync_directory(parent_of(path));
    }
}

bool Keyring::held(const std::string& retention_class, const std::string& day) {
    const MutexLock lock(mutex_);
    return files_.exists(kek_path(retention_class, day) + ".hold");
}

Bytes Keyring::wrap_mac_key(const crypto::Key32& key, std::uint64_t first_leaf) const {
    return crypto::wrap_key(root_.subkey(core::RootUse::mac), key,
                            core::mac_key_context(first_leaf));
}

Result<crypto::Key32> Keyring::unwrap_mac_key(ByteView wrapped, std::uint64_t first_leaf) const {
    return crypto::unwrap_key(root_.subkey(core::RootUse::mac), wrapped,
                              core::mac_key_context(first_leaf));
}

Result<std::optional<Head>> Keyring::read_head() {
    const std::optional<Bytes> bytes = read_file_if_exists(files_, directory_ + "/head");
    if (!bytes) return std::optional<Head>{};
    const Result<Head> head = core::decode_head(*bytes, root_);
    if (!head) return fail(head.error().code, directory_ + "/head: " + head.error().message);
    return std::optional<Head>(*head);
}

void Keyring::write_head(const Head& head) {
    write_file_durably(files_, directory_ + "/head", core::encode(head, root_));
}

}  // namespace daicho::ledger::write
