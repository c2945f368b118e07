#include "base/log.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>

#include "base/text.hpp"

namespace daicho {
namespace {

/// A longer value tells an operator nothing more, and a log line must stay a line.
constexpr std::size_t value_size_max = 512;

spdlog::level::level_enum level_of(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

LogLevel level_of(spdlog::level::level_enum level) noexcept {
    if (level <= spdlog::level::debug) return LogLevel::debug;
    if (level == spdlog::level::info) return LogLevel::info;
    return level == spdlog::level::warn ? LogLevel::warning : LogLevel::error;
}

class CallbackSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit CallbackSink(LogSink to) : to_(std::move(to)) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        to_(level_of(message.level), {message.payload.data(), message.payload.size()});
    }
    void flush_() override {}
    LogSink to_;
};

bool needs_quotes(std::string_view value) noexcept {
    return value.empty() || value.find_first_of(" =\"\\") != std::string_view::npos;
}

void append_value(std::string& line, std::string_view raw) {
    const std::string_view kept = utf8_prefix(raw, value_size_max);
    const std::string value = safe_display(kept);
    const bool quoted = needs_quotes(value);
    if (quoted) line.push_back('"');
    for (const char c : value) {
        if (c == '"' || c == '\\') line.push_back('\\');
        line.push_back(c);
    }
    if (kept.size() < raw.size()) line += "…";
    if (quoted) line.push_back('"');
}

}  // namespace

std::string log_line(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line = safe_display(event);
    for (const LogField& field : fields) {
        line.push_back(' ');
        line += safe_display(field.key);
        line.push_back('=');
        append_value(line, field.value);
    }
    return line;
}

struct Log::Writer {
    spdlog::logger logger;
};

Log::Log(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
Log::~Log() = default;

std::shared_ptr<Log> Log::to_stderr(LogLevel least) {
    spdlog::logger logger("daicho", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger.set_level(level_of(least));
    logger.flush_on(spdlog::level::warn);
    return std::shared_ptr<Log>(new Log(std::make_unique<Writer>(Writer{std::move(logger)})));
}

std::shared_ptr<Log> Log::to_sink(LogSink sink, LogLevel least) {
    spdlog::logger logger("daicho", std::make_shared<CallbackSink>(std::move(sink)));
    logger.set_level(level_of(least));
    return std::shared_ptr<Log>(new Log(std::make_unique<Writer>(Writer{std::move(logger)})));
}

std::shared_ptr<Log> Log::none() {
    return to_sink([](LogLevel, std::string_view) {}, LogLevel::error);
}

void Log::write(LogLevel level, std::string_view event,
                std::initializer_list<LogField> fields) noexcept {
    const spdlog::level::level_enum at = level_of(level);
    if (!writer_->logger.should_log(at)) return;
    try {
        writer_->logger.log(at, spdlog::string_view_t(log_line(event, fields)));
    } catch (...) {
        // Out of memory while telling something: what it tells about must go on.
    }
}

void Log::debug(std::string_view event, std::initializer_list<LogField> fields) noexcept {
    write(LogLevel::debug, event, fields);
}
void Log::info(std::string_view event, std::initializer_list<LogField> fields) noexcept {
    write(LogLevel::info, event, fields);
}
void Log::warning(std::string_view event, std::initializer_list<LogField> fields) noexcept {
    write(LogLevel::warning, event, fields);
}
void Log::error(std::string_view event, std::initializer_list<LogField> fields) noexcept {
    write(LogLevel::error, event, fields);
}

}  // namespace daicho
