#include "app/cli/texts.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "app/cli/text_table.hpp"

namespace daicho::app::cli {
namespace {

// tests/tidy finds every key of the command line here.
constexpr std::array texts{
    Text{"cli.no_data",
         "{path} に daicho のデータがありません。何も変えていません。新しく作るには daicho init、"
         "場所の誤りなら正しい DATA を指定してください。",
         "there is no data of daicho at {path}. Nothing was changed. Make it with daicho init, or "
         "give the right DATA."},
    Text{"cli.in_use",
         "{path} はすでに使われています。何も変えていません。空の場所か、まだない場所を指定してく"
         "ださい。",
         "{path} is in use already. Nothing was changed. Name a place that is empty or does not "
         "exist yet."},
    Text{"cli.init_undone",
         "{reason} 作りかけたものは取り除きました。直してもう一度実行してください。",
         "{reason} What had been made was taken away again. Correct it and run it again."},
    Text{"cli.locked",
         "ほかの daicho の処理が {path} を使っています。何も変えていません。終わってからもう一度"
         "実行してください（daicho serve の動作中は、いくつでも同時に実行できます）。",
         "another daicho is working on {path}. Nothing was changed. Run it again when that has "
         "ended (beside daicho serve any number may run)."},
    Text{"cli.serving",
         "{path} ではすでに daicho serve が動いています。何も変えていません。先に止めてください。",
         "daicho serve is running on {path} already. Nothing was changed. Stop it first."},
    Text{"cli.busy",
         "動作中の daicho はほかのコマンドを処理しています。何も変えていません。しばらくしてから"
         "もう一度実行してください。",
         "the running daicho is busy with other commands. Nothing was changed. Try again in a "
         "while."},
    Text{"cli.other_account",
         "動作中の daicho は別の利用者（uid {uid}）で動いています。何も変えていません。"
         "その利用者で実行してください。",
         "the running daicho belongs to another account (uid {uid}). Nothing was changed. Run the "
         "command as that account."},
    Text{"cli.other_version",
         "動作中の daicho は別の版です。何も変えていません。daicho serve を再起動してください。",
         "the running daicho is of another version. Nothing was changed. Restart daicho serve."},
    Text{"cli.server_gone",
         "コマンドの途中で daicho が止まりました。台帳に入ったものは残っています。"
         "daicho ledger status で確かめ、もう一度実行してください。",
         "the running daicho ended before the command did. What is in the ledger stays there. Look "
         "with daicho ledger status, then run it again."},
    Text{"cli.content_of_server",
         "動作中の daicho は別の --content を使っています。--content を外すか、先に止めてください"
         "。",
         "the running daicho uses another --content. Leave --content out, or stop daicho first."},
    Text{"cli.bad_time",
         "日時として読めません: {text}（例 2026-11-22 または 2026-11-22T09:00:00+09:00）。",
         "not a time: {text} (2026-11-22 or 2026-11-22T09:00:00+09:00)."},
    Text{
        "cli.cannot_listen",
        "{address} で待ち受けられません。使用中か、この機器のアドレスではありません。"
        "--https でほかの番号を指定してください。",
        "can't listen on {address}: it is in use, or no address of this machine. Give another with "
        "--https."},
    Text{"cli.one_address", "受信のしかたごとに指定できるアドレスは一つです。",
         "give one address for each way of receiving."},
    Text{"cli.interrupted", "中止しました。台帳に入ったものは残っています。",
         "interrupted. What is in the ledger stays there."},
    Text{"cli.out_import",
         "{files}個のファイルの{events}件が台帳に入りました（通番 {last} まで）。",
         "{events} events of {files} file(s) are in the ledger, up to {last}"},
    Text{"cli.out_export",
         "{files}個の区間、{bytes} バイトを {bundle} に書き、読み返して確かめました。",
         "{files} segment(s), {bytes} bytes, read back from {bundle}"},
    Text{"cli.out_same_volume",
         "書出し先はデータと同じ装置にあります。書き換えできない媒体への写しとは数えません。",
         "This target lies on the volume of the data: it does not count as a write-once copy."},
    Text{"cli.out_state",
         "台帳        {origin}\n公開鍵      {log_key}\nイベント    {events}\n木の大きさ  "
         "{size}\nルート      {root}\n"
         "書出し      {export}\n未書出し    {backlog} 件\n警報        {alarms} 件",
         "origin      {origin}\nlog key     {log_key}\nevents      {events}\ntree size   "
         "{size}\nroot        {root}\n"
         "export      {export}\nbacklog     {backlog} events on no write-once medium yet\n"
         "alarms      {alarms}"},
    Text{"cli.out_init",
         "データ          {data}\n鍵              {keys}   （別の場所に写しを。なくすと何も読めませ"
         "ん）\n管理者          {admin}\n初期パスワード  {password}   （72時間で失効。最初のサイン"
         "インで変更）",
         "data                {data}\nkeys                {keys}   (keep a copy elsewhere; without "
         "it nothing can be read)\nadministrator       {admin}\none-time password   {password}   "
         "(dies after 72 hours; the first sign-in asks for a new one)"},
    Text{"cli.out_alarm", "  {level}  {alarm}（{since} から）",
         "  {level}  {alarm} (since {since})"},
    Text{"cli.out_reindex", "{segments}個の区間の索引を作り直しました。",
         "the index of {segments} segment(s) was made anew"},
    Text{
        "cli.out_hold",
        "保全 {id}: {from} から {to} までに受信した記録を保全しました。台帳に記録しました。",
        "hold {id}: what was received from {from} to {to} is held. The ledger has a record of it."},
    Text{"cli.out_release",
         "保全 {id}（{from} から {to} "
         "まで）を解除しました。台帳に記録しました。何も廃棄していません。",
         "hold {id} ({from} to {to}) is released. The ledger has a record of it. Nothing was "
         "destroyed."},
    Text{"cli.out_in_force", "{id}  {from} ～ {to}  保全中（{at} から）  {reason}",
         "{id}  {from} - {to}  in force since {at}  {reason}"},
    Text{"cli.out_released", "{id}  {from} ～ {to}  解除済み（{at}）  {reason}",
         "{id}  {from} - {to}  released at {at}  {reason}"},
    Text{"cli.out_no_holds", "保全はありません。", "there are no holds"},
    Text{"cli.bad_reason",
         "--reason に理由を指定してください（UTF-8 で {bytes} バイトまで）。何も変えていません。",
         "give a reason with --reason (UTF-8, up to {bytes} bytes). Nothing was changed."},
    Text{"cli.no_such_hold",
         "番号 {id} の保全はありません。daicho ledger holds が一覧を示します。何も変えていません。",
         "there is no hold {id}. daicho ledger holds lists them. Nothing was changed."},
    Text{"cli.hold_released", "保全 {id} はすでに解除されています。何も変えていません。",
         "hold {id} was released before. Nothing was changed."},
    Text{"cli.out_past_day",
         "  {day}  {state}  {events}件、{bytes} バイト、{files}個のファイル、{until} まで保存",
         "  {day}  {state}  {events} events, {bytes} bytes in {files} file(s), kept until {until}"},
    Text{"cli.out_application", "申請 {id}  {class}  {state}  {days}日分",
         "application {id}  {class}  {state}  {days} day(s)"},
    Text{
        "cli.out_two_people",
        "何も廃棄していません。廃棄は画面の「保存と廃棄」で、一人が申請し、別の一人が承認します。",
        "Nothing was destroyed: one person applies and another approves, on the page Retention and "
        "destruction."},
    Text{"cli.machine_failed", "機器の障害で続けられません: {reason}",
         "the machine failed: {reason}"},
    Text{"cli.no_web",
         "画面のファイルがありません（{path}/index.html）。何も始めていません。ソースから使うときは"
         "先に script/build を実行し、別の場所にあるときは --web で指定してください。",
         "the files of the pages are missing ({path}/index.html). Nothing was started. In a source "
         "tree run script/build first; if they lie elsewhere, give that folder with --web."},
    Text{"cli.unit_bytes", "バイト", "bytes"},
    Text{"cli.unit_segments", "区間", "segments"},
    Text{"ledger.alarm.export_12h",
         "書き換え不能媒体へ書き出していない記録が、12時間を超えました。",
         "Entries not on write-once media are older than 12 hours."},
    Text{"ledger.alarm.export_20h",
         "書き換え不能媒体へ書き出していない記録が、20時間を超えました。すぐに書き出してください。",
         "Entries not on write-once media are older than 20 hours. Export now."},
    Text{"ledger.alarm.export_24h", "24時間以内に書き換え不能媒体へ移す期限を過ぎました。",
         "The limit of 24 hours for write-once media has passed."},
    Text{"ledger.alarm.low_water", "空き容量が少なくなり、受信を抑えています。",
         "Space is short and senders are being held back."},
    Text{"ledger.alarm.stopped",
         "台帳への書き込みが止まっています。原因を調べ、daicho serve を再起動してください。",
         "Writing to the ledger has stopped. Find out why, then restart daicho serve."},
    Text{"ledger.alarm.sealing", "記録の封緘ができていません。", "Entries cannot be sealed."},
    Text{"ledger.alarm.segment_missing",
         "台帳から{segments}区間、{events}件の記録（通番 {first}〜{last}）が失われています。"
         "廃棄の記録はありません。",
         "{segments} segment(s) with {events} entries, numbers {first} to {last}, are missing from "
         "the ledger, and no record says that they were destroyed."},
    Text{
        "ledger.alarm.head_missing",
        "起動したとき、最後の署名の控え（DATA.keys/head）がありませんでした。古い写しへの差し替えが"
        "なかったか確かめてください。",
        "at a start, the note of the last signature (DATA.keys/head) was missing: check that no "
        "older copy was put in place."},
    Text{"ledger.segment_missing",
         "この記録を納めた区間が台帳にありません。廃棄の記録もないため、失われたものとして扱います"
         "。",
         "the segment of this event is not in the ledger, and no record says that it was "
         "destroyed: it is missing."},
    Text{"search.missing",
         "台帳から失われた記録が{events}件あります。この検索の範囲にあったかもしれません。",
         "{events} entries are missing from the ledger and may have been within this search."},
    Text{"ledger.alarm.evidence_waiting", "daicho自身の証跡が、台帳への書き込みを待っています。",
         "Evidence of daicho itself is waiting to be written to the ledger."},
    Text{"word.ok", "期限内", "ok"},
    Text{"word.breach", "違反", "breach"},
    Text{"word.critical", "重大", "critical"},
    Text{"word.warning", "注意", "warning"},
    Text{"word.warning_12h", "12時間を超過", "over 12 hours"},
    Text{"word.critical_20h", "20時間を超過", "over 20 hours"},
    Text{"word.breach_24h", "24時間を超過（違反）", "over 24 hours (breach)"},
    Text{"word.conformant", "適合", "conformant"},
    Text{"word.due_soon", "期限間近", "due_soon"},
    Text{"word.nonconformant", "不適合", "nonconformant"},
    Text{"word.insufficient", "証跡不足", "insufficient"},
    Text{"word.exception", "例外措置", "exception"},
    Text{"word.not_applicable", "対象外", "not_applicable"},
    Text{"word.ready", "申請できます", "ready"},
    Text{"word.applied", "申請中", "applied"},
    Text{"word.held", "保全中", "held"},
    Text{"word.not_sealed", "未封緘", "not_sealed"},
    Text{"word.requested", "承認待ち", "requested"},
    Text{"word.approved", "承認済み", "approved"},
    Text{"word.rejected", "却下", "rejected"},
    Text{"word.withdrawn", "取下げ", "withdrawn"},
    Text{"word.done", "廃棄済み", "done"},
    Text{"word.failed", "廃棄できず", "failed"},
    Text{
        "state.rolled_back",
        "state.db が、台帳に記録された変更（{change} 番）より古いものです。古い写しに差し替えられた"
        "か、控えから戻したものです。起動していません。覚えがなければ調べてください。自分で"
        "戻したのであれば daicho accept-restored-state DATA --reason 理由 を実行してください。",
        "state.db is older than change {change}, which is in the ledger: an older copy was put in "
        "its place, or a backup was restored. daicho was not started. If you don't know why, find "
        "out. If you restored it, run daicho accept-restored-state DATA --reason TEXT."},
    Text{"state.foreign",
         "state.db がこの台帳のものではないため、引き継げません。何も変えていません。",
         "state.db belongs to another ledger and can't be taken. Nothing was changed."},
    Text{"state.is_current",
         "state.db は台帳と合っています。することはありません。何も変えていません。",
         "state.db agrees with the ledger: there is nothing to accept. Nothing was changed."},
    Text{"state.reason", "理由を書いてください（1000バイトまで）。何も変えていません。",
         "a reason is needed, up to 1000 bytes. Nothing was changed."},
    Text{"cli.out_restored",
         "戻した state.db で続けることを"
         "台帳に記録し、すべてのセッションと仮パスワードを無効にしました。"
         "アカウント、役割、パスワードは控えの時点のものです。daicho serve の前に見直してください。"
         "サインインできる管理者がいなければ daicho rescue を使います。",
         "The ledger records that the restored state.db goes on; all sessions and one-time "
         "passwords have ended. Accounts, roles and passwords are those of the backup: look "
         "through them. If no administrator can sign in, use daicho rescue."},
    Text{"cli.out_rescue", "初期パスワード  {password}", "one-time password   {password}"},
    Text{"import.bad_name",
         "--source の名前は A-Z a-z 0-9 . _ - の1～64文字です。何も取り込んでいません。",
         "the name after --source has 1-64 of A-Z a-z 0-9 . _ -. Nothing was taken in."},
    Text{"import.is_directory",
         "{file} はフォルダです。{events}件は台帳に入っています。ファイルを指定してください。",
         "{file} is a directory. {events} events are in the ledger. Name files."},
    Text{"import.read_error",
         "{file} を{line}行まで読んだところで読めなくなりました。{events}件は台帳に入っています。"
         "その後の行から取り込み直してください。",
         "{file} can't be read beyond line {line}. {events} events are in the ledger. Import the "
         "lines after it again."},
    Text{"import.cancelled",
         "中止しました。{events}件は台帳に入っています（{file} は{line}行まで）。"
         "その後の行から取り込み直せます。",
         "interrupted. {events} events are in the ledger (of {file}, those up to line {line}). Go "
         "on with the lines after it."},
    Text{"export.no_target",
         "書出し先が決まっていません。--target DIRECTORY で指定するか、画面で設定してください。",
         "no export target is set. Give --target DIRECTORY, or set it on the settings page."},
    Text{"export.cancelled",
         "書出しを中止しました。写し終えたファイルは残り、次の書出しで使われます。",
         "the export was interrupted. Whole files that were copied stay, and are used next time."},
    Text{"export.target_missing",
         "書出し先のフォルダがありません。媒体がつながっていることを確かめてください。何も書き出し"
         "ていません。",
         "there is no such export target. Check that the medium is mounted. Nothing was exported."},
    Text{"export.target_unusable", "書出し先に書けません。場所と権限を確かめてください。",
         "the export target can't be written to. Look at the place and its permissions."},
    Text{"pack.unknown_clause",
         "その条項はありません。daicho status が条項の一覧を示します。パックは作っていません。",
         "there is no such clause. daicho status lists them. No pack was made."},
    Text{"pack.cancelled", "証跡パックの作成を中止しました。ファイルは作っていません。",
         "the pack was interrupted. No file was made."},
    Text{"access.no_such_person", "そのログイン名の管理者はいません。何も変えていません。",
         "there is no administrator of that login. Nothing was changed."},
    Text{"access.login_invalid",
         "このログイン名は使えません（空白や見えない文字を含まない64文字まで）。",
         "this login can't be used (up to 64 characters without spaces or invisible ones)."},
    Text{"ledger.not_published_yet",
         "まだ署名に含まれていません。数秒後にもう一度実行してください。",
         "not under a signature yet. Try again in a few seconds."},
    Text{"ledger.key_destroyed", "保存期間が終わり鍵が廃棄されているため、内容はもう読めません。",
         "its key was destroyed when its retention ended: it can't be read any more."},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> codes{{
    {"指定に誤りがあります", "not valid"},
    {"許されていません", "not allowed"},
    {"本人の確認ができません", "not known"},
    {"見つかりません", "not found"},
    {"現在の状態と合いません", "in conflict with the present state"},
    {"記録されたとおりではありません。運用を止めて調べてください",
     "not as it was recorded: stop and find out why"},
    {"ほかの処理が使っています", "in use by another"},
    {"限度を超えています", "over a limit"},
    {"いまはできません。しばらくしてから試してください", "not possible now; try later"},
    {"期限が切れています", "expired"},
}};

std::string filled(std::string_view text,
                   const std::vector<std::pair<std::string, std::string>>& params) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = text.find('}', open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        out += text.substr(0, open);
        const std::string_view name = text.substr(open + 1, close - open - 1);
        const auto known =
            std::ranges::find_if(params, [name](const auto& one) { return one.first == name; });
        if (known != params.end()) out += known->second;
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

}  // namespace

std::span<const Text> spoken_texts() {
    return texts;
}

Language language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == 0) continue;
        return std::string_view(value).starts_with("ja") ? Language::japanese : Language::english;
    }
    return Language::japanese;
}

Language language_of(const std::vector<std::string>& arguments, Language otherwise) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view value = arguments[i];
        if (value == "--") break;
        if (value == "--lang" && i + 1 < arguments.size()) {
            value = arguments[i + 1];
        } else if (value.starts_with("--lang=")) {
            value.remove_prefix(7);
        } else {
            continue;
        }
        if (value == "ja") return Language::japanese;
        if (value == "en") return Language::english;
    }
    return otherwise;
}

std::string sentence(Language language, std::string_view key,
                     const std::vector<std::pair<std::string, std::string>>& params) {
    for (const std::span<const Text> table :
         {spoken_texts(), case_texts(), verify_texts(), help_texts()}) {
        const auto found = std::ranges::find(table, key, &Text::key);
        if (found != table.end())
            return filled(language == Language::japanese ? found->japanese : found->english,
                          params);
    }
    return {};
}

std::string words_of(Language language, const Error& error) {
    const std::string known = sentence(language, error.text_key, error.params);
    if (!known.empty()) return known;
    const auto& code = codes.at(static_cast<std::size_t>(error.code));
    if (language == Language::english)
        return error.message.empty() ? std::string(code.second) : error.message;
    return std::string(code.first) + (error.message.empty() ? "。" : "（" + error.message + "）。");
}

}  // namespace daicho::app::cli
