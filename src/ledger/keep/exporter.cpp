#include "ledger/keep/exporter.hpp"

#include <nlohmann/json.hpp>

#include "base/fault.hpp"
#include "ledger/core/segment_check.hpp"

namespace daicho::ledger::keep {
namespace {

constexpr std::size_t copy_bytes = std::size_t{1} << 20;
/// A checkpoint is published every second at most; copying its few partial tiles takes
/// milliseconds.
constexpr int checkpoint_attempts = 20;

core::ReadAt reader_of(File& file) {
    return [&file](std::uint64_t offset, std::size_t size) { return file.read_at(offset, size); };
}

/// Whether `path` holds exactly the segment that `expected` describes, read from the medium.
bool is_intact(Files& files, const std::string& path, const core::SegmentDirectory& expected) {
    if (!files.exists(path)) return false;
    const auto file = files.open(path, Files::Mode::read);
    file->forget_cached();
    if (file->size() != expected.file_bytes) return false;
    const Result<core::SegmentDirectory> directory =
        core::read_directory(reader_of(*file), file->size());
    if (!directory || directory->digest != expected.digest) return false;
    std::vector<core::SegmentFinding> findings;
    std::uint64_t bytes = 0;
    core::check_block_digests(*directory, reader_of(*file), findings, bytes);
    return findings.empty();
}

/// What an export that was cut short was writing: nothing ever vouches for it.
void remove_leftovers(Files& files, const std::string& directory) {
    for (const DirectoryEntry& entry : files.list(directory)) {
        const std::string path = directory + "/" + entry.name;
        if (entry.is_directory) {
            remove_leftovers(files, path);
        } else if (entry.name.ends_with(".tmp")) {
            files.remove(path);
        }
    }
}

class Export {
public:
    Export(Ledger& ledger, const ExportTarget& target, Progress* progress)
        : ledger_(ledger), files_(ledger.files()), target_(target), progress_(progress) {}
    Result<ExportReport> run();

private:
    Status prepare();
    Status copy_segment(const read::SealedFile& sealed);
    void copy_file(const std::string& from, const std::string& to);
    [[nodiscard]] bool copy_tiles(std::uint64_t size);
    Status write_checkpoint();
    Result<std::uint64_t> record();
    [[nodiscard]] bool cancelled() const { return progress_ != nullptr && progress_->cancel; }

    Ledger& ledger_;
    Files& files_;
    const ExportTarget& target_;
    Progress* progress_;
    ExportReport report_;
    nlohmann::json listed_ = nlohmann::json::array();
};

Status Export::prepare() {
    // Never made here: where a medium is not mounted, the folder would come into being on the
    // volume that the mount point lies on, and fill it.
    if (!files_.exists(target_.directory)) {
        return refuse(Errc::invalid, "export.target_missing", target_.directory + " does not exist",
                      {{"target", target_.directory}});
    }
    report_.same_volume =
        files_.volume_of(target_.directory) == files_.volume_of(ledger_.ledger_directory());
    if (report_.same_volume && !target_.allow_same_volume) {
        return refuse(Errc::invalid, "export.same_volume",
                      target_.directory +
                          " lies on the volume of the data: it would be lost together with it",
                      {{"target", target_.directory}});
    }
    std::string name = ledger_.origin();
    for (char& c : name) {
        if (c == '/') c = '-';
    }
    report_.bundle = target_.directory + "/" + name;
    for (const char* folder : {"/segment", "/checkpoints"})
        files_.make_directories(report_.bundle + folder);
    const Bytes origin = read_file(files_, ledger_.ledger_directory() + "/origin");
    const std::optional<Bytes> there = read_file_if_exists(files_, report_.bundle + "/origin");
    if (there && *there != origin) {
        return refuse(Errc::conflict, "export.other_ledger",
                      report_.bundle + " holds the copy of another ledger",
                      {{"target", target_.directory}});
    }
    remove_leftovers(files_, report_.bundle);
    if (!there) write_file_durably(files_, report_.bundle + "/origin", origin);
    return {};
}

void Export::copy_file(const std::string& from, const std::string& to) {
    const std::string temporary = to + ".tmp";
    if (files_.exists(temporary)) files_.remove(temporary);
    const auto source = files_.open(from, Files::Mode::read);
    const auto copy = files_.open(temporary, Files::Mode::create_new);
    for (std::uint64_t at = 0; at < source->size(); at += copy_bytes) {
        copy->append(source->read_at(at, copy_bytes));
    }
    copy->sync_data();
    files_.rename(temporary, to);
    files_.sync_directory(parent_of(to));
}

Status Export::copy_segment(const read::SealedFile& sealed) {
    const std::string to = report_.bundle + "/segment/" + sealed.file;
    if (is_intact(files_, to, sealed.directory)) {
        ++report_.already_there;
        return {};
    }
    copy_file(ledger_.ledger_directory() + "/segment/" + sealed.file, to);
    if (!is_intact(files_, to, sealed.directory)) {
        return refuse(Errc::tampered, "export.read_back_failed",
                      sealed.file + " did not read back from the target as it was written",
                      {{"file", sealed.file}});
    }
    report_.files.push_back(sealed.file);
    report_.bytes += sealed.directory.file_bytes;
    listed_.push_back({{"bytes", sealed.directory.file_bytes},
                       {"digest", sealed.directory.digest.hex()},
                       {"file", sealed.file}});
    return {};
}

/// False if the tree has grown meanwhile and a tile of this size is gone.
bool Export::copy_tiles(std::uint64_t size) {
    for (const core::TileId& id : core::changed_tiles(0, size)) {
        const std::string path = "/" + core::tile_path(id);
        const std::string to = report_.bundle + path;
        if (files_.exists(to)) continue;
        const std::optional<Bytes> content =
            read_file_if_exists(files_, ledger_.ledger_directory() + path);
        if (!content) return false;
        files_.make_directories(parent_of(to));
        write_file_durably(files_, to, *content);
    }
    return true;
}

Status Export::write_checkpoint() {
    std::string note;
    Result<core::Checkpoint> checkpoint = fail(Errc::unavailable, "");
    for (int attempt = 0; attempt < checkpoint_attempts; ++attempt) {
        note = ledger_.checkpoint_note();
        const Result<core::Note> parsed = core::parse_note(note);
        if (!parsed) return fail(parsed.error());
        checkpoint = core::parse_checkpoint(parsed->text);
        if (!checkpoint) return fail(checkpoint.error());
        if (copy_tiles(checkpoint->head.size)) break;
        checkpoint = refuse(Errc::unavailable, "export.busy",
                            "the tree grew faster than it could be copied; try again");
    }
    if (!checkpoint) return fail(checkpoint.error());
    report_.tree_size = checkpoint->head.size;
    std::string digits = std::to_string(checkpoint->head.size);
    digits.insert(0, 20 - digits.size(), '0');
    const std::string path = report_.bundle + "/checkpoints/" + digits;
    if (!files_.exists(path)) write_file_durably(files_, path, view_of(note));
    return {};
}

Result<std::uint64_t> Export::record() {
    const nlohmann::json facts{
        {"bundle", report_.bundle.substr(target_.directory.size() + 1)},
        {"files", listed_},
        {"medium",
         {{"kind", "directory"},
          {"same_volume", report_.same_volume},
          {"volume", std::to_string(files_.volume_of(target_.directory))}}},
        {"read_back", true},
        {"target", target_.directory},
        {"tree_size", report_.tree_size},
    };
    return ledger_.append_notice(core::LeafType::export_, facts.dump());
}

Result<ExportReport> Export::run() {
    const Status prepared = prepare();
    if (!prepared) return fail(prepared.error());
    const auto sealed = ledger_.segments().files();
    if (progress_ != nullptr) {
        for (const auto& file : sealed) progress_->total += file->directory.file_bytes;
    }
    for (const auto& file : sealed) {
        if (cancelled())
            return refuse(Errc::unavailable, "export.cancelled", "the export was cancelled");
        const Status copied = copy_segment(*file);
        if (!copied) return fail(copied.error());
        if (progress_ != nullptr) progress_->done += file->directory.file_bytes;
    }
    const Status checkpoint = write_checkpoint();
    if (!checkpoint) return fail(checkpoint.error());
    // An export that was cut short may have made names and not saved them.
    sync_tree(files_, report_.bundle);
    for (const std::string& folder : {target_.directory, parent_of(target_.directory)})
        files_.sync_directory(folder);
    // A leaf lists 64 KiB at most: many small segments are recorded in several.
    constexpr std::size_t files_per_leaf = 300;
    const nlohmann::json all = std::move(listed_);
    for (std::size_t at = 0; at < all.size() || at == 0; at += files_per_leaf) {
        listed_ = nlohmann::json::array();
        for (std::size_t i = at; i < std::min(all.size(), at + files_per_leaf); ++i)
            listed_.push_back(all[i]);
        const Result<std::uint64_t> leaf = record();
        if (!leaf) return fail(leaf.error());
        report_.leaf_index = *leaf;
    }
    return std::move(report_);
}

}  // namespace

Result<ExportReport> export_segments(Ledger& ledger, const ExportTarget& target, bool seal_first,
                                     Progress* progress) {
    if (seal_first) {
        const Status sealed = ledger.seal_now();
        if (!sealed) return fail(sealed.error());
    }
    return Export(ledger, target, progress).run();
}

}  // namespace daicho::ledger::keep
