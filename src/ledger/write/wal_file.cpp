#include "ledger/write/wal_file.hpp"

#include "base/fault.hpp"
#include "crypto/kdf.hpp"
#include "crypto/random.hpp"
#include "ledger/core/keys.hpp"

namespace daicho::ledger::write {
namespace {

Status check_macs(const core::WalContent& content, crypto::Key32 key) {
    for (const core::Frame& frame : content.frames) {
        const auto bare = core::bare_head(frame.head);
        const crypto::Digest mac = crypto::hmac_sha256(key.view(), {ByteView(bare), frame.leaf});
        if (!crypto::equal_constant_time(mac.view(), frame.head.mac.view())) {
            return fail(Errc::tampered, "the frame of leaf " +
                                            std::to_string(frame.head.leaf_index) +
                                            " does not carry the MAC it was written with");
        }
        key = core::next_frame_key(key);
    }
    return {};
}

Result<core::WalContent> read_whole(Files& files, const std::string& path, Bytes& bytes) {
    {
        // What the killed process wrote may be in the cache only, and what a failed sync left there
        // never reached the medium: save the one, forget the other, and believe what is read then.
        const auto cached = files.open(path, Files::Mode::append);
        cached->sync_data();
        cached->forget_cached();
    }
    bytes = read_file(files, path, core::wal_file_max);
    return core::read_wal(bytes);
}

Result<core::WalContent> read_leaves(Files& files, const std::string& path, Bytes& bytes) {
    const std::unique_ptr<File> file = files.open(path, Files::Mode::read);
    if (file->size() > core::wal_file_max)
        return fail(Errc::tampered, path + " is larger than any write-ahead file");
    return core::read_wal_leaves(
        [&file](std::uint64_t offset, std::size_t size) { return file->read_at(offset, size); },
        file->size(), bytes);
}

Result<BatchRef> ref_of(const core::Frame& frame) {
    const Result<core::BatchLeaf> leaf = core::decode_batch(frame.leaf);
    if (!leaf) return fail(leaf.error());
    BatchRef ref;
    ref.leaf_index = frame.head.leaf_index;
    ref.offset = frame.offset;
    ref.leaf_length = frame.head.leaf_length;
    ref.body_length = frame.head.body_length;
    ref.class_index = frame.head.class_index;
    ref.first_seq = leaf->first_seq;
    ref.count = leaf->count;
    for (const core::BatchSource& source : leaf->sources) ref.raw_bytes += source.bytes;
    ref.wall_first_ns = leaf->wall_first_ns;
    ref.wall_last_ns = leaf->wall_last_ns;
    return ref;
}

}  // namespace

Result<std::shared_ptr<WalFile>> WalFile::create(Files& files, Keyring& keyring,
                                                 const std::string& directory,
                                                 core::WalHeader header,
                                                 const std::vector<std::string>& classes) {
    std::shared_ptr<WalFile> out(
        new WalFile(files, directory + "/" + core::wal_name(header.first_leaf)));
    const std::string day = core::day_of(header.created_ns);
    header.classes.clear();
    for (const std::string& name : classes) {
        const Result<crypto::Key32> kek = keyring.kek_or_make(name, day);
        if (!kek) return fail(kek.error());
        crypto::Key32 key = crypto::random_key();
        const Bytes bound = core::data_key_context(name, day, header.segment);
        header.classes.push_back(
            {name, day, crypto::wrap_key(*kek, key, bound), crypto::key_commitment(key, bound)});
        out->seals_.emplace_back(core::wal_key(key));
        out->data_keys_.push_back(std::move(key));
    }
    out->frame_key_ = crypto::random_key();
    header.wrapped_mac_key = keyring.wrap_mac_key(out->frame_key_, header.first_leaf);
    out->header_ = std::move(header);
    // Under its name only once the header is durable: a WAL file with half a header is never a
    // crash. It may take the place of one without frames.
    const std::string temporary = out->path_ + ".tmp";
    if (files.exists(temporary)) files.remove(temporary);
    out->file_ = files.open(temporary, Files::Mode::create_new);
    const Bytes encoded = core::encode(out->header_);
    out->file_->append(encoded);
    out->file_->sync_data();
    files.rename(temporary, out->path_);
    files.sync_directory(directory);
    out->appended_ = out->started_ = encoded.size();
    const MutexLock lock(out->mutex_);
    out->size_ = encoded.size();
    return out;
}

Result<WalFile::Recovered> WalFile::recover(Files& files, Keyring& keyring, const std::string& path,
                                            bool closed) {
    Recovered out;
    Result<core::WalContent> content =
        closed ? read_leaves(files, path, out.bytes) : read_whole(files, path, out.bytes);
    if (!content) return fail(content.error());
    out.content = std::move(*content);
    out.file.reset(new WalFile(files, path));
    WalFile& file = *out.file;
    file.header_ = out.content.header;
    Result<crypto::Key32> mac_key =
        keyring.unwrap_mac_key(file.header_.wrapped_mac_key, file.header_.first_leaf);
    if (!mac_key) return fail(Errc::tampered, "the frame key of " + path + " does not open");
    const Status macs = check_macs(out.content, std::move(*mac_key));
    if (!macs) return fail(macs.error());
    for (const core::ClassKey& key : file.header_.classes) {
        const Result<crypto::Key32> kek = keyring.kek(key.retention_class, key.day);
        if (!kek) return fail(kek.error());
        Result<crypto::Key32> data_key = core::unwrap_data_key(*kek, key, file.header_.segment);
        if (!data_key) return fail(data_key.error());
        file.data_keys_.push_back(std::move(*data_key));
    }
    file.file_ = files.open(path, Files::Mode::append);
    const MutexLock lock(file.mutex_);
    file.size_ = out.content.end.good_bytes;
    for (const core::Frame& frame : out.content.frames) {
        if (frame.head.class_index == core::no_class) continue;
        if (frame.head.class_index >= file.data_keys_.size()) {
            return fail(Errc::tampered, "a frame of a class that its file has no key for");
        }
        const Result<BatchRef> ref = ref_of(frame);
        if (!ref) return fail(ref.error());
        file.add_ref(*ref);
    }
    return out;
}

void WalFile::append(NewFrame& frame, std::uint64_t leaf_index) {
    buffer_.assign(core::frame_head_size, 0);
    ByteWriter out(buffer_);
    out.raw(frame.leaf);
    core::FrameHead head;
    head.leaf_index = leaf_index;
    head.class_index = frame.class_index;
    head.leaf_length = static_cast<std::uint32_t>(frame.leaf.size());
    head.unsynced = unsynced_++;
    const std::size_t body_at = buffer_.size();
    if (frame.class_index != core::no_class) {
        out.raw(frame.plain_head);
        for (const ByteView part : frame.plain_parts) out.raw(part);
        seals_[frame.class_index].seal_in_place(core::frame_nonce(leaf_index), frame.leaf, buffer_,
                                                body_at);
        head.body_length = static_cast<std::uint32_t>(buffer_.size() - body_at);
    }
    const auto bare = core::bare_head(head);
    head.mac = crypto::hmac_sha256(frame_key_.view(), {ByteView(bare), frame.leaf});
    frame_key_ = core::next_frame_key(frame_key_);
    head.crc = core::frame_crc(head, frame.leaf, ByteView(buffer_).subspan(body_at));
    const auto encoded = core::encode(head);
    std::copy(encoded.begin(), encoded.end(), buffer_.begin());
    file_->append(buffer_);
    frame.ref.leaf_index = leaf_index;
    frame.ref.offset = appended_;
    frame.ref.leaf_length = head.leaf_length;
    frame.ref.body_length = head.body_length;
    frame.ref.class_index = head.class_index;
    appended_ += buffer_.size();
    if (frame.class_index != core::no_class) pending_.push_back(frame.ref);
}

void WalFile::start_writing() {
    file_->start_writing(started_, appended_ - started_);
    started_ = appended_;
}

void WalFile::sync() {
    file_->sync_data();
    unsynced_ = 0;
    expose();
}

void WalFile::expose() {
    started_ = appended_;
    const MutexLock lock(mutex_);
    size_ = appended_;
    for (const BatchRef& ref : pending_) add_ref(ref);
    pending_.clear();
}

void WalFile::roll_back() {
    pending_.clear();
    truncate(file_bytes());
}

void WalFile::truncate(std::uint64_t size) {
    file_->truncate(size);
    file_->sync_data();
}

void WalFile::add_ref(const BatchRef& ref) {
    refs_.push_back(ref);
    raw_bytes_ += ref.raw_bytes;
}

std::vector<BatchRef> WalFile::batches() const {
    const MutexLock lock(mutex_);
    return refs_;
}

std::uint64_t WalFile::raw_bytes() const {
    const MutexLock lock(mutex_);
    return raw_bytes_;
}

std::uint64_t WalFile::file_bytes() const {
    const MutexLock lock(mutex_);
    return size_;
}

std::optional<std::uint8_t> WalFile::class_index(std::string_view retention_class) const {
    for (std::size_t i = 0; i < header_.classes.size(); ++i) {
        if (header_.classes[i].retention_class == retention_class)
            return static_cast<std::uint8_t>(i);
    }
    return std::nullopt;
}

Result<LoadedBatch> WalFile::load(const BatchRef& ref) const {
    LoadedBatch out;
    out.frame = file_->read_at(ref.offset + core::frame_head_size,
                               std::size_t{ref.leaf_length} + ref.body_length);
    if (out.frame.size() != std::size_t{ref.leaf_length} + ref.body_length) {
        return fail(Errc::tampered, path_ + " is shorter than it was");
    }
    const ByteView leaf = ByteView(out.frame).first(ref.leaf_length);
    Result<core::BatchLeaf> decoded = core::decode_batch(leaf);
    if (!decoded) return fail(decoded.error());
    out.leaf = std::move(*decoded);
    crypto::Aead aead(core::wal_key(data_keys_[ref.class_index]));
    const Status opened =
        aead.open_in_place(core::frame_nonce(ref.leaf_index), leaf, out.frame, ref.leaf_length);
    if (!opened) return fail(opened.error());
    Result<std::vector<core::BodyRun>> runs =
        core::decode_body(ByteView(out.frame).subspan(ref.leaf_length), out.leaf);
    if (!runs) return fail(runs.error());
    out.runs = std::move(*runs);
    return out;
}

}  // namespace daicho::ledger::write
