#include <array>

#include "app/cli/text_table.hpp"

namespace daicho::app::cli {
namespace {

constexpr std::array texts{
    Text{"help.verify_about",
         "台帳、書出し、証跡パック、記録の証明を検証します。読み取るだけで、何も書き換えません。",
         "Verifies a daicho ledger, an export bundle, an evidence pack or the proof of an event. "
         "Reads only."},
    Text{"help.verify_path", "データディレクトリ、書出し、パック（.zip）、または .tlog-proof",
         "data directory, bundle, pack (.zip) or .tlog-proof"},
    Text{"help.verify_keyless", "鍵を使わない", "do not use keys"},
    Text{"help.verify_deep", "全件を復号して再計算する", "decrypt and hash every event"},
    Text{"help.verify_keys", "鍵のフォルダ（指定しなければ、あれば PATH.keys）",
         "folder of keys (default: PATH.keys, if it is there)"},
    Text{"help.verify_log_key", "すでに知っているログ鍵（vkey）",
         "the log key (vkey) that you know"},
    Text{"help.verify_since", "控えておいたチェックポイントのファイル",
         "file of a remembered checkpoint"},
    Text{"help.verify_raw", "証明に含まれていない場合の、記録そのもののファイル",
         "the event's bytes, for a proof without them"},
    Text{"help.verify_state", "アカウント、設定、事実、セッションも台帳と照合する（--deep を含む）",
         "also compare accounts, settings, facts and sessions with the ledger (implies --deep)"},
    Text{"help.verify_exit",
         "終了コード: 0 求めたものをすべて証明した、1 証明できないものがある、2 検証できなかった。",
         "Exit codes: 0 all that was asked is proven; 1 it is not; 2 it could not be tried."},
    Text{"cli.verify_failed", "検証できません: {reason}", "it could not be tried: {reason}"},
    Text{"cli.nothing_at", "{path} には何もありません。", "there is nothing at {path}."},
    Text{"cli.only_for_ledgers", "--deep、--keys、--since は、台帳と書出しに使います。",
         "--deep, --keys and --since are for ledgers and bundles."},
    Text{"cli.bad_log_key", "--log-key の値がログ鍵（vkey）の形ではありません。",
         "what --log-key has is no log key (vkey)."},
    Text{"cli.bad_since", "--since のファイルがチェックポイントの形ではありません。",
         "the file of --since is no checkpoint."},
    // What a pack or a proof tells of itself.
    Text{"verified.seq", "通番", "Sequence number"},
    Text{"verified.received", "受信日時", "Received"},
    Text{"verified.source", "収集元", "Source"},
    Text{"verified.class", "保存区分", "Retention class"},
    Text{"verified.authenticated", "送信元の確認", "Sender authenticated"},
    Text{"verified.bytes", "バイト数", "Bytes"},
    Text{"verified.leaf", "葉の番号", "Leaf"},
    Text{"verified.text", "本文", "Text"},
    Text{"verified.organisation", "組織", "Organisation"},
    Text{"verified.period", "期間", "Period"},
    Text{"verified.as_of", "判定の時点", "Status as of"},
    Text{"verified.made_at", "作成日時", "Made at"},
    Text{"verified.software", "作成したソフトウェア", "Made by"},
    Text{"verified.recorded_as_event", "台帳での作成の記録（通番）", "Recorded as event"},
    Text{"verified.members", "パック内のファイル数", "Files in the pack"},
    Text{"verified.clause_name", "条項 {clause}", "Clause {clause}"},
    Text{"verified.clause_words",
         "{status}（証拠 {here}件を証明、ほか{elsewhere}件はこのパックの外）",
         "{status} (evidence: {here} proven, {elsewhere} not in this pack)"},
    Text{"verified.yes", "済み", "yes"},
    Text{"verified.no", "なし", "no"},
};

}  // namespace

std::span<const Text> verify_texts() {
    return texts;
}

}  // namespace daicho::app::cli
