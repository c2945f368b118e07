// Trees that somebody has vouched for (a checkpoint, an older copy of one, the head beside the
// keys): each must appear on the way through the leaves.
#include <algorithm>

#include "ledger/core/verify/ledger_check.hpp"

namespace daicho::ledger::core::verify {

namespace {

constexpr std::size_t digits_of_size = 20;

}  // namespace

bool LedgerCheck::add_mark(Mark::From from, const std::string& file, std::string note) {
    const Result<Note> parsed = parse_note(note);
    const Result<Checkpoint> checkpoint =
        parsed ? parse_checkpoint(parsed->text) : fail(parsed.error());
    if (!checkpoint) {
        out_.add(from == Mark::From::since ? Problem::since : Problem::checkpoint, file,
                 checkpoint.error().message);
        return false;
    }
    marks_.push_back({checkpoint->head, from, file, std::move(note)});
    return true;
}

bool LedgerCheck::read_marks() {
    bool whole = true;
    if (is_bundle_) {
        for (const DirectoryEntry& entry : files_.list(directory_ + "/checkpoints")) {
            const std::string file = "checkpoints/" + entry.name;
            if (entry.is_special) out_.add(Problem::unknown_file, file, special_file);
            const Bytes note = read_file(files_, directory_ + "/" + file, note_size_max);
            out_.report().proven.stored_bytes += note.size();
            whole = add_mark(Mark::From::older, file, std::string(text_of(note))) && whole;
            if (!whole) continue;
            std::string digits = std::to_string(marks_.back().head.size);
            digits.insert(0, digits_of_size - digits.size(), '0');
            if (entry.name != digits)
                out_.add(Problem::checkpoint, file, "its name is not the size of its tree");
        }
    } else if (files_.exists(directory_ + "/checkpoint")) {
        const Bytes note = read_file(files_, directory_ + "/checkpoint", note_size_max);
        out_.report().proven.stored_bytes += note.size();
        whole = add_mark(Mark::From::checkpoint, "checkpoint", std::string(text_of(note)));
    }
    if (!whole) return false;
    if (marks_.empty()) {
        out_.add(Problem::missing_file, is_bundle_ ? "checkpoints" : "checkpoint",
                 std::string("nothing is signed, so nothing can be proven") +
                     (!is_bundle_ && files_.exists(directory_ + "/checkpoints")
                          ? "; a data directory is never taken for a bundle"
                          : ""));
        return false;
    }
    std::ranges::stable_sort(marks_, {}, [](const Mark& mark) { return mark.head.size; });
    marks_.back().from = Mark::From::checkpoint;
    signed_ = marks_.back().head;
    return true;
}

void LedgerCheck::add_head() {
    const Result<std::optional<Head>> head = keys_->head();
    if (!head) return out_.add(Problem::key, "head", head.error().message);
    if (!*head) {
        if (!is_bundle_)
            out_.add(Problem::key, "head", "the keys' own record of the newest tree is missing");
        return;
    }
    // A bundle is older than the machine it was made on: only what it holds can be compared.
    const std::uint64_t size = (*head)->tree.size;
    if (is_bundle_ && size > signed_.size) {
        return out_.note({Remark::behind_keys, "head",
                          static_cast<std::int64_t>(size - signed_.size),
                          static_cast<std::int64_t>(size)});
    }
    if (is_bundle_) out_.note({Remark::unrecorded_bundle, "head", 0, 0});
    marks_.push_back({(*head)->tree, Mark::From::head, "head", {}});
}

void LedgerCheck::sort_marks() {
    std::ranges::stable_sort(marks_, {}, [](const Mark& mark) { return mark.head.size; });
}

void LedgerCheck::check_mark(const Mark& mark) {
    const TreeHead now = tiles_->frontier().head();
    const bool remembered = mark.from == Mark::From::since || mark.from == Mark::From::head;
    if (now != mark.head) {
        const Problem problem = mark.from == Mark::From::since  ? Problem::since
                                : mark.from == Mark::From::head ? Problem::rolled_back
                                                                : Problem::tree;
        return out_.add(problem, mark.file,
                        "its tree of " + std::to_string(mark.head.size) +
                            " leaves is not the one that lies here" +
                            (remembered ? ": history was rewritten" : ""));
    }
    Proven& proven = out_.report().proven;
    if (mark.from == Mark::From::head) {
        proven.head_size = mark.head.size;
        return;
    }
    const std::vector<VerifierKey> keys =
        chain_->key() ? std::vector{*chain_->key()} : std::vector<VerifierKey>{};
    const Result<OpenCheckpoint> opened = open_checkpoint(mark.note, origin_->name, keys);
    if (!opened) {
        return out_.add(mark.from == Mark::From::since ? Problem::since : Problem::checkpoint,
                        mark.file,
                        "not signed by the key that the tree certifies: " + opened.error().message);
    }
    if (mark.from == Mark::From::older) ++proven.older_checkpoints;
    if (mark.from == Mark::From::since) proven.since_size = mark.head.size;
    if (mark.from == Mark::From::checkpoint) {
        proven.head = mark.head;
        proven.signing_day = chain_->day();
    }
}

void LedgerCheck::check_marks() {
    const std::uint64_t size = tiles_->frontier().size();
    while (next_mark_ < marks_.size() && marks_[next_mark_].head.size <= size)
        check_mark(marks_[next_mark_++]);
}

}  // namespace daicho::ledger::core::verify
