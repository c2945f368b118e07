#include "crypto/tls/x509.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/fault.hpp"
#include "crypto/random.hpp"
#include "crypto/tls/openssl.hpp"

namespace daicho::crypto::tls {
namespace {

constexpr std::size_t names_max = 100;  // of each kind; a certificate is sent at every handshake
constexpr std::size_t name_size_max = 253;   // a DNS name (RFC 1035)
constexpr std::size_t common_name_max = 64;  // RFC 5280, ub-common-name
constexpr std::size_t serial_size = 16;      // 127 random bits; RFC 5280 allows 20 bytes
constexpr long version_3 = 2;                // X.509 counts from 0

void must(bool fine, const char* doing) {
    if (!fine) throw Fault(std::string("OpenSSL: ") + doing + ": " + take_errors());
}

bool is_dns_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '*';
    };
    return !name.empty() && name.size() <= name_size_max &&
           std::all_of(name.begin(), name.end(), allowed);
}

bool is_ip_address(const std::string& text) {
    std::array<std::uint8_t, 16> raw{};
    return inet_pton(AF_INET, text.c_str(), raw.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), raw.data()) == 1;
}

Status check_spec(const CertificateSpec& spec) {
    if (spec.common_name.empty() || spec.common_name.size() > common_name_max ||
        spec.common_name.find('\0') != std::string::npos) {
        return fail(Errc::invalid, "a certificate's common name has 1 to 64 bytes");
    }
    if (spec.days < 1 || spec.days > days_max) {
        return fail(Errc::invalid, "a certificate is valid for 1 to 3650 days");
    }
    if (spec.dns_names.size() > names_max || spec.ip_addresses.size() > names_max) {
        return fail(Errc::too_large, "too many names in a certificate");
    }
    if (!std::all_of(spec.dns_names.begin(), spec.dns_names.end(), is_dns_name)) {
        return fail(Errc::invalid, "not a DNS name for a certificate");
    }
    if (!std::all_of(spec.ip_addresses.begin(), spec.ip_addresses.end(), is_ip_address)) {
        return fail(Errc::invalid, "not an IP address for a certificate");
    }
    return {};
}

PkeyPtr make_key() {
    PkeyPtr key(EVP_EC_gen("P-256"));
    must(key != nullptr, "make a P-256 key");
    return key;
}

/// The extension's value in OpenSSL's configuration syntax; every name was checked for characters
/// that mean something there.
void add_extension(X509* certificate, X509V3_CTX& context, int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    must(extension != nullptr, "make a certificate extension");
    const int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    must(added == 1, "add a certificate extension");
}

std::string alternative_names(const CertificateSpec& spec) {
    std::string out;
    for (const std::string& name : spec.dns_names) out += (out.empty() ? "DNS:" : ",DNS:") + name;
    for (const std::string& ip : spec.ip_addresses) out += (out.empty() ? "IP:" : ",IP:") + ip;
    return out;
}

void set_serial(X509* certificate) {
    auto raw = random_bytes<serial_size>();
    raw[0] = static_cast<std::uint8_t>((raw[0] & 0x7F) | 0x40);  // positive and of full length
    BIGNUM* number = BN_bin2bn(raw.data(), static_cast<int>(raw.size()), nullptr);
    const bool fine = number != nullptr &&
                      BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
    BN_free(number);
    must(fine, "set a serial number");
}

void set_times(X509* certificate, const CertificateSpec& spec) {
    auto from = static_cast<std::time_t>(spec.not_before_ns / second_ns);
    must(X509_time_adj_ex(X509_getm_notBefore(certificate), 0, 0, &from) != nullptr &&
             X509_time_adj_ex(X509_getm_notAfter(certificate), spec.days, 0, &from) != nullptr,
         "set the time of validity");
}

void set_subject(X509* certificate, const std::string& common_name) {
    const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
    must(X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                    MBSTRING_UTF8, text, static_cast<int>(common_name.size()), -1,
                                    0) == 1,
         "set a common name");
}

enum class Kind { leaf, authority };

void add_extensions(X509* certificate, X509* issuer, const CertificateSpec& spec, Kind kind) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const bool ca = kind == Kind::authority;
    add_extension(certificate, context, NID_basic_constraints,
                  ca ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE");
    add_extension(certificate, context, NID_key_usage,
                  ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    if (!ca) {
        add_extension(certificate, context, NID_ext_key_usage,
                      spec.purpose == Purpose::server ? "serverAuth" : "clientAuth");
    }
    const std::string names = alternative_names(spec);
    if (!names.empty()) add_extension(certificate, context, NID_subject_alt_name, names);
    add_extension(certificate, context, NID_subject_key_identifier, "hash");
    if (issuer != certificate) {
        add_extension(certificate, context, NID_authority_key_identifier, "keyid:always");
    }
}

Identity to_pem(X509* certificate, EVP_PKEY* key) {
    Identity out;
    const BioPtr text(BIO_new(BIO_s_mem()));
    const BioPtr secret(BIO_new(BIO_s_secmem()));
    must(text && PEM_write_bio_X509(text.get(), certificate) == 1, "write a certificate");
    must(secret && PEM_write_bio_PKCS8PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr,
                                                 nullptr) == 1,
         "write a private key");
    const char* data = nullptr;
    long size = BIO_get_mem_data(text.get(), &data);
    out.certificate_pem.assign(data, static_cast<std::size_t>(size));
    size = BIO_get_mem_data(secret.get(), &data);
    out.private_key_pem =
        SecretBytes::copy_of(view_of(std::string_view(data, static_cast<std::size_t>(size))));
    return out;
}

/// `issuer` and `issuer_key` null: signed by its own key.
Result<Identity> make(const CertificateSpec& spec, Kind kind, X509* issuer, EVP_PKEY* issuer_key) {
    const Status fine = check_spec(spec);
    if (!fine) return fail(fine.error());
    const PkeyPtr key = make_key();
    const X509Ptr certificate(X509_new());
    must(certificate != nullptr, "make a certificate");
    must(X509_set_version(certificate.get(), version_3) == 1, "set the version");
    set_serial(certificate.get());
    set_times(certificate.get(), spec);
    set_subject(certificate.get(), spec.common_name);
    X509* const signer = issuer != nullptr ? issuer : certificate.get();
    must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) == 1,
         "set the issuer");
    must(X509_set_pubkey(certificate.get(), key.get()) == 1, "set the public key");
    add_extensions(certificate.get(), signer, spec, kind);
    EVP_PKEY* const signing = issuer_key != nullptr ? issuer_key : key.get();
    must(X509_sign(certificate.get(), signing, EVP_sha256()) > 0, "sign a certificate");
    return to_pem(certificate.get(), key.get());
}

WallNs wall_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    const std::time_t seconds = timegm(&parts);
    // A certificate may say 9999; nanoseconds end in 2262.
    constexpr std::int64_t seconds_max = INT64_MAX / second_ns;
    return std::clamp<std::int64_t>(seconds, -seconds_max, seconds_max) * second_ns;
}

std::string text_of_asn1(const ASN1_STRING* value) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, value);
    if (size < 0) {
        (void)take_errors();
        return {};
    }
    std::string out(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return out;
}

std::string ip_text(const ASN1_OCTET_STRING* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int size = ASN1_STRING_length(address);
    if (size != 4 && size != 16) return {};
    const int family = size == 4 ? AF_INET : AF_INET6;
    if (inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size()) == nullptr)
        return {};
    return text.data();
}

void read_names(const X509* certificate, CertificateInfo& info) {
    auto* names = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS) info.dns_names.push_back(text_of_asn1(name->d.dNSName));
        if (name->type == GEN_IPADD) info.ip_addresses.push_back(ip_text(name->d.iPAddress));
    }
    GENERAL_NAMES_free(names);
    ERR_clear_error();
}

}  // namespace

Result<Identity> make_self_signed(const CertificateSpec& spec) {
    return make(spec, Kind::leaf, nullptr, nullptr);
}

Result<Identity> make_ca(const CertificateSpec& spec) {
    return make(spec, Kind::authority, nullptr, nullptr);
}

Result<Identity> issue(const Identity& ca, const CertificateSpec& spec) {
    const Result<X509Ptr> issuer = read_certificate(ca.certificate_pem);
    if (!issuer) return fail(issuer.error());
    const Result<PkeyPtr> key = read_private_key(ca.private_key_pem.view());
    if (!key) return fail(key.error());
    return make(spec, Kind::leaf, issuer->get(), key->get());
}

Result<CertificateInfo> inspect_certificate(std::string_view pem) {
    const Result<X509Ptr> read = read_certificate(pem);
    if (!read) return fail(read.error());
    X509* const certificate = read->get();
    CertificateInfo info;
    info.subject = subject_of(certificate);
    const X509_NAME* name = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at >= 0) {
        info.common_name = text_of_asn1(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    }
    read_names(certificate, info);
    info.not_before_ns = wall_of(X509_get0_notBefore(certificate));
    info.not_after_ns = wall_of(X509_get0_notAfter(certificate));
    info.is_ca = X509_check_ca(certificate) == 1;
    info.spki = spki_of(certificate);
    return info;
}

}  // namespace daicho::crypto::tls
