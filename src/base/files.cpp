#include "base/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/fault.hpp"

namespace daicho {
namespace {

/// A failed sync is never a want of space, whatever the volume calls it (those that allocate late
/// say ENOSPC): what it was to save may be lost, and room does not bring it back.
int lost(int error_number) {
    return error_number == ENOSPC || error_number == EDQUOT ? EIO : error_number;
}

constexpr std::size_t parts_max = 64;  // of IOV_MAX (1024); more parts are sent in several calls

class RealFile final : public File {
public:
    RealFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
    RealFile(const RealFile&) = delete;
    RealFile& operator=(const RealFile&) = delete;
    ~RealFile() override { ::close(fd_); }

    void require_regular() const {
        struct stat info {};
        if (::fstat(fd_, &info) != 0) throw IoFault("stat " + path_, errno);
        if (!S_ISREG(info.st_mode)) throw IoFault("not a regular file: " + path_, EINVAL);
    }

    void append(ByteView bytes) override {
        while (!bytes.empty()) {
            const ssize_t done = ::write(fd_, bytes.data(), bytes.size());
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) throw IoFault("write " + path_, errno);
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        }
    }

    void append_parts(std::span<const ByteView> parts) override {
        while (!parts.empty()) {
            std::array<iovec, parts_max> vectors{};
            const std::size_t count = std::min(parts.size(), parts_max);
            std::size_t total = 0;
            for (std::size_t i = 0; i < count; ++i) {
                vectors[i] = {const_cast<std::uint8_t*>(parts[i].data()), parts[i].size()};
                total += parts[i].size();
            }
            ssize_t done = ::writev(fd_, vectors.data(), static_cast<int>(count));
            if (done < 0 && errno == EINTR) done = 0;
            if (done < 0) throw IoFault("write " + path_, errno);
            if (static_cast<std::size_t>(done) == total) {
                parts = parts.subspan(count);
                continue;
            }
            finish_short_write(parts.first(count), static_cast<std::size_t>(done));
            parts = parts.subspan(count);
        }
    }

    [[nodiscard]] Bytes read_at(std::uint64_t offset, std::size_t size) const override {
        Bytes out(size);
        std::size_t have = 0;
        while (have < size) {
            const ssize_t got =
                ::pread(fd_, out.data() + have, size - have, static_cast<off_t>(offset + have));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw IoFault("read " + path_, errno);
            if (got == 0) break;
            have += static_cast<std::size_t>(got);
        }
        out.resize(have);
        return out;
    }

    [[nodiscard]] std::uint64_t size() const override {
        struct stat info {};
        if (::fstat(fd_, &info) != 0) throw IoFault("stat " + path_, errno);
        return static_cast<std::uint64_t>(info.st_size);
    }
    void truncate(std::uint64_t size) override {
        if (::ftruncate(fd_, static_cast<off_t>(size)) != 0)
            throw IoFault("truncate " + path_, errno);
    }
    void sync_data() override {
        if (::fdatasync(fd_) != 0) throw IoFault("fdatasync " + path_, lost(errno));
    }
    void start_writing(std::uint64_t offset, std::uint64_t size) override {
        // Its own error is the one that fdatasync will report.
        ::sync_file_range(fd_, static_cast<off_t>(offset), static_cast<off_t>(size),
                          SYNC_FILE_RANGE_WRITE);
    }
    void forget_cached() override { ::posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED); }
    void reserve(std::uint64_t size) override {
        const int error = ::posix_fallocate(fd_, 0, static_cast<off_t>(size));
        if (error != 0 && error != EOPNOTSUPP) throw IoFault("reserve " + path_, error);
    }

private:
    void finish_short_write(std::span<const ByteView> parts, std::size_t done) {
        for (const ByteView part : parts) {
            const std::size_t skip = std::min(done, part.size());
            done -= skip;
            append(part.subspan(skip));
        }
    }
    int fd_;
    std::string path_;
};

class RealFiles final : public Files {
public:
    std::unique_ptr<File> open(const std::string& path, Mode mode) override {
        // Without O_NONBLOCK a pipe of that name would hold us until somebody writes to it.
        int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
        if (mode == Mode::read) flags |= O_RDONLY;
        if (mode == Mode::append) flags |= O_RDWR | O_APPEND | O_CREAT;
        if (mode == Mode::create_new) flags |= O_RDWR | O_APPEND | O_CREAT | O_EXCL;
        const int fd = ::open(path.c_str(), flags, 0600);
        if (fd < 0) throw IoFault("open " + path, errno);
        auto file = std::make_unique<RealFile>(fd, path);
        if (mode == Mode::read) file->require_regular();
        return file;
    }
    void rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) throw IoFault("rename " + from, errno);
    }
    void remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0) throw IoFault("remove " + path, errno);
    }
    void shred(const std::string& path) override {
        const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (fd < 0) throw IoFault("open " + path, errno);
        struct stat info {};
        int failed = ::fstat(fd, &info) == 0 ? 0 : errno;
        const Bytes zeros(static_cast<std::size_t>(info.st_size));
        if (failed == 0 && ::write(fd, zeros.data(), zeros.size()) != info.st_size) failed = EIO;
        if (failed == 0 && ::fsync(fd) != 0) failed = lost(errno);
        ::close(fd);
        if (failed != 0) throw IoFault("overwrite " + path, failed);
        remove(path);
        sync_directory(parent_of(path));
    }
    void remove_directory(const std::string& path) override {
        if (::rmdir(path.c_str()) != 0) throw IoFault("remove directory " + path, errno);
    }
    void make_directories(const std::string& path) override {
        if (path.empty() || exists(path)) return;
        const std::string parent = parent_of(path);
        if (parent != path) make_directories(parent);
        if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
            throw IoFault("mkdir " + path, errno);
        sync_directory(parent);
    }
    void sync_directory(const std::string& path) override {
        const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) throw IoFault("open directory " + path, errno);
        const int failed = ::fsync(fd) == 0 ? 0 : errno;
        ::close(fd);
        if (failed != 0) throw IoFault("fsync directory " + path, lost(failed));
    }
    bool exists(const std::string& path) override {
        struct stat info {};
        if (::stat(path.c_str(), &info) == 0) return true;
        if (errno == ENOENT || errno == ENOTDIR) return false;
        throw IoFault("stat " + path, errno);
    }
    std::vector<DirectoryEntry> list(const std::string& path) override {
        DIR* dir = ::opendir(path.c_str());
        if (dir == nullptr) throw IoFault("list " + path, errno);
        std::vector<DirectoryEntry> out;
        errno = 0;
        for (const dirent* one = ::readdir(dir); one != nullptr; one = ::readdir(dir)) {
            const std::string name = one->d_name;
            if (name == "." || name == "..") continue;
            struct stat info {};
            if (::fstatat(::dirfd(dir), one->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
            out.push_back({name, S_ISDIR(info.st_mode), static_cast<std::uint64_t>(info.st_size),
                           !S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)});
            errno = 0;
        }
        const int failed = errno;
        ::closedir(dir);
        if (failed != 0) throw IoFault("list " + path, failed);
        std::sort(out.begin(), out.end(),
                  [](const auto& a, const auto& b) { return a.name < b.name; });
        return out;
    }
    std::uint64_t free_bytes(const std::string& path) override {
        struct statvfs info {};
        if (::statvfs(path.c_str(), &info) != 0) throw IoFault("statvfs " + path, errno);
        return std::uint64_t{info.f_bavail} * info.f_frsize;
    }
    std::uint64_t volume_of(const std::string& path) override {
        struct stat info {};
        if (::stat(path.c_str(), &info) != 0) throw IoFault("stat " + path, errno);
        return info.st_dev;
    }
};

}  // namespace

Files& real_files() {
    static RealFiles files;
    return files;
}

Bytes read_file(Files& files, const std::string& path, std::uint64_t size_max) {
    const auto file = files.open(path, Files::Mode::read);
    const std::uint64_t size = file->size();
    if (size > size_max) throw Fault(path + " is larger than is allowed");
    return file->read_at(0, size);
}

std::optional<Bytes> read_file_if_exists(Files& files, const std::string& path,
                                         std::uint64_t size_max) {
    if (!files.exists(path)) return std::nullopt;
    return read_file(files, path, size_max);
}

void write_file_durably(Files& files, const std::string& path, ByteView content) {
    const std::string temporary = path + ".tmp";
    if (files.exists(temporary)) files.remove(temporary);
    {
        const auto file = files.open(temporary, Files::Mode::create_new);
        file->append(content);
        file->sync_data();
    }
    files.rename(temporary, path);
    files.sync_directory(parent_of(path));
}

void sync_tree(Files& files, const std::string& directory) {
    files.sync_directory(directory);
    for (const DirectoryEntry& entry : files.list(directory)) {
        if (entry.is_directory) sync_tree(files, directory + "/" + entry.name);
    }
}

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<FileLock> FileLock::acquire(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) throw IoFault("open " + path, errno);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd);
        return fail(Errc::locked, "another process is using " + path);
    }
    return FileLock(fd);
}

FileLock::~FileLock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace daicho
