#pragma once
// What a Database consists of. Inside store/ only.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "store/database.hpp"
#include "store/sqlite/connection.hpp"

namespace daicho::store {

struct Database::State {
    State(std::string file, const Clock& time, const DatabaseOptions& given,
          std::unique_ptr<sqlite::Connection> connection)
        : path(std::move(file)), clock(time), options(given), writer(std::move(connection)) {}

    /// Waits for a free connection, or opens one.
    [[nodiscard]] Result<std::unique_ptr<sqlite::Connection>> take_reader();
    /// Null: the connection is gone and another may be opened in its place.
    void give_reader_back(std::unique_ptr<sqlite::Connection> connection);

    const std::string path;
    const Clock& clock;
    const DatabaseOptions options;

    Mutex writer_mutex;
    std::unique_ptr<sqlite::Connection> writer;  // behind writer_mutex
    bool writer_broken = false;                  // behind writer_mutex
    std::function<void()> listener;              // behind writer_mutex
    std::atomic<std::thread::id> writing_thread{};

    Mutex readers_mutex;
    std::condition_variable reader_freed;
    std::vector<std::unique_ptr<sqlite::Connection>> idle_readers DAICHO_GUARDED_BY(readers_mutex);
    unsigned readers_open DAICHO_GUARDED_BY(readers_mutex) = 0;
};

}  // namespace daicho::store
