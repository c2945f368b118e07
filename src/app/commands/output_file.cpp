#include "app/commands/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/files.hpp"
#include "crypto/random.hpp"

namespace daicho::app::commands {
namespace {

std::string beside(const std::string& path) {
    return path + "." + to_hex(crypto::random_bytes<8>()) + ".part";
}

/// "pack.zip/" can only be meant as a folder.
bool names_a_folder(const std::string& path) {
    return path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
}

Error refused_for(const std::string& shown, const std::string& path, int error_number) {
    const std::vector<std::pair<std::string, std::string>> where{
        {"path", shown}, {"folder", parent_of(shown)}, {"reason", std::strerror(error_number)}};
    const std::string message = shown + ": " + std::strerror(error_number);
    struct stat folder {};
    const bool no_folder =
        ::stat(parent_of(path).c_str(), &folder) != 0 || !S_ISDIR(folder.st_mode);
    if (no_folder && (error_number == ENOENT || error_number == ENOTDIR))
        return {Errc::not_found, message, "cli.output_no_folder", where};
    if (error_number == EACCES || error_number == EPERM)
        return {Errc::denied, message, "cli.output_no_right", where};
    return {Errc::unavailable, message, "cli.output_impossible", where};
}

}  // namespace

OutputFile::OutputFile(std::string shown, std::string path, bool force)
    : shown_(std::move(shown)), path_(std::move(path)), temporary_(beside(path_)), force_(force) {}

OutputFile::~OutputFile() {
    if (temporary_.empty()) return;
    (void)::unlink(temporary_.c_str());
}

Status OutputFile::look(const std::string& shown, const std::string& path, bool force) {
    struct stat there {};
    if (::lstat(path.c_str(), &there) != 0)
        return errno == ENOENT ? Status() : Status(fail(refused_for(shown, path, errno)));
    const auto no = [&shown](const char* key) {
        return Status(
            fail(Error{Errc::conflict, shown + " is in the way", key, {{"path", shown}}}));
    };
    if (S_ISDIR(there.st_mode)) return no("cli.output_is_folder");
    if (!S_ISREG(there.st_mode)) return no("cli.output_special");
    if (!force) return no("cli.output_exists");
    return {};
}

Result<OutputFile> OutputFile::prepare(const Console& console, const std::string& typed,
                                       bool force) {
    const std::string shown = console.absolute(typed);
    if (names_a_folder(typed))
        return fail(Error{
            Errc::conflict, shown + " is a directory", "cli.output_is_folder", {{"path", shown}}});
    const std::string path = console.path(typed);
    const Status free = look(shown, path, force);
    if (!free) return fail(free.error());
    // Tried rather than asked: rights, a full disk and a read-only volume all show in this.
    const std::string probe = beside(path);
    const int made = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) return fail(refused_for(shown, path, errno));
    ::close(made);
    (void)::unlink(probe.c_str());
    return OutputFile(shown, path, force);
}

Status OutputFile::keep() {
    const Status free = look(shown_, path_, force_);
    if (!free) return free;
    try {
        real_files().rename(temporary_, path_);
        temporary_.clear();
        real_files().sync_directory(parent_of(path_));
    } catch (const IoFault& fault) {
        throw Fault(shown_ + ": " + std::strerror(fault.error_number()));
    }
    return {};
}

}  // namespace daicho::app::commands
