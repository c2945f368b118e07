#pragma once
// X.509 certificates (RFC 5280) with ECDSA P-256 keys: for the first start, for client certificates
// of log senders, for tests.
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/secret.hpp"

namespace daicho::crypto::tls {

enum class Purpose { server, client };

struct CertificateSpec {
    std::string common_name;                // 1..64 bytes UTF-8 (RFC 5280, ub-common-name)
    std::vector<std::string> dns_names;     // subjectAltName
    std::vector<std::string> ip_addresses;  // subjectAltName, v4 or v6 text
    WallNs not_before_ns = 0;
    int days = 0;  // valid for; 1..days_max
    Purpose purpose = Purpose::server;
};
inline constexpr int days_max = 3650;  // ten years, for a CA that nobody rotates sooner

/// PEM texts. The private key is PKCS#8.
struct Identity {
    std::string certificate_pem;
    SecretBytes private_key_pem;
};

/// basicConstraints CA:FALSE, extended key usage by purpose. Errc::invalid on a spec that breaks
/// its limits.
[[nodiscard]] Result<Identity> make_self_signed(const CertificateSpec& spec);
/// CA:TRUE, pathlen 0, keyCertSign.
[[nodiscard]] Result<Identity> make_ca(const CertificateSpec& spec);
/// Signed by `ca`, with a new key.
[[nodiscard]] Result<Identity> issue(const Identity& ca, const CertificateSpec& spec);

struct CertificateInfo {
    std::string subject;  // RFC 2253 text, UTF-8; from outside: pass through safe_display before it
                          // is shown
    std::string common_name;
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    WallNs not_before_ns = 0;
    WallNs not_after_ns = 0;
    bool is_ca = false;
    Digest
        spki;  // SHA-256 of the SubjectPublicKeyInfo; its hex is the sender's identity "tls:<hex>"
};

/// The first certificate of the text. Errc::invalid when there is none or it is over 64 KiB.
[[nodiscard]] Result<CertificateInfo> inspect_certificate(std::string_view pem);

}  // namespace daicho::crypto::tls
