// Makes a data directory with the Ledger class, for run_ledger.py: make_ledger FOLDER
#include <cstdio>

#include "support/sample_ledger.hpp"

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    ::testing::InitGoogleTest(&argc, argv);
    daicho::test::SampleLedger sample;
    sample.fill();
    std::filesystem::copy(sample.options.data_directory, argv[1],
                          std::filesystem::copy_options::recursive);
    std::printf("%s\n", sample.path().c_str());
    return 0;
}
