// The program `daicho`: names what each command does; everything else is wired in node/.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "app/cli/fd_stream.hpp"
#include "app/commands/console.hpp"
#include "base/system/memory.hpp"

namespace {

/// Keys and other people's log lines are in memory: they must not end in a core dump.
void forbid_core_dumps() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
    namespace cli = daicho::app::cli;
    namespace commands = daicho::app::commands;
    forbid_core_dumps();
    daicho::keep_freed_memory();
    // A reader that closes the pipe is a cancel, not a death in the middle of a write.
    (void)std::signal(SIGPIPE, SIG_IGN);
    daicho::Progress progress;
    cli::FdStream out(STDOUT_FILENO, progress.cancel);
    cli::FdStream err(STDERR_FILENO, progress.cancel);
    commands::Console console{out, err, progress};
    console.arguments.assign(argv + 1, argv + argc);
    console.language = cli::language_of(console.arguments, cli::language_of_environment());
    console.shows_progress = ::isatty(STDERR_FILENO) == 1;
    std::error_code gone;  // a folder that was removed: absolute paths still work
    console.directory = std::filesystem::current_path(gone).string();
    if (gone) console.directory = "/";
    return cli::run(console.arguments, commands::commands_of(console), console.language, out, err);
}
