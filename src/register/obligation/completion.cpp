#include "register/obligation/completion.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/data/json.hpp"
#include "base/text.hpp"
#include "crypto/random.hpp"

namespace daicho::register_ {
namespace {

using nlohmann::json;
using store::Value;

constexpr std::size_t salt_size = 16;  // as the outbox: 128 bits can't be guessed

Result<Review> bad(std::string key, std::string message, std::string item = {}) {
    std::vector<std::pair<std::string, std::string>> params;
    if (!item.empty()) params.emplace_back("item", std::move(item));
    return refuse(Errc::invalid, std::move(key), std::move(message), std::move(params));
}

bool is_writing(const std::string& text) {
    return is_utf8(text) && code_point_count(text) <= finding_size_max;
}

Result<Review> judged(const Obligation& obligation, Review review) {
    if (review.obligation != obligation.id || !review.occurrence.starts_with(obligation.id + ":")) {
        return bad("review.other_occurrence", "the occurrence is not of this obligation");
    }
    for (const ChecklistItem& item : obligation.checklist) {
        if (std::find(review.checklist.begin(), review.checklist.end(), item.id) ==
            review.checklist.end()) {
            return bad("review.unanswered", "an item of the checklist is not answered", item.id);
        }
    }
    if (review.checklist.size() != obligation.checklist.size()) {
        return bad("review.unknown_item", "the checklist has an item that the obligation has not");
    }
    const ReviewedRange& range = review.range;
    if (range.first_seq < 0 || range.last_seq < range.first_seq - 1 || range.checkpoint_size < 0 ||
        range.through_ns < range.from_ns || range.to_ns < range.from_ns) {
        return bad("review.range", "the range of entries is no range");
    }
    if (review.right.role.empty() == review.right.delegation.empty()) {
        return bad("review.right", "either a role or a delegation gives the right");
    }
    if (review.findings.size() > findings_max || !is_writing(review.comment)) {
        return bad("review.too_long", "too many findings or too much text");
    }
    for (const ReviewFinding& finding : review.findings) {
        if (trim(finding.text).empty() || !is_writing(finding.text) ||
            finding.seqs.size() > finding_seqs_max) {
            return bad("review.finding", "a finding is empty or too long");
        }
    }
    return review;
}

json json_of(const std::vector<ReviewFinding>& findings) {
    json out = json::array();
    for (const ReviewFinding& finding : findings)
        out.push_back({{"text", finding.text}, {"seqs", finding.seqs}});
    return out;
}

/// Public: no word that a person wrote.
json detail_of(const Review& review) {
    json out = {{"obligation", review.obligation},
                {"occurrence", review.occurrence},
                {"performer", review.performer},
                {"first_seq", review.range.first_seq},
                {"last_seq", review.range.last_seq},
                {"root", review.range.root.hex()},
                {"checkpoint_size", review.range.checkpoint_size},
                {"from_ns", review.range.from_ns},
                {"through_ns", review.range.through_ns},
                {"to_ns", review.range.to_ns},
                {"summary", review.summary.hex()},
                {"findings", review.findings.size()},
                {"findings_digest", review.findings_digest.hex()},
                {"checklist", review.checklist}};
    if (review.right.delegation.empty()) {
        out["right"] = "role";
        out["role"] = review.right.role;
    } else {
        out["right"] = "delegation";
        out["delegation"] = review.right.delegation;
    }
    return out;
}

constexpr std::string_view select =
    "SELECT r.id, r.obligation, r.findings, r.comment, r.salt, c.occurrence, c.performer, "
    "c.detail, c.completed_ns,"
    " c.outbox_id FROM review r JOIN obligation_completion c ON c.review_id = r.id";

crypto::Digest digest_of(const std::string& hex) {
    crypto::Digest out;
    const auto bytes = from_hex(hex);
    if (!bytes || bytes->size() != out.bytes.size()) throw Fault("database: a digest that is none");
    std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
    return out;
}

Review review_of(const store::Rows& rows) {
    try {
        Review out;
        out.id = rows.integer(0);
        out.obligation = rows.text(1);
        for (const json& from : json::parse(rows.text(2))) {
            out.findings.push_back(
                {from.at("text"), from.at("seqs").get<std::vector<std::int64_t>>()});
        }
        out.comment = rows.text(3);
        out.occurrence = rows.text(5);
        out.performer = rows.text(6);
        const json detail = json::parse(rows.text(7));
        out.right = {detail.value("role", ""), detail.value("delegation", "")};
        out.range = {detail.at("first_seq"),
                     detail.at("last_seq"),
                     digest_of(detail.at("root")),
                     detail.at("checkpoint_size"),
                     detail.at("from_ns"),
                     detail.at("through_ns"),
                     detail.at("to_ns")};
        out.summary = digest_of(detail.at("summary"));
        out.findings_digest = digest_of(detail.at("findings_digest"));
        out.checklist = detail.at("checklist").get<std::vector<std::string>>();
        out.completed_ns = rows.integer(8);
        out.outbox_id = rows.integer(9);
        return out;
    } catch (const json::exception&) {
        throw Fault("database: a review that can't be read");
    }
}

}  // namespace

const store::Versioned& review_table() {
    static const store::Versioned table("review", "review",
                                        {"obligation", "findings", "comment", "salt"});
    return table;
}

const store::Versioned& completion_table() {
    static const store::Versioned table("obligation_completion", "completion",
                                        {"obligation", "occurrence", "review_id", "performer",
                                         "last_seq", "completed_ns", "detail"});
    return table;
}

Result<Review> complete(store::Transaction& tx, const Obligation& obligation, Review review) {
    Result<Review> good = judged(obligation, std::move(review));
    if (!good) return good;
    Review& written = *good;
    const auto salt = crypto::random_bytes<salt_size>();
    const std::string findings = data::canonical_json(json_of(written.findings));
    written.findings_digest = crypto::sha256({salt, view_of(findings), view_of(written.comment)});
    written.completed_ns = tx.clock().wall_ns();
    const json about = {{"obligation", written.obligation}, {"occurrence", written.occurrence}};
    const auto id = review_table().add(
        tx, {written.obligation, findings, written.comment, Bytes(salt.begin(), salt.end())},
        {written.performer, "review.written", about.dump()});
    if (!id) return fail(id.error());
    written.id = *id;
    const std::string detail = data::canonical_json(detail_of(written));
    const auto completion = completion_table().add(
        tx,
        {written.obligation, written.occurrence, written.id, written.performer,
         written.range.last_seq, written.completed_ns, detail},
        {written.performer, "review.completed", detail});
    if (!completion) {
        if (completion.error().code != Errc::conflict) return fail(completion.error());
        return refuse(Errc::conflict, "review.already_done",
                      "the occurrence was completed meanwhile");
    }
    written.outbox_id = completion_table().current(tx, *completion)->outbox_id;
    return good;
}

Result<std::vector<Review>> reviews(store::Reader& reader, std::int64_t before_id,
                                    std::size_t count_max) {
    const std::int64_t before =
        before_id > 0 ? before_id : std::numeric_limits<std::int64_t>::max();
    store::Rows rows = reader.query(
        std::string(select) + " WHERE r.id < $1 ORDER BY r.id DESC LIMIT $2", before, count_max);
    std::vector<Review> out;
    while (rows.next()) out.push_back(review_of(rows));
    return out;
}

Result<std::optional<Review>> review(store::Reader& reader, std::int64_t id) {
    store::Rows rows = reader.query(std::string(select) + " WHERE r.id = $1", id);
    if (!rows.next()) return std::optional<Review>();
    return std::optional(review_of(rows));
}

Result<std::vector<Done>> completions(store::Reader& reader, const std::string& obligation) {
    store::Rows rows = reader.query(
        "SELECT occurrence, completed_ns FROM obligation_completion WHERE obligation = $1 ORDER BY "
        "completed_ns",
        obligation);
    std::vector<Done> out;
    while (rows.next()) out.push_back({rows.text(0), rows.integer(1)});
    return out;
}

std::int64_t next_first_seq(store::Reader& reader, const std::string& obligation) {
    store::Rows rows = reader.query(
        "SELECT COALESCE(MAX(last_seq) + 1, 0) FROM obligation_completion WHERE obligation = $1",
        obligation);
    check(rows.next(), "an aggregate gives one row");
    return rows.integer(0);
}

}  // namespace daicho::register_
