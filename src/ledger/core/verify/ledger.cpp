#include "ledger/core/verify/ledger.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/fault.hpp"
#include "crypto/aead.hpp"
#include "ledger/core/batch_hasher.hpp"
#include "ledger/core/verify/ledger_check.hpp"

namespace daicho::ledger::core::verify {
namespace {

/// A writer publishes once a second; a verification of a large ledger takes longer, but only the
/// files at its edge change.
constexpr int attempts_max = 3;
/// A file that is just being made has its final name after this long.
constexpr std::chrono::milliseconds settle{200};

}  // namespace

void LedgerCheck::check_layout() {
    for (const DirectoryEntry& entry : files_.list(directory_)) {
        const bool known =
            entry.is_directory
                ? entry.name == "tile" || entry.name == "segment" ||
                      entry.name == (is_bundle_ ? "checkpoints" : "wal")
                : entry.name == "origin" || (!is_bundle_ && entry.name == "checkpoint");
        if (known && !entry.is_special) continue;
        const bool leftover = entry.name.ends_with(".tmp");
        out_.add(leftover ? Problem::leftover : Problem::unknown_file, entry.name,
                 entry.is_special ? special_file : "it belongs to no part of a ledger");
    }
}

bool LedgerCheck::open_origin_note() {
    const Bytes note = read_file(files_, directory_ + "/origin", note_size_max);
    Proven& proven = out_.report().proven;
    proven.stored_bytes += note.size();
    Result<Origin> origin = open_origin(text_of(note));
    if (!origin) {
        out_.add(Problem::origin, "origin", origin.error().message);
        return false;
    }
    origin_ = std::move(*origin);
    proven.origin = origin_->name;
    proven.log_key = origin_->log_key.format();
    if (options_.log_key && *options_.log_key != origin_->log_key) {
        out_.add(Problem::log_key, "origin", "the ledger names " + proven.log_key);
        return false;
    }
    proven.log_key_trusted = options_.log_key.has_value();
    return true;
}

void LedgerCheck::check_starts() {
    const std::uint64_t size = tiles_->frontier().size();
    std::erase_if(wal_->starts(), [&](const WalStart& start) {
        if (start.first_leaf > size) return false;
        if (start.first_leaf == size && (start.segment != chain_->next_seq() ||
                                         start.previous_batch != chain_->previous_batch())) {
            out_.add(Problem::wal, start.file, "its header does not continue what lies before it");
        }
        return true;
    });
}

bool LedgerCheck::check_events_of_frame(const BatchLeaf& leaf) {
    const crypto::Key32* data_key = wal_->data_key();
    const WalFrame& frame = wal_->frame();
    const SeqRange range{leaf.first_seq, leaf.first_seq + leaf.count - 1};
    const auto bad = [&](Problem problem, const std::string& reason) {
        out_.add({problem, wal_->file(), range, frame.head.leaf_index, reason});
        return false;
    };
    if (data_key == nullptr) return bad(Problem::key, "no key opens these events");
    crypto::Aead aead(wal_key(*data_key));
    Bytes body;
    if (!aead.open(frame_nonce(frame.head.leaf_index), frame.leaf, frame.body, body))
        return bad(Problem::content, "the events do not decrypt");
    const Result<std::vector<BodyRun>> runs = decode_body(body, leaf);
    if (!runs) return bad(Problem::content, runs.error().message);
    std::vector<crypto::Digest> commitments = commitments_of(*runs, leaf.first_seq, *data_key);
    if (commitments.size() != leaf.count || root_in_place(commitments) != leaf.event_root)
        return bad(Problem::content, "the events are not the ones that the leaf commits to");
    out_.report().proven.opened_events += leaf.count;
    Observer* observer = options_.observer;
    if (observer == nullptr || observer->retention_class() != leaf.retention_class) return true;
    std::uint64_t seq = leaf.first_seq;
    for (const BodyRun& run : *runs)
        for (const ByteView raw : run.raw) observer->event(seq++, leaf.sources[run.source].id, raw);
    return true;
}

/// Whether the frame at this place of the write-ahead log, if it reaches here, holds this batch.
bool LedgerCheck::match_wal(ByteView entry) {
    const std::uint64_t index = tiles_->frontier().size();
    if (!wal_ || wal_->next_index() != index) return false;
    const WalFrame& frame = wal_->frame();
    const auto bad = [&](const std::string& reason) {
        out_.add({Problem::wal, wal_->file(), std::nullopt, index, reason});
        return false;
    };
    if (!std::ranges::equal(frame.leaf, entry))
        return bad("the leaf in the write-ahead log is not the one in the tree");
    const Result<BatchLeaf> leaf = decode_batch(entry);
    if (!leaf) {
        if (frame.head.class_index != no_class) return bad("events beside a leaf without events");
        return false;
    }
    if (frame.head.class_index >= wal_->header().classes.size() ||
        wal_->header().classes[frame.head.class_index].retention_class != leaf->retention_class ||
        leaf->segment != wal_->header().segment) {
        return bad("the frame belongs to another class or file than its batch");
    }
    return keys_ == nullptr || check_events_of_frame(*leaf);
}

bool LedgerCheck::step(ByteView entry, bool is_signed) {
    check_marks();
    if (wal_) check_starts();
    const bool in_wal = match_wal(entry);
    chain_->leaf(tiles_->frontier(), entry, in_wal, is_signed);
    if (options_.observer != nullptr) {
        const Result<NoticeLeaf> notice = decode_notice(entry);
        if (notice) options_.observer->notice(tiles_->frontier().size(), *notice);
    }
    if (!tiles_->feed(entry)) {
        out_.at_leaf(Problem::tree, tiles_->frontier().size(), "the tree takes no more leaves");
        return false;
    }
    if (options_.cancelled && options_.cancelled()) cancelled_ = true;
    return !stop();
}

bool LedgerCheck::read_leaves() {
    for (std::uint64_t at = 0; at < signed_.size; at += tile_width) {
        const auto width =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(tile_width, signed_.size - at));
        const std::string path = tile_path({TileKind::entries, 0, at / tile_width, width});
        const std::optional<Bytes> bundle = read_file_if_exists(files_, directory_ + "/" + path);
        if (!bundle) {
            out_.add(Problem::missing_file, path, "the tree can't be read without it");
            return false;
        }
        out_.report().proven.stored_bytes += bundle->size();
        const Result<std::vector<ByteView>> entries = decode_bundle(*bundle, width);
        if (!entries) {
            out_.add(Problem::tile, path, entries.error().message);
            return false;
        }
        for (const ByteView entry : *entries) {
            const std::uint64_t index = tiles_->frontier().size();
            if (!step(entry, true)) return false;
            if (wal_ && wal_->next_index() == index) wal_->advance();
        }
    }
    check_marks();
    tiles_->end_of_signed();
    return true;
}

bool LedgerCheck::read_beyond() {
    while (wal_->next_index() == tiles_->frontier().size()) {
        const Bytes entry(wal_->frame().leaf.begin(), wal_->frame().leaf.end());
        if (!step(entry, false)) return false;
        wal_->advance();
    }
    check_marks();
    check_starts();
    const std::optional<std::uint64_t> end = wal_->end();
    if (!end) {
        out_.add(Problem::missing_file, "wal", "there is no write-ahead file");
    } else if (*end < signed_.size) {
        out_.add({Problem::wal, "wal", std::nullopt, *end,
                  "the write-ahead log ends before the signed tree: it was cut"});
    } else if (wal_->next_index()) {
        out_.add({Problem::wal, wal_->file(), std::nullopt, wal_->next_index(),
                  "it does not continue the tree"});
    }
    return true;
}

void LedgerCheck::finish() {
    for (; next_mark_ < marks_.size(); ++next_mark_) {
        const Mark& mark = marks_[next_mark_];
        out_.add(mark.from == Mark::From::since ? Problem::since : Problem::rolled_back, mark.file,
                 "it knows a tree of " + std::to_string(mark.head.size) +
                     " leaves, and here are only " + std::to_string(tiles_->frontier().size()));
    }
    chain_->finish();
    segments_->finish(is_bundle_);
    tiles_->finish();
    if (is_bundle_) finish_bundle();
}

bool LedgerCheck::run() {
    check_layout();
    if (!open_origin_note() || !read_marks()) return true;
    if (keys_ != nullptr) add_head();
    if (options_.since && !add_mark(Mark::From::since, "--since", *options_.since)) return true;
    sort_marks();
    segments_.emplace(files_, directory_, keys_, options_.observer, out_);
    tiles_.emplace(files_, directory_, out_);
    chain_.emplace(*origin_, *segments_, out_);
    if (!is_bundle_) wal_.emplace(files_, directory_, keys_, signed_.size, out_);
    if (wal_ && wal_->next_index().value_or(0) > signed_.size) {
        out_.add(Problem::wal, wal_->file(), "leaves between the signed tree and it are missing");
    }
    if (!read_leaves()) return !cancelled_;
    if (wal_ && !read_beyond()) return !cancelled_;
    finish();
    return true;
}

namespace {

struct Place {
    std::string directory;
    bool is_bundle = false;
};

/// Whether it has the name or the neighbour of the ledger in a data directory.
bool lies_in_data_directory(Files& files, std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path == "ledger" || path.ends_with("/ledger") ||
           files.exists(std::string(path) + "/../state.db");
}

/// Whoever can take away the write-ahead log of a ledger must not win by it that the ledger is
/// judged as a bundle, which needs none.
Result<Place> locate(Files& files, const std::string& path, const Options& options) {
    if (files.exists(path + "/origin")) {
        const bool is_bundle = files.exists(path + "/checkpoints") &&
                               !files.exists(path + "/wal") && !options.keys_lie_beside &&
                               !lies_in_data_directory(files, path);
        return Place{path, is_bundle};
    }
    if (files.exists(path + "/ledger/origin")) return Place{path + "/ledger", false};
    return fail(Errc::not_found, "there is no ledger at " + path);
}

/// To see whether it moves; what can't be read is found by the verification itself.
std::optional<Bytes> checkpoint_of(Files& files, const Place& place) {
    try {
        return place.is_bundle ? std::nullopt
                               : read_file_if_exists(files, place.directory + "/checkpoint");
    } catch (const Fault&) {
        return std::nullopt;
    }
}

}  // namespace

Result<Report> verify_ledger(Files& files, const std::string& path, const Options& options) {
    const Result<Place> place = locate(files, path, options);
    if (!place) return fail(place.error());
    std::optional<KeyBox> keys;
    if (options.deep) {
        Result<KeyBox> opened = KeyBox::open(files, options.keys_directory);
        if (!opened) return fail(Errc::invalid, opened.error().message);
        keys.emplace(std::move(*opened));
    }
    for (int attempt = 1;; ++attempt) {
        Report report;
        report.subject = place->is_bundle ? Subject::bundle : Subject::ledger;
        report.deep = options.deep;
        if (options.observer != nullptr) options.observer->restart();
        const std::optional<Bytes> before = checkpoint_of(files, *place);
        try {
            LedgerCheck check(files, place->directory, place->is_bundle, keys ? &*keys : nullptr,
                              options, report);
            if (!check.run()) return fail(Errc::unavailable, "cancelled");
        } catch (const Fault& fault) {
            Collector(report, options.findings_max).add(Problem::unreadable, {}, fault.what());
        }
        const bool moved = checkpoint_of(files, *place) != before;
        const bool in_the_making = std::ranges::any_of(
            report.findings, [](const Finding& one) { return one.problem == Problem::leftover; });
        if (report.passed() || !(moved || in_the_making)) return report;
        if (attempt == attempts_max && !moved) return report;
        if (attempt < attempts_max && in_the_making) std::this_thread::sleep_for(settle);
        if (attempt == attempts_max) {
            Collector(report, options.findings_max)
                .add(Problem::moving, {}, "stop the writer, or verify a copy");
            return report;
        }
    }
}

}  // namespace daicho::ledger::core::verify
