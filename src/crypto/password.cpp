#include "crypto/password.hpp"

#include <sodium.h>

#include <array>
#include <cerrno>

#include "base/bytes.hpp"
#include "base/fault.hpp"
#include "crypto/random.hpp"

namespace daicho::crypto {
namespace {

constexpr std::size_t salt_size = 16;  // RFC 9106, section 3.1
constexpr std::size_t hash_size = 32;

std::string unpadded64(ByteView bytes) {
    std::string text = to_base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

/// A well-formed string of the right cost that nobody knows a password for. Made without hashing,
/// which would cost the program's start a tenth of a second.
std::string string_of_nobody(const PasswordCost& cost) {
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) +
           ",t=" + std::to_string(cost.passes) + ",p=1$" + unpadded64(random_bytes<salt_size>()) +
           "$" + unpadded64(random_bytes<hash_size>());
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost), nobody_(string_of_nobody(cost)) {
    check(sodium_init() >= 0, "libsodium starts");
    check(cost.passes >= crypto_pwhash_argon2id_OPSLIMIT_MIN &&
              cost.memory_bytes >= crypto_pwhash_argon2id_MEMLIMIT_MIN &&
              cost.memory_bytes % 1024 == 0,
          "a cost that Argon2id allows");
}

Result<std::string> PasswordHasher::hash(std::string_view password) const {
    if (password.size() > password_size_max) {
        return fail(Errc::too_large, "the password is longer than is allowed");
    }
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    if (crypto_pwhash_str_alg(encoded.data(), password.data(), password.size(), cost_.passes,
                              cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw Fault("no memory to hash a password");
    }
    return std::string(encoded.data());
}

bool PasswordHasher::verify(std::string_view encoded, std::string_view password) const {
    if (password.size() > password_size_max || encoded.size() >= crypto_pwhash_STRBYTES)
        return false;
    if (!encoded.starts_with(crypto_pwhash_argon2id_STRPREFIX)) return false;
    const std::string text(encoded);
    errno = 0;
    const int outcome = crypto_pwhash_str_verify(text.c_str(), password.data(), password.size());
    if (outcome != 0 && errno == ENOMEM) throw Fault("no memory to verify a password");
    return outcome == 0;
}

bool PasswordHasher::verify_nobody(std::string_view password) const {
    (void)verify(nobody_, password);
    return false;
}

bool PasswordHasher::needs_rehash(std::string_view encoded) const {
    if (encoded.size() >= crypto_pwhash_STRBYTES) return true;
    const std::string text(encoded);
    return crypto_pwhash_str_needs_rehash(text.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

}  // namespace daicho::crypto
