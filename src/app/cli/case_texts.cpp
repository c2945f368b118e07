#include <array>

#include "app/cli/text_table.hpp"

namespace daicho::app::cli {
namespace {

constexpr std::array texts{
    // Days and moments.
    Text{"cli.in_future",
         "{text} はこれから来る日時です。現在までの日時を指定してください。何も変えていません。",
         "{text} is yet to come. Give a day or moment up to now. Nothing was changed."},
    Text{"cli.bad_period", "--from の日が --to の日より後です。何も変えていません。",
         "the day of --from is after that of --to. Nothing was changed."},
    Text{"cli.out_as_of", "{at} 時点の遵守状況", "Compliance as of {at}"},
    // Files that a command writes.
    Text{"cli.output_exists",
         "{path} はすでにあります。何も書いていません。置き換えるには --force を付け、残すなら別の"
         "名前を指定してください。",
         "{path} is there already. Nothing was written. Add --force to replace it, or give another "
         "name."},
    Text{"cli.output_special",
         "{path} は普通のファイルではありません（装置、パイプ、リンクなど）。何も書いていません。"
         "別の名前を指定してください。",
         "{path} is no ordinary file but a device, a pipe, a link or the like. Nothing was "
         "written. Give another name."},
    Text{"cli.output_is_folder",
         "{path} はフォルダです。何も書いていません。ファイルの名前まで指定してください。",
         "{path} is a directory. Nothing was written. Give the name of a file in it."},
    Text{"cli.output_no_folder",
         "フォルダ {folder} がありません。何も書いていません。先に作るか、別の場所を指定してくださ"
         "い。",
         "there is no directory {folder}. Nothing was written. Make it first, or give another "
         "place."},
    Text{"cli.output_no_right", "{path} に書く権限がありません。何も書いていません。",
         "there is no permission to write {path}. Nothing was written."},
    Text{"cli.output_impossible", "{path} に書けません（{reason}）。何も書いていません。",
         "{path} can't be written ({reason}). Nothing was written."},
    // Keys.
    Text{"cli.keys_readable",
         "{path} は daicho を動かす利用者以外も開けます（権限 {mode}）。始めていません。鍵が読まれ"
         "たおそれがないか確かめ、chmod -R go= {keys} を実行してからやり直してください。",
         "others than the account of daicho can open {path} (mode {mode}). Nothing was started. "
         "Find out whether somebody may have read the keys, run chmod -R go= {keys}, then try "
         "again."},
    // Imports.
    Text{"cli.out_import_cut",
         "うち{cut}件は、1件の上限（16 MiB）を超えたため先頭だけが入りました。元の長さは記録してあ"
         "ります。",
         "{cut} of them were longer than 16 MiB, the most of one event: only their beginning is in "
         "the ledger, with the length that they had"},
    Text{"cli.out_import_nothing",
         "取り込むものがありませんでした（{files}個のファイルに1行もありません）。",
         "there was nothing to take in: {files} file(s) without a line"},
    Text{"import.no_such_file",
         "{file} がありません。{events}件は台帳に入っています。残りのファイルを取り込み直してくださ"
         "い。",
         "there is no file {file}. {events} events are in the ledger. Import this file and those "
         "after it again."},
    Text{"import.no_right",
         "{file} を読む権限がありません。{events}件は台帳に入っています。残りのファイルを取り込み直"
         "してください。",
         "there is no permission to read {file}. {events} events are in the ledger. Import this "
         "file and those after it again."},
    Text{"import.cannot_open",
         "{file} を開けません（{reason}）。{events}件は台帳に入っています。残りのファイルを取り込み"
         "直してください。",
         "cannot open {file} ({reason}). {events} events are in the ledger. Import this file and "
         "those after it again."},
    // Of the ledger.
    Text{"cli.no_such_event", "通番 {seq} の記録はありません。", "there is no event {seq}."},
};

}  // namespace

std::span<const Text> case_texts() {
    return texts;
}

}  // namespace daicho::app::cli
