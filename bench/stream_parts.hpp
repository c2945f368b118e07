#pragma once
// What the made-up events are made of (stream.cpp). All accounts, hosts and addresses are invented.
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>

namespace daicho::bench {

inline constexpr std::array<std::string_view, 16> families{
    "sato",      "suzuki", "takahashi", "tanaka", "ito",    "watanabe",  "yamamoto", "nakamura",
    "kobayashi", "kato",   "yoshida",   "yamada", "sasaki", "matsumoto", "inoue",    "kimura"};
inline constexpr std::array<std::string_view, 12> guesses{"admin",  "test",   "oracle", "ubuntu",
                                                          "guest",  "ftp",    "git",    "pi",
                                                          "deploy", "nagios", "backup", "www"};
inline constexpr std::array<std::string_view, 8> commands{"/usr/bin/systemctl restart nginx",
                                                          "/usr/bin/less /var/log/auth.log",
                                                          "/usr/bin/apt-get update",
                                                          "/usr/sbin/nft list ruleset",
                                                          "/bin/chmod 640 /etc/app.conf",
                                                          "/usr/bin/journalctl -u app",
                                                          "/usr/bin/tail -n 200 /var/log/syslog",
                                                          "/usr/bin/id"};
inline constexpr std::array<std::string_view, 10> tools{"ls",  "cat", "ps",   "grep",    "bash",
                                                        "tar", "sed", "curl", "python3", "find"};
inline constexpr std::array<std::string_view, 8> paths{
    "/api/v1/items/", "/api/v1/orders/", "/static/app.", "/images/p/",
    "/account/",      "/cart/",          "/search?q=",   "/api/v1/stock/"};
inline constexpr std::array<std::string_view, 5> agents{
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) "
    "Version/18.1 Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "curl/8.5.0",
    "okhttp/4.12.0"};
inline constexpr std::array<std::string_view, 6> tables{"customer", "account",  "orders",
                                                        "payment",  "employee", "住所録"};
inline constexpr std::array<unsigned, 8> ports{22, 80, 443, 445, 3389, 5432, 25, 8080};

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    /// 0 .. n-1; the bias of at most n/2^32 does not matter here.
    std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>(((engine_() >> 32) * n) >> 32);
    }
    bool one_in(std::uint32_t n) { return below(n) == 0; }
    /// Few small ones are much more common than the rest, like sizes and names in real logs.
    std::uint32_t skewed(std::uint32_t n) { return below(below(n) + 1); }
    std::uint64_t bits() { return engine_(); }
    template <std::size_t N>
    std::string_view of(const std::array<std::string_view, N>& words) {
        return words[below(static_cast<std::uint32_t>(N))];
    }

private:
    std::mt19937_64 engine_;  // its numbers are fixed by the standard, those of distributions not
};

template <typename Number>
void put(std::string& out, Number value) {
    std::array<char, 24> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

inline void put_padded(std::string& out, std::int64_t value, int width) {
    std::array<char, 24> text;
    const int size =
        std::snprintf(text.data(), text.size(), "%0*lld", width, static_cast<long long>(value));
    out.append(text.data(), static_cast<std::size_t>(size));
}

inline void put_hex(std::string& out, std::uint64_t value) {
    std::array<char, 24> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value, 16).ptr);
}

inline std::string dotted(std::uint32_t address) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) {
        put(out, address >> shift & 255U);
        if (shift > 0) out += '.';
    }
    return out;
}

}  // namespace daicho::bench
