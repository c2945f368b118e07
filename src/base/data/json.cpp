#include "base/data/json.hpp"

#include <cmath>

#include "base/fault.hpp"

namespace daicho::data {
namespace {

using nlohmann::json;

/// Builds the value from the parser's events, so that a limit or a duplicate stops the work where
/// it is met.
class Builder final : public json::json_sax_t {
public:
    explicit Builder(const JsonLimits& limits) : limits_(limits) {}

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t& written) override {
        if (written.find_first_of(".eE") == string_t::npos) {
            return stop(Errc::invalid, "an integer beyond 64 bits");
        }
        if (!std::isfinite(value)) return stop(Errc::invalid, "a number beyond double precision");
        return put(value);
    }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return stop(Errc::invalid, "not JSON"); }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (open_.back()->contains(name)) return stop(Errc::invalid, "a key is there twice");
        key_ = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const json::exception& error) override {
        if (error.id == 406) return stop(Errc::invalid, "a number beyond double precision");
        // The library's text quotes the input, which may be personal; the place is enough.
        return stop(Errc::invalid, "not JSON at byte " + std::to_string(position));
    }

    [[nodiscard]] Result<json> take() {
        if (error_) return fail(*error_);
        return std::move(root_);
    }

private:
    bool stop(Errc code, std::string message) {
        if (!error_) error_ = Error{code, std::move(message), {}, {}};
        return false;
    }
    /// Where the new value has come to lie, or null after a limit.
    json* place(json value) {
        if (++values_ > limits_.values_max) {
            stop(Errc::too_large, "more JSON values than are allowed");
            return nullptr;
        }
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[key_] = std::move(value));
    }
    bool put(json value) { return place(std::move(value)) != nullptr; }
    bool open(json value) {
        if (open_.size() == limits_.depth_max) {
            return stop(Errc::too_large, "JSON nested deeper than is allowed");
        }
        json* const here = place(std::move(value));
        if (here == nullptr) return false;
        open_.push_back(here);
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    const JsonLimits& limits_;
    json root_;
    // Pointers stay good: only the innermost container grows, and its parents hold it by a node of
    // their own.
    std::vector<json*> open_;
    std::string key_;
    std::size_t values_ = 0;
    std::optional<Error> error_;
};

void check_numbers(const json& value) {
    if (value.is_number_float() && !std::isfinite(value.get<double>())) {
        throw Fault("a number that JSON can't hold");
    }
    if (value.is_structured()) {
        for (const json& item : value) check_numbers(item);
    }
}

}  // namespace

Result<json> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes_max) return fail(Errc::too_large, "more JSON than is allowed");
    if (text.starts_with("\xEF\xBB\xBF")) return fail(Errc::invalid, "JSON with a byte order mark");
    Builder builder(limits);
    (void)json::sax_parse(text.begin(), text.end(), &builder);
    return builder.take();
}

std::string canonical_json(const json& value) {
    check_numbers(value);
    try {
        // nlohmann's objects are sorted maps, and std::string compares as unsigned bytes.
        return value.dump(-1, ' ', false, json::error_handler_t::strict);
    } catch (const json::exception&) {
        throw Fault("a text that JSON can't hold: not UTF-8");
    }
}

}  // namespace daicho::data
