#include "crypto/secret.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "base/fault.hpp"

namespace daicho::crypto {
namespace {

std::uint8_t* allocate(std::size_t size) {
    if (size == 0) return nullptr;
    check(sodium_init() >= 0, "libsodium starts");
    auto* data = static_cast<std::uint8_t*>(sodium_malloc(size));
    if (data == nullptr) throw Fault("no memory for a secret");
    sodium_memzero(data, size);
    return data;
}

}  // namespace

void wipe(std::span<std::uint8_t> bytes) noexcept {
    sodium_memzero(bytes.data(), bytes.size());
}

bool equal_constant_time(ByteView a, ByteView b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

SecretBytes::SecretBytes(std::size_t size) : data_(allocate(size)), size_(size) {}

SecretBytes SecretBytes::copy_of(ByteView bytes) {
    SecretBytes out(bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.data_);
    return out;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
        sodium_free(data_);
        data_ = std::exchange(other.data_, nullptr);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

SecretBytes::~SecretBytes() {
    sodium_free(data_);
}  // wipes; nullptr is fine

Key32::Key32(std::span<const std::uint8_t, size> bytes) noexcept {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

Result<Key32> Key32::from(ByteView bytes) {
    if (bytes.size() != size) return fail(Errc::invalid, "a key must have 32 bytes");
    return Key32(bytes.first<size>());
}

Key32::Key32(Key32&& other) noexcept : bytes_(other.bytes_) {
    wipe(other.bytes_);
}

Key32& Key32::operator=(Key32&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        wipe(other.bytes_);
    }
    return *this;
}

}  // namespace daicho::crypto
