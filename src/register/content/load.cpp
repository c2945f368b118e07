#include <algorithm>

#include "register/content/content.hpp"

namespace daicho::register_ {
namespace {

constexpr std::uint64_t yaml_size_max = std::uint64_t{1} << 20;  // as data::YamlLimits
constexpr int folders_deep_max = 4;                              // regulations/<id>/<file> has 2

std::string text_of_file(Files& files, const std::string& path, std::uint64_t size_max) {
    const Bytes bytes = read_file(files, path, size_max);
    return std::string(text_of(bytes));
}

/// All YAML files below `folder`, relative to `root`, sorted. Hidden ones and the schemas are not
/// content.
Status find_yaml(Files& files, const std::string& root, const std::string& folder, int depth,
                 std::vector<std::string>& out) {
    for (const DirectoryEntry& entry : files.list(folder.empty() ? root : root + "/" + folder)) {
        const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
        if (entry.name.starts_with('.') || path == "schema") continue;
        if (entry.is_directory) {
            if (depth == folders_deep_max)
                return fail(Errc::too_large, path + ": folders too deep");
            const Status below = find_yaml(files, root, path, depth + 1, out);
            if (!below) return below;
        } else if (entry.name.ends_with(".yaml")) {
            if (entry.size > yaml_size_max)
                return fail(Errc::too_large, path + ": larger than 1 MiB");
            out.push_back(path);
        }
        if (out.size() > content_files_max) return fail(Errc::too_large, path + ": too many files");
    }
    return {};
}

}  // namespace

Result<SchemaSet> load_schemas(Files& files, const std::string& directory) {
    const std::string folder = directory + "/schema/";
    const Result<data::YamlDocument> common = data::load_yaml(files, folder + "common.yaml");
    if (!common) return fail(common.error());
    std::vector<data::YamlDocument> documents;
    for (const DirectoryEntry& entry : files.list(directory + "/schema")) {
        if (!entry.name.ends_with(".yaml") || entry.name == "common.yaml") continue;
        Result<data::YamlDocument> document = data::load_yaml(files, folder + entry.name);
        if (!document) return fail(std::move(document.error()));
        documents.push_back(std::move(*document));
    }
    return SchemaSet::create(*common, documents);
}

Result<Content> load_content(Files& files, const std::string& directory) {
    if (!files.exists(directory)) return fail(Errc::not_found, "no content folder at " + directory);
    Result<SchemaSet> schemas = load_schemas(files, directory);
    if (!schemas) return fail(std::move(schemas.error()));
    std::vector<std::string> paths;
    const Status found = find_yaml(files, directory, "", 0, paths);
    if (!found) return fail(found.error());
    ContentBuilder builder(std::move(*schemas));
    for (const std::string& path : paths) {
        builder.add_yaml(path, text_of_file(files, directory + "/" + path, yaml_size_max));
    }
    const std::string blocklist = directory + "/password-blocklist.txt";
    if (files.exists(blocklist)) {
        builder.add_blocklist("password-blocklist.txt",
                              text_of_file(files, blocklist, blocklist_size_max));
    }
    return builder.finish();
}

}  // namespace daicho::register_
