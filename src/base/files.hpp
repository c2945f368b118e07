#pragma once
// The only way to the file system for code whose durability is tested: every call can be made to
// fail (FaultyFiles in tests). All functions throw IoFault; none retries a failed fsync, because a
// page that failed to reach the disk may be marked clean afterwards.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace daicho {

/// An open file. Not thread-safe; closed by the destructor.
class File {
public:
    virtual ~File() = default;
    /// Appends all of `bytes`: a short write is continued, an error throws (what was written
    /// stays).
    virtual void append(ByteView bytes) = 0;
    /// Appends the parts in order in one go (writev), so that a frame is not copied together first.
    virtual void append_parts(std::span<const ByteView> parts) = 0;
    /// Up to `size` bytes from `offset`; fewer only at the end of the file.
    [[nodiscard]] virtual Bytes read_at(std::uint64_t offset, std::size_t size) const = 0;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    virtual void truncate(std::uint64_t size) = 0;
    /// Data and what is needed to read it back are on the medium when this returns.
    virtual void sync_data() = 0;
    /// Asks the kernel to begin writing this part to the medium, so that sync_data() has less to
    /// wait for. A hint: what fails is told by sync_data().
    virtual void start_writing(std::uint64_t offset, std::uint64_t size) = 0;
    /// Asks the kernel to forget what it holds of the file, so that the next read comes from the
    /// medium. A hint.
    virtual void forget_cached() = 0;
    /// Reserves space up to `size` so that later appends can't meet a full disk.
    virtual void reserve(std::uint64_t size) = 0;
};

struct DirectoryEntry {
    std::string name;
    bool is_directory = false;
    std::uint64_t size = 0;
    bool is_special = false;  // a symbolic link, a pipe, a device: neither file nor directory
};

/// Paths are UTF-8, taken as they are. Stateless; the real one is thread-safe.
class Files {
public:
    enum class Mode { read, append, create_new };
    virtual ~Files() = default;
    /// create_new fails with EEXIST rather than overwrite. Files are made with mode 0600. read
    /// refuses what is no regular file (a pipe, a device) at once, with EINVAL.
    [[nodiscard]] virtual std::unique_ptr<File> open(const std::string& path, Mode mode) = 0;
    virtual void rename(const std::string& from, const std::string& to) = 0;
    virtual void remove(const std::string& path) = 0;
    /// Overwrites with zeros, syncs, then removes. A copy-on-write volume or a flash disk may keep
    /// old blocks: what is shredded should itself be encrypted.
    virtual void shred(const std::string& path) = 0;
    virtual void remove_directory(const std::string& path) = 0;
    /// With parents, mode 0700; existing is no error. Newly made entries are synced.
    virtual void make_directories(const std::string& path) = 0;
    virtual void sync_directory(const std::string& path) = 0;
    [[nodiscard]] virtual bool exists(const std::string& path) = 0;
    /// Sorted by name, without "." and "..".
    [[nodiscard]] virtual std::vector<DirectoryEntry> list(const std::string& path) = 0;
    /// Bytes that an unprivileged writer may still use on the volume of `path`.
    [[nodiscard]] virtual std::uint64_t free_bytes(const std::string& path) = 0;
    /// The volume a path lies on; two paths on different volumes give different values.
    [[nodiscard]] virtual std::uint64_t volume_of(const std::string& path) = 0;
};

[[nodiscard]] Files& real_files();

/// Whole file; throws IoFault, and Fault when it is over `size_max`.
[[nodiscard]] Bytes read_file(Files& files, const std::string& path,
                              std::uint64_t size_max = std::uint64_t{1} << 32);
/// Twice the largest file that is read whole in daily work, a tile of 256 leaves of 64 KiB: a file
/// that somebody made enormous is refused before memory is taken for it.
inline constexpr std::uint64_t small_file_max = std::uint64_t{32} << 20;
/// nullopt where there is none.
[[nodiscard]] std::optional<Bytes> read_file_if_exists(Files& files, const std::string& path,
                                                       std::uint64_t size_max = small_file_max);
/// tmp -> fsync -> rename -> fsync of the directory: after a crash the old or the new content is
/// there, whole.
void write_file_durably(Files& files, const std::string& path, ByteView content);
/// Syncs a directory and every directory below it: names that an earlier process made may lie in
/// the cache only. What is there must not be relied on before.
void sync_tree(Files& files, const std::string& directory);
/// The directory part of `path` ("." if it has none).
[[nodiscard]] std::string parent_of(const std::string& path);

/// Holds an exclusive lock on `path` for its life; Errc::locked when another process has it.
class FileLock {
public:
    [[nodiscard]] static Result<FileLock> acquire(const std::string& path);
    FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

private:
    explicit FileLock(int fd) noexcept : fd_(fd) {}
    int fd_ = -1;
};

}  // namespace daicho
