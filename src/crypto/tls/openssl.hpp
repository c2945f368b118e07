#pragma once
// For the .cpp files of this folder: OpenSSL's objects with their owners, and its error queue as
// text.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace daicho::crypto::tls {

template <auto Free>
struct Freer {
    template <typename T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;

/// A PEM file of a whole chain is far below.
inline constexpr std::size_t pem_size_max = std::size_t{64} << 10;

/// The oldest entry of this thread's error queue as text, and the queue emptied: what is left in it
/// would be taken for the fault of the next call.
[[nodiscard]] std::string take_errors();

/// A read-only BIO over `text`, which must outlive it. Null when `text` is over pem_size_max.
[[nodiscard]] BioPtr bio_of(std::string_view text);

[[nodiscard]] Result<X509Ptr> read_certificate(std::string_view pem);
[[nodiscard]] Result<PkeyPtr> read_private_key(ByteView pem);

/// SHA-256 of the certificate's SubjectPublicKeyInfo.
[[nodiscard]] Digest spki_of(const X509* certificate);
/// RFC 2253, UTF-8.
[[nodiscard]] std::string subject_of(const X509* certificate);

}  // namespace daicho::crypto::tls
