#pragma once
// The web front end: read once at start into an immutable map, so that no request ever touches the
// file system.
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/http/message.hpp"
#include "base/files.hpp"
#include "base/result.hpp"

namespace daicho::app::http {

/// The whole front end has some 2 MB; more than this is the wrong folder.
inline constexpr std::uint64_t assets_bytes_max = std::uint64_t{64} << 20;
inline constexpr std::size_t assets_count_max = 2'000;

/// Immutable after load: threads may share it.
class Assets {
public:
    /// `folder` holds index.html and what it names; `x.js.gz` and `x.js.br` beside `x.js` are its
    /// compressed forms. Errc::not_found without index.html, Errc::too_large over the limits above,
    /// Errc::invalid for a type we do not serve.
    [[nodiscard]] static Result<Assets> load(Files& files, const std::string& folder);

    /// The file of that path, or the front page for a navigation of a browser to a page of ours;
    /// nullopt: not ours. Handles If-None-Match and Accept-Encoding. `path` of GET or HEAD.
    [[nodiscard]] std::optional<Response> answer(const Request& request) const;

    /// SHA-256 over all names and contents: which front end this is.
    [[nodiscard]] const std::string& digest() const noexcept { return digest_; }
    [[nodiscard]] std::size_t count() const noexcept { return by_path_.size(); }

private:
    struct Form {
        std::shared_ptr<const std::string> bytes;
        std::string etag;
    };
    struct Asset {
        Form plain;
        std::optional<Form> gzip;
        std::optional<Form> brotli;
        std::string type;
        bool named_by_content = false;  // its name holds a hash: may be kept for ever
    };
    struct Reading;

    std::map<std::string, Asset, std::less<>> by_path_;  // "/index.html"
    std::string digest_;
};

}  // namespace daicho::app::http
