#include "ledger/core/verify/texts.hpp"

namespace daicho::ledger::core::verify {
namespace {

struct Entry {
    std::string_view code;
    Words words;
};

constexpr std::array<Entry, 28> problems{{
    {"unreadable", {"could not be read", "読み取れませんでした"}},
    {"origin",
     {"the ledger's own name note does not hold", "台帳の名乗り(origin)が正しくありません"}},
    {"log_key", {"this is a ledger of another log key", "別のログ鍵の台帳です"}},
    {"checkpoint",
     {"the signed checkpoint does not hold", "署名付きチェックポイントが正しくありません"}},
    {"tree",
     {"the entries do not lead to the signed root",
      "記録から計算した根が署名された根と一致しません"}},
    {"tile", {"a stored file of the tree was changed", "木のファイルが変更されています"}},
    {"missing_file", {"a file is missing", "必要なファイルがありません"}},
    {"unknown_file",
     {"a file that does not belong to the ledger", "台帳に属さないファイルがあります"}},
    {"leftover", {"left behind by an interrupted write", "中断された書込みの残りがあります"}},
    {"leaf", {"an entry that the ledger does not write", "台帳が書かない形の記録があります"}},
    {"key_chain", {"the succession of signing keys is broken", "署名鍵の引継ぎが途切れています"}},
    {"batch_chain", {"the chain of batches is broken", "束の連鎖が途切れています"}},
    {"seal",
     {"a record of sealing, export or retirement contradicts the ledger",
      "封印・書出し・廃棄の記録が台帳と矛盾しています"}},
    {"segment", {"a sealed file was changed", "封印済みファイルが変更されています"}},
    {"content",
     {"events are not the ones that were recorded", "イベントが記録時のものと一致しません"}},
    {"missing_events", {"events are missing", "イベントが失われています"}},
    {"wal",
     {"the write-ahead log was damaged or changed", "先行書込みログが損傷または変更されています"}},
    {"torn_tail",
     {"the last write is not whole: start daicho, which cuts it off and declares it",
      "最後の書込みが完了していません(daicho を起動すると切り離して欠落を記録します)"}},
    {"mac", {"a frame that its writer did not make", "書込み側が作っていない記録があります"}},
    {"key", {"a key is missing or belongs to another ledger", "鍵がないか、別の台帳の鍵です"}},
    {"key_day", {"old events are under a newer key", "古いイベントが後日の鍵で封印されています"}},
    {"rolled_back",
     {"older than what these keys signed last, or another history",
      "この鍵が最後に署名した状態より古いか、別の履歴です"}},
    {"since",
     {"not a continuation of the remembered checkpoint",
      "控えてあるチェックポイントの続きではありません"}},
    {"moving", {"it changed while it was being verified", "検証中に内容が変わりました"}},
    {"proof", {"the proof does not hold", "証明が成り立ちません"}},
    {"pack_form", {"the pack is not in its one form", "証跡パックの形式が正しくありません"}},
    {"pack_member", {"a file in the pack was changed", "証跡パック内のファイルが変更されています"}},
    {"pack_manifest", {"the pack's manifest does not hold", "証跡パックの目録が正しくありません"}},
}};

constexpr std::array<Entry, 12> remarks{{
    {"silence",
     {"no record at all in this time: the ledger was not running",
      "この間の記録がありません(台帳は動いていませんでした)"}},
    {"not_sealed",
     {"not in this bundle: not sealed when it was made",
      "この書出しには含まれていません(書出し時点で未封印)"}},
    {"retired_still_there",
     {"retired, but the file is still there", "廃棄済みですがファイルが残っています"}},
    {"key_destroyed",
     {"its key was destroyed as recorded: the content can't be read again",
      "記録どおり鍵が破棄済みのため内容は確認できません"}},
    {"held_twice",
     {"sealed, and its write-ahead file not dropped yet",
      "封印済みで、先行書込みログがまだ残っています"}},
    {"sealed_twice",
     {"sealed twice alike: a crash came between",
      "同じ封印が二度記録されています(途中で停止したため)"}},
    {"clock_stepped", {"steps of the wall clock are recorded", "時計の補正が記録されています"}},
    {"declared_loss", {"declared losses are recorded", "欠落の申告が記録されています"}},
    {"retired_not_here",
     {"destroyed as recorded, and their files are not here (files / events)",
      "記録どおり廃棄され、ファイルもここにありません(ファイル数/イベント数)"}},
    {"checkpoints_absent",
     {"the tree records exports whose checkpoints are not here: they went to another medium, or "
      "were taken away (how many / newest size)",
      "木に記録された書出しのうち、チェックポイントがここにないものがあります。別の媒体への書出しか"
      "、取り除かれたものです(件数/最新のサイズ)"}},
    {"behind_keys",
     {"older than what these keys signed: so many leaves came later (leaves / newest size)",
      "この鍵が署名した最新の状態より古いものです。その後に加わった葉があります(葉の数/"
      "最新のサイズ)"}},
    {"unrecorded_bundle",
     {"these keys signed nothing after it: no record says that it was exported",
      "この鍵はこれより後に署名していません。書出しの記録がない写しです"}},
}};

constexpr std::array<Entry, 10> limits{{
    {"content_keyless",
     {"The content of the events: without keys only the ciphertext was checked.",
      "イベントの内容(鍵なしの検証のため、暗号文のみを確認しました)"}},
    {"rollback",
     {"That nothing newer existed: no checkpoint remembered elsewhere was compared. Give --since, "
      "or --keys.",
      "これより新しい記録がなかったこと(別に控えたチェックポイントと比べていません。--since または "
      "--keys を指定してください)"}},
    {"unsigned_tail",
     {"The newest records that no signed checkpoint covers yet: cutting them off would not show.",
      "まだ署名されていない最新の記録(切り落とされても分かりません)"}},
    {"log_key_unknown",
     {"Whose ledger it is: its log key was not compared with one that you know. Give --log-key.",
      "どの組織の台帳か(ログ鍵を照合していません。--log-key を指定してください)"}},
    {"rewriting_by_owner",
     {"That nobody who held the log key and the root key rewrote everything before any checkpoint "
      "left the machine.",
      "ログ鍵とルート鍵を持つ者が、チェックポイントが外部に渡る前に全体を作り直していないこと"}},
    {"absent_events",
     {"Events that were not sealed when this bundle was made: the tree has their numbers and "
      "times, their bytes are elsewhere.",
      "書出し時点で未封印のイベント(番号と時刻は木にありますが、内容はここにありません)"}},
    {"destroyed_events",
     {"The content of events whose key was destroyed as recorded.",
      "記録どおり鍵が破棄されたイベントの内容"}},
    {"outside_ledger",
     {"Search index, settings and accounts: they are not part of the ledger.",
      "検索索引・設定・利用者情報(台帳の対象外です)"}},
    {"one_event", {"Anything about other events than this one.", "このイベント以外のこと"}},
    {"completeness",
     {"That nothing else exists: a pack shows what was chosen for it.",
      "ほかに記録がないこと(証跡パックは選ばれたものだけを示します)"}},
}};

}  // namespace

std::string_view code_of(Problem problem) noexcept {
    return problems[static_cast<std::size_t>(problem)].code;
}
Words words_of(Problem problem) noexcept {
    return problems[static_cast<std::size_t>(problem)].words;
}
std::string_view code_of(Remark remark) noexcept {
    return remarks[static_cast<std::size_t>(remark)].code;
}
Words words_of(Remark remark) noexcept {
    return remarks[static_cast<std::size_t>(remark)].words;
}
std::string_view code_of(Limit limit) noexcept {
    return limits[static_cast<std::size_t>(limit)].code;
}
Words words_of(Limit limit) noexcept {
    return limits[static_cast<std::size_t>(limit)].words;
}

std::string_view code_of(Subject subject) noexcept {
    switch (subject) {
        case Subject::ledger:
            return "ledger";
        case Subject::bundle:
            return "bundle";
        case Subject::event:
            return "event";
        case Subject::pack:
            break;
    }
    return "pack";
}

std::vector<Limit> limits_of(const Report& report) {
    const Proven& proven = report.proven;
    std::vector<Limit> out;
    const bool files = report.subject == Subject::ledger || report.subject == Subject::bundle;
    if (files && !report.deep) out.push_back(Limit::content_keyless);
    if (report.subject == Subject::event) out.push_back(Limit::one_event);
    if (report.subject == Subject::pack) out.push_back(Limit::completeness);
    if (proven.absent_events > 0) out.push_back(Limit::absent_events);
    if (proven.destroyed_events > 0) out.push_back(Limit::destroyed_events);
    if (proven.unsigned_leaves > 0) out.push_back(Limit::unsigned_tail);
    if (files && !proven.since_size && !proven.head_size) out.push_back(Limit::rollback);
    if (!proven.log_key_trusted && !proven.since_size) out.push_back(Limit::log_key_unknown);
    if (!proven.since_size) out.push_back(Limit::rewriting_by_owner);
    if (files) out.push_back(Limit::outside_ledger);
    return out;
}

}  // namespace daicho::ledger::core::verify
