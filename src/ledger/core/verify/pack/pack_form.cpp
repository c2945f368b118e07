#include "ledger/core/verify/pack/pack_form.hpp"

#include "base/calendar/date.hpp"
#include "base/calendar/timestamp.hpp"
#include "base/data/json.hpp"
#include "base/fault.hpp"
#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/tlog/tile.hpp"
#include "ledger/core/verify/pack/zip.hpp"

namespace daicho::ledger::core::verify {
namespace {

using nlohmann::json;

constexpr std::size_t position_digits = 20;
constexpr std::string_view leaf_magic = "DLFP0001";
/// A manifest lists up to zip_members_max members of some 250 bytes each.
constexpr data::JsonLimits pack_json_limits{std::size_t{16} << 20, 32, 1'000'000};

std::string numbered(std::string_view folder, std::uint64_t number, std::string_view suffix) {
    std::string digits = std::to_string(number);
    digits.insert(0, position_digits - digits.size(), '0');
    return std::string(folder) + digits + std::string(suffix);
}

Result<json> canonical(std::string_view text) {
    Result<json> value = data::parse_json(text, pack_json_limits);
    if (!value) return value;
    if (!value->is_object() || data::canonical_json(*value) != text)
        return fail(Errc::invalid, "its JSON is not in the one canonical form");
    return value;
}

bool read_text(const json& object, const char* name, std::string& out) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return false;
    out = found->get<std::string>();
    return true;
}

bool read_count(const json& object, const char* name, std::uint64_t& out) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_unsigned()) return false;
    out = found->get<std::uint64_t>();
    return true;
}

bool read_member_entry(const json& value, PackMember& out) {
    std::string hex;
    if (!value.is_object() || value.size() != 3 || !read_text(value, "name", out.name) ||
        !read_count(value, "size", out.size) || !read_text(value, "sha256", hex)) {
        return false;
    }
    const Result<Bytes> digest = from_hex(hex);
    if (!digest || digest->size() != crypto::digest_size || to_hex(*digest) != hex) return false;
    std::copy(digest->begin(), digest->end(), out.digest.bytes.begin());
    return true;
}

/// Takes the next line off; false where there is none.
bool take_line(std::string_view& rest, std::string_view& line) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return false;
    line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return true;
}

}  // namespace

std::string event_member(std::uint64_t seq, std::string_view suffix) {
    return numbered("events/", seq, suffix);
}
std::string leaf_member(std::uint64_t index) {
    return numbered("leaves/", index, ".tlog-proof");
}

std::string format_manifest(const Manifest& manifest) {
    json members = json::array();
    for (const PackMember& member : manifest.members) {
        members.push_back(
            {{"name", member.name}, {"sha256", member.digest.hex()}, {"size", member.size}});
    }
    return data::canonical_json({{"as_of", manifest.as_of},
                                 {"clauses", manifest.clauses},
                                 {"format", pack_format},
                                 {"from", manifest.from},
                                 {"made_at", manifest.made_at},
                                 {"members", std::move(members)},
                                 {"organisation", manifest.organisation},
                                 {"software", manifest.software},
                                 {"to", manifest.to}});
}

Result<Manifest> parse_manifest(std::string_view text) {
    const Result<json> value = canonical(text);
    if (!value) return fail(value.error());
    Manifest out;
    std::string format;
    const bool texts =
        value->size() == 9 && read_text(*value, "format", format) && format == pack_format &&
        read_text(*value, "organisation", out.organisation) &&
        read_text(*value, "software", out.software) && read_text(*value, "from", out.from) &&
        read_text(*value, "to", out.to) && read_text(*value, "as_of", out.as_of) &&
        read_text(*value, "made_at", out.made_at);
    if (!texts || !calendar::parse_date(out.from) || !calendar::parse_date(out.to) ||
        !calendar::parse_rfc3339(out.as_of) || !calendar::parse_rfc3339(out.made_at)) {
        return fail(Errc::invalid, "a manifest of another form or version");
    }
    const auto clauses = value->find("clauses");
    const auto members = value->find("members");
    if (clauses == value->end() || members == value->end() || !clauses->is_array() ||
        !members->is_array()) {
        return fail(Errc::invalid, "a manifest without its lists");
    }
    for (const json& clause : *clauses) {
        if (!clause.is_string()) return fail(Errc::invalid, "a clause that is no text");
        out.clauses.push_back(clause.get<std::string>());
    }
    for (const json& entry : *members) {
        PackMember member;
        if (!read_member_entry(entry, member))
            return fail(Errc::invalid, "a malformed member in the manifest");
        out.members.push_back(std::move(member));
    }
    return out;
}

std::string pack_event_text(const crypto::Digest& manifest) {
    return R"({"action":"pack.created","manifest_sha256":")" + manifest.hex() + R"("})";
}

std::string format_certificate(const DayCertificate& certificate) {
    return certificate.day + "\n" + certificate.vkey + "\n" + to_base64(certificate.signature) +
           "\n";
}

Result<DayCertificate> parse_certificate(std::string_view text) {
    std::string_view day, vkey, signature;
    if (!take_line(text, day) || !take_line(text, vkey) || !take_line(text, signature) ||
        !text.empty()) {
        return fail(Errc::invalid, "not the three lines of a certificate");
    }
    Result<Bytes> bytes = from_base64(signature);
    if (!bytes) return fail(Errc::invalid, "the signature of a certificate is not base64");
    return DayCertificate{std::string(day), std::string(vkey), std::move(*bytes)};
}

std::string format_consistency(const Proof& proof) {
    std::string out;
    for (const crypto::Digest& hash : proof) out += to_base64(hash.view()) + "\n";
    return out;
}

Result<Proof> parse_consistency(std::string_view text) {
    Proof out;
    std::string_view line;
    while (!text.empty()) {
        if (!take_line(text, line) || out.size() == proof_length_max)
            return fail(Errc::invalid, "not the lines of a proof");
        const Result<crypto::Digest> hash = parse_base64_digest(line);
        if (!hash) return fail(hash.error());
        out.push_back(*hash);
    }
    return out;
}

Bytes leaf_extra(ByteView leaf) {
    Bytes out = to_bytes(leaf_magic);
    ByteWriter(out).raw(leaf);
    return out;
}

Result<Bytes> leaf_of_extra(ByteView extra) {
    ByteReader in(extra);
    if (text_of(in.raw(leaf_magic.size())) != leaf_magic)
        return fail(Errc::invalid, "a proof of something else than a leaf");
    const ByteView leaf = in.raw(in.left());
    return Bytes(leaf.begin(), leaf.end());
}

Result<std::vector<ClauseStatus>> parse_status(std::string_view text) {
    const Result<json> value = canonical(text);
    if (!value) return fail(value.error());
    const auto clauses = value->find("clauses");
    if (clauses == value->end() || !clauses->is_array())
        return fail(Errc::invalid, "a status without clauses");
    std::vector<ClauseStatus> out;
    for (const json& clause : *clauses) {
        ClauseStatus one;
        if (!clause.is_object() || !read_text(clause, "id", one.clause) ||
            !read_text(clause, "status", one.status) || !clause.contains("evidence") ||
            !clause["evidence"].is_array()) {
            return fail(Errc::invalid, "a clause without id, status or evidence");
        }
        for (const json& position : clause["evidence"]) {
            Evidence evidence;
            evidence.is_leaf = position.is_object() && position.contains("leaf");
            if (!position.is_object() ||
                !read_count(position, evidence.is_leaf ? "leaf" : "seq", evidence.position)) {
                return fail(Errc::invalid, "evidence without a position");
            }
            one.evidence.push_back(evidence);
        }
        out.push_back(std::move(one));
    }
    return out;
}

std::string_view readme(bool japanese) noexcept {
    constexpr std::string_view ja =
        "証跡パック(daicho)\n\n"
        "このファイルには、対象期間の状況(status.json)と、その根拠となる記録が入っています。\n"
        "記録は追記専用の台帳にあり、後から変えると検証で分かります。\n\n"
        "確かめ方\n"
        "  daicho-verify このファイル.zip --log-key 組織から別に受け取ったログ鍵\n"
        "ログ鍵は、このファイルとは別の経路で受け取ってください。\n\n"
        "中身\n"
        "  manifest.json           目録(各ファイルの大きさと SHA-256)\n"
        "  manifest.tlog-proof     目録が台帳に記録されていることの証明\n"
        "  manifest.consistency    checkpoint から上の証明までの台帳が連続している証明\n"
        "  origin, checkpoint      台帳の名乗りと、署名された台帳の状態\n"
        "  checkpoint.certificate  署名に使った当日の鍵の証明\n"
        "  events/                 開示したイベントと、それが台帳にあることの証明\n"
        "  leaves/                 台帳そのものの記録(束・封印・書出し・廃棄など)と証明\n\n"
        "証明は C2SP tlog-proof、RFC 9162、Ed25519 で書かれており、他の道具でも確かめられます。\n";
    constexpr std::string_view en =
        "Evidence pack (daicho)\n\n"
        "It holds the state of affairs for a period (status.json) and the records it rests on.\n"
        "They lie in an append-only ledger: a later change shows when it is verified.\n\n"
        "How to check it\n"
        "  daicho-verify THIS-FILE.zip --log-key KEY\n"
        "Get the log key from the organisation by another way than this file.\n\n"
        "What is in it\n"
        "  manifest.json           every file with its size and SHA-256\n"
        "  manifest.tlog-proof     that the ledger has recorded the manifest\n"
        "  manifest.consistency    that the ledger only grew from checkpoint to that proof\n"
        "  origin, checkpoint      who the ledger is, and its signed state\n"
        "  checkpoint.certificate  that the key of that day may sign for it\n"
        "  events/                 disclosed events, each proven to be in the ledger\n"
        "  leaves/                 records of the ledger itself: batches, seals, exports, ...\n\n"
        "The proofs are C2SP tlog-proof, RFC 9162 and Ed25519; other tools can check them.\n";
    return japanese ? ja : en;
}

}  // namespace daicho::ledger::core::verify
