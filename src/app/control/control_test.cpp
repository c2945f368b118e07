#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/control/client.hpp"
#include "app/control/server.hpp"
#include "base/fault.hpp"

namespace daicho::app::control {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A folder of its own for each test, gone afterwards.
class Control : public testing::Test {
protected:
    Control() {
        std::string pattern = (fs::temp_directory_path() / "daicho-control-XXXXXX").string();
        check(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
        root_ = pattern;
        (void)std::signal(SIGPIPE, SIG_IGN);
    }
    ~Control() override { fs::remove_all(root_); }

    std::unique_ptr<Server> serve(RunCommand run, std::size_t at_once = commands_at_once_max,
                                  uid_t owner = ::geteuid(), int request_ms = 2'000) {
        Result<std::unique_ptr<Server>> server =
            Server::start({root_, owner, at_once, request_ms}, std::move(run), Log::none());
        check(server.has_value(), "the server starts");
        return std::move(*server);
    }
    [[nodiscard]] Call call() const {
        Result<std::optional<Call>> made = Call::open(root_);
        check(made && *made, "somebody listens");
        return std::move(**made);
    }

    std::string root_;
};

const Request hello{{"ledger", "status", "data"}, "/srv", true};

/// Waits until it holds; a test that never sees it fails by its assertion.
template <typename Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(10ms);
    return condition();
}

TEST(ControlMessage, GoesThereAndBackInOneForm) {
    const Request request{{"ledger", "import", "data", "", "日本語 名.log", "-"}, "/home/x", false};
    const Result<Bytes> bytes = encode(request);
    ASSERT_TRUE(bytes);
    const Result<std::size_t> length = decode_head(ByteView(*bytes).first(head_bytes));
    ASSERT_TRUE(length);
    EXPECT_EQ(*length, bytes->size() - head_bytes);
    const Result<Request> back = decode_request(ByteView(*bytes).subspan(head_bytes));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, request);
    for (const Verdict verdict : {Verdict::ran, Verdict::busy, Verdict::denied,
                                  Verdict::not_understood, Verdict::stopping}) {
        const Answer answer{verdict, 3};
        EXPECT_EQ(*decode_answer(encode(answer)), answer);
    }
}

TEST(ControlMessage, RefusesEveryCutAndWhatNoCommandLineHolds) {
    const Result<Bytes> bytes = encode(hello);
    ASSERT_TRUE(bytes);
    const ByteView body = ByteView(*bytes).subspan(head_bytes);
    for (std::size_t size = 0; size < body.size(); ++size)
        EXPECT_FALSE(decode_request(body.first(size))) << size;
    for (std::size_t size = 0; size < head_bytes; ++size)
        EXPECT_FALSE(decode_head(ByteView(*bytes).first(size))) << size;
    Bytes longer(body.begin(), body.end());
    longer.push_back(0);
    EXPECT_FALSE(decode_request(longer));
    EXPECT_FALSE(encode({{std::string("a\0b", 3)}, "/", true}));
    EXPECT_FALSE(encode({{std::string(70'000, 'a')}, "/", true}));
    EXPECT_EQ(encode({std::vector<std::string>(arguments_max + 1), "/", true}).error().code,
              Errc::too_large);
    EXPECT_EQ(
        encode({std::vector<std::string>(40, std::string(60'000, 'a')), "/", true}).error().code,
        Errc::too_large);
    const Result<Bytes> relative = encode({{"status"}, "srv", true});
    ASSERT_TRUE(relative);
    EXPECT_FALSE(decode_request(ByteView(*relative).subspan(head_bytes)));
}

TEST(ControlMessage, RefusesAnotherVersionAndAnImpossibleLength) {
    Bytes head = to_bytes("dcontrl2");
    ByteWriter(head).u32(10);
    EXPECT_EQ(decode_head(head).error().code, Errc::invalid);
    head = to_bytes("dcontrl1");
    ByteWriter(head).u32(request_bytes_max + 1);
    EXPECT_EQ(decode_head(head).error().code, Errc::too_large);
}

TEST_F(Control, RunsTheCommandOnTheDescriptorsOfTheCaller) {
    Request seen;
    const auto server = serve([&](const Request& request, const Descriptors& given, Progress&) {
        seen = request;
        std::array<char, 16> text{};
        const ssize_t got = ::read(given.input.get(), text.data(), text.size());
        check(got == 5, "the caller's input is read");
        (void)!::write(given.output.get(), text.data(), 5);
        (void)!::write(given.error.get(), "!", 1);
        const std::string made = "/proc/self/fd/" + std::to_string(given.directory.get()) + "/made";
        std::ofstream(made) << "x";
        return 7;
    });
    std::array<std::array<int, 2>, 3> pipes{};
    for (auto& one : pipes) ASSERT_EQ(::pipe2(one.data(), O_CLOEXEC), 0);
    ASSERT_EQ(::write(pipes[0][1], "hello", 5), 5);
    Descriptors given{Fd(pipes[0][0]), Fd(pipes[1][1]), Fd(pipes[2][1]),
                      Fd(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
                      Fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC))};
    const Fd ends[3] = {Fd(pipes[0][1]), Fd(pipes[1][0]), Fd(pipes[2][0])};
    const Result<Answer> answer = call().run(hello, given);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(*answer, (Answer{Verdict::ran, 7}));
    EXPECT_EQ(seen, hello);
    std::array<char, 16> text{};
    EXPECT_EQ(::read(ends[1].get(), text.data(), text.size()), 5);
    EXPECT_EQ(std::string(text.data(), 5), "hello");
    EXPECT_EQ(::read(ends[2].get(), text.data(), text.size()), 1);
    EXPECT_TRUE(fs::exists(root_ + "/made"));
}

TEST_F(Control, IsForItsOwnerOnlyAndGoesWithTheServer) {
    const std::string path = root_ + "/" + socket_name;
    {
        const auto server = serve([](const auto&, const auto&, auto&) { return 0; });
        struct stat there {};
        ASSERT_EQ(::lstat(path.c_str(), &there), 0);
        EXPECT_EQ(there.st_mode & 07777, 0600U);
        EXPECT_TRUE(S_ISSOCK(there.st_mode));
    }
    EXPECT_FALSE(fs::exists(path));
    const auto gone = Call::open(root_);
    ASSERT_TRUE(gone);
    EXPECT_FALSE(*gone);
}

TEST_F(Control, RefusesThePeerOfAnotherAccount) {
    bool ran = false;
    const auto server = serve(
        [&](const auto&, const auto&, auto&) {
            ran = true;
            return 0;
        },
        1, ::geteuid() + 1);
    const Result<Answer> answer = call().run(hello, own_descriptors());
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->verdict, Verdict::denied);
    EXPECT_FALSE(ran);
}

TEST_F(Control, ReplacesASocketThatACrashLeftButNothingElse) {
    const std::string path = root_ + "/" + socket_name;
    Result<SocketPlace> place = place_of(root_);
    ASSERT_TRUE(place);
    {
        const Fd dead(::socket(AF_UNIX, SOCK_STREAM, 0));
        ASSERT_EQ(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&place->address),
                         sizeof place->address),
                  0);
    }
    ASSERT_TRUE(fs::exists(path));
    const auto nobody = Call::open(root_);
    ASSERT_TRUE(nobody);
    EXPECT_FALSE(*nobody);
    {
        const auto server = serve([](const auto&, const auto&, auto&) { return 4; });
        EXPECT_EQ(call().run(hello, own_descriptors())->exit_code, 4);
    }
    std::ofstream(path) << "not a socket";
    const auto refused = Server::start(
        {root_, ::geteuid()}, [](const auto&, const auto&, auto&) { return 0; }, Log::none());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_TRUE(fs::exists(path));
}

TEST_F(Control, WorksWhereThePathIsLongerThanASocketAddressHolds) {
    root_ += "/" + std::string(90, 'a') + "/" + std::string(90, 'b');
    fs::create_directories(root_);
    const auto server = serve([](const auto&, const auto&, auto&) { return 9; });
    EXPECT_TRUE(fs::exists(root_ + "/" + socket_name));
    EXPECT_EQ(call().run(hello, own_descriptors())->exit_code, 9);
}

TEST_F(Control, CancelsWhatIsInterruptedAndWhatLostItsCaller) {
    std::atomic<int> running{0};
    std::atomic<int> cancelled{0};
    const auto server = serve([&](const Request&, const Descriptors&, Progress& progress) {
        ++running;
        if (soon([&] { return progress.cancel.load(); })) ++cancelled;
        return 5;
    });
    Call interrupted = call();
    std::thread watch([&] {
        (void)soon([&] { return running == 1; });
        interrupted.interrupt();
    });
    const Result<Answer> answer = interrupted.run(hello, own_descriptors());
    watch.join();
    ASSERT_TRUE(answer);  // an interrupted command still says how it ended
    EXPECT_EQ(answer->exit_code, 5);
    EXPECT_EQ(cancelled, 1);
    {
        const Result<SocketPlace> place = place_of(root_);
        const Fd lost(::socket(AF_UNIX, SOCK_STREAM, 0));
        ASSERT_EQ(::connect(lost.get(), reinterpret_cast<const sockaddr*>(&place->address),
                            sizeof place->address),
                  0);
        const std::array<int, descriptors_count> fds{0, 1, 2, 0, 0};
        ASSERT_TRUE(send_all(lost, *encode(hello), fds));
        EXPECT_TRUE(soon([&] { return running == 2; }));
    }
    EXPECT_TRUE(soon([&] { return cancelled == 2; }));
}

TEST_F(Control, RunsAFewAtOnceAndTellsTheNextThatItIsBusy) {
    std::atomic<bool> go{false};
    std::atomic<int> running{0};
    auto server = serve(
        [&](const Request&, const Descriptors&, Progress&) {
            ++running;
            (void)soon([&] { return go.load(); });
            return 0;
        },
        2);
    std::vector<std::thread> callers;
    std::atomic<int> done{0};
    for (int i = 0; i < 2; ++i) {
        callers.emplace_back([&] {
            const Result<Answer> answer = call().run(hello, own_descriptors());
            if (answer && *answer == Answer{Verdict::ran, 0}) ++done;
        });
    }
    ASSERT_TRUE(soon([&] { return running == 2; }));
    EXPECT_EQ(call().run(hello, own_descriptors())->verdict, Verdict::busy);
    go = true;
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(done, 2);
    EXPECT_EQ(call().run(hello, own_descriptors())->verdict, Verdict::ran);
}

TEST_F(Control, AnswersWhatItDoesNotUnderstandAndHoldsNoPlaceForTheSilent) {
    std::atomic<bool> ran{false};
    const auto server = serve(
        [&](const auto&, const auto&, auto&) {
            ran = true;
            return 0;
        },
        1, ::geteuid(), 100);
    const Result<SocketPlace> place = place_of(root_);
    const auto answer_to = [&](ByteView bytes, std::span<const int> fds) {
        const Fd connection(::socket(AF_UNIX, SOCK_STREAM, 0));
        check(::connect(connection.get(), reinterpret_cast<const sockaddr*>(&place->address),
                        sizeof place->address) == 0,
              "connected");
        if (!bytes.empty()) (void)send_all(connection, bytes, fds);
        const std::optional<Bytes> answer = receive_all(connection, answer_bytes, 5'000);
        check(answer.has_value(), "there is an answer");
        return decode_answer(*answer)->verdict;
    };
    const std::array<int, descriptors_count> all{0, 1, 2, 0, 0};
    const Result<Bytes> good = encode(hello);
    Bytes other = *good;
    other[7] = '2';
    // The one place is free again at once or after the time limit: each of these finds it.
    const auto eventually = [&](ByteView bytes, std::span<const int> fds) {
        Verdict verdict = Verdict::busy;
        (void)soon([&] { return (verdict = answer_to(bytes, fds)) != Verdict::busy; });
        return verdict;
    };
    EXPECT_EQ(eventually({}, {}), Verdict::not_understood);
    EXPECT_EQ(eventually(other, all), Verdict::not_understood);
    EXPECT_EQ(eventually(*good, {}), Verdict::not_understood);
    EXPECT_EQ(eventually(*good, std::span(all).first(4)), Verdict::not_understood);
    EXPECT_EQ(eventually(ByteView(*good).first(good->size() - 1), all), Verdict::not_understood);
    EXPECT_FALSE(ran);
    EXPECT_EQ(eventually(*good, all), Verdict::ran);
}

TEST_F(Control, SaysThatTheServerIsGoneWhenItEndsWithoutAnAnswer) {
    const Fd listening(::socket(AF_UNIX, SOCK_STREAM, 0));
    const Result<SocketPlace> place = place_of(root_);
    ASSERT_EQ(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&place->address),
                     sizeof place->address),
              0);
    ASSERT_EQ(::listen(listening.get(), 1), 0);
    std::thread crash([&] { Fd(::accept(listening.get(), nullptr, nullptr)); });
    Call made = call();
    const Result<Answer> answer = made.run(hello, own_descriptors());
    crash.join();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().text_key, "cli.server_gone");
}

TEST_F(Control, StopsWhatRunsWhenItEnds) {
    std::atomic<bool> running{false};
    std::atomic<bool> cancelled{false};
    auto server = serve([&](const Request&, const Descriptors&, Progress& progress) {
        running = true;
        cancelled = soon([&] { return progress.cancel.load(); });
        return 1;
    });
    std::thread caller([&] { (void)call().run(hello, own_descriptors()); });
    ASSERT_TRUE(soon([&] { return running.load(); }));
    server.reset();
    EXPECT_TRUE(cancelled);
    caller.join();
}

}  // namespace
}  // namespace daicho::app::control
