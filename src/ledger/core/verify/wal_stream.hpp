#pragma once
// All write-ahead files of a ledger as one run of frames, read from the medium a frame at a time.
// With keys, the MAC chain of every file is checked on the way.
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "ledger/core/verify/collector.hpp"
#include "ledger/core/verify/key_box.hpp"
#include "ledger/core/wal.hpp"

namespace daicho::ledger::core::verify {

/// A frame as it lies in its file; its bytes live until the next one is asked for.
struct WalFrame {
    FrameHead head;
    ByteView leaf;
    ByteView body;
};

/// What a file's header says of the ledger before its first leaf.
struct WalStart {
    std::string file;
    std::uint64_t first_leaf = 0;
    std::uint64_t segment = 0;
    crypto::Digest previous_batch;
};

/// Throws IoFault. Not thread-safe.
class WalStream {
public:
    /// `directory` is the ledger's; `keys` may be null (keyless). `signed_size`: what the
    /// checkpoint says, to tell a crash from damage.
    WalStream(Files& files, std::string directory, const KeyBox* keys, std::uint64_t signed_size,
              Collector& out);

    /// The tree index of the next frame; nullopt at the end.
    [[nodiscard]] std::optional<std::uint64_t> next_index() const noexcept;
    /// Valid while next_index() has a value.
    [[nodiscard]] const WalFrame& frame() const noexcept { return frame_; }
    [[nodiscard]] const WalHeader& header() const noexcept { return header_; }
    [[nodiscard]] std::string file() const { return "wal/" + names_[at_]; }
    /// Of every file opened so far, those without a frame included; the caller takes them away.
    [[nodiscard]] std::vector<WalStart>& starts() noexcept { return starts_; }
    /// Of the frame's class, if there are keys.
    [[nodiscard]] const crypto::Key32* data_key() const noexcept;
    void advance();

    /// Index after the last frame that could be read; nullopt without a file.
    [[nodiscard]] std::optional<std::uint64_t> end() const noexcept { return end_; }

private:
    void open_next();
    bool open_file();
    void read_frame();
    bool load_frame();
    void damaged(const std::string& reason);
    void check_header();
    void unwrap_keys();

    Files& files_;
    std::string directory_;
    const KeyBox* keys_;
    std::uint64_t signed_size_;
    Collector& out_;
    std::vector<std::string> names_;
    std::size_t at_ = 0;  // file
    bool started_ = false;
    std::unique_ptr<File> file_;
    std::uint64_t file_bytes_ = 0;
    std::uint64_t offset_ = 0;  // of the next frame
    WalHeader header_;
    std::optional<crypto::Key32> frame_key_;
    std::vector<std::optional<crypto::Key32>> data_keys_;
    Bytes buffer_;
    WalFrame frame_;
    bool has_frame_ = false;
    std::vector<WalStart> starts_;
    std::uint64_t next_ = 0;  // index that the next frame must have
    std::optional<std::uint64_t> end_;
};

}  // namespace daicho::ledger::core::verify
