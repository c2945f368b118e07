#include "crypto/aead.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

#include "base/fault.hpp"
#include "crypto/kdf.hpp"
#include "crypto/random.hpp"

namespace daicho::crypto {
namespace {

constexpr std::uint8_t wrap_version = 1;
constexpr std::string_view commitment_label = "daicho/key-commitment/1";
constexpr std::string_view wrap_label = "daicho/wrapped-key/1";
constexpr const char* shorter_than_tag = "sealed data shorter than its tag";
constexpr const char* does_not_open = "sealed data does not open: another key, or changed bytes";

/// Fetching an algorithm costs more than sealing a small message, so it is done once; OpenSSL 3
/// shares it safely. Never freed on purpose: contexts in static storage may outlive any owner we
/// could give it.
const EVP_CIPHER* fetched(const char* name) {
    const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
    if (cipher == nullptr) throw Fault(std::string("OpenSSL lacks ") + name);
    return cipher;
}
const EVP_CIPHER* aes_gcm() {
    static const EVP_CIPHER* const cipher = fetched("AES-256-GCM");
    return cipher;
}
const EVP_CIPHER* aes_ctr() {
    static const EVP_CIPHER* const cipher = fetched("AES-256-CTR");
    return cipher;
}

void must(int returned, const char* doing) {
    if (returned == 1) return;
    ERR_clear_error();
    throw Fault(std::string("OpenSSL: ") + doing);
}

detail::Cipher context_for(const EVP_CIPHER* cipher, const Key32& key, bool sealing) {
    detail::Cipher context(EVP_CIPHER_CTX_new());
    if (!context) throw Fault("no memory for a cipher");
    must(EVP_CipherInit_ex2(context.get(), cipher, key.view().data(), nullptr, sealing ? 1 : 0,
                            nullptr),
         "set a key");
    return context;
}

int int_of(std::size_t size) {
    check(size <= seal_size_max, "at most seal_size_max bytes at once");
    return static_cast<int>(size);
}

}  // namespace

void detail::FreeCipher::operator()(evp_cipher_ctx_st* context) const noexcept {
    EVP_CIPHER_CTX_free(context);  // wipes the key schedule
}

Nonce nonce_of(std::uint64_t counter) noexcept {
    Nonce nonce{};
    for (std::size_t i = 0; i < 8; ++i) {
        nonce[nonce_size - 1 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
    }
    return nonce;
}

Aead::Aead(const Key32& key)
    : seal_(context_for(aes_gcm(), key, true)), open_(context_for(aes_gcm(), key, false)) {}

/// Writes cipher text and tag; `out` may be where `plain` is.
void Aead::encrypt(const Nonce& nonce, ByteView aad, ByteView plain, std::uint8_t* out) {
    int done = 0;
    must(EVP_EncryptInit_ex2(seal_.get(), nullptr, nullptr, nonce.data(), nullptr), "set a nonce");
    if (!aad.empty()) {
        must(EVP_EncryptUpdate(seal_.get(), nullptr, &done, aad.data(), int_of(aad.size())),
             "authenticate");
    }
    if (!plain.empty()) {
        must(EVP_EncryptUpdate(seal_.get(), out, &done, plain.data(), int_of(plain.size())),
             "encrypt");
    }
    must(EVP_EncryptFinal_ex(seal_.get(), out + plain.size(), &done), "finish sealing");
    must(EVP_CIPHER_CTX_ctrl(seal_.get(), EVP_CTRL_AEAD_GET_TAG, int{tag_size}, out + plain.size()),
         "take the tag");
}

/// `cipher` includes the tag; `plain` may be where it is. False, and wiped, where it does not open.
bool Aead::decrypt(const Nonce& nonce, ByteView aad, ByteView cipher, std::uint8_t* plain) {
    const ByteView body = cipher.first(cipher.size() - tag_size);
    std::array<std::uint8_t, tag_size> tag{};
    std::copy_n(cipher.end() - tag_size, tag_size, tag.begin());
    int done = 0;
    must(EVP_DecryptInit_ex2(open_.get(), nullptr, nullptr, nonce.data(), nullptr), "set a nonce");
    if (!aad.empty()) {
        must(EVP_DecryptUpdate(open_.get(), nullptr, &done, aad.data(), int_of(aad.size())),
             "authenticate");
    }
    if (!body.empty()) {
        must(EVP_DecryptUpdate(open_.get(), plain, &done, body.data(), int_of(body.size())),
             "decrypt");
    }
    must(EVP_CIPHER_CTX_ctrl(open_.get(), EVP_CTRL_AEAD_SET_TAG, int{tag_size}, tag.data()),
         "give the tag");
    std::uint8_t nothing = 0;
    if (EVP_DecryptFinal_ex(open_.get(), &nothing, &done) == 1) return true;
    ERR_clear_error();
    wipe({plain, body.size()});
    return false;
}

void Aead::seal(const Nonce& nonce, ByteView aad, ByteView plain, Bytes& out) {
    const std::size_t before = out.size();
    out.resize(before + plain.size() + tag_size);
    encrypt(nonce, aad, plain, out.data() + before);
}

void Aead::seal_in_place(const Nonce& nonce, ByteView aad, Bytes& buffer, std::size_t from) {
    const std::size_t end = buffer.size();
    check(from <= end, "what is sealed in place begins inside its buffer");
    buffer.resize(end + tag_size);
    encrypt(nonce, aad, ByteView(buffer).subspan(from, end - from), buffer.data() + from);
}

Status Aead::open(const Nonce& nonce, ByteView aad, ByteView cipher, Bytes& out) {
    if (cipher.size() < tag_size) return fail(Errc::tampered, shorter_than_tag);
    const std::size_t before = out.size();
    out.resize(before + cipher.size() - tag_size);
    if (decrypt(nonce, aad, cipher, out.data() + before)) return {};
    out.resize(before);
    return fail(Errc::tampered, does_not_open);
}

Status Aead::open_in_place(const Nonce& nonce, ByteView aad, Bytes& buffer, std::size_t from) {
    check(from <= buffer.size(), "what is opened in place begins inside its buffer");
    if (buffer.size() - from < tag_size) {
        buffer.resize(from);
        return fail(Errc::tampered, shorter_than_tag);
    }
    const bool opened = decrypt(nonce, aad, ByteView(buffer).subspan(from), buffer.data() + from);
    buffer.resize(opened ? buffer.size() - tag_size : from);
    if (opened) return {};
    return fail(Errc::tampered, does_not_open);
}

Digest key_commitment(const Key32& key, ByteView context) {
    const Key32 derived = derive(key, commitment_label, context);
    Digest out;
    std::copy(derived.view().begin(), derived.view().end(), out.bytes.begin());
    return out;
}

Keystream::Keystream(const Key32& key) : cipher_(context_for(aes_ctr(), key, true)) {}

void Keystream::blocks(std::uint64_t first_block, std::span<std::uint8_t> out) {
    check(out.size() % block_size == 0, "a keystream is made of whole blocks");
    std::array<std::uint8_t, block_size> counter{};
    const Nonce low = nonce_of(first_block);
    std::copy(low.begin(), low.end(), counter.begin() + (block_size - nonce_size));
    must(EVP_EncryptInit_ex2(cipher_.get(), nullptr, nullptr, counter.data(), nullptr),
         "set a counter");
    std::memset(out.data(), 0, out.size());
    int done = 0;
    for (std::size_t at = 0; at < out.size(); at += seal_size_max) {
        const int part = int_of(std::min(seal_size_max, out.size() - at));
        must(EVP_EncryptUpdate(cipher_.get(), out.data() + at, &done, out.data() + at, part),
             "make a keystream");
    }
}

namespace {

/// What the tag covers beside the key: the form, the purpose.
Bytes wrap_aad(ByteView context) {
    Bytes aad = to_bytes(wrap_label);
    aad.push_back(wrap_version);
    aad.insert(aad.end(), context.begin(), context.end());
    return aad;
}

}  // namespace

Bytes wrap_key(const Key32& wrapping, const Key32& key, ByteView context) {
    const auto nonce = random_bytes<nonce_size>();
    const Bytes aad = wrap_aad(context);
    Bytes out;
    out.reserve(wrapped_key_size);
    ByteWriter writer(out);
    writer.u8(wrap_version);
    writer.raw(nonce);
    writer.raw(key_commitment(wrapping, aad).view());
    Aead(wrapping).seal(nonce, aad, key.view(), out);
    return out;
}

Result<Key32> unwrap_key(const Key32& wrapping, ByteView wrapped, ByteView context) {
    if (wrapped.size() != wrapped_key_size || wrapped[0] != wrap_version) {
        return fail(Errc::invalid, "not a wrapped key of a known version");
    }
    ByteReader reader(wrapped.subspan(1));
    const auto nonce = reader.array<nonce_size>();
    const ByteView commitment = reader.raw(digest_size);
    const Bytes aad = wrap_aad(context);
    if (!equal_constant_time(commitment, key_commitment(wrapping, aad).view())) {
        return fail(Errc::tampered, "this key was not wrapped by that key for that purpose");
    }
    Bytes plain;
    plain.reserve(Key32::size);
    const Status opened = Aead(wrapping).open(nonce, aad, reader.raw(reader.left()), plain);
    if (!opened) return fail(opened.error());
    Result<Key32> key = Key32::from(plain);
    wipe(plain);
    return key;
}

}  // namespace daicho::crypto
