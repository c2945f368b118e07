#include "app/node/packs/packs.hpp"

#include <algorithm>

#include "access/organisation.hpp"
#include "app/api/reply.hpp"
#include "app/node/packs/pack_basis.hpp"
#include "base/fault.hpp"
#include "ledger/keep/pack_builder.hpp"

namespace daicho::app::node {
namespace {

using nlohmann::json;

constexpr std::size_t read_bytes = std::size_t{256} << 10;
constexpr const char* software = "daicho 0.1.0";

/// A file on disk as the body of an answer.
class FileSource final : public http::BodySource {
public:
    explicit FileSource(std::unique_ptr<File> file) : file_(std::move(file)) {}
    [[nodiscard]] std::size_t read(std::span<std::uint8_t> out) override {
        const Bytes part = file_->read_at(at_, std::min(out.size(), read_bytes));
        std::copy(part.begin(), part.end(), out.begin());
        at_ += part.size();
        return part.size();
    }

private:
    std::unique_ptr<File> file_;
    std::uint64_t at_ = 0;
};

/// A pack may be larger than the memory that one should take.
crypto::Digest digest_of(const File& file) {
    crypto::Sha256 running;
    std::uint64_t at = 0;
    while (true) {
        const Bytes part = file.read_at(at, read_bytes);
        if (part.empty()) return running.finish();
        running.update(part);
        at += part.size();
    }
}

}  // namespace

Packs::Packs(store::Database& database, ledger::Ledger& ledger, Pump& pump, Compliance& compliance,
             Jobs& jobs, const Clock& clock, const std::string& data_directory)
    : database_(database),
      ledger_(ledger),
      pump_(pump),
      compliance_(compliance),
      jobs_(jobs),
      clock_(clock),
      directory_(data_directory + "/packs") {}

Status Packs::check_clauses(const std::vector<std::string>& clauses) const {
    for (const std::string& id : clauses) {
        if (!compliance_.content().clauses.contains(id)) {
            return refuse(Errc::not_found, "pack.unknown_clause", "there is no clause " + id,
                          {{"clause", id}});
        }
    }
    return {};
}

Status Packs::write(const api::PackRequest& request, const std::string& path, Progress& progress) {
    const Status known = check_clauses(request.clauses);
    if (!known) return known;
    const Status flushed = pump_.flush();
    if (!flushed) return flushed;
    const Result<calendar::Zone> zone = compliance_.zone();
    if (!zone) return fail(zone.error());
    const WallNs end = zone->instant(calendar::add_days(request.days.last, 1));
    const WallNs as_of = std::min(end, clock_.wall_ns());
    const Result<evidence::assess::Assessment> assessment = compliance_.assess(as_of);
    if (!assessment) return fail(assessment.error());
    const PackBasis basis =
        pack_basis_of(compliance_.content(), *zone, *assessment, request.clauses);
    ledger::keep::PackRequest wanted;
    const auto name = database_.read([](store::Reader& reader) -> Result<std::string> {
        const auto organisation = access::organisations::current(reader);
        return organisation ? organisation->name : std::string();
    });
    if (!name) return fail(name.error());
    wanted.organisation = *name;
    wanted.software = software;
    wanted.clauses = request.clauses;
    wanted.from = calendar::to_text(request.days.first);
    wanted.to = calendar::to_text(request.days.last);
    wanted.as_of_ns = as_of;
    wanted.status = basis.status;
    wanted.seqs = basis.seqs;
    wanted.leaves = basis.leaves;
    const std::string temporary = path + ".tmp";
    Files& files = ledger_.files();
    if (files.exists(temporary)) files.remove(temporary);
    try {
        const auto file = files.open(temporary, Files::Mode::create_new);
        const auto built = ledger::keep::build_pack(
            ledger_, clock_, wanted, [&](ByteView bytes) { file->append(bytes); }, &progress);
        if (!built) {
            files.remove(temporary);
            return fail(built.error());
        }
        file->sync_data();
    } catch (const Fault&) {
        // Up to 4 GiB that nobody will use, on a volume that may just have run full.
        if (files.exists(temporary)) files.remove(temporary);
        throw;
    }
    files.rename(temporary, path);
    files.sync_directory(parent_of(path));
    return {};
}

json Packs::view(const Kept& pack) const {
    const std::string from = calendar::to_text(pack.request.days.first);
    const std::string to = calendar::to_text(pack.request.days.last);
    return {{"id", pack.id},
            {"clauses", pack.request.clauses},
            {"from", from},
            {"to", to},
            {"created_at", api::time_text(pack.created_ns)},
            {"expires_at", api::time_text(pack.created_ns + pack_kept_ns)},
            {"bytes", pack.bytes},
            {"digest", pack.digest.hex()},
            {"file_name", "daicho-pack-" + from + "-" + to + ".zip"}};
}

Status Packs::load() {
    const auto rows = database_.read([](store::Reader& reader) -> Result<std::vector<Kept>> {
        std::vector<Kept> out;
        store::Rows all = reader.query(
            "SELECT id, owner, clauses, first_day, last_day, created_ns, bytes, digest FROM pack");
        while (all.next()) {
            const auto first = calendar::parse_date(all.text(3));
            const auto last = calendar::parse_date(all.text(4));
            if (!first || !last) return fail(Errc::tampered, "a pack without its days");
            out.push_back(
                {all.text(0),
                 all.text(1),
                 {json::parse(all.text(2)).get<std::vector<std::string>>(), {*first, *last}},
                 all.integer(5),
                 all.get<std::uint64_t>(6),
                 all.get<crypto::Digest>(7)});
        }
        return out;
    });
    if (!rows) return fail(rows.error());
    Files& files = ledger_.files();
    const MutexLock lock(mutex_);
    for (const Kept& pack : *rows) {
        if (files.exists(path_of(pack.id))) kept_[pack.id] = pack;
    }
    if (!files.exists(directory_)) return {};
    for (const DirectoryEntry& entry : files.list(directory_)) {
        const std::string id = entry.name.substr(0, entry.name.find('.'));
        if (entry.name != id + ".zip" || !kept_.contains(id))
            files.remove(directory_ + "/" + entry.name);
    }
    return {};
}

Status Packs::keep(const Kept& pack) {
    return database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("the ledger holds the pack's manifest");
        const Result<std::int64_t> added = tx.run(
            "INSERT INTO pack (id, owner, clauses, first_day, last_day, created_ns, bytes, digest) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            pack.id, pack.owner, json(pack.request.clauses).dump(),
            calendar::to_text(pack.request.days.first), calendar::to_text(pack.request.days.last),
            pack.created_ns, pack.bytes, pack.digest);
        if (!added) return fail(added.error());
        return {};
    });
}

void Packs::sweep() {
    const MutexLock lock(mutex_);
    for (auto pack = kept_.begin(); pack != kept_.end();) {
        if (pack->second.created_ns + pack_kept_ns > clock_.wall_ns()) {
            ++pack;
            continue;
        }
        const Status forgotten = database_.write([&](store::Transaction& tx) -> Status {
            tx.no_evidence("a copy has had its time; the ledger holds the pack's manifest");
            const Result<std::int64_t> gone = tx.run("DELETE FROM pack WHERE id = $1", pack->first);
            return gone ? Status() : Status(fail(gone.error()));
        });
        if (!forgotten) return;  // the next minute tries again
        if (ledger_.files().exists(path_of(pack->first)))
            ledger_.files().remove(path_of(pack->first));
        pack = kept_.erase(pack);
    }
}

Result<json> Packs::list(const access::Caller& caller) {
    sweep();
    const MutexLock lock(mutex_);
    json out = json::array();
    for (auto pack = kept_.rbegin(); pack != kept_.rend(); ++pack) {  // newest first
        if (pack->second.owner == caller.actor()) out.push_back(view(pack->second));
    }
    return json{{"packs", out}};
}

Result<json> Packs::create(const access::Caller& caller, const api::PackRequest& request) {
    const Status known = check_clauses(request.clauses);
    if (!known) return fail(known.error());
    const std::string owner = caller.actor();
    return jobs_.add(
        owner, "pack", false, [this, owner, request](Progress& progress) -> Result<std::string> {
            Kept pack;
            pack.owner = owner;
            pack.request = request;
            pack.created_ns = clock_.wall_ns();
            {
                const MutexLock lock(mutex_);
                pack.id =
                    std::to_string(pack.created_ns / second_ns) + "-" + std::to_string(next_++);
            }
            ledger_.files().make_directories(directory_);
            const std::string path = path_of(pack.id);
            const Status written = write(request, path, progress);
            if (!written) return fail(written.error());
            const auto file = ledger_.files().open(path, Files::Mode::read);
            pack.bytes = file->size();
            pack.digest = digest_of(*file);
            const Status noted = keep(pack);
            if (!noted) return fail(noted.error());
            const MutexLock lock(mutex_);
            kept_[pack.id] = pack;
            return pack.id;
        });
}

Result<api::PackFile> Packs::open(const access::Caller& caller, const std::string& id) {
    const MutexLock lock(mutex_);
    const auto found = kept_.find(id);
    if (found == kept_.end() || found->second.owner != caller.actor()) {
        return fail(Errc::not_found, "no such pack of this caller");
    }
    if (!ledger_.files().exists(path_of(id)))
        return refuse(Errc::expired, "pack.expired", "the pack was removed");
    api::PackFile out;
    out.file_name = view(found->second)["file_name"];
    out.size = found->second.bytes;
    out.source = std::make_unique<FileSource>(ledger_.files().open(path_of(id), Files::Mode::read));
    return out;
}

}  // namespace daicho::app::node
