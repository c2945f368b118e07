#pragma once
// A segment's search index on disk: DATA/index/<segment file>.idx, each section encrypted under a
// key derived from the segment's data key, so that it dies with it. Derived: `daicho ledger
// reindex` makes it anew.
#include <memory>
#include <string>

#include "base/files.hpp"
#include "crypto/secret.hpp"
#include "ledger/search/index.hpp"
#include "ledger/write/sealer.hpp"

namespace daicho::ledger::read {

[[nodiscard]] std::string index_path(const std::string& index_directory,
                                     const std::string& segment_file);

void write_index(Files& files, const std::string& path, const search::Sections& sections,
                 const crypto::Digest& segment_digest, const crypto::Key32& index_key);
/// Errc::not_found: none there. Errc::tampered: damaged, or of another segment: make it anew.
[[nodiscard]] Result<Bytes> read_index_section(Files& files, const std::string& path,
                                               search::Section section,
                                               const crypto::Digest& segment_digest,
                                               const crypto::Key32& index_key);

/// Builds the index while the segment is being written. Not thread-safe (the sealer's thread).
class IndexObserver final : public write::BlockObserver {
public:
    IndexObserver(Files& files, std::string index_directory, search::Extractor& extractor)
        : files_(files), directory_(std::move(index_directory)), extractor_(extractor) {}
    void begin(const core::SegmentHeader& header) override;
    void block(std::span<const core::BlockEvent> events,
               std::span<const std::string> sources) override;
    void finish(const std::string& file, const core::SegmentDirectory& directory,
                const crypto::Key32& index_key) override;
    void abandon() override { builder_.reset(); }

private:
    Files& files_;
    std::string directory_;
    search::Extractor& extractor_;
    std::unique_ptr<search::IndexBuilder> builder_;
};

}  // namespace daicho::ledger::read
