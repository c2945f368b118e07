#pragma once
// The program's own log (operations, not evidence). One line = one event name and key=value pairs.
// No personal value, secret or number goes in; control characters can't forge a line because they
// are shown as pictures.
#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace daicho {

enum class LogLevel { debug, info, warning, error };

struct LogField {
    std::string_view key;
    std::string value;
    LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
    LogField(std::string_view name, const char* text) : key(name), value(text) {}
    LogField(std::string_view name, const std::string& text) : key(name), value(text) {}
    LogField(std::string_view name, bool flag) : key(name), value(flag ? "true" : "false") {}
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    LogField(std::string_view name, Number number) : key(name), value(std::to_string(number)) {}
};

/// Takes finished lines without newline. Called under the log's lock, one line at a time.
using LogSink = std::function<void(LogLevel, std::string_view line)>;

/// Thread-safe. Never throws: a log that can't be written must not stop what it tells about.
class Log {
public:
    /// To standard error with time and level, as journald takes it.
    [[nodiscard]] static std::shared_ptr<Log> to_stderr(LogLevel least = LogLevel::info);
    [[nodiscard]] static std::shared_ptr<Log> to_sink(LogSink sink,
                                                      LogLevel least = LogLevel::debug);
    /// Drops everything.
    [[nodiscard]] static std::shared_ptr<Log> none();
    ~Log();

    void debug(std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;
    void warning(std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;

private:
    struct Writer;
    explicit Log(std::unique_ptr<Writer> writer);
    void write(LogLevel level, std::string_view event,
               std::initializer_list<LogField> fields) noexcept;
    std::unique_ptr<Writer> writer_;
};

/// `event key=value key="value with spaces"`, as Log writes it.
[[nodiscard]] std::string log_line(std::string_view event, std::initializer_list<LogField> fields);

}  // namespace daicho
