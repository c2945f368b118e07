// Writes a small log for the checkers in this folder, with nothing of the ledger but its tree,
// notes and tiles:
//   make_tree FOLDER SIZE  ->  FOLDER/ledger/{checkpoint,tile/**}, FOLDER/vkey,
//   FOLDER/proof-N.tlog-proof,
//                              FOLDER/consistency-N (older size, older root, then one proof hash
//                              per line)
// The same arguments give the same bytes: the key is a fixed one that guards nothing.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "base/fault.hpp"
#include "ledger/core/tlog/checkpoint.hpp"
#include "ledger/core/tlog/tile.hpp"
#include "ledger/core/tlog/tlog_proof.hpp"

namespace {

namespace fs = std::filesystem;
using namespace daicho;
using namespace daicho::ledger::core;

constexpr std::string_view origin = "independent.example/log";

template <typename T>
T need(Result<T> result) {
    if (!result) throw Fault(result.error().message);
    return std::move(*result);
}

void write(const fs::path& path, std::string_view content) {
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out.flush()) throw Fault("cannot write " + path.string());
}

Bytes read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Fault("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Empty, short, long and the longest possible: whatever an entry may be.
Bytes entry_of(std::uint64_t index) {
    if (index == 3) return Bytes(entry_size_max, 0x33);
    if (index % 97 == 5) return {};
    return to_bytes("entry " + std::to_string(index) + std::string(index % 61, '.'));
}

void grow(TileWriter& writer, std::uint64_t size, const fs::path& ledger) {
    while (writer.frontier().size() < size) {
        (void)need(writer.append(entry_of(writer.frontier().size())));
    }
    for (const TileFile& file : writer.take()) {
        write(ledger / tile_path(file.id), text_of(file.content));
    }
}

void write_proofs(const fs::path& folder, const TreeHead& head, const std::string& note) {
    TileReader reader(head.size, [&](const std::string& path) -> Result<Bytes> {
        return read(folder / "ledger" / path);
    });
    for (const std::uint64_t index : std::set<std::uint64_t>{0, head.size / 2, head.size - 1}) {
        const TlogProof proof{{}, index, need(prove_inclusion(index, head.size, reader)), note};
        write(folder / ("proof-" + std::to_string(index) + ".tlog-proof"),
              need(format_tlog_proof(proof)));
    }
    for (const std::uint64_t older : {head.size / 3, head.size / 2, head.size - 1}) {
        if (older == 0) continue;
        std::string text =
            std::to_string(older) + "\n" + to_base64(need(root_at(older, reader)).view()) + "\n";
        for (const auto& hash : need(prove_consistency(older, head.size, reader))) {
            text += to_base64(hash.view()) + "\n";
        }
        write(folder / ("consistency-" + std::to_string(older)), text);
    }
}

void make(const fs::path& folder, std::uint64_t size) {
    const auto secret = need(crypto::SigningKey::from_seed(Bytes(32, 0x5a)));
    auto signer = need(KeySigner::make(std::string(origin), secret));
    const auto other = need(crypto::SigningKey::from_seed(Bytes(32, 0xa5)));
    auto witness = need(KeySigner::make("witness.example", other));
    NoteSigner* const signers[] = {&signer, &witness};
    TileWriter writer;
    grow(writer, size / 2, folder / "ledger");  // leaves partial tiles of an older size behind
    grow(writer, size, folder / "ledger");
    const TreeHead head = writer.frontier().head();
    const std::string note = need(sign_checkpoint({std::string(origin), head, {}}, signers));
    write(folder / "ledger" / "checkpoint", note);
    write(folder / "vkey", signer.key().format());
    write_proofs(folder, head, note);
}

}  // namespace

int main(int argc, char** argv) {
    const auto size = argc == 3 ? parse_decimal(argv[2], 1U << 20) : Result<std::uint64_t>(0);
    if (!size || *size == 0) {
        std::cerr << "usage: make_tree FOLDER SIZE\n";
        return EXIT_FAILURE;
    }
    try {
        make(argv[1], *size);
    } catch (const std::exception& error) {
        std::cerr << "make_tree: " << error.what() << "\n";
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
