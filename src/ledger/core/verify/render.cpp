#include "ledger/core/verify/render.hpp"

#include <algorithm>

#include "base/calendar/timestamp.hpp"
#include "base/text.hpp"

namespace daicho::ledger::core::verify {
namespace {

using nlohmann::json;

/// Times are shown to the second, in UTC: a verifier knows no organisation's zone.
std::string time_text(WallNs wall_ns) {
    return calendar::to_rfc3339(wall_ns, 0, 0);
}

/// 1234567 as 1,234,567.
std::string grouped(std::uint64_t number) {
    std::string out = std::to_string(number);
    for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, ",");
    return out;
}

class Page {
public:
    explicit Page(Language language) : language_(language) {}
    [[nodiscard]] std::string take() { return std::move(out_); }
    void line(std::string_view text) { out_.append(text).append("\n"); }
    void head(Words words) { out_.append("\n").append(words.in(language_)).append("\n"); }
    void fact(Words label, std::string_view value) {
        out_.append("  ").append(label.in(language_)).append(": ").append(value).append("\n");
    }
    void count(Words label, std::uint64_t value) {
        if (value > 0) fact(label, grouped(value));
    }
    [[nodiscard]] std::string_view pick(Words words) const { return words.in(language_); }
    [[nodiscard]] Language language() const { return language_; }

private:
    Language language_;
    std::string out_;
};

std::string place_of(const Finding& finding, Language language) {
    std::string out;
    const auto part = [&out](std::string_view text) {
        if (!out.empty()) out += ", ";
        out += text;
    };
    if (!finding.file.empty()) part(safe_display(finding.file));
    if (finding.seqs) {
        part(std::string(Words{"events ", "イベント "}.in(language)) +
             std::to_string(finding.seqs->first) + "-" + std::to_string(finding.seqs->last));
    }
    if (finding.leaf) {
        part(std::string(Words{"leaf ", "葉 "}.in(language)) + std::to_string(*finding.leaf));
    }
    return out;
}

void write_findings(Page& page, const Report& report) {
    if (report.passed()) return;
    page.head({"What does not hold", "成り立たないこと"});
    for (const Finding& finding : report.findings) {
        const std::string place = place_of(finding, page.language());
        std::string text = "  FAIL " + std::string(code_of(finding.problem)) + " ";
        if (!place.empty()) text += "[" + place + "] ";
        text += page.pick(words_of(finding.problem));
        if (!finding.detail.empty()) text += " (" + safe_display(finding.detail) + ")";
        page.line(text);
    }
    if (report.findings_total > report.findings.size()) {
        page.fact({"more", "ほか"}, grouped(report.findings_total - report.findings.size()));
    }
}

void write_ledger(Page& page, const Proven& proven) {
    page.fact({"Ledger", "台帳"}, proven.origin);
    page.fact({"Log key", "ログ鍵"},
              proven.log_key +
                  std::string(page.pick(proven.log_key_trusted
                                            ? Words{"  (the one you gave)", "(指定の鍵と一致)"}
                                            : Words{"  (not compared)", "(未照合)"})));
    if (proven.head) {
        page.fact({"Signed tree", "署名された木"},
                  grouped(proven.head->size) + " / " + proven.head->root.hex());
        page.fact({"Signing day", "署名日"}, proven.signing_day);
    }
    if (proven.last_leaf_ns != 0)
        page.fact({"Last record", "最後の記録"}, time_text(proven.last_leaf_ns));
}

void write_counts(Page& page, const Report& report) {
    const Proven& proven = report.proven;
    page.count({"Events", "イベント"}, proven.events);
    page.count({"  in sealed segments", "  封印済み"}, proven.sealed_events);
    page.count({"  in the write-ahead log", "  未封印"}, proven.wal_events);
    page.count({"  lawfully destroyed", "  記録どおり廃棄済み"}, proven.retired_events);
    page.count({"  not in this bundle (not sealed when it was made)",
                "  この書出しにないもの(書出し時点で未封印)"},
               proven.absent_events);
    page.count({"  decrypted and hashed again", "  復号して再計算したもの"}, proven.opened_events);
    page.count({"  newer than the signed tree", "  署名前のもの"}, proven.unsigned_events);
    page.count({"Segment files", "封印ファイル"}, proven.segments);
    page.count({"Bytes read", "読み取りバイト数"}, proven.stored_bytes);
    page.count({"Older checkpoints in line", "一致した過去のチェックポイント"},
               proven.older_checkpoints);
    std::string types;
    for (std::size_t i = 1; i < proven.leaves.size(); ++i) {
        if (proven.leaves[i] == 0) continue;
        if (!types.empty()) types += ", ";
        types += std::string(name_of(static_cast<LeafType>(i))) + " " + grouped(proven.leaves[i]);
    }
    if (!types.empty()) page.fact({"Leaves", "記録の種別"}, types);
    if (proven.since_size)
        page.fact({"Continues the remembered checkpoint of size", "控えのチェックポイントの続き"},
                  grouped(*proven.since_size));
    if (proven.head_size)
        page.fact({"Continues what these keys signed at size", "鍵側の控えの続き"},
                  grouped(*proven.head_size));
}

std::string note_text(const Observation& note, Language language) {
    std::string out(words_of(note.remark).in(language));
    const auto range = [&] { return std::to_string(note.first) + "-" + std::to_string(note.last); };
    switch (note.remark) {
        case Remark::silence:
            return out + ": " + time_text(note.first) + " - " + time_text(note.last);
        case Remark::not_sealed:
            return out + ": " + note.file + " (" + range() + ")";
        case Remark::clock_stepped:
            return out + ": " + std::to_string(note.first);
        case Remark::declared_loss:
        case Remark::retired_not_here:
        case Remark::checkpoints_absent:
        case Remark::behind_keys:
            return out + ": " + std::to_string(note.first) + " / " + std::to_string(note.last);
        default:
            return out + ": " + note.file;
    }
}

/// Beside the verdict, because it is not about these events.
void write_absent(Page& page, const Proven& proven) {
    if (!proven.absent) return;
    const std::string range =
        std::to_string(proven.absent->first) + "-" + std::to_string(proven.absent->last);
    const std::string count = grouped(proven.absent_events) + " / " + grouped(proven.events);
    page.fact({"Only for sealed events; not in this bundle, not sealed when it was made",
               "封印済みのイベントのみについての判定です。書出し時点で未封印のためここにないもの"},
              count + " (" + range + ")");
}

/// Texts and numbers of a pack or an event, as the JSON has them.
void write_extra(Page& page, const json& extra) {
    for (const auto& [key, value] : extra.items()) {
        if (value.is_object() || value.is_array()) {
            for (const auto& [name, part] : value.items()) {
                page.line("  " + safe_display(key) + "." + safe_display(name) + ": " +
                          safe_display(part.is_string() ? part.get<std::string>() : part.dump()));
            }
        } else {
            page.line("  " + safe_display(key) + ": " +
                      safe_display(value.is_string() ? value.get<std::string>() : value.dump()));
        }
    }
}

}  // namespace

std::string to_text(const Report& report, std::string_view what, Language language) {
    Page page(language);
    page.line(std::string(report.passed() ? "PASS" : "FAIL") + "  " + safe_display(what) + "  [" +
              std::string(code_of(report.subject)) + (report.deep ? ", deep]" : "]"));
    write_absent(page, report.proven);
    write_findings(page, report);
    page.head(report.passed() ? Words{"What is proven", "証明されたこと"}
                              : Words{"What was read (nothing is proven)",
                                      "読み取った内容(証明はされていません)"});
    write_ledger(page, report.proven);
    write_counts(page, report);
    write_extra(page, report.extra);
    if (!report.notes.empty()) page.head({"To be known", "留意事項"});
    for (const Observation& note : report.notes) page.line("  - " + note_text(note, language));
    page.head({"What this does not prove", "これによっては証明されないこと"});
    for (const Limit limit : limits_of(report))
        page.line("  - " + std::string(words_of(limit).in(language)));
    return page.take();
}

json to_json(const Report& report, std::string_view what) {
    const Proven& proven = report.proven;
    json out{{"verdict", report.passed() ? "PASS" : "FAIL"},
             {"path", safe_display(what)},
             {"subject", code_of(report.subject)},
             {"mode", report.deep ? "deep" : "keyless"},
             {"findings_total", report.findings_total},
             {"findings", json::array()},
             {"notes", json::array()},
             {"not_proven", json::array()},
             {"detail", report.extra}};
    json& facts = out["proven"];
    facts = {{"origin", proven.origin},
             {"log_key", proven.log_key},
             {"log_key_compared", proven.log_key_trusted},
             {"events", proven.events},
             {"sealed_events", proven.sealed_events},
             {"unsealed_events", proven.wal_events},
             {"retired_events", proven.retired_events},
             {"absent_events", proven.absent_events},
             {"opened_events", proven.opened_events},
             {"unsigned_leaves", proven.unsigned_leaves},
             {"unsigned_events", proven.unsigned_events},
             {"segments", proven.segments},
             {"stored_bytes", proven.stored_bytes},
             {"older_checkpoints", proven.older_checkpoints}};
    if (proven.head) {
        facts["tree_size"] = proven.head->size;
        facts["root"] = proven.head->root.hex();
        facts["signing_day"] = proven.signing_day;
    }
    if (report.subject == Subject::ledger || report.subject == Subject::bundle)
        out["complete"] = report.passed() && proven.absent_events == 0;
    if (proven.absent) facts["absent_seqs"] = {proven.absent->first, proven.absent->last};
    if (proven.last_leaf_ns != 0) facts["last_record"] = time_text(proven.last_leaf_ns);
    if (proven.since_size) facts["since_size"] = *proven.since_size;
    if (proven.head_size) facts["keys_head_size"] = *proven.head_size;
    for (std::size_t i = 1; i < proven.leaves.size(); ++i)
        facts["leaves"][std::string(name_of(static_cast<LeafType>(i)))] = proven.leaves[i];
    for (const Finding& finding : report.findings) {
        json one{{"problem", code_of(finding.problem)},
                 {"file", safe_display(finding.file)},
                 {"detail", safe_display(finding.detail)}};
        if (finding.seqs) one["seqs"] = {finding.seqs->first, finding.seqs->last};
        if (finding.leaf) one["leaf"] = *finding.leaf;
        out["findings"].push_back(std::move(one));
    }
    for (const Observation& note : report.notes) {
        out["notes"].push_back({{"remark", code_of(note.remark)},
                                {"file", note.file},
                                {"first", note.first},
                                {"last", note.last}});
    }
    for (const Limit limit : limits_of(report)) out["not_proven"].push_back(code_of(limit));
    return out;
}

}  // namespace daicho::ledger::core::verify
