#include "ledger/keep/exporter.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/fault.hpp"
#include "ledger/core/segment_check.hpp"
#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/verify/notices.hpp"

namespace daicho::ledger::keep {
namespace {

constexpr std::size_t copy_bytes = std::size_t{1} << 20;
/// A checkpoint is published every second at most; copying its few partial tiles takes
/// milliseconds.
constexpr int checkpoint_attempts = 20;
/// Of a checkpoint's name in a bundle: the size of its tree.
constexpr std::size_t digits_of_size = 20;

std::optional<std::uint64_t> size_in_name(std::string_view name) {
    if (name.size() != digits_of_size) return std::nullopt;
    name.remove_prefix(std::min(name.find_first_not_of('0'), name.size() - 1));
    const Result<std::uint64_t> size = core::parse_decimal(name, UINT64_MAX);
    return size ? std::optional(*size) : std::nullopt;
}

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
    [[nodiscard]] std::uint64_t begin();
    Status copy_sealed();
    Status copy_segment(const std::string& name, const core::SegmentDirectory& expected);
    Status copy_rest(std::uint64_t from);
    Status copy_late(const core::verify::SealFacts& seal);
    void copy_file(const std::string& from, const std::string& to);
    [[nodiscard]] bool copy_tiles(std::uint64_t size);
    Status take_checkpoint();
    void write_checkpoint();
    Status record();
    Result<std::uint64_t> record_files();
    [[nodiscard]] bool cancelled() const { return progress_ != nullptr && progress_->cancel; }

    Ledger& ledger_;
    Files& files_;
    const ExportTarget& target_;
    Progress* progress_;
    ExportReport report_;
    nlohmann::json listed_ = nlohmann::json::array();
    std::string note_;                  // the checkpoint of this export
    std::set<std::string> copied_;      // segments that are in the bundle, intact
    std::vector<std::string> missing_;  // sealed, not destroyed, and not in the data directory
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

Status Export::copy_segment(const std::string& name, const core::SegmentDirectory& expected) {
    const std::string to = report_.bundle + "/segment/" + name;
    if (is_intact(files_, to, expected)) {
        ++report_.already_there;
        copied_.insert(name);
        return {};
    }
    copy_file(ledger_.ledger_directory() + "/segment/" + name, to);
    if (!is_intact(files_, to, expected)) {
        return refuse(Errc::tampered, "export.read_back_failed",
                      name + " did not read back from the target as it was written",
                      {{"file", name}});
    }
    copied_.insert(name);
    report_.files.push_back(name);
    report_.bytes += expected.file_bytes;
    listed_.push_back(
        {{"bytes", expected.file_bytes}, {"digest", expected.digest.hex()}, {"file", name}});
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

/// The newest signed tree, with its tiles.
Status Export::take_checkpoint() {
    Result<core::Checkpoint> checkpoint = fail(Errc::unavailable, "");
    for (int attempt = 0; attempt < checkpoint_attempts; ++attempt) {
        note_ = ledger_.checkpoint_note();
        const Result<core::Note> parsed = core::parse_note(note_);
        if (!parsed) return fail(parsed.error());
        checkpoint = core::parse_checkpoint(parsed->text);
        if (!checkpoint) return fail(checkpoint.error());
        if (copy_tiles(checkpoint->head.size)) break;
        checkpoint = refuse(Errc::unavailable, "export.busy",
                            "the tree grew faster than it could be copied; try again");
    }
    if (!checkpoint) return fail(checkpoint.error());
    report_.tree_size = checkpoint->head.size;
    return {};
}

void Export::write_checkpoint() {
    std::string digits = std::to_string(report_.tree_size);
    digits.insert(0, digits_of_size - digits.size(), '0');
    const std::string path = report_.bundle + "/checkpoints/" + digits;
    if (!files_.exists(path)) write_file_durably(files_, path, view_of(note_));
}

Result<std::uint64_t> Export::record_files() {
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

Status Export::record() {
    // A leaf lists 64 KiB at most: many small segments are recorded in several.
    constexpr std::size_t files_per_leaf = 300;
    const nlohmann::json all = std::move(listed_);
    for (std::size_t at = 0; at < all.size() || at == 0; at += files_per_leaf) {
        listed_ = nlohmann::json::array();
        for (std::size_t i = at; i < std::min(all.size(), at + files_per_leaf); ++i)
            listed_.push_back(all[i]);
        const Result<std::uint64_t> leaf = record_files();
        if (!leaf) return fail(leaf.error());
        report_.leaf_index = *leaf;
    }
    return {};
}

/// SEAL leaves of segments that copy_sealed() will not be told of lie at this leaf or later: of
/// those that earlier exports brought here, before their checkpoints; of those being sealed now,
/// behind the leaves of their write-ahead files.
std::uint64_t Export::begin() {
    std::uint64_t from = 0;
    for (const DirectoryEntry& entry : files_.list(report_.bundle + "/checkpoints")) {
        const std::optional<std::uint64_t> size = size_in_name(entry.name);
        if (size) from = std::max(from, *size);
    }
    from = std::min(from, ledger_.figures().tree_size);
    for (const auto& wal : ledger_.segments().unsealed())
        from = std::min(from, wal->header().first_leaf);
    return from;
}

Status Export::copy_sealed() {
    const auto sealed = ledger_.segments().files();
    const std::uint64_t known = ledger_.figures().tree_size;  // their SEAL leaves are among these
    if (progress_ != nullptr) {
        for (const auto& file : sealed) progress_->total += file->directory.file_bytes;
    }
    for (const auto& file : sealed) {
        if (cancelled())
            return refuse(Errc::unavailable, "export.cancelled", "the export was cancelled");
        const Status copied = copy_segment(file->file, file->directory);
        if (!copied) return copied;
        if (progress_ != nullptr) progress_->done += file->directory.file_bytes;
    }
    // A segment is read from its file a moment before its SEAL leaf is signed.
    return known == 0 ? Status{} : ledger_.wait_published(known - 1);
}

/// A segment that was sealed since the others were listed, or whose file was not told of.
Status Export::copy_late(const core::verify::SealFacts& seal) {
    const std::string from = ledger_.ledger_directory() + "/segment/" + seal.file;
    for (const std::string& path : {from, report_.bundle + "/segment/" + seal.file}) {
        if (!files_.exists(path)) continue;
        const auto file = files_.open(path, Files::Mode::read);
        const Result<core::SegmentDirectory> directory =
            core::read_directory(reader_of(*file), file->size());
        if (!directory || directory->digest != seal.digest) continue;
        return copy_segment(seal.file, *directory);
    }
    missing_.push_back(seal.file);
    return {};
}

/// Whatever has its SEAL leaf in the tree of this checkpoint must be in the bundle, or destroyed by
/// a RETIRE leaf in it: a verifier demands it.
Status Export::copy_rest(std::uint64_t from) {
    std::map<std::string, core::verify::SealFacts> late;
    for (std::uint64_t tile = from / core::tile_width; tile * core::tile_width < report_.tree_size;
         ++tile) {
        const auto width = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(core::tile_width, report_.tree_size - tile * core::tile_width));
        const std::string path = core::tile_path({core::TileKind::entries, 0, tile, width});
        const Bytes bundle = read_file(files_, report_.bundle + "/" + path, small_file_max);
        const Result<std::vector<ByteView>> entries = core::decode_bundle(bundle, width);
        if (!entries) return fail(entries.error());
        for (const ByteView entry : *entries) {
            const Result<core::NoticeLeaf> leaf = core::decode_notice(entry);
            if (!leaf) continue;  // a BATCH leaf
            const Result<core::verify::Facts> facts = core::verify::read_facts(*leaf);
            if (!facts) return fail(facts.error());
            if (const auto* seal = std::get_if<core::verify::SealFacts>(&*facts)) {
                if (!copied_.contains(seal->file)) late.emplace(seal->file, *seal);
            } else if (const auto* gone = std::get_if<core::verify::RetireFacts>(&*facts)) {
                for (const core::verify::FileDigest& file : gone->files) late.erase(file.file);
            }
        }
    }
    for (const auto& [name, seal] : late) {
        const Status copied = copy_late(seal);
        if (!copied) return copied;
    }
    return {};
}

Result<ExportReport> Export::run() {
    const Status prepared = prepare();
    if (!prepared) return fail(prepared.error());
    const std::uint64_t from = begin();
    for (const auto step : {&Export::copy_sealed, &Export::take_checkpoint}) {
        const Status done = (this->*step)();
        if (!done) return fail(done.error());
    }
    const Status rest = copy_rest(from);
    if (!rest) return fail(rest.error());
    write_checkpoint();
    // An export that was cut short may have made names and not saved them.
    sync_tree(files_, report_.bundle);
    for (const std::string& folder : {target_.directory, parent_of(target_.directory)})
        files_.sync_directory(folder);
    const Status recorded = record();
    if (!recorded) return fail(recorded.error());
    // What is left is safe on the medium now; that something is gone must not look like success.
    if (!missing_.empty()) {
        return refuse(Errc::tampered, "export.segment_missing",
                      missing_.front() +
                          " is not in the data directory any more, and no leaf says "
                          "that it was destroyed; all else was exported",
                      {{"file", missing_.front()}});
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
