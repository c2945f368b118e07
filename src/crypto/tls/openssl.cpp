#include "crypto/tls/openssl.hpp"

#include <openssl/pem.h>

#include <array>

#include "base/fault.hpp"

namespace daicho::crypto::tls {
namespace {

/// An encrypted key must not make OpenSSL ask on the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

}  // namespace

std::string take_errors() {
    const unsigned long first = ERR_get_error();
    ERR_clear_error();
    if (first == 0) return "no reason given";
    const char* reason = ERR_reason_error_string(first);
    return reason != nullptr ? reason : "error " + std::to_string(ERR_GET_REASON(first));
}

BioPtr bio_of(std::string_view text) {
    if (text.size() > pem_size_max) return nullptr;
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<X509Ptr> read_certificate(std::string_view pem) {
    const BioPtr bio = bio_of(pem);
    if (!bio) return fail(Errc::invalid, "certificate text too long");
    X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
    if (!certificate) return fail(Errc::invalid, "not a PEM certificate: " + take_errors());
    return certificate;
}

Result<PkeyPtr> read_private_key(ByteView pem) {
    const BioPtr bio = bio_of(text_of(pem));
    if (!bio) return fail(Errc::invalid, "private key text too long");
    PkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    if (!key) return fail(Errc::invalid, "not an unencrypted PEM private key: " + take_errors());
    return key;
}

Digest spki_of(const X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) throw Fault("OpenSSL: encode a public key: " + take_errors());
    const Digest digest = sha256(ByteView(der, static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    return digest;
}

std::string subject_of(const X509* certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    // RFC 2253 without its escaping of bytes above 127, so that Japanese names stay readable.
    constexpr unsigned long flags = (XN_FLAG_RFC2253 | ASN1_STRFLGS_UTF8_CONVERT) &
                                    ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    if (!bio || X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, flags) < 0) {
        (void)take_errors();
        return {};
    }
    const char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace daicho::crypto::tls
