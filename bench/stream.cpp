// links: base
// Makes the log stream that the measurements use: RFC 5424 events of a week, the same bytes for the
// same options on every machine. bench_stream --events N --form lf|octet|tsv|export [--start DAY]
// [--seed N] --out FILE. tsv: time in us, host, app, PRI, user, address, action, raw. Every account
// and address is made up. Three events carry the rare word ndl-000000000000 (see search.py).
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "stream_parts.hpp"

namespace {

using namespace daicho::bench;

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::int64_t span_us = 7 * 86'400 * us_per_s;
constexpr std::size_t flush_bytes = std::size_t{1} << 20;
constexpr std::string_view rare_word = "ndl-000000000000";

struct Options {
    std::uint64_t events = 1'000'000;
    std::uint64_t seed = 1;
    std::int64_t start_s = 1'772'409'600;  // 2026-03-02 00:00 UTC, a Monday
    std::string form = "lf";
    std::string out = "-";
};

/// What the columns say of one event beside its text.
struct Event {
    std::int64_t time_us = 0;
    unsigned pri = 0;
    std::string host;
    std::string app;
    std::string user;
    std::string address;
    std::string action;
};

class Stream {
public:
    explicit Stream(const Options& options) : options_(options), dice_(options.seed) {}

    /// The next event, without any framing, in `raw`.
    void next(std::uint64_t number, std::string& raw, Event& event) {
        const auto step =
            static_cast<std::int64_t>(span_us / static_cast<std::int64_t>(options_.events));
        event = Event{};
        event.time_us =
            options_.start_s * us_per_s +
            static_cast<std::int64_t>(static_cast<double>(span_us) * static_cast<double>(number) /
                                      static_cast<double>(options_.events)) +
            dice_.below(static_cast<std::uint32_t>(step < 2 ? 1 : step / 2));
        stamp(event.time_us);
        text_.clear();
        structured_ = "-";
        process_ = "-";
        const std::uint32_t kind = dice_.below(100);
        if (kind < 14)
            sshd(event);
        else if (kind < 19)
            sudo(event);
        else if (kind < 41)
            audit(event);
        else if (kind < 74)
            web(event);
        else if (kind < 86)
            firewall(event);
        else if (kind < 96)
            database(event);
        else
            session(event);
        const std::uint64_t third = options_.events / 3;
        if (third > 0 && number % third == third / 2) {
            text_ += ' ';
            text_ += rare_word;
        }
        header(event, raw);
        raw += text_;
    }

private:
    void stamp(std::int64_t time_us) {
        const auto seconds = static_cast<std::time_t>(time_us / us_per_s);
        if (seconds == stamp_s_) return;
        stamp_s_ = seconds;
        std::tm parts{};
        gmtime_r(&seconds, &parts);
        std::array<char, 64> text;
        stamp_.assign(text.data(),
                      std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts));
        web_stamp_.assign(text.data(), std::strftime(text.data(), text.size(),
                                                     "%d/%b/%Y:%H:%M:%S +0000", &parts));
    }

    void header(const Event& event, std::string& raw) {
        raw.clear();
        raw += '<';
        put(raw, event.pri);
        raw += ">1 ";
        raw += stamp_;
        raw += '.';
        put_padded(raw, event.time_us % us_per_s, 6);
        raw += "Z ";
        raw += event.host;
        raw += ' ';
        raw += event.app;
        raw += ' ';
        raw += process_;
        raw += " - ";
        raw += structured_;
        raw += ' ';
    }

    void machine(Event& event, std::string_view role, std::uint32_t count) {
        event.host = role;
        put_padded(event.host, dice_.below(count) + 1, 2);
    }
    std::string person() {
        if (dice_.one_in(6)) {
            std::string out = "svc-batch";
            put(out, dice_.below(8) + 1);
            return out;
        }
        std::string out(dice_.of(families));
        out += '.';
        put(out, dice_.skewed(40) + 1);
        return out;
    }
    std::string inside() { return dotted(0x0A100000U + dice_.skewed(4000)); }
    std::string outside() {
        return dice_.one_in(3) ? dotted(0xC6336400U + dice_.below(256))
                               : dotted(0x2D000000U + dice_.below(0x01000000U));
    }
    void number_process() {
        process_.clear();
        put(process_, 600 + dice_.below(60'000));
    }

    void sshd(Event& event) {
        machine(event, "bastion-", 2);
        event.app = "sshd";
        event.pri = 86;
        number_process();
        const std::uint32_t what = dice_.below(10);
        const bool failed = what < 3;
        const bool guessed = failed && dice_.below(3) < 2;
        event.user = guessed ? std::string(dice_.of(guesses)) : person();
        event.address = guessed ? outside() : inside();
        if (what < 7) {
            event.action = failed ? "login_fail" : "login_ok";
            text_ += failed ? guessed ? "Failed password for invalid user " : "Failed password for "
                            : "Accepted publickey for ";
            text_ += event.user + " from " + event.address + " port ";
            put(text_, 1024 + dice_.below(64'000));
            text_ += " ssh2";
            if (failed) return;
            text_ += ": ED25519 SHA256:";
            for (int i = 0; i < 4; ++i) put_hex(text_, dice_.bits() | 1ULL << 63);
            return;
        }
        event.action = "logout";
        text_ += "Disconnected from user " + event.user + " " + event.address + " port ";
        put(text_, 1024 + dice_.below(64'000));
    }

    void sudo(Event& event) {
        machine(event, "app-", 12);
        event.app = "sudo";
        event.pri = 85;
        event.user = person();
        event.action = "sudo";
        number_process();
        text_ += "  " + event.user + " : TTY=pts/";
        put(text_, dice_.below(6));
        text_ += " ; PWD=/home/" + event.user + " ; USER=root ; COMMAND=";
        text_ += dice_.of(commands);
    }

    void audit(Event& event) {
        machine(event, "app-", 12);
        event.app = "auditd";
        event.pri = 13;
        event.action = "exec";
        process_ = "612";
        text_ += "type=SYSCALL msg=audit(";
        put(text_, event.time_us / us_per_s);
        text_ += '.';
        put_padded(text_, event.time_us % us_per_s / 1000, 3);
        text_ += ':';
        put(text_, ++audit_);
        text_ += "): arch=c000003e syscall=59 success=yes exit=0 a0=";
        put_hex(text_, dice_.bits() >> 16);
        text_ += " a1=";
        put_hex(text_, dice_.bits() >> 16);
        const std::uint32_t parent = 1000 + dice_.below(60'000);
        const std::string tool(dice_.of(tools));
        text_ += " items=2 ppid=";
        put(text_, parent);
        text_ += " pid=";
        put(text_, parent + 1 + dice_.below(40));
        text_ += " auid=";
        put(text_, 1000 + dice_.skewed(300));
        text_ += " uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts";
        put(text_, dice_.below(6));
        text_ += " ses=";
        put(text_, dice_.below(5000));
        text_ +=
            " comm=\"" + tool + "\" exe=\"/usr/bin/" + tool + "\" subj=unconfined key=\"exec\"";
    }

    void web(Event& event) {
        machine(event, "web-", 8);
        event.app = "nginx";
        event.pri = 190;
        event.address = outside();
        event.action = "http";
        const std::uint32_t status = dice_.one_in(12)  ? dice_.one_in(3) ? 500 : 404
                                     : dice_.one_in(4) ? 304
                                                       : 200;
        text_ += event.address + " - - [" + web_stamp_ + "] \"GET ";
        text_ += dice_.of(paths);
        put(text_, dice_.skewed(1'000'000));
        text_ += " HTTP/1.1\" ";
        put(text_, status);
        text_ += ' ';
        put(text_, 200 + dice_.skewed(90'000));
        text_ += " \"https://www.example.jp";
        text_ += dice_.of(paths);
        text_ += "\" \"";
        text_ += dice_.of(agents);
        text_ += "\" rt=0.";
        put_padded(text_, dice_.skewed(1000), 3);
    }

    void firewall(Event& event) {
        machine(event, "fw-", 2);
        event.app = "kernel";
        event.pri = 4;
        event.address = outside();
        const bool dropped = dice_.below(3) < 2;
        event.action = dropped ? "fw_drop" : "fw_accept";
        text_ += dropped ? "nft-drop: " : "nft-accept: ";
        text_ += "IN=eth0 OUT= MAC=52:54:00:aa:bb:cc SRC=" + event.address + " DST=" + inside() +
                 " LEN=";
        put(text_, 40 + dice_.skewed(1400));
        text_ += " TOS=0x00 PREC=0x00 TTL=";
        put(text_, 40 + dice_.below(80));
        text_ += " ID=";
        put(text_, dice_.below(65'536));
        text_ += " DF PROTO=TCP SPT=";
        put(text_, 1024 + dice_.below(64'000));
        text_ += " DPT=";
        put(text_, ports[dice_.skewed(static_cast<std::uint32_t>(ports.size()))]);
        text_ += " WINDOW=64240 RES=0x00 SYN URGP=0";
    }

    void database(Event& event) {
        machine(event, "db-", 4);
        event.app = "appdb";
        event.pri = 110;
        event.user = person();
        event.address = inside();
        event.action = "db_access";
        number_process();
        const std::string table(dice_.of(tables));
        const std::uint32_t rows = dice_.skewed(2000);
        structured_ =
            "[access@32473 user=\"" + event.user + "\" src=\"" + event.address + "\" rows=\"";
        put(structured_, rows);
        structured_ += "\"]";
        text_ += "statement: select * from \"" + table + "\" where id=";
        put(text_, dice_.below(3'000'000));
        text_ += " -- " + table + " を閲覧 bytes=";
        put(text_, rows * 180U + dice_.below(180));
    }

    void session(Event& event) {
        machine(event, "app-", 12);
        event.app = "systemd";
        event.pri = 86;
        event.user = person();
        event.action = "session";
        number_process();
        text_ += "pam_unix(systemd-user:session): session opened for user " + event.user + "(uid=";
        put(text_, 1000 + dice_.skewed(300));
        text_ += ") by (uid=0)";
    }

    Options options_;
    Dice dice_;
    std::string text_, structured_, process_, stamp_, web_stamp_;
    std::time_t stamp_s_ = -1;
    std::uint64_t audit_ = 1000;
};

/// Appends one event in the form that is wanted.
void write_event(const Options& options, const Event& event, const std::string& raw,
                 std::string& out) {
    if (options.form == "lf") {
        out += raw;
        out += '\n';
    } else if (options.form == "octet") {
        put(out, raw.size());
        out += ' ';
        out += raw;
    } else if (options.form == "tsv") {
        put(out, event.time_us);
        out += '\t' + event.host + '\t' + event.app + '\t';
        put(out, event.pri);
        out += '\t' + event.user + '\t' + event.address + '\t' + event.action + '\t';
        for (const char c : raw) {
            if (c == '\\') out += '\\';
            out += c;
        }
        out += '\n';
    } else {
        out += "__REALTIME_TIMESTAMP=";
        put(out, event.time_us);
        out += "\nPRIORITY=";
        put(out, event.pri % 8);
        out += "\nSYSLOG_FACILITY=";
        put(out, event.pri / 8);
        out += "\n_HOSTNAME=" + event.host + "\nSYSLOG_IDENTIFIER=" + event.app +
               "\n_TRANSPORT=syslog\nMESSAGE=" + raw + '\n';
        // What a reader of the journal can search for, as daicho's fields are there to be searched.
        if (!event.user.empty()) out += "USER_NAME=" + event.user + '\n';
        if (!event.address.empty()) out += "SRC_IP=" + event.address + '\n';
        out += "ACTION=" + event.action + "\n\n";
    }
}

/// Midnight UTC of a day written YYYY-MM-DD.
bool read_day(const char* text, std::int64_t& seconds) {
    std::tm parts{};
    const char* end = strptime(text, "%Y-%m-%d", &parts);
    if (end == nullptr || *end != '\0') return false;
    seconds = timegm(&parts);
    return true;
}

bool read_options(int argc, char** argv, Options& options) {
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const char* value = argv[i + 1];
        if (name == "--events")
            options.events = std::strtoull(value, nullptr, 10);
        else if (name == "--seed")
            options.seed = std::strtoull(value, nullptr, 10);
        else if (name == "--form")
            options.form = value;
        else if (name == "--out")
            options.out = value;
        else if (name != "--start" || !read_day(value, options.start_s))
            return false;
    }
    const bool known = options.form == "lf" || options.form == "octet" || options.form == "tsv" ||
                       options.form == "export";
    return argc % 2 == 1 && options.events > 0 && known;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!read_options(argc, argv, options)) {
        std::fputs(
            "usage: bench_stream [--events N] [--form lf|octet|tsv|export] [--start YYYY-MM-DD] "
            "[--seed N] [--out FILE]\n",
            stderr);
        return 2;
    }
    std::FILE* file = options.out == "-" ? stdout : std::fopen(options.out.c_str(), "wb");
    if (file == nullptr) {
        std::perror(options.out.c_str());
        return 1;
    }
    Stream stream(options);
    std::string raw;
    std::string out;
    Event event;
    bool written = true;
    for (std::uint64_t number = 0; number < options.events; ++number) {
        stream.next(number, raw, event);
        write_event(options, event, raw, out);
        if (out.size() < flush_bytes && number + 1 < options.events) continue;
        written = written && std::fwrite(out.data(), 1, out.size(), file) == out.size();
        out.clear();
    }
    if (std::fclose(file) != 0 || !written) {
        std::perror(options.out.c_str());
        return 1;
    }
    return 0;
}
