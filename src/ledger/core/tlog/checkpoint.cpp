#include "ledger/core/tlog/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace daicho::ledger::core {
namespace {

constexpr std::size_t lines_before_extensions = 3;

bool is_line(std::string_view line) noexcept {
    return !line.empty() && line.size() <= checkpoint_line_size_max && is_note_text(line) &&
           line.find('\n') == std::string_view::npos;
}

}  // namespace

Result<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    const bool canonical = text == "0" || (!text.empty() && text.front() != '0');
    if (error != std::errc{} || stop != end || !canonical || value > max) {
        return fail(Errc::invalid, "not a decimal number without leading zeros, or too large");
    }
    return value;
}

Result<crypto::Digest> parse_base64_digest(std::string_view text) {
    const auto bytes = from_base64(text);
    if (!bytes || bytes->size() != crypto::digest_size) {
        return fail(Errc::invalid, "not a SHA-256 digest in base64");
    }
    crypto::Digest digest;
    std::ranges::copy(*bytes, digest.bytes.begin());
    return digest;
}

Result<std::string> format_checkpoint(const Checkpoint& checkpoint) {
    std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
                       to_base64(checkpoint.head.root.view()) + "\n";
    for (const std::string& line : checkpoint.extensions) text += line + "\n";
    const auto back = parse_checkpoint(text);
    if (!back) return fail(back.error());
    if (!(*back == checkpoint)) return fail(Errc::invalid, "a checkpoint line holds a newline");
    return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    if (text.empty() || text.back() != '\n') {
        return fail(Errc::invalid, "a checkpoint ends in a newline");
    }
    if (text.size() > note_size_max) return fail(Errc::too_large, "the checkpoint is too large");
    const auto lines = split(text.substr(0, text.size() - 1), '\n');
    if (lines.size() < lines_before_extensions) {
        return fail(Errc::invalid, "a checkpoint has an origin, a size and a root");
    }
    if (lines.size() > lines_before_extensions + checkpoint_extensions_max) {
        return fail(Errc::too_large, "the checkpoint has too many extension lines");
    }
    if (!std::ranges::all_of(lines, is_line)) {
        return fail(Errc::invalid, "a checkpoint line is empty, too long or not plain text");
    }
    const auto size = parse_decimal(lines[1], tree_size_max);
    if (!size) return fail(size.error());
    const auto root = parse_base64_digest(lines[2]);
    if (!root) return fail(root.error());
    if (*size == 0 && *root != crypto::hash_empty()) {
        return fail(Errc::invalid, "the root of an empty tree is wrong");
    }
    return Checkpoint{std::string(lines[0]), {*size, *root}, {lines.begin() + 3, lines.end()}};
}

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint,
                                    std::span<NoteSigner* const> signers) {
    const auto text = format_checkpoint(checkpoint);
    if (!text) return fail(text.error());
    return sign_note(*text, signers);
}

Result<OpenCheckpoint> open_checkpoint(std::string_view note, std::string_view origin,
                                       std::span<const VerifierKey> log_keys) {
    auto open = open_note(note, log_keys);
    if (!open) return fail(open.error());
    auto checkpoint = parse_checkpoint(open->text);
    if (!checkpoint) return fail(checkpoint.error());
    if (checkpoint->origin != origin) {
        return fail(Errc::tampered, "the checkpoint is of another log");
    }
    return OpenCheckpoint{std::move(*checkpoint), std::move(open->verified), open->unknown};
}

}  // namespace daicho::ledger::core
