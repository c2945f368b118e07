#include <unistd.h>

#include <filesystem>

#include "access/people.hpp"
#include "app/node/node.hpp"
#include "app/node/schema.hpp"

namespace daicho::app::node {
namespace {

constexpr int certificate_days =
    825;  // what browsers accept at most for a certificate made by hand

/// The first of these folders that exists: the source tree, then where packages install.
std::string first_existing(const std::vector<std::string>& folders) {
    for (const std::string& folder : folders) {
        std::error_code ignored;
        if (std::filesystem::is_directory(folder, ignored)) return folder;
    }
    return std::filesystem::path(folders.front()).lexically_normal().string();
}

Status make_certificate(Files& files, const Clock& clock, const Places& places,
                        const std::vector<std::string>& names) {
    crypto::tls::CertificateSpec spec;
    spec.common_name = "daicho";
    spec.dns_names = {"localhost"};
    for (const std::string& name : names) spec.dns_names.push_back(name);
    spec.ip_addresses = {"127.0.0.1", "::1"};
    spec.not_before_ns = clock.wall_ns() - hour_ns;
    spec.days = certificate_days;
    const Result<crypto::tls::Identity> made = crypto::tls::make_self_signed(spec);
    if (!made) return fail(made.error());
    files.make_directories(places.keys + "/tls");
    write_file_durably(files, places.keys + "/tls/certificate.pem", view_of(made->certificate_pem));
    write_file_durably(files, places.keys + "/tls/key.pem", made->private_key_pem.view());
    return {};
}

}  // namespace

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

Places places_of(const std::string& data, const std::string& keys) {
    const std::string program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    Places out;
    out.data = data;
    out.keys = keys.empty() ? data + ".keys" : keys;
    // build/<preset>/bin/daicho in the source tree, <prefix>/bin/daicho when installed
    out.content =
        first_existing({program + "/../../../content", program + "/../share/daicho/content"});
    out.web = first_existing({program + "/../../../web/dist", program + "/../share/daicho/web"});
    return out;
}

Result<std::string> initialise(Files& files, const Clock& clock, const Places& places,
                               const std::string& organisation, const std::string& login,
                               const std::vector<std::string>& names) {
    if (files.exists(places.data + "/state.db")) {
        return fail(Errc::conflict, places.data + " is in use already; nothing was changed");
    }
    files.make_directories(places.data);
    const Status ledger = ledger::Ledger::create(files, clock, places.data, places.keys);
    if (!ledger) return fail(ledger.error());
    const Status certificate = make_certificate(files, clock, places, names);
    if (!certificate) return fail(certificate.error());
    Result<std::unique_ptr<store::Database>> database =
        store::Database::open(places.data + "/state.db", clock);
    if (!database) return fail(database.error());
    const std::array<store::MigrationSet, 4> sets{store::migrations(), access::migrations(),
                                                  register_::migrations(), migrations()};
    const Status migrated = (*database)->migrate(sets);
    if (!migrated) return fail(migrated.error());
    access::password::HashQueue hashes(crypto::password_cost);
    Result<access::Issued> issued = access::bootstrap(**database, hashes, organisation, login);
    if (!issued) return fail(issued.error());
    return issued->one_time_password;
}

}  // namespace daicho::app::node
