#pragma once
// A file that somebody told a command to make: refused before the work where it can't be made,
// whole or not there at all afterwards, and never in the place of something else.
#include <cstring>
#include <string>
#include <utility>

#include "app/commands/console.hpp"
#include "base/fault.hpp"
#include "base/result.hpp"

namespace daicho::app::commands {

class OutputFile {
public:
    /// `typed` is seen from where the command was typed. Refused: what is there and no ordinary
    /// file (a link too, wherever it leads), an ordinary file without `force`, a folder that is
    /// missing or may not be written to.
    [[nodiscard]] static Result<OutputFile> prepare(const Console& console,
                                                    const std::string& typed, bool force);
    OutputFile(OutputFile&& other) noexcept
        : shown_(std::move(other.shown_)),
          path_(std::move(other.path_)),
          temporary_(std::exchange(other.temporary_, {})),
          force_(other.force_) {}
    OutputFile& operator=(OutputFile&&) = delete;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    /// Takes away what was not kept.
    ~OutputFile();

    /// `work` is told where to write: nothing is there yet. What fails on that file is thrown as a
    /// Fault that names the file that was wanted, not this process's way to it.
    template <typename Work>
    auto write(Work&& work) const {
        try {
            return work(temporary_);
        } catch (const IoFault& fault) {
            if (std::string_view(fault.what()).find(path_) == std::string_view::npos) throw;
            throw Fault(shown_ + ": " + std::strerror(fault.error_number()));
        }
    }
    /// The whole file takes its place; durable. Looks once more at what lies there.
    [[nodiscard]] Status keep();

private:
    OutputFile(std::string shown, std::string path, bool force);
    [[nodiscard]] static Status look(const std::string& shown, const std::string& path, bool force);

    std::string shown_;  // absolute, for people
    std::string path_;   // as this process opens it
    std::string temporary_;
    bool force_;
};

}  // namespace daicho::app::commands
