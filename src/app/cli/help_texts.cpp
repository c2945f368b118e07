#include <array>

#include "app/cli/text_table.hpp"

namespace daicho::app::cli {
namespace {

constexpr std::array texts{
    // Words of the form itself.
    Text{"help.usage", "使い方", "Usage"},
    Text{"help.options_word", "オプション", "OPTIONS"},
    Text{"help.subcommand_word", "コマンド", "SUBCOMMAND"},
    Text{"help.positionals", "引数", "Positionals"},
    Text{"help.options", "オプション", "Options"},
    Text{"help.subcommands", "コマンド", "Subcommands"},
    Text{"help.required", "必須", "REQUIRED"},
    Text{"help.text_type", "文字列", "TEXT"},
    Text{"help.number_type", "数値", "NUMBER"},
    Text{"help.examples", "例", "Examples"},
    Text{"help.exit_codes",
         "終了コード: 0 完了、1 拒否または証明できないものがある、2 指定の誤り、3 機器の障害。",
         "Exit codes: 0 done; 1 refused, or not all is proven; 2 not understood; 3 fault of the "
         "machine."},
    Text{"help.beside_server", "daicho serve の動作中でも、停止中でも使えます。",
         "Works beside a running daicho serve and without one."},
    Text{"help.help", "この説明を表示して終わる", "Print this help and exit"},
    Text{"help.daicho", "情報セキュリティ対策を実施し、その証跡を残し、証明します。",
         "daicho runs and proves information-security measures."},
    // Every command.
    Text{"help.data", "データディレクトリ", "data directory"},
    Text{"help.keys", "鍵の置き場所（指定しなければ DATA.keys）",
         "folder of keys (default: DATA.keys)"},
    Text{"help.json", "JSON で出力", "print JSON"},
    Text{"help.quiet", "進捗を表示しない", "no progress bar"},
    Text{"help.lang", "表示の言語 ja または en（指定しなければ LANG に従う）",
         "language, ja or en (default: LANG)"},
    Text{"help.content", "規程などの内容のフォルダ", "folder of the content"},
    // init, serve, rescue
    Text{"help.init", "データディレクトリと鍵を作る", "Make a data directory and its keys"},
    Text{"help.init_organisation", "組織名", "name of the organisation"},
    Text{"help.init_admin", "最初の管理者のログイン名", "login of the first administrator"},
    Text{"help.init_host", "証明書に入れる、このサーバの別名", "further name for the certificate"},
    Text{"help.serve", "収集、画面の提供、督促を、止めるまで続ける",
         "Collect, serve and remind until stopped"},
    Text{"help.serve_https", "画面の待受アドレスとポート（ADDRESS:PORT）",
         "ADDRESS:PORT of the pages"},
    Text{"help.serve_syslog_tcp", "syslog（TCP、RFC 6587）の待受 ADDRESS:PORT、または off",
         "ADDRESS:PORT for syslog over TCP (RFC 6587), or off"},
    Text{"help.serve_syslog_tls", "syslog（TLS、RFC 5425）の待受 ADDRESS:PORT、または off",
         "ADDRESS:PORT for syslog over TLS (RFC 5425), or off"},
    Text{"help.serve_syslog_udp", "syslog（UDP、RFC 5426）の待受 ADDRESS:PORT、または off",
         "ADDRESS:PORT for syslog over UDP (RFC 5426), or off"},
    Text{"help.serve_host", "ブラウザから呼ぶ、このサーバの別名", "further name of this server"},
    Text{"help.serve_web", "画面のファイルのフォルダ", "folder of the front end"},
    Text{"help.rescue", "管理者の仮パスワードを出し直す",
         "New one-time password for an administrator"},
    Text{"help.rescue_admin", "管理者のログイン名", "login of the administrator"},
    // ledger
    Text{"help.ledger", "証跡台帳", "The evidence ledger"},
    Text{"help.import", "ファイルを取り込む（1行を1件とする）",
         "Take in files, one event per line"},
    Text{"help.import_source", "収集元の名前", "name of the source"},
    Text{"help.import_file", "ファイル（- は標準入力）", "files; - is standard input"},
    Text{"help.search", "新しい順に検索する", "Find events, newest first"},
    Text{"help.search_from", "最初の日時（RFC 3339 または日付）",
         "first moment (RFC 3339, or a day)"},
    Text{"help.search_to", "終わりの日時（その時刻は含まない。日付ならその日まで）",
         "first moment after (RFC 3339), or last day"},
    Text{"help.search_source", "収集元の ID", "source id"},
    Text{"help.search_host", "ホスト名", "host"},
    Text{"help.search_app", "プログラム名", "program"},
    Text{"help.search_user", "利用者", "user"},
    Text{"help.search_address", "アドレスまたはその範囲", "address or range"},
    Text{"help.search_outcome", "結果: success（成功）、failure（失敗）、unknown（不明）",
         "success, failure or unknown"},
    Text{"help.search_limit", "最大件数（1～10000）", "how many at most (1-10000)"},
    Text{"help.search_text", "含む語。\"語句\"、語の前方一致は 語*",
         "words that must occur, \"phrase\", word*"},
    Text{"help.prove", "1件の証明を書き出す", "Write the proof of one event"},
    Text{"help.prove_seq", "通番", "sequence number"},
    Text{"help.prove_output", "出力先のファイル（指定しなければ標準出力）",
         "file (default: standard output)"},
    Text{"help.export", "封緘した記録を、書き換えできない媒体へ書き出す",
         "Write what is sealed to a write-once medium"},
    Text{"help.export_target", "書出し先のフォルダ（指定しなければ設定した書出し先）",
         "directory (default: the one set)"},
    Text{"help.ledger_status", "大きさ、署名、警報", "Size, checkpoint, alarms"},
    Text{"help.reindex", "検索の索引を作り直す", "Make the search index anew"},
    Text{"help.retire", "保存期間を過ぎた記録の一覧", "List what is past its retention"},
    // status, pack, verify
    Text{"help.status", "条項ごとの遵守状況", "Compliance, clause by clause"},
    Text{"help.status_as_of", "時点（日付または日時。指定しなければ現在）",
         "day or moment (default: now)"},
    Text{"help.pack", "外部に渡す証跡パックを作る", "Make an evidence pack for outsiders"},
    Text{"help.pack_clause", "条項の番号（何回でも指定できる）", "clause id, repeatable"},
    Text{"help.pack_from", "最初の日", "first day"},
    Text{"help.pack_to", "最後の日", "last day"},
    Text{"help.pack_output", "出力先のファイル", "file to write"},
    Text{"help.verify", "検証する（daicho-verify と同じ）", "The same as daicho-verify"},
    // What is not understood.
    Text{"help.wrong",
         "daicho: 指定に誤りがあります。{what}何も変えていません。\n使い方: {command} --help\n",
         "daicho: {what} Nothing was changed.\nHow to use it: {command} --help\n"},
    Text{"help.wrong_required", "{name} を指定してください。", "{name} is required."},
    Text{"help.wrong_no_command", "コマンドを指定してください。", "A subcommand is required."},
    Text{"help.wrong_extra", "{name} という指定はありません。", "{name} was not expected."},
    Text{"help.wrong_no_value", "{name} の値がありません。", "{name} needs a value."},
    Text{"help.wrong_value", "{name} にその値は使えません（{value}）。",
         "{name} can't have that value ({value})."},
    Text{"help.wrong_other", "引数を読み取れません。", "The arguments can't be read."},
    Text{"help.not_address", "ADDRESS:PORT の形ではありません", "it is not ADDRESS:PORT"},
    Text{"help.not_listed", "使えるのは {list} です", "it is none of {list}"},
    Text{"help.not_between", "使えるのは {low} から {high} までの整数です",
         "it is no whole number from {low} to {high}"},
};

}  // namespace

std::span<const Text> help_texts() {
    return texts;
}

}  // namespace daicho::app::cli
