#include "app/commands/key_rights.hpp"

#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <filesystem>

namespace daicho::app::commands {
namespace {

namespace fs = std::filesystem;

constexpr mode_t others = S_IRWXG | S_IRWXO;

Status look(const std::string& path, const std::string& folder) {
    struct stat there {};
    if (::stat(path.c_str(), &there) != 0 || (there.st_mode & others) == 0) return {};
    if (path.ends_with("/certificate.pem")) return {};  // it is for everybody
    std::array<char, 8> mode{};
    (void)std::snprintf(mode.data(), mode.size(), "%04o",
                        static_cast<unsigned>(there.st_mode & 07777U));
    return refuse(Errc::denied, "cli.keys_readable", path + " can be opened by others",
                  {{"path", path}, {"mode", mode.data()}, {"keys", folder}});
}

}  // namespace

Status check_key_rights(const std::string& folder) {
    const Status whole = look(folder, folder);
    if (!whole) return whole;
    std::error_code trouble;
    for (fs::recursive_directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble)) {
        const Status one = look(entry->path().string(), folder);
        if (!one) return one;
    }
    return {};
}

}  // namespace daicho::app::commands
