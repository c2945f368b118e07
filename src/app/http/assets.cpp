#include "app/http/assets.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"
#include "crypto/digest.hpp"

namespace daicho::app::http {
namespace {

std::string_view type_of(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
        {".map", "application/json"},
        {".wasm", "application/wasm"},
    }};
    for (const auto& [ending, type] : types) {
        if (name.ends_with(ending)) return type;
    }
    return {};
}

/// RFC 9110, 12.5.3, as far as needed: named and not with q=0.
bool accepts(const Request& request, std::string_view coding) {
    const std::optional<std::string_view> field = request.field("accept-encoding");
    if (!field) return false;
    for (const std::string_view part : split(*field, ',')) {
        const std::size_t semicolon = part.find(';');
        if (!equal_ignoring_case(trim(part.substr(0, semicolon)), coding)) continue;
        if (semicolon == std::string_view::npos) return true;
        const std::string_view weight = trim(part.substr(semicolon + 1));
        return weight.find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

bool names_etag(std::string_view field, std::string_view etag) {
    for (std::string_view part : split(field, ',')) {
        part = trim(part);
        if (part.starts_with("W/")) part.remove_prefix(2);
        if (part == etag || part == "*") return true;
    }
    return false;
}

bool is_page_navigation(const Request& request) {
    const std::optional<std::string_view> mode = request.field("sec-fetch-mode");
    const std::optional<std::string_view> accept = request.field("accept");
    if (!accept || accept->find("text/html") == std::string_view::npos) return false;
    if (request.path.starts_with("/api/")) return false;
    // A browser says itself that somebody goes to a page; a clause's number may have dots.
    if (mode) return *mode == "navigate";
    const std::size_t last = request.path.rfind('/');
    return request.path.find('.', last) == std::string::npos;
}

}  // namespace

struct Assets::Reading {
    Files& files;
    Assets& assets;
    std::uint64_t bytes = 0;
    std::size_t count = 0;
    crypto::Sha256 digest;
    std::vector<std::pair<std::string, Form>> compressed;

    Status folder(const std::string& path, const std::string& prefix) {
        for (const DirectoryEntry& entry : files.list(path)) {
            const std::string name = prefix + "/" + entry.name;
            const Status status = entry.is_directory
                                      ? folder(path + "/" + entry.name, name)
                                      : file(path + "/" + entry.name, name, entry.size);
            if (!status) return status;
        }
        return {};
    }

    Status file(const std::string& path, const std::string& name, std::uint64_t size) {
        bytes += size;
        if (++count > assets_count_max || bytes > assets_bytes_max) {
            return fail(Errc::too_large, "the web folder is too large to be one");
        }
        const Bytes content = read_file(files, path, assets_bytes_max);
        digest.update(crypto::sha256(view_of(name)).view());
        const crypto::Digest hash = crypto::sha256(content);
        digest.update(hash.view());
        Form form{std::make_shared<const std::string>(text_of(content)), "\"" + hash.hex() + "\""};
        if (name.ends_with(".gz") || name.ends_with(".br")) {
            compressed.emplace_back(name, std::move(form));
            return {};
        }
        const std::string_view type = type_of(name);
        if (type.empty())
            return fail(Errc::invalid, "the web folder holds a file of unknown type: " + name);
        Asset asset;
        asset.plain = std::move(form);
        asset.type = type;
        asset.named_by_content = name.starts_with("/assets/");
        assets.by_path_.emplace(name, std::move(asset));
        return {};
    }

    void join_compressed() {
        for (auto& [name, form] : compressed) {
            const auto found = assets.by_path_.find(name.substr(0, name.size() - 3));
            if (found == assets.by_path_.end()) continue;
            (name.ends_with(".gz") ? found->second.gzip : found->second.brotli) = std::move(form);
        }
    }
};

Result<Assets> Assets::load(Files& files, const std::string& folder) {
    if (!files.exists(folder + "/index.html")) {
        return fail(Errc::not_found, "no index.html in the web folder " + folder);
    }
    Assets assets;
    Reading reading{files, assets, 0, 0, {}, {}};
    const Status status = reading.folder(folder, "");
    if (!status) return fail(status.error());
    reading.join_compressed();
    assets.digest_ = reading.digest.finish().hex();
    return assets;
}

std::optional<Response> Assets::answer(const Request& request) const {
    auto found = by_path_.find(request.path);
    if (found == by_path_.end() || request.path == "/index.html") {
        if (request.path != "/index.html" && !is_page_navigation(request)) return std::nullopt;
        found = by_path_.find("/index.html");
        if (found == by_path_.end()) return std::nullopt;
    }
    const Asset& asset = found->second;
    const Form* form = &asset.plain;
    Response response;
    if (asset.brotli && accepts(request, "br")) {
        form = &*asset.brotli;
        response.set("Content-Encoding", "br");
    } else if (asset.gzip && accepts(request, "gzip")) {
        form = &*asset.gzip;
        response.set("Content-Encoding", "gzip");
    }
    response.cacheable = true;
    response.set("Cache-Control",
                 asset.named_by_content ? "public, max-age=31536000, immutable" : "no-cache");
    response.set("Vary", "Accept-Encoding");
    response.set("ETag", form->etag);
    const std::optional<std::string_view> known = request.field("if-none-match");
    if (known && names_etag(*known, form->etag)) {
        response.status = 304;
        return response;
    }
    response.set("Content-Type", asset.type);
    response.shared_body = form->bytes;
    return response;
}

}  // namespace daicho::app::http
