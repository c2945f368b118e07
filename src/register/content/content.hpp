#pragma once
// The whole of content/, and how to read it.
//
// Invariants of a Content that was built: (1) every id mentioned anywhere exists; (2) every text
// has ja and en, with the same placeholders; (3) every control has examples for conformant,
// nonconformant and insufficient; (4) RRULEs are valid; (5) `version` changes with any change of
// meaning and with nothing else.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "register/content/control.hpp"
#include "register/content/model.hpp"
#include "register/content/schema.hpp"

namespace daicho::register_ {

inline constexpr std::size_t content_files_max = 2'000;  // 865 clauses lie in some 40 files
inline constexpr std::size_t content_mistakes_max = 100;
inline constexpr std::size_t blocklist_size_max = std::size_t{4} << 20;

struct Content {
    std::map<std::string, Regulation> regulations;
    std::map<std::string, Clause> clauses;
    std::map<std::string, Parameter> parameters;
    std::map<std::string, Control> controls;
    std::map<std::string, Obligation> obligations;
    std::map<std::string, Post> posts;
    std::map<std::string, RetentionClass> retention;
    std::map<std::string, HolidayTable> holidays;
    std::map<std::string, Bilingual> texts;  // by text_key
    std::vector<std::string> password_blocklist;
    crypto::Digest version;  // SHA-256 of the canonical form of all files
};

/// Reads documents one by one and tells all mistakes at the end. Not thread-safe.
class ContentBuilder {
public:
    explicit ContentBuilder(SchemaSet schemas);
    ~ContentBuilder();
    ContentBuilder(ContentBuilder&&) noexcept;
    ContentBuilder& operator=(ContentBuilder&&) = delete;

    /// `path` is for messages and for the version; the document's one key says what it is.
    void add_yaml(const std::string& path, std::string_view text);
    void add_blocklist(const std::string& path, std::string_view text);
    /// Checks what no file can tell alone. Errc::invalid with one line "file:line:column: field:
    /// what" per mistake, at most content_mistakes_max of them. The builder is empty afterwards.
    [[nodiscard]] Result<Content> finish();

    struct State;  // builder.hpp

private:
    std::unique_ptr<State> state_;
};

/// `directory` is content/; the schemas are in its folder schema/. Throws IoFault when files can't
/// be read.
[[nodiscard]] Result<Content> load_content(Files& files, const std::string& directory);
[[nodiscard]] Result<SchemaSet> load_schemas(Files& files, const std::string& directory);

/// The sentence with its {placeholders} filled; the key itself when there is no such sentence.
[[nodiscard]] std::string render(const Content& content, const std::string& key, bool japanese,
                                 const std::map<std::string, std::string>& values);

}  // namespace daicho::register_
