// A real rsyslog and a real syslog-ng read a file and forward it; every line arrives with its exact
// bytes, by every transport. Each is started with a configuration, a process-id file and a work
// folder of its own, and stopped by id.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/fault.hpp"
#include "evidence/collect/extractor.hpp"
#include "evidence/collect/listen/server.hpp"
#include "evidence/collect/listen/test_peer.hpp"
#include "evidence/collect/memory_intake.hpp"

namespace daicho::evidence::collect::listen {
namespace {

namespace tls = crypto::tls;
namespace fs = std::filesystem;

const std::string header = "<134>1 2026-11-22T03:00:00Z peer app - - - ";

tls::Identity made(Result<tls::Identity> identity) {
    check(identity.has_value(), "the test's certificates are right");
    return std::move(*identity);
}
tls::CertificateSpec spec(const char* name, tls::Purpose purpose) {
    tls::CertificateSpec out;
    out.common_name = name;
    out.dns_names = {name};
    out.ip_addresses = {"127.0.0.1"};
    out.not_before_ns = SystemClock().wall_ns() - hour_ns;
    out.days = 2;
    out.purpose = purpose;
    return out;
}

void send_datagram(const std::string& socket_path, std::string_view text) {
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    check(fd >= 0 && socket_path.size() < sizeof to.sun_path, "the path fits into an address");
    std::ranges::copy(socket_path, to.sun_path);
    EXPECT_EQ(::sendto(fd, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                       sizeof to),
              static_cast<ssize_t>(text.size()));
    ::close(fd);
}

class Process {
public:
    Process(const std::vector<std::string>& arguments, const std::string& libraries,
            const std::string& output) {
        pid_ = ::fork();
        if (pid_ != 0) return;
        if (!libraries.empty()) ::setenv("LD_LIBRARY_PATH", libraries.c_str(), 1);
        // The sanitiser of this program is not for others.
        ::unsetenv("LD_PRELOAD");
        if (std::freopen(output.c_str(), "w", stdout) == nullptr || ::dup2(1, 2) < 0) ::_exit(126);
        std::vector<char*> words;
        for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
        words.push_back(nullptr);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() {
        ::kill(pid_, SIGTERM);
        int status = 0;
        for (int i = 0; i < 500; ++i) {
            if (::waitpid(pid_, &status, WNOHANG) != 0) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, &status, 0);
    }

private:
    pid_t pid_ = -1;
};

class Peers : public ::testing::Test {
protected:
    Peers()
        : ca_(made(tls::make_ca(spec("test-ca", tls::Purpose::server)))),
          client_(made(tls::issue(ca_, spec("sender", tls::Purpose::client)))) {
        std::string pattern = (fs::temp_directory_path() / "daicho-peers-XXXXXX").string();
        check(::mkdtemp(pattern.data()) != nullptr, "a temporary folder can be made");
        folder_ = pattern;
        write("ca.pem", ca_.certificate_pem);
        write("cert.pem", client_.certificate_pem);
        write("key.pem", std::string(text_of(client_.private_key_pem.view())));
        std::string content;
        for (int i = 0; i < 300; ++i) lines_.push_back("ordinary line number " + std::to_string(i));
        lines_.emplace_back("not UTF-8: \xFF\xFE\xC0\xAF end");
        lines_.emplace_back("terminal \x1B[31mred\x1B[0m end");
        lines_.emplace_back(
            "bidi \xE2\x80\xAE"
            "desrever end");
        lines_.emplace_back("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E \xF0\x9F\x97\x92 end");
        lines_.emplace_back("57 <34>1 looks like a count");
        lines_.push_back("long " + std::string(6000, 'x') + " end");
        for (const std::string& line : lines_) content += line + "\n";
        write("in.log", content);
    }
    ~Peers() override {
        server_.reset();
        if (HasFailure()) {
            std::ifstream output(folder_ / "out");
            std::cerr << std::string((std::istreambuf_iterator<char>(output)), {}).substr(0, 4000);
        }
        fs::remove_all(folder_);
    }

    void write(const std::string& name, const std::string& content) {
        std::ofstream(folder_ / name, std::ios::binary) << content;
    }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string source_of_client() const {
        return "tls:" + tls::inspect_certificate(client_.certificate_pem)->spki.hex();
    }

    void start() {
        tls::ServerSettings settings;
        settings.identity = made(tls::issue(ca_, spec("daicho.test", tls::Purpose::server)));
        settings.client_certificates = tls::ClientCertificates::required;
        settings.client_ca_pem = ca_.certificate_pem;
        auto context = tls::ServerContext::create(settings);
        ASSERT_TRUE(context.has_value());
        context_ = std::make_unique<tls::ServerContext>(std::move(*context));
        Options options;
        options.tcp = options.tls = options.udp = Endpoint{"127.0.0.1", 0};
        server_ = std::make_unique<SyslogServer>(options, intake_, board_, registry_, clock_,
                                                 context_.get());
        ASSERT_TRUE(server_->start().has_value());
    }

    /// `ending`: what the sender itself adds to each message.
    void expect_lines(const std::string& source, ledger::Framing framing,
                      const std::string& ending = "") {
        ASSERT_TRUE(eventually([&] { return intake_.of(source).size() >= lines_.size(); }, 30'000))
            << intake_.of(source).size() << " of " << lines_.size() << " events from " << source;
        const auto events = intake_.of(source);
        ASSERT_EQ(events.size(), lines_.size());
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            ASSERT_EQ(events[i].bytes, header + lines_[i] + ending);
            ASSERT_EQ(events[i].framing, framing);
        }
    }

    std::unique_ptr<Process> rsyslog(const std::string& action) {
        return rsyslog_with("global(workDirectory=\"" + folder_.string() +
                            "\" maxMessageSize=\"64k\"\n"
                            " defaultNetstreamDriverCAFile=\"" +
                            path("ca.pem") +
                            "\"\n"
                            " defaultNetstreamDriverCertFile=\"" +
                            path("cert.pem") +
                            "\"\n"
                            " defaultNetstreamDriverKeyFile=\"" +
                            path("key.pem") +
                            "\")\n"
                            "module(load=\"imfile\" mode=\"polling\" pollingInterval=\"1\")\n"
                            "template(name=\"exact\" type=\"string\" string=\"" +
                            header +
                            "%msg%\")\n"
                            "input(type=\"imfile\" file=\"" +
                            path("in.log") +
                            "\" tag=\"t\")\n"
                            "action(type=\"omfwd\" target=\"127.0.0.1\" template=\"exact\" " +
                            action + ")\n");
    }
    std::unique_ptr<Process> rsyslog_with(const std::string& configuration) {
        write("rsyslog.conf", configuration);
        return std::make_unique<Process>(
            std::vector<std::string>{"/usr/sbin/rsyslogd", "-n", "-f", path("rsyslog.conf"), "-i",
                                     path("rsyslog.pid")},
            "", path("out"));
    }

    std::unique_ptr<Process> syslog_ng(const std::string& destination) {
        const char* const given = std::getenv("DAICHO_PEERS");
        const fs::path unpacked = given != nullptr ? given : "/opt/daicho-peers";
        const bool installed = fs::exists("/usr/sbin/syslog-ng");
        const fs::path root = installed ? fs::path("/") : unpacked;
        if (!fs::exists(root / "usr/sbin/syslog-ng")) return nullptr;
        write("syslog-ng.conf",
              "@version: 3.38\n"
              "source s { file(\"" +
                  path("in.log") +
                  "\" follow-freq(0.2) flags(no-parse) log-msg-size(65536)); };\n"
                  "destination d { " +
                  destination + " };\nlog { source(s); destination(d); };\n");
        fs::path libraries;
        for (const auto& entry : fs::directory_iterator(root / "usr/lib")) {
            if (fs::exists(entry.path() / "libivykis.so.0")) libraries = entry.path();
        }
        fs::path modules;
        for (const auto& entry : fs::directory_iterator(root / "usr/lib/syslog-ng")) {
            if (entry.is_directory() && fs::exists(entry.path() / "libaffile.so"))
                modules = entry.path();
        }
        const std::string search = installed ? ""
                                             : libraries.string() + ":" +
                                                   (root / "usr/lib/syslog-ng").string() + ":" +
                                                   (root / "lib" / libraries.filename()).string();
        return std::make_unique<Process>(
            std::vector<std::string>{(root / "usr/sbin/syslog-ng").string(), "-F", "-e",
                                     "--no-caps", "-f", path("syslog-ng.conf"), "-p",
                                     path("ng.pid"), "-R", path("ng.persist"), "-c", path("ng.ctl"),
                                     "--module-path=" + modules.string()},
            search, path("out"));
    }

    fs::path folder_;
    tls::Identity ca_;
    tls::Identity client_;
    std::vector<std::string> lines_;
    MemoryIntake intake_;
    SystemClock clock_;
    SourceBoard board_{clock_, [](WallNs t) { return static_cast<std::int32_t>(t / day_ns); }};
    NoSources registry_;
    std::unique_ptr<tls::ServerContext> context_;
    std::unique_ptr<SyslogServer> server_;
};

#define RSYSLOG_OR_SKIP() \
    if (!fs::exists("/usr/sbin/rsyslogd")) GTEST_SKIP() << "rsyslog is not installed"
#define SYSLOG_NG_OR_SKIP(process) \
    if ((process) == nullptr)      \
    GTEST_SKIP() << "syslog-ng is neither installed nor unpacked (script/bootstrap --test)"

std::string port_text(std::uint16_t port) {
    return "port=\"" + std::to_string(port) + "\" ";
}

TEST_F(Peers, rsyslog_over_tcp_with_octet_counting) {
    RSYSLOG_OR_SKIP();
    start();
    const auto peer =
        rsyslog(port_text(server_->tcp_port()) + "protocol=\"tcp\" TCP_Framing=\"octet-counted\"");
    expect_lines("tcp:127.0.0.1", ledger::Framing::octet_counted);
}

TEST_F(Peers, rsyslog_over_tcp_with_lines) {
    RSYSLOG_OR_SKIP();
    start();
    const auto peer =
        rsyslog(port_text(server_->tcp_port()) + "protocol=\"tcp\" TCP_Framing=\"traditional\"");
    expect_lines("tcp:127.0.0.1", ledger::Framing::line);
}

TEST_F(Peers, rsyslog_over_udp) {
    RSYSLOG_OR_SKIP();
    start();
    const auto peer = rsyslog(port_text(server_->udp_port()) + "protocol=\"udp\"");
    expect_lines("udp:127.0.0.1", ledger::Framing::datagram);
}

TEST_F(Peers, rsyslog_over_tls_by_gnutls_and_by_openssl) {
    RSYSLOG_OR_SKIP();
    for (const std::string driver : {"gtls", "ossl"}) {
        MemoryIntake* const before = &intake_;
        start();
        const std::uint64_t had = before->events();
        {
            const auto peer =
                rsyslog(port_text(server_->tls_port()) +
                        "protocol=\"tcp\" TCP_Framing=\"octet-counted\" StreamDriver=\"" + driver +
                        "\" StreamDriverMode=\"1\" StreamDriverAuthMode=\"x509/name\" "
                        "StreamDriverPermittedPeers=\"daicho.test\"");
            ASSERT_TRUE(eventually([&] { return intake_.events() == had + lines_.size(); }, 30'000))
                << driver << ": " << intake_.events();
        }
        const auto events = intake_.of(source_of_client());
        for (std::size_t i = 0; i < lines_.size(); ++i)
            ASSERT_EQ(events[had + i].bytes, header + lines_[i]) << driver;
        EXPECT_EQ(events.back().flags & ledger::event_flag::unauthenticated, 0);
        server_.reset();
        for (const auto& entry : fs::directory_iterator(folder_)) {
            if (entry.path().filename().string().starts_with("imfile-state"))
                fs::remove(entry.path());
        }
    }
}

/// What programs write with syslog(3), as the lines of the README make a stock rsyslog send it.
TEST_F(Peers, what_a_stock_rsyslog_forwards_has_its_fields) {
    RSYSLOG_OR_SKIP();
    start();
    const auto peer = rsyslog_with(
        "global(workDirectory=\"" + folder_.string() +
        "\" localHostname=\"web-01\")\n"
        "module(load=\"imuxsock\" SysSock.Use=\"off\")\n"
        "input(type=\"imuxsock\" Socket=\"" +
        path("log") + "\")\n*.* @@(o)127.0.0.1:" + std::to_string(server_->tcp_port()) +
        ";RSYSLOG_SyslogProtocol23Format\n");
    ASSERT_TRUE(eventually([&] { return fs::exists(path("log")); }, 30'000));
    send_datagram(path("log"),
                  "<86>Nov 22 12:00:00 sshd[4711]: Failed password for invalid user tanaka from "
                  "192.0.2.10 port 50022 ssh2");
    send_datagram(path("log"),
                  "<86>Nov 22 12:00:01 su[4712]: pam_unix(su:session): session opened "
                  "for user root(uid=0) by suzuki(uid=1000)");
    ASSERT_TRUE(eventually(
        [&] {
            const auto events = intake_.of("tcp:127.0.0.1");
            return std::ranges::any_of(events, [](const auto& event) {
                return event.bytes.find("su:session") != std::string::npos;
            });
        },
        30'000));
    FieldExtractor extractor([](WallNs) { return 9 * 3600; });
    namespace search = ledger::search;
    int read = 0;
    for (const auto& event : intake_.of("tcp:127.0.0.1")) {
        search::Fields fields;
        extractor.extract(view_of(event.bytes), clock_.wall_ns(), fields);
        if (fields.pid != "4711" && fields.pid != "4712") continue;  // rsyslog speaks of itself
        ++read;
        const bool sign_in = fields.pid == "4711";
        EXPECT_EQ(fields.host, "web-01") << event.bytes;
        EXPECT_EQ(fields.user, sign_in ? "tanaka" : "suzuki") << event.bytes;
        EXPECT_EQ(fields.category,
                  sign_in ? search::Category::authentication : search::Category::session);
        EXPECT_EQ(fields.outcome, sign_in ? search::Outcome::failure : search::Outcome::success);
        EXPECT_EQ(fields.address.has_value(), sign_in);
    }
    EXPECT_EQ(read, 2);
}

TEST_F(Peers, syslog_ng_over_tcp_and_udp) {
    start();
    const auto peer =
        syslog_ng("network(\"127.0.0.1\" port(" + std::to_string(server_->tcp_port()) +
                  ") transport(\"tcp\") template(\"" + header +
                  "${MSG}\\n\")); "
                  "network(\"127.0.0.1\" port(" +
                  std::to_string(server_->udp_port()) + ") transport(\"udp\") template(\"" +
                  header + "${MSG}\"));");
    SYSLOG_NG_OR_SKIP(peer);
    expect_lines("tcp:127.0.0.1", ledger::Framing::line);
    expect_lines("udp:127.0.0.1", ledger::Framing::datagram);
}

TEST_F(Peers, syslog_ng_over_tls_with_octet_counting) {
    start();
    const auto peer =
        syslog_ng("syslog(\"127.0.0.1\" port(" + std::to_string(server_->tls_port()) +
                  ") transport(\"tls\") tls(ca-file(\"" + path("ca.pem") + "\") cert-file(\"" +
                  path("cert.pem") + "\") key-file(\"" + path("key.pem") + "\")));");
    SYSLOG_NG_OR_SKIP(peer);
    const std::string source = source_of_client();
    ASSERT_TRUE(eventually([&] { return intake_.of(source).size() >= lines_.size(); }, 30'000))
        << intake_.of(source).size();
    const auto events = intake_.of(source);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        // The header is syslog-ng's own here, and it counts a line end as part of the message.
        ASSERT_TRUE(events[i].bytes.ends_with("] " + lines_[i] + "\n")) << events[i].bytes;
        ASSERT_EQ(events[i].framing, ledger::Framing::octet_counted);
    }
}

}  // namespace
}  // namespace daicho::evidence::collect::listen
