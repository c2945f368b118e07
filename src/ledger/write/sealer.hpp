#pragma once
// Turns a closed WAL file into segments: one per retention class, re-blocked by source, compressed,
// encrypted, and read back and compared with what the WAL held before anybody may drop the WAL.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "ledger/core/block.hpp"
#include "ledger/core/segment.hpp"
#include "ledger/write/wal_file.hpp"

namespace daicho::ledger::write {

/// A segment file that is durable and verified, and what its SEAL leaf says.
struct SealedSegment {
    std::string file;  // name below segment/
    core::SegmentDirectory directory;
    std::uint64_t events = 0;
    std::string seal_json;
};

/// Told of every block in order of the file while its events are in memory: the search index is
/// built from this.
class BlockObserver {
public:
    virtual ~BlockObserver() = default;
    virtual void begin(const core::SegmentHeader& header) = 0;
    virtual void block(std::span<const core::BlockEvent> events,
                       std::span<const std::string> sources) = 0;
    /// The segment is complete; `index_key` seals what was derived and dies with the segment's data
    /// key.
    virtual void finish(const std::string& file, const core::SegmentDirectory& directory,
                        const crypto::Key32& index_key) = 0;
    /// Nothing came of it.
    virtual void abandon() = 0;
};

struct SealOptions {
    std::size_t block_raw_bytes = core::block_raw_bytes_target;
    int level = core::block_level_default;
};

/// Throws IoFault; Errc::tampered when what is read back is not what was received. Not thread-safe.
class Sealer {
public:
    Sealer(Files& files, std::string ledger_directory, SealOptions options, BlockObserver* observer)
        : files_(files),
          directory_(std::move(ledger_directory)),
          options_(options),
          observer_(observer),
          encoder_(options.level) {}

    /// All classes of a file that has no more writer. Segments that exist already (a crash came
    /// before their SEAL leaf) are verified and taken as they are.
    [[nodiscard]] Result<std::vector<SealedSegment>> seal(const WalFile& wal);

private:
    struct Content;
    [[nodiscard]] Result<SealedSegment> seal_class(const WalFile& wal, std::uint8_t class_index,
                                                   const std::vector<BatchRef>& refs);
    void write_segment(const std::string& path, const core::SegmentHeader& header,
                       const Content& content, const crypto::Key32& data_key);
    [[nodiscard]] static Status compare_back(const core::SegmentDirectory& directory, File& file,
                                             const Content& content, const crypto::Key32& data_key);
    [[nodiscard]] Bytes encode_one(const Content& content, const std::vector<std::size_t>& rows);
    Files& files_;
    std::string directory_;
    SealOptions options_;
    BlockObserver* observer_;
    core::BlockEncoder encoder_;
};

}  // namespace daicho::ledger::write
