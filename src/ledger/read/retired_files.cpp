#include "ledger/read/retired_files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/fault.hpp"
#include "ledger/core/verify/notices.hpp"
#include "ledger/read/prover.hpp"

namespace daicho::ledger::read {
namespace {

using nlohmann::json;

constexpr const char* hint_file = "/index/retired";
constexpr std::size_t hint_size_max = std::size_t{4} << 20;

bool is_count(const json& value) {
    return value.is_number_unsigned() && value.get<std::uint64_t>() <= core::tree_size_max;
}

}  // namespace

RetiredFiles::RetiredFiles(Files& files, std::string data_directory)
    : files_(files), path_(std::move(data_directory) + hint_file) {}

/// Whatever is wrong with a hint costs time, never an answer: leaves that it hides are found when
/// what they would explain looks missing, and leaves that it invents are no RETIRE leaves.
RetiredFiles::Hint RetiredFiles::read_hint() const {
    if (!files_.exists(path_)) return {};
    const auto file = files_.open(path_, Files::Mode::read);
    if (file->size() > hint_size_max) return {};
    const Bytes bytes = file->read_at(0, static_cast<std::size_t>(file->size()));
    const json stored = json::parse(text_of(bytes), nullptr, false);
    if (!stored.is_object() || !stored.contains("leaves") || !stored.contains("through")) return {};
    const json& leaves = stored["leaves"];
    if (!is_count(stored["through"]) || !leaves.is_array()) return {};
    if (!std::ranges::all_of(leaves, is_count)) return {};
    return {stored["through"].get<std::uint64_t>(), leaves.get<std::vector<std::uint64_t>>()};
}

void RetiredFiles::write_hint() const {
    const json stored{{"leaves", leaves_}, {"through", through_}};
    try {
        write_file_durably(files_, path_, view_of(stored.dump()));
    } catch (const IoFault& fault) {
        if (!fault.out_of_space()) throw;
    }
}

void RetiredFiles::take(const core::NoticeLeaf& leaf, std::uint64_t leaf_index) {
    if (leaf.type != core::LeafType::retire || leaves_.contains(leaf_index)) return;
    const auto facts = core::verify::read_facts(leaf);
    if (!facts) return;
    const auto& retired = std::get<core::verify::RetireFacts>(*facts);
    leaves_.insert(leaf_index);
    std::size_t news = 0;
    for (const core::verify::FileDigest& one : retired.files)
        news += named_.insert(one.file).second ? 1 : 0;
    // A destruction that was cut short is ordered again, of the files that were left.
    if (news > 0) events_ += retired.events;
    counted_twice_ = counted_twice_ || (news > 0 && news < retired.files.size());
}

Status RetiredFiles::take_proven(Prover& prover, std::uint64_t leaf_index) {
    const Result<Bytes> entry = prover.proven_leaf(leaf_index);
    if (!entry) return fail(entry.error());
    const Result<core::NoticeLeaf> leaf = core::decode_notice(*entry);
    if (leaf) take(*leaf, leaf_index);
    return {};
}

void RetiredFiles::skip(std::uint64_t size) {
    const Hint hint = read_hint();
    const MutexLock lock(mutex_);
    for (const std::uint64_t index : hint.leaves) leaves_.insert(index);
    through_ = size;
}

Status RetiredFiles::read(Prover& prover, bool everything) {
    const Hint hint = everything ? Hint{} : read_hint();
    const std::uint64_t size = prover.head().size;
    const MutexLock lock(mutex_);
    leaves_.clear();
    named_.clear();
    events_ = 0;
    counted_twice_ = false;
    for (const std::uint64_t index : hint.leaves) {
        if (index >= size) continue;
        const Status taken = take_proven(prover, index);
        if (!taken) return taken;
    }
    std::vector<std::uint64_t> found;
    const Status looked =
        prover.each_leaf(std::min(hint.through, size), [&](std::uint64_t index, ByteView entry) {
            const auto type = core::leaf_type_of(entry);
            if (type && *type == core::LeafType::retire) found.push_back(index);
            return true;
        });
    if (!looked) return looked;
    for (const std::uint64_t index : found) {
        const Status taken = take_proven(prover, index);
        if (!taken) return taken;
    }
    through_ = size;
    write_hint();
    return {};
}

void RetiredFiles::note(const core::NoticeLeaf& leaf, std::uint64_t leaf_index) {
    if (leaf.type != core::LeafType::retire) return;
    const MutexLock lock(mutex_);
    take(leaf, leaf_index);
    through_ = std::max(through_, leaf_index + 1);
    write_hint();
}

bool RetiredFiles::names(const std::string& file) const {
    const MutexLock lock(mutex_);
    return named_.contains(file);
}

std::set<std::string> RetiredFiles::files() const {
    const MutexLock lock(mutex_);
    return named_;
}

std::optional<std::uint64_t> RetiredFiles::events() const {
    const MutexLock lock(mutex_);
    return counted_twice_ ? std::nullopt : std::optional(events_);
}

}  // namespace daicho::ledger::read
