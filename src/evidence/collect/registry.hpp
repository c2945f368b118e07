#pragma once
// What the collectors ask about a source. Declared here by its consumer; whoever keeps the register
// of sources implements it.
#include <cstdint>
#include <string>

namespace daicho::evidence::collect {

struct SourceRecord {
    bool registered = false;
    std::string retention_class = "log";
};

/// Thread-safe. An unregistered sender is recorded and flagged, never dropped.
class SourceRegistry {
public:
    virtual ~SourceRegistry() = default;
    [[nodiscard]] virtual SourceRecord find(const std::string& source) const = 0;
    /// Another value after any change, so that answers may be kept until then.
    [[nodiscard]] virtual std::uint64_t revision() const noexcept = 0;
};

/// Before anything is registered.
class NoSources final : public SourceRegistry {
public:
    [[nodiscard]] SourceRecord find(const std::string&) const override { return {}; }
    [[nodiscard]] std::uint64_t revision() const noexcept override { return 0; }
};

}  // namespace daicho::evidence::collect
