#include "ledger/core/verify/wal_stream.hpp"

#include "crypto/kdf.hpp"
#include "ledger/core/leaf.hpp"

namespace daicho::ledger::core::verify {
namespace {

std::string range_text(std::uint64_t from, std::uint64_t to) {
    return "leaves " + std::to_string(from) + " to " + std::to_string(to - 1) +
           " are missing between write-ahead files";
}

}  // namespace

WalStream::WalStream(Files& files, std::string directory, const KeyBox* keys,
                     std::uint64_t signed_size, Collector& out)
    : files_(files),
      directory_(std::move(directory)),
      keys_(keys),
      signed_size_(signed_size),
      out_(out) {
    if (!files_.exists(directory_ + "/wal")) return;
    for (const DirectoryEntry& entry : files_.list(directory_ + "/wal")) {
        if (entry.is_directory || entry.is_special || !entry.name.ends_with(".wal")) {
            out_.add(entry.name.ends_with(".tmp") ? Problem::leftover : Problem::unknown_file,
                     "wal/" + entry.name, "not a write-ahead file");
            continue;
        }
        names_.push_back(entry.name);
    }
    open_next();
}

std::optional<std::uint64_t> WalStream::next_index() const noexcept {
    if (!has_frame_) return std::nullopt;
    return frame_.head.leaf_index;
}

const crypto::Key32* WalStream::data_key() const noexcept {
    const std::uint8_t at = frame_.head.class_index;
    return at < data_keys_.size() && data_keys_[at] ? &*data_keys_[at] : nullptr;
}

void WalStream::advance() {
    read_frame();
}

void WalStream::open_next() {
    has_frame_ = false;
    while (!has_frame_ && at_ < names_.size()) {
        if (started_) ++at_;
        started_ = true;
        if (at_ >= names_.size()) return;
        if (!open_file()) continue;
        has_frame_ = offset_ < file_bytes_ && load_frame();
    }
}

bool WalStream::open_file() {
    file_ = files_.open(directory_ + "/" + file(), Files::Mode::read);
    file_bytes_ = file_->size();
    if (file_bytes_ > wal_file_max) {
        out_.add(Problem::wal, file(), "larger than any write-ahead file");
        return false;
    }
    const Bytes head = file_->read_at(0, wal_header_max);
    std::size_t size = 0;
    Result<WalHeader> header = decode_wal_header(head, size);
    if (!header) {
        out_.add(Problem::wal, file(), header.error().message);
        return false;
    }
    header_ = std::move(*header);
    offset_ = size;
    out_.report().proven.stored_bytes += file_bytes_;
    check_header();
    starts_.push_back({file(), header_.first_leaf, header_.segment, header_.previous_batch});
    next_ = header_.first_leaf;
    end_ = next_;
    return true;
}

void WalStream::check_header() {
    if (wal_name(header_.first_leaf) != names_[at_])
        out_.add(Problem::wal, file(), "its name is not that of its first leaf");
    if (end_ && header_.first_leaf > *end_)
        out_.add(Problem::wal, file(), range_text(*end_, header_.first_leaf));
    if (end_ && header_.first_leaf < *end_)
        out_.add(Problem::wal, file(), "it begins before the file before it ends");
    for (const ClassKey& key : header_.classes) {
        if (key.day != day_of(header_.created_ns)) {
            out_.add(Problem::key_day, file(),
                     "made on " + day_of(header_.created_ns) + " under a key of " + key.day);
        }
    }
    frame_key_.reset();
    data_keys_.clear();
    if (keys_ != nullptr) unwrap_keys();
}

void WalStream::unwrap_keys() {
    Result<crypto::Key32> mac_key = keys_->mac_key(header_.wrapped_mac_key, header_.first_leaf);
    if (mac_key) {
        frame_key_ = std::move(*mac_key);
    } else {
        out_.add(Problem::key, file(), "the frame key does not open under this root key");
    }
    for (const ClassKey& key : header_.classes) {
        const Result<crypto::Key32> kek = keys_->kek(key.retention_class, key.day);
        Result<crypto::Key32> data_key =
            kek ? unwrap_data_key(*kek, key, header_.segment) : fail(kek.error());
        if (data_key) {
            data_keys_.emplace_back(std::move(*data_key));
        } else {
            data_keys_.emplace_back(std::nullopt);
            out_.add(Problem::key, file(), data_key.error().message);
        }
    }
}

void WalStream::read_frame() {
    has_frame_ = false;
    offset_ += frame_head_size + frame_.leaf.size() + frame_.body.size();
    if (offset_ < file_bytes_ && load_frame()) {
        has_frame_ = true;
        return;
    }
    open_next();
}

bool WalStream::load_frame() {
    buffer_ = file_->read_at(offset_, frame_head_size);
    Result<FrameHead> head = decode_frame_head(buffer_);
    if (!head) {
        damaged(head.error().message);
        return false;
    }
    frame_.head = *head;
    const std::size_t size = std::size_t{head->leaf_length} + head->body_length;
    buffer_ = file_->read_at(offset_ + frame_head_size, size);
    if (buffer_.size() != size) {
        damaged("the file ends inside a frame");
        return false;
    }
    frame_.leaf = ByteView(buffer_).first(head->leaf_length);
    frame_.body = ByteView(buffer_).subspan(head->leaf_length);
    if (frame_crc(*head, frame_.leaf, frame_.body) != head->crc) {
        damaged("the checksum of a frame is wrong");
        return false;
    }
    if (head->leaf_index != next_) {
        damaged("a frame is out of order");
        return false;
    }
    if (frame_key_) {
        const auto bare = bare_head(*head);
        const crypto::Digest mac =
            crypto::hmac_sha256(frame_key_->view(), {ByteView(bare), frame_.leaf});
        if (!crypto::equal_constant_time(mac.view(), head->mac.view())) {
            out_.add({Problem::mac, file(), std::nullopt, next_,
                      "the frame does not carry the MAC it was written with"});
        }
        frame_key_ = next_frame_key(*frame_key_);
    }
    end_ = ++next_;
    return true;
}

void WalStream::damaged(const std::string& reason) {
    const ReadWal read = [this](std::uint64_t offset, std::size_t size) {
        return file_->read_at(offset, size);
    };
    const bool crash = at_ + 1 == names_.size() && next_ >= signed_size_ &&
                       !synced_frame_after(read, file_bytes_, offset_ + 1, next_);
    out_.add({crash ? Problem::torn_tail : Problem::wal, file(), std::nullopt, next_,
              reason + ", at byte " + std::to_string(offset_)});
}

}  // namespace daicho::ledger::core::verify
