#pragma once
// Where a command was typed: its streams, its folder, its language, and which daicho does the work.
// The same command functions run in a process of their own beside a stopped daicho, and inside a
// running one (docs/decisions/0050).
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "app/cli/command_line.hpp"
#include "app/cli/texts.hpp"
#include "app/control/message.hpp"
#include "app/control/socket.hpp"
#include "app/node/node.hpp"
#include "base/progress.hpp"

namespace daicho::app::commands {

struct Console {
    std::ostream& out;
    std::ostream& err;
    Progress& progress;  // `cancel`: interrupted, or nobody reads any more
    cli::Language language = cli::Language::japanese;
    bool shows_progress = false;              // `err` is a terminal
    std::vector<std::string> arguments = {};  // as typed, without the program's name
    std::string directory = {};               // absolute: where it was typed

    /// The running daicho that does the work, what it serves, and what the command handed over;
    /// null in a process of its own.
    node::Node* node = nullptr;
    const node::Places* places = nullptr;
    const control::Descriptors* handed_over = nullptr;

    /// How to open a path that was typed: seen from where it was typed, whoever opens it.
    [[nodiscard]] std::string path(const std::string& typed) const;
    /// The path as a text that means the same from anywhere.
    [[nodiscard]] std::string absolute(const std::string& typed) const;
    /// A descriptor for reading ("-": what was handed over as standard input) that the caller
    /// closes; -1 with errno.
    [[nodiscard]] int open_for_reading(const std::string& typed) const;

    /// A line for the person who typed the command: a sentence of cli/texts with its {params}.
    void say(std::string_view key,
             const std::vector<std::pair<std::string, std::string>>& params = {}) const;
    /// A state or level ("conformant") as a word of the language.
    [[nodiscard]] std::string word(std::string_view name) const;
    /// Prints the error, gives its exit code.
    [[nodiscard]] int refused(const Error& error) const;
    /// The same for what was typed wrongly, but could be read.
    [[nodiscard]] int mistyped(const Error& error) const;
};

/// How long another command's lock, or a daicho that is starting or stopping, is waited for.
inline constexpr std::int64_t lock_wait_ms_max = 10'000;

using OnNode = std::function<int(node::Node&)>;
/// Runs `body` on the node of DATA: the console's, or one opened here; or hands the whole command
/// over to the daicho that is running on DATA. Gives the exit code.
[[nodiscard]] int with_node(Console& console, const cli::Common& options,
                            const std::string& content, const OnNode& body);

/// All commands, bound to a console. Without `node` all are offered; inside a running daicho only
/// those that it can do.
[[nodiscard]] cli::Commands commands_of(Console& console);

/// What the control socket calls (control::RunCommand): one command inside the running daicho.
[[nodiscard]] int run_handed_over(node::Node& node, const node::Places& places,
                                  const control::Request& request,
                                  const control::Descriptors& descriptors, Progress& progress);

}  // namespace daicho::app::commands
