#include "faults/state/failing_vfs.hpp"

#include <sqlite3.h>

#include <atomic>

#include "base/fault.hpp"

namespace daicho::test {
namespace {

using Trouble = FailingVfs::Trouble;

struct Plan {
    std::atomic<Trouble> trouble{Trouble::io_error};
    std::atomic<std::uint64_t> at{~0ULL};
    std::atomic<std::uint64_t> counted{0};
    std::atomic<bool> struck{false};
};
Plan plan_;  // C callbacks have no other place for it; one FailingVfs at a time
sqlite3_vfs* system_ = nullptr;
sqlite3_vfs own_;

struct OpenFile {
    sqlite3_file base;
    sqlite3_file* real;
};

sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<OpenFile*>(file)->real;
}

bool strikes(bool counts) {
    if (!counts || plan_.counted++ != plan_.at) return false;
    plan_.struck = true;
    return true;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const Trouble trouble = plan_.trouble;
    if (!strikes(trouble != Trouble::failed_sync))
        return real_of(file)->pMethods->xWrite(real_of(file), bytes, size, offset);
    if (trouble == Trouble::no_space) return SQLITE_FULL;
    if (trouble == Trouble::short_write)
        (void)real_of(file)->pMethods->xWrite(real_of(file), bytes, size / 2, offset);
    return SQLITE_IOERR_WRITE;
}

int sync(sqlite3_file*, int) {
    if (strikes(plan_.trouble == Trouble::failed_sync || plan_.trouble == Trouble::io_error))
        return SQLITE_IOERR_FSYNC;
    return SQLITE_OK;  // nobody cuts the power here, and thousands of real ones take minutes
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (strikes(plan_.trouble == Trouble::io_error)) return SQLITE_IOERR_TRUNCATE;
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

int close(sqlite3_file* file) {
    const int result = real_of(file)->pMethods->xClose(real_of(file));
    delete[] reinterpret_cast<char*>(real_of(file));
    return result;
}

const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods out{};
        out.iVersion = 2;  // with shared memory, without mapping: every write passes here
        out.xClose = close;
        out.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
            return real_of(f)->pMethods->xRead(real_of(f), to, size, at);
        };
        out.xWrite = write;
        out.xTruncate = truncate;
        out.xSync = sync;
        out.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
            return real_of(f)->pMethods->xFileSize(real_of(f), size);
        };
        out.xLock = [](sqlite3_file* f, int level) {
            return real_of(f)->pMethods->xLock(real_of(f), level);
        };
        out.xUnlock = [](sqlite3_file* f, int level) {
            return real_of(f)->pMethods->xUnlock(real_of(f), level);
        };
        out.xCheckReservedLock = [](sqlite3_file* f, int* reserved) {
            return real_of(f)->pMethods->xCheckReservedLock(real_of(f), reserved);
        };
        out.xFileControl = [](sqlite3_file* f, int op, void* argument) {
            return real_of(f)->pMethods->xFileControl(real_of(f), op, argument);
        };
        out.xSectorSize = [](sqlite3_file* f) {
            return real_of(f)->pMethods->xSectorSize(real_of(f));
        };
        out.xDeviceCharacteristics = [](sqlite3_file* f) {
            return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
        };
        out.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** to) {
            return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, to);
        };
        out.xShmLock = [](sqlite3_file* f, int offset, int count, int flags) {
            return real_of(f)->pMethods->xShmLock(real_of(f), offset, count, flags);
        };
        out.xShmBarrier = [](sqlite3_file* f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); };
        out.xShmUnmap = [](sqlite3_file* f, int remove) {
            return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
        };
        return out;
    }();
    return &all;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* opened = reinterpret_cast<OpenFile*>(file);
    opened->base.pMethods = nullptr;
    opened->real =
        reinterpret_cast<sqlite3_file*>(new char[static_cast<std::size_t>(system_->szOsFile)]());
    const int result = system_->xOpen(system_, name, opened->real, flags, out_flags);
    if (result != SQLITE_OK) {
        delete[] reinterpret_cast<char*>(opened->real);
        return result;
    }
    opened->base.pMethods = methods();
    return SQLITE_OK;
}

}  // namespace

FailingVfs::FailingVfs() {
    system_ = sqlite3_vfs_find(nullptr);
    own_ = *system_;
    own_.zName = "failing";
    own_.szOsFile = sizeof(OpenFile);
    own_.xOpen = open;
    check(sqlite3_vfs_register(&own_, 1) == SQLITE_OK, "the failing file system is registered");
}

FailingVfs::~FailingVfs() {
    sqlite3_vfs_unregister(&own_);
    sqlite3_vfs_register(system_, 1);
}

void FailingVfs::plan(Trouble trouble, std::uint64_t at) {
    plan_.trouble = trouble;
    plan_.at = at;
    plan_.counted = 0;
    plan_.struck = false;
}

void FailingVfs::heal() {
    plan_.at = ~0ULL;
}

std::uint64_t FailingVfs::counted() const {
    return plan_.counted;
}

bool FailingVfs::struck() const {
    return plan_.struck;
}

}  // namespace daicho::test
