#include "app/commands/console.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "app/cli/fd_stream.hpp"
#include "app/cli/signals.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/key_rights.hpp"
#include "app/control/client.hpp"
#include "base/mutex.hpp"

namespace daicho::app::commands {
namespace {

constexpr std::chrono::milliseconds look_again{100};

std::string below(const Fd& folder, const std::string& path) {
    return "/proc/self/fd/" + std::to_string(folder.get()) + "/" + path;
}

Error no_data(const std::string& path) {
    return {
        Errc::not_found, "there is no data of daicho at " + path, "cli.no_data", {{"path", path}}};
}

Error in_the_way(const std::string& path, bool busy) {
    return {Errc::locked,
            "another daicho is working on " + path,
            busy ? "cli.busy" : "cli.locked",
            {{"path", path}}};
}

/// Turns Ctrl-C into a cancel, here or in the daicho that does the work. Made before other threads:
/// signals belong to one of their own.
class Interrupts {
public:
    explicit Interrupts(Progress& progress) : progress_(progress) {}
    void watch(control::Call* call) {
        const MutexLock lock(mutex_);
        call_ = call;
        if (call_ != nullptr && progress_.cancel) call_->interrupt();
    }

private:
    void stop() {
        const MutexLock lock(mutex_);
        progress_.cancel = true;
        if (call_ != nullptr) call_->interrupt();
    }
    Progress& progress_;
    Mutex mutex_;
    control::Call* call_ DAICHO_GUARDED_BY(mutex_) = nullptr;
    cli::StopSignals signals_{[this] { stop(); }};  // last: its thread uses the others
};

/// nullopt: no daicho listens there.
Result<std::optional<control::Answer>> hand_over(const Console& console, const std::string& data,
                                                 Interrupts& interrupts) {
    Result<std::optional<control::Call>> call = control::Call::open(data);
    if (!call) return fail(call.error());
    if (!*call) return std::optional<control::Answer>();
    const control::Request request{console.arguments, console.directory,
                                   console.language == cli::Language::japanese};
    interrupts.watch(&**call);
    const Result<control::Answer> answer = (*call)->run(request, control::own_descriptors());
    interrupts.watch(nullptr);
    if (!answer) return fail(answer.error());
    return std::optional(*answer);
}

/// nullopt: another process holds the lock.
std::optional<int> on_own_node(Console& console, const cli::Common& options,
                               const std::string& content, const OnNode& body) {
    node::NodeOptions wanted;
    wanted.places = node::places_of(options.data, options.keys);
    if (!content.empty()) wanted.places.content = content;
    wanted.places.web.clear();
    const Status closed_keys = check_key_rights(wanted.places.keys);
    if (!closed_keys) return console.refused(closed_keys.error());
    const Result<std::unique_ptr<node::Node>> node = node::Node::open(
        real_files(), system_clock(), std::move(wanted), Log::to_stderr(LogLevel::warning));
    if (!node && node.error().code == Errc::locked) return std::nullopt;
    if (!node) return console.refused(node.error());
    return body(**node);
}

/// As a process of its own does it: ask the running daicho, or open the data, until one works.
int in_own_process(Console& console, const cli::Common& options, const std::string& content,
                   const OnNode& body) {
    if (!real_files().exists(options.data + "/state.db"))
        return console.refused(no_data(options.data));
    Interrupts interrupts(console.progress);
    const std::int64_t until = system_clock().monotonic_ns() + lock_wait_ms_max * 1'000'000;
    while (true) {
        const Result<std::optional<control::Answer>> answer =
            hand_over(console, options.data, interrupts);
        if (!answer) return console.refused(answer.error());
        const bool answered = answer->has_value();
        if (answered && (*answer)->verdict == control::Verdict::ran) return (*answer)->exit_code;
        if (answered && (*answer)->verdict == control::Verdict::denied)
            return console.refused({Errc::denied, "refused", "cli.other_account", {{"uid", "?"}}});
        if (!answered) {
            if (const auto code = on_own_node(console, options, content, body)) return *code;
        }
        if (console.progress.cancel || system_clock().monotonic_ns() > until)
            return console.refused(in_the_way(options.data, answered));
        std::this_thread::sleep_for(look_again);
    }
}

}  // namespace

std::string Console::path(const std::string& typed) const {
    if (handed_over == nullptr) return typed;
    return typed.starts_with('/') ? below(handed_over->root, typed.substr(1))
                                  : below(handed_over->directory, typed);
}

std::string Console::absolute(const std::string& typed) const {
    return (std::filesystem::path(directory) / typed).lexically_normal().string();
}

int Console::open_for_reading(const std::string& typed) const {
    if (typed != "-") return ::open(path(typed).c_str(), O_RDONLY | O_CLOEXEC);
    const int input = handed_over == nullptr ? STDIN_FILENO : handed_over->input.get();
    return ::fcntl(input, F_DUPFD_CLOEXEC, 0);
}

void Console::say(std::string_view key,
                  const std::vector<std::pair<std::string, std::string>>& params) const {
    out << cli::sentence(language, key, params) << std::endl;
}

std::string Console::word(std::string_view name) const {
    const std::string known = cli::sentence(language, "word." + std::string(name));
    return known.empty() ? std::string(name) : known;
}

int Console::refused(const Error& error) const {
    err << "daicho: " << cli::words_of(language, error) << std::endl;
    return cli::exit_refused;
}

int Console::mistyped(const Error& error) const {
    (void)refused(error);
    return cli::exit_usage;
}

int with_node(Console& console, const cli::Common& options, const std::string& content,
              const OnNode& body) {
    if (console.node == nullptr) return in_own_process(console, options, content, body);
    std::error_code ignored;
    if (!content.empty() &&
        !std::filesystem::equivalent(console.path(content), console.places->content, ignored)) {
        return console.refused({Errc::conflict, "another --content", "cli.content_of_server", {}});
    }
    return body(*console.node);
}

cli::Commands commands_of(Console& console) {
    const auto bound = [&console](auto function) {
        return [&console, function](const auto& options) { return function(console, options); };
    };
    cli::Commands out;
    out.ledger_import = bound(ledger_import);
    out.ledger_search = bound(ledger_search);
    out.ledger_prove = bound(ledger_prove);
    out.ledger_export = bound(ledger_export);
    out.ledger_status = bound(ledger_status);
    out.ledger_reindex = bound(ledger_reindex);
    out.ledger_retire = bound(ledger_retire);
    out.ledger_hold = bound(ledger_hold);
    out.ledger_release = bound(ledger_release);
    out.ledger_holds = bound(ledger_holds);
    out.status = bound(status);
    out.pack = bound(pack);
    out.rescue = bound(rescue);
    if (console.node != nullptr) return out;
    out.init = bound(init);
    out.serve = bound(serve);
    out.accept_restored_state = bound(accept_restored_state);
    out.verify = bound(verify);
    return out;
}

int run_handed_over(node::Node& node, const node::Places& places, const control::Request& request,
                    const control::Descriptors& descriptors, Progress& progress) {
    cli::FdStream out(descriptors.output.get(), progress.cancel);
    cli::FdStream err(descriptors.error.get(), progress.cancel);
    Console console{out, err, progress};
    console.language = cli::language_of(
        request.arguments, request.japanese ? cli::Language::japanese : cli::Language::english);
    console.shows_progress = ::isatty(descriptors.error.get()) == 1;
    console.arguments = request.arguments;
    console.directory = request.directory;
    console.node = &node;
    console.places = &places;
    console.handed_over = &descriptors;
    const int code = cli::run(request.arguments, commands_of(console), console.language, out, err);
    out.flush();
    err.flush();
    return code;
}

}  // namespace daicho::app::commands
