// Runs a fuzz target over its corpus without a fuzzer: every file, and truncations of it, because
// cut-off input is what parsers meet most. Fails when there is nothing to run, so that an empty
// corpus can't pass for a tested one.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t input_size_max = 64 << 10;     // what the fuzzer is run with (-max_len)
constexpr std::size_t truncations_dense_max = 1024;  // below this size every length is tried
constexpr std::size_t truncations_sparse = 256;      // above it, this many evenly spread

void run(const std::vector<std::uint8_t>& bytes, std::size_t size) {
    // A copy of just this size, so that the address sanitiser sees a read past its end.
    const std::vector<std::uint8_t> input(bytes.begin(),
                                          bytes.begin() + static_cast<std::ptrdiff_t>(size));
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

void replay(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
    bytes.resize(std::min(bytes.size(), input_size_max));
    const std::size_t step =
        bytes.size() <= truncations_dense_max ? 1 : bytes.size() / truncations_sparse;
    for (std::size_t size = 0; size < bytes.size(); size += step) run(bytes, size);
    run(bytes, bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t files = 0;
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) continue;
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            if (!entry.is_regular_file()) continue;
            replay(entry.path());
            ++files;
        }
    }
    std::printf("%zu files replayed\n", files);
    return files > 0 ? 0 : 1;
}
