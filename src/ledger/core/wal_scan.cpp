// Tells a crash from damage, in a file that anybody may have written: the work is bounded by the
// size of the file, whatever lies in it.
#include "crypto/crc32c.hpp"
#include "ledger/core/wal.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::size_t scan_bytes = std::size_t{1} << 20;
/// Whole frames that follow each other are hashed once, and a head is rarely anything else: what
/// costs more than this many times the file was put there to cost.
constexpr std::uint64_t work_per_byte_max = 4;
constexpr std::array<std::uint8_t, 4> magic{'D', 'W', 'F', '1'};

class FrameScan {
public:
    FrameScan(const ReadWal& read, std::uint64_t file_bytes, std::uint64_t damaged)
        : read_(read), file_bytes_(file_bytes), damaged_(damaged) {}

    bool find(std::uint64_t from) {
        if (from >= file_bytes_) return false;
        budget_ = (file_bytes_ - from) * work_per_byte_max;
        while (from + frame_head_size <= file_bytes_) {
            const Bytes part = read_(from, scan_bytes);
            if (part.size() < frame_head_size) return false;
            if (find_in(part, from)) return true;
            from += part.size() - frame_head_size + 1;
        }
        return false;
    }

private:
    /// Heads that lie in `part` as a whole.
    bool find_in(ByteView part, std::uint64_t offset) {
        const std::size_t heads = part.size() - frame_head_size + 1;
        for (std::size_t at = 0; at < heads; ++at) {
            const auto* found = static_cast<const std::uint8_t*>(
                ::memmem(part.data() + at, part.size() - at, magic.data(), magic.size()));
            if (found == nullptr) return false;
            at = static_cast<std::size_t>(found - part.data());
            if (at >= heads) return false;
            if (is_late_frame(part.subspan(at, frame_head_size), offset + at)) return true;
        }
        return false;
    }

    /// Whether a whole frame begins here that knew the damaged one to be durable; true as well
    /// when there is no more work left to find out.
    bool is_late_frame(ByteView bytes, std::uint64_t offset) {
        if (!spend(frame_head_size)) return true;
        const Result<FrameHead> head = decode_frame_head(bytes);
        if (!head || head->leaf_index - head->unsynced <= damaged_) return false;
        const std::uint64_t size = std::uint64_t{head->leaf_length} + head->body_length;
        if (size > file_bytes_ - offset - frame_head_size) return false;
        if (!spend(size)) return true;
        std::uint32_t crc = frame_crc(*head, {}, {});
        for (std::uint64_t done = 0; done < size;) {
            const Bytes part =
                read_(offset + frame_head_size + done,
                      static_cast<std::size_t>(std::min<std::uint64_t>(scan_bytes, size - done)));
            if (part.empty()) return false;
            crc = crypto::crc32c(part, crc);
            done += part.size();
        }
        return crc == head->crc;
    }

    bool spend(std::uint64_t bytes) {
        if (bytes > budget_) return false;
        budget_ -= bytes;
        return true;
    }

    const ReadWal& read_;
    std::uint64_t file_bytes_;
    std::uint64_t damaged_;
    std::uint64_t budget_ = 0;
};

}  // namespace

bool synced_frame_after(const ReadWal& read, std::uint64_t file_bytes, std::uint64_t from,
                        std::uint64_t damaged) {
    return FrameScan(read, file_bytes, damaged).find(from);
}

}  // namespace daicho::ledger::core
