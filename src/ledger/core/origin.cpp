#include "ledger/core/origin.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "base/calendar/date.hpp"
#include "ledger/core/keys.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::string_view first_line = "daicho ledger v1";

/// The lines of a text in which every line ends in a newline.
std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) break;
        out.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return out;
}

std::string member(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Status check_signature(const VerifierKey& key, std::string_view text, const std::string& base64) {
    const Result<Bytes> signature = from_base64(base64);
    if (!signature || !key.verify(text, *signature)) {
        return fail(Errc::tampered, "a signing key is not certified by " + key.name());
    }
    return {};
}

}  // namespace

std::string log_key_name(std::string_view origin) {
    return std::string(origin) + "/log";
}

std::string origin_text(std::string_view name, std::string_view created,
                        const VerifierKey& log_key) {
    std::string out(first_line);
    out.append("\n").append(name).append("\ncreated ").append(created).append("\n");
    out.append(log_key.format()).append("\n");
    return out;
}

Result<Origin> open_origin(std::string_view bytes) {
    const Result<Note> note = parse_note(bytes);
    if (!note)
        return fail(Errc::tampered, "the origin note can't be read: " + note.error().message);
    const auto lines = lines_of(note->text);
    if (lines.size() != 4 || lines[0] != first_line || !lines[2].starts_with("created ")) {
        return fail(Errc::tampered, "the origin note is not of a known form");
    }
    Result<VerifierKey> key = VerifierKey::parse(lines[3]);
    if (!key || key->name() != log_key_name(lines[1])) {
        return fail(Errc::tampered, "the origin note names no proper log key");
    }
    const std::array<VerifierKey, 1> known{*key};
    const Result<OpenNote> opened = open_note(bytes, known);
    if (!opened)
        return fail(Errc::tampered, "the origin note is not signed by the log key it names");
    return Origin{std::string(lines[1]), std::string(lines[2].substr(8)), std::move(*key)};
}

Result<VerifierKey> open_certificate(const DayCertificate& certificate, const Origin& origin) {
    Result<VerifierKey> key = VerifierKey::parse(certificate.vkey);
    if (!key || key->name() != origin.name)
        return fail(Errc::tampered, "a certificate names no proper key");
    if (!calendar::parse_date(certificate.day))
        return fail(Errc::tampered, "a certificate names no proper day");
    const std::string text = certificate_text(certificate.day, certificate.vkey);
    if (!origin.log_key.verify(text, certificate.signature)) {
        return fail(Errc::tampered, "a signing key is not certified by " + origin.log_key.name());
    }
    return key;
}

Result<KeyRotation> open_key_rotation(const NoticeLeaf& leaf, const Origin& origin) {
    if (leaf.type != LeafType::key_rotation) return fail(Errc::invalid, "not a KEYROT leaf");
    const auto facts = nlohmann::json::parse(leaf.json, nullptr, false);
    if (!facts.is_object()) return fail(Errc::tampered, "a KEYROT leaf can't be read");
    Result<Bytes> signature = from_base64(member(facts, "certificate"));
    if (!signature) return fail(Errc::tampered, "a KEYROT leaf holds no certificate");
    DayCertificate certificate{member(facts, "day"), member(facts, "vkey"), std::move(*signature)};
    Result<VerifierKey> key = open_certificate(certificate, origin);
    if (!key) return fail(key.error());
    const std::string text = certificate_text(certificate.day, certificate.vkey);
    const std::string day = certificate.day;
    KeyRotation out{day, std::move(*key), std::move(certificate),
                    member(facts, "previous_checkpoint"), std::nullopt};
    if (!facts.contains("previous_vkey")) return out;
    Result<VerifierKey> previous = VerifierKey::parse(member(facts, "previous_vkey"));
    if (!previous || previous->name() != origin.name) {
        return fail(Errc::tampered, "a KEYROT leaf names no proper key before it");
    }
    const Status handed_over =
        check_signature(*previous, text, member(facts, "previous_signature"));
    if (!handed_over) return fail(handed_over.error());
    out.previous_key = std::move(*previous);
    return out;
}

}  // namespace daicho::ledger::core
