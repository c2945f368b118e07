#pragma once
// One WAL file with its keys: written by the committer alone, read by anybody who needs events that
// are not sealed yet.
#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "crypto/aead.hpp"
#include "ledger/core/body.hpp"
#include "ledger/core/wal.hpp"
#include "ledger/write/keyring.hpp"

namespace daicho::ledger::write {

/// Where a batch lies in its file, and what it spans.
struct BatchRef {
    std::uint64_t leaf_index = 0;
    std::uint64_t offset = 0;  // of its frame
    std::uint32_t leaf_length = 0;
    std::uint32_t body_length = 0;
    std::uint8_t class_index = 0;
    std::uint64_t first_seq = 0;
    std::uint32_t count = 0;
    std::uint64_t raw_bytes = 0;
    WallNs wall_first_ns = 0;
    WallNs wall_last_ns = 0;
};

/// A batch decrypted; `runs` view into `frame`.
struct LoadedBatch {
    core::BatchLeaf leaf;
    Bytes frame;  // leaf and body as they lie in the file, the body decrypted
    std::vector<core::BodyRun> runs;
};

/// What one frame is made of. Views must live until append() returns.
struct NewFrame {
    ByteView leaf;
    std::uint8_t class_index = core::no_class;
    ByteView plain_head;                // of the body; empty for a notice
    std::vector<ByteView> plain_parts;  // the raw bytes that follow
    BatchRef ref;                       // offset and lengths are filled in
};

/// Writing (append, sync) is for one thread; reading is thread-safe and may run beside it.
class WalFile {
public:
    /// Makes file and keys; durable, with its directory entry, when this returns.
    [[nodiscard]] static Result<std::shared_ptr<WalFile>> create(
        Files& files, Keyring& keyring, const std::string& directory, core::WalHeader header,
        const std::vector<std::string>& classes);

    /// Takes a file from an earlier run, for reading only. MACs are checked; `content.frames` lie
    /// in `bytes`. A `closed` file was on the medium before another one was begun: no crash tears
    /// it, and its bodies are left for the sealer to open.
    struct Recovered;
    [[nodiscard]] static Result<Recovered> recover(Files& files, Keyring& keyring,
                                                   const std::string& path, bool closed);

    void append(NewFrame& frame, std::uint64_t leaf_index);
    /// The medium may begin with what was appended while more is being made: sync() waits for less.
    void start_writing();
    /// What was appended is durable when this returns, and readers see it from now on.
    void sync();
    /// For measuring only: what was appended becomes visible without being durable.
    void expose();
    /// Cuts off what was appended since the last sync. The file takes no more frames then: the next
    /// one would encrypt other bytes under a nonce that was used.
    void roll_back();
    /// Cuts a torn tail off.
    void truncate(std::uint64_t size);

    [[nodiscard]] std::vector<BatchRef> batches() const;
    [[nodiscard]] Result<LoadedBatch> load(const BatchRef& ref) const;
    [[nodiscard]] std::uint64_t raw_bytes() const;
    [[nodiscard]] std::uint64_t file_bytes() const;
    [[nodiscard]] const core::WalHeader& header() const noexcept { return header_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const crypto::Key32& data_key(std::size_t class_index) const {
        return data_keys_[class_index];
    }
    [[nodiscard]] std::optional<std::uint8_t> class_index(std::string_view retention_class) const;

private:
    WalFile(Files& files, std::string path) : files_(files), path_(std::move(path)) {}
    void add_ref(const BatchRef& ref) DAICHO_REQUIRES(mutex_);

    Files& files_;
    std::string path_;
    core::WalHeader header_;
    std::vector<crypto::Key32> data_keys_;  // by class index
    std::vector<crypto::Aead> seals_;       // the writer's
    crypto::Key32 frame_key_;               // k_i of the next frame
    std::unique_ptr<File> file_;
    Bytes buffer_;
    std::uint64_t appended_ = 0;  // bytes, synced or not
    std::uint64_t started_ = 0;   // of them, those that the medium was asked to begin with
    std::uint32_t unsynced_ = 0;  // frames
    std::vector<BatchRef> pending_;
    mutable Mutex mutex_;
    std::uint64_t size_ DAICHO_GUARDED_BY(mutex_) = 0;
    std::uint64_t raw_bytes_ DAICHO_GUARDED_BY(mutex_) = 0;
    std::vector<BatchRef> refs_ DAICHO_GUARDED_BY(mutex_);
};

struct WalFile::Recovered {
    std::shared_ptr<WalFile> file;
    Bytes bytes;
    core::WalContent content;
};

}  // namespace daicho::ledger::write
