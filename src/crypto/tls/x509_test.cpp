#include "crypto/tls/x509.hpp"

#include <gtest/gtest.h>

namespace daicho::crypto::tls {
namespace {

constexpr WallNs now = 1'795'327'445 * second_ns;  // 2026-11-22

CertificateSpec server_spec() {
    CertificateSpec spec;
    spec.common_name = "log.example.jp";
    spec.dns_names = {"log.example.jp", "localhost"};
    spec.ip_addresses = {"127.0.0.1", "::1"};
    spec.not_before_ns = now;
    spec.days = 398;
    return spec;
}

TEST(Certificate, SaysWhatWasAskedFor) {
    const Identity identity = make_self_signed(server_spec()).value();
    const CertificateInfo info = inspect_certificate(identity.certificate_pem).value();
    EXPECT_EQ(info.common_name, "log.example.jp");
    EXPECT_EQ(info.subject, "CN=log.example.jp");
    EXPECT_EQ(info.dns_names, (std::vector<std::string>{"log.example.jp", "localhost"}));
    EXPECT_EQ(info.ip_addresses, (std::vector<std::string>{"127.0.0.1", "::1"}));
    EXPECT_EQ(info.not_before_ns, now);
    EXPECT_EQ(info.not_after_ns, now + 398 * day_ns);
    EXPECT_FALSE(info.is_ca);
    EXPECT_NE(text_of(identity.private_key_pem.view()).find("BEGIN PRIVATE KEY"),
              std::string::npos);
}

TEST(Certificate, HasAKeyOfItsOwnEachTime) {
    const auto spki = [] {
        return inspect_certificate(make_self_signed(server_spec()).value().certificate_pem)
            .value()
            .spki;
    };
    EXPECT_NE(spki(), spki());
}

TEST(Certificate, TakesJapaneseNamesAndShowsThem) {
    CertificateSpec spec = server_spec();
    spec.common_name = "ログ収集サーバー";
    const Identity identity = make_self_signed(spec).value();
    const CertificateInfo info = inspect_certificate(identity.certificate_pem).value();
    EXPECT_EQ(info.common_name, "ログ収集サーバー");
    EXPECT_EQ(info.subject, "CN=ログ収集サーバー");
}

TEST(Certificate, OfACaMaySignAndIsMarked) {
    const Identity ca = make_ca(server_spec()).value();
    EXPECT_TRUE(inspect_certificate(ca.certificate_pem).value().is_ca);
    CertificateSpec spec = server_spec();
    spec.purpose = Purpose::client;
    EXPECT_FALSE(inspect_certificate(issue(ca, spec).value().certificate_pem).value().is_ca);
}

TEST(Certificate, RefusesASpecThatCouldSmuggleAnExtension) {
    const auto refused = [](auto change) {
        CertificateSpec spec = server_spec();
        change(spec);
        const Result<Identity> made = make_self_signed(spec);
        return !made &&
               (made.error().code == Errc::invalid || made.error().code == Errc::too_large);
    };
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.common_name = ""; }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.common_name = std::string(65, 'x'); }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.days = 0; }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.days = days_max + 1; }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.dns_names = {"a,DNS:b"}; }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.dns_names = {""}; }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.ip_addresses = {"127.0.0.1,DNS:b"}; }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.ip_addresses = {"300.0.0.1"}; }));
    EXPECT_TRUE(refused([](CertificateSpec& s) { s.dns_names.assign(101, "a"); }));
    EXPECT_FALSE(refused([](CertificateSpec&) {}));
}

TEST(InspectCertificate, RefusesWhatIsNone) {
    const std::string pem = make_self_signed(server_spec()).value().certificate_pem;
    EXPECT_FALSE(inspect_certificate("").has_value());
    EXPECT_FALSE(inspect_certificate("-----BEGIN CERTIFICATE-----").has_value());
    EXPECT_FALSE(inspect_certificate(std::string(100'000, 'A')).has_value());
    for (std::size_t size = 0; size + 2 < pem.size(); size += 7) {
        EXPECT_FALSE(inspect_certificate(pem.substr(0, size)).has_value()) << size;
    }
    std::string changed = pem;
    for (std::size_t at = 28; at < pem.size(); at += 11) {
        changed = pem;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        (void)inspect_certificate(changed);  // may or may not parse; must not crash
    }
}

TEST(Issue, RefusesACaThatIsNone) {
    Identity broken;
    broken.certificate_pem = "nothing";
    EXPECT_FALSE(issue(broken, server_spec()).has_value());
    broken.certificate_pem = make_ca(server_spec()).value().certificate_pem;
    broken.private_key_pem = SecretBytes::copy_of(view_of("nothing"));
    EXPECT_FALSE(issue(broken, server_spec()).has_value());
}

}  // namespace
}  // namespace daicho::crypto::tls
