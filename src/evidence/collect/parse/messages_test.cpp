// One line of a real program per row, and what it means.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evidence/collect/extractor.hpp"
#include "evidence/collect/parse/address.hpp"
#include "evidence/collect/parse/auditd.hpp"

namespace daicho::evidence::collect::parse {
namespace {

using ledger::search::Action;
using ledger::search::Category;
using ledger::search::Fields;
using ledger::search::Outcome;

struct Row {
    std::string line;
    Category category;
    Action action;
    Outcome outcome;
    std::string user;
    std::string address;
    std::string target = {};
};

std::string with(const char* app, const std::string& message) {
    return std::string("<38>Nov 22 12:00:00 host ") + app + "[1]: " + message;
}

void expect(const std::vector<Row>& rows) {
    FieldExtractor extractor(fixed_zone(9 * 3600));
    Fields fields;
    for (const Row& row : rows) {
        extractor.extract(view_of(row.line), 1'795'000'000 * second_ns, fields);
        SCOPED_TRACE(row.line);
        EXPECT_EQ(fields.category, row.category);
        EXPECT_EQ(fields.action, row.action);
        EXPECT_EQ(fields.outcome, row.outcome);
        EXPECT_EQ(fields.user, row.user);
        EXPECT_EQ(fields.address ? text_of_address(*fields.address) : "", row.address);
        EXPECT_EQ(fields.target_user, row.target);
    }
}

constexpr auto success = Outcome::success;
constexpr auto failure = Outcome::failure;
constexpr auto unknown = Outcome::unknown;

TEST(Messages, of_sshd) {
    const auto authentication = Category::authentication;
    expect({
        {with("sshd", "Accepted password for mori from 192.0.2.7 port 51022 ssh2"), authentication,
         Action::sign_in, success, "mori", "192.0.2.7"},
        {with("sshd-session",
              "Accepted publickey for mori from 2001:db8::7 port 51022 ssh2: ED25519 SHA256:x"),
         authentication, Action::sign_in, success, "mori", "2001:db8::7"},
        {with("sshd", "Failed password for invalid user  0101 from 192.0.2.7 port 1 ssh2"),
         authentication, Action::sign_in, failure, " 0101", "192.0.2.7"},
        {with("sshd",
              "Failed password for invalid user root from 203.0.113.1 port 22 ssh2 from 192.0.2.7 "
              "port 1 ssh2"),
         authentication, Action::sign_in, failure, "root from 203.0.113.1 port 22 ssh2",
         "192.0.2.7"},
        {with("sshd",
              "message repeated 2 times: [ Failed password for root from 192.0.2.7 port 1 ssh2]"),
         authentication, Action::sign_in, failure, "root", "192.0.2.7"},
        {with("sshd", "Invalid user x from 192.0.2.7 port 9"), authentication, Action::other,
         failure, "x", "192.0.2.7"},
        {with("sshd",
              "error: maximum authentication attempts exceeded for invalid user admin from "
              "192.0.2.7 port 9 ssh2 [preauth]"),
         authentication, Action::other, failure, "admin", "192.0.2.7"},
        {with("sshd", "User bin from 192.0.2.7 not allowed because not listed in AllowUsers"),
         authentication, Action::other, failure, "bin", "192.0.2.7"},
        {with("sshd", "Postponed publickey for mori from 192.0.2.7 port 9 ssh2 [preauth]"),
         authentication, Action::other, unknown, "mori", "192.0.2.7"},
        {with("sshd", "Disconnected from user mori 192.0.2.7 port 9"), Category::session,
         Action::sign_out, success, "mori", "192.0.2.7"},
        {with("sshd", "Disconnected from authenticating user root 192.0.2.7 port 9 [preauth]"),
         Category::session, Action::disconnect, success, "root", "192.0.2.7"},
        {with("sshd", "Received disconnect from 192.0.2.7: 11: Bye Bye [preauth]"),
         Category::session, Action::disconnect, unknown, "", "192.0.2.7"},
        {with("sshd", "Connection closed by 192.0.2.7 [preauth]"), Category::session,
         Action::disconnect, unknown, "", "192.0.2.7"},
        {with("sshd", "Connection from 192.0.2.7 port 9 on 10.0.0.1 port 22"), Category::network,
         Action::connect, unknown, "", "192.0.2.7"},
        {with("sshd",
              "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
              "rhost=192.0.2.7  user=root"),
         authentication, Action::other, failure, "root", "192.0.2.7"},
        {with("sshd", "pam_unix(sshd:session): session opened for user mori(uid=1000) by (uid=0)"),
         Category::session, Action::start, success, "mori", ""},
        {with("sshd", "Server listening on 0.0.0.0 port 22."), Category::system, Action::start,
         success, "", ""},
    });
}

TEST(Messages, of_sudo_su_and_pam) {
    const auto privilege = Category::privilege;
    expect({
        {with("sudo", "    mori : TTY=pts/0 ; PWD=/home/mori ; USER=root ; COMMAND=/usr/bin/id"),
         privilege, Action::command, success, "mori", "", "root"},
        {with("sudo",
              "    mori : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; "
              "COMMAND=/bin/sh"),
         privilege, Action::command, failure, "mori", "", "root"},
        {with("sudo",
              "    mori : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh"),
         privilege, Action::command, failure, "mori", "", "root"},
        {with("sudo", "pam_unix(sudo:session): session opened for user root by mori(uid=1000)"),
         Category::session, Action::start, success, "mori", "", "root"},
        {with("su", "(to root) mori on pts/1"), privilege, Action::sign_in, success, "mori", "",
         "root"},
        {with("su", "FAILED SU (to root) mori on pts/1"), privilege, Action::sign_in, failure,
         "mori", "", "root"},
        {with("su", "Successful su for root by mori"), privilege, Action::sign_in, success, "mori",
         "", "root"},
        {with("su", "- /dev/pts/0 mori:root"), privilege, Action::sign_in, failure, "mori", "",
         "root"},
        {with("login",
              "pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 "
              "tty=/dev/tty1 ruser= rhost=  user=mori"),
         Category::authentication, Action::sign_in, failure, "mori", ""},
        {with("login", "FAILED LOGIN (1) on '/dev/tty1' FOR 'mori', Authentication failure"),
         Category::authentication, Action::sign_in, failure, "mori", ""},
        {with("vsftpd",
              "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp "
              "ruser=x rhost=192.0.2.7 user=mori"),
         Category::authentication, Action::sign_in, failure, "mori", "192.0.2.7"},
        {with("systemd-logind", "New session 12 of user mori."), Category::session, Action::start,
         success, "mori", ""},
        {with("useradd", "new user: name=mori, UID=1001, GID=1001, home=/home/mori, shell=/bin/sh"),
         Category::configuration, Action::change, success, "", "", "mori"},
        {with("CRON", "(root) CMD (run-parts /etc/cron.hourly)"), Category::system, Action::command,
         success, "root", ""},
    });
}

TEST(Messages, of_auditd_with_encoded_strings) {
    expect({
        {R"(type=USER_LOGIN msg=audit(1795000000.123:77): pid=9 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct="mori" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.7 terminal=sshd res=failed')",
         Category::authentication, Action::sign_in, failure, "mori", "192.0.2.7"},
        {R"(type=USER_LOGIN msg=audit(1795000000.123:77): pid=9 uid=0 auid=1000 ses=1 msg='op=login acct=28696E76616C6964207573657229 exe="/usr/sbin/sshd" hostname=h addr=192.0.2.7 terminal=ssh res=failed')",
         Category::authentication, Action::sign_in, failure, "(invalid user)", "192.0.2.7"},
        {with(
             "audispd",
             R"(node=web-9 type=USER_CMD msg=audit(1795000000.123:78): pid=9 uid=1000 auid=1000 ses=1 msg='cwd="/" cmd=6964 terminal=pts/0 res=success')"),
         Category::privilege, Action::command, success, "1000", ""},
        {std::string(
             R"(type=SYSCALL msg=audit(1795000000.123:79): arch=c000003e syscall=59 success=no exit=-13 auid=1000 uid=0 comm="cat" exe="/bin/cat" key=(null))") +
             "\x1d" + R"(ARCH=x86_64 SYSCALL=execve AUID="mori" UID="root")",
         Category::audit, Action::command, failure, "mori", ""},
        {R"(type=CONFIG_CHANGE msg=audit(1795000000.123:80): auid=1000 ses=1 op=remove_rule key="x" list=4 res=1)",
         Category::configuration, Action::change, unknown, "1000", ""},
    });
}

TEST(Messages, records_of_one_audit_event_share_a_serial) {
    const auto first = audit_head(R"(type=SYSCALL msg=audit(1795000000.123:79): arch=c000003e)");
    const auto second =
        audit_head(R"(type=EXECVE msg=audit(1795000000.123:79): argc=2 a0="cat" a1=2F612062)");
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->serial, 79U);
    EXPECT_EQ(first->serial, second->serial);
    EXPECT_EQ(first->time_ns, second->time_ns);
    EXPECT_EQ(second->type, "EXECVE");
    Scratch scratch;
    EXPECT_EQ(audit_string("2F612062", scratch), "/a b");
    EXPECT_EQ(audit_string("\"plain\"", scratch), "plain");
    EXPECT_EQ(audit_string("abc", scratch), "abc");
    for (const char* broken :
         {"type=X", "type=X msg=audit(", "type=X msg=audit(1.1:1)", "audit(1.123:)",
          "audit(99999999999.123:1): x", "audit(1795000000.123:12"}) {
        EXPECT_FALSE(audit_head(broken).has_value() &&
                     std::string(broken) != "audit(1795000000.123:12")
            << broken;
    }
}

TEST(Messages, of_packet_filters) {
    const auto network = Category::network;
    expect({
        {with("kernel",
              "[12.5] [UFW BLOCK] IN=eth0 OUT= MAC=00:01 SRC=192.0.2.7 DST=10.0.0.1 LEN=60 "
              "PROTO=TCP SPT=1 DPT=22 SYN"),
         network, Action::deny, failure, "", "192.0.2.7"},
        {with("kernel",
              "FINAL_REJECT: IN=eth0 OUT= SRC=2001:db8::7 DST=2001:db8::1 LEN=60 PROTO=UDP SPT=1 "
              "DPT=53 LEN=40"),
         network, Action::deny, failure, "", "2001:db8::7"},
        {with("kernel", "[ 12.5] fwd-accept IN=eth0 OUT=eth1 SRC=192.0.2.7 DST=10.0.0.1 LEN=60"),
         network, Action::allow, success, "", "192.0.2.7"},
        {with("kernel", "[ 12.5] IN=eth0 OUT= SRC=192.0.2.7 DST=10.0.0.1 LEN=60"), network,
         Action::other, unknown, "", "192.0.2.7"},
        {with("kernel", "[ 12.5] eth0: link up"), Category::system, Action::none, unknown, "", ""},
    });
}

TEST(Messages, of_web_servers) {
    const auto web = Category::web;
    expect({
        {R"(192.0.2.7 - - [22/Nov/2026:12:00:00 +0900] "GET / HTTP/1.1" 200 512 "-" "curl")", web,
         Action::request, success, "", "192.0.2.7"},
        {R"(www.example.jp:443 192.0.2.7 - mori [22/Nov/2026:12:00:00 +0900] "GET /a\"b HTTP/1.1" 403 -)",
         web, Action::request, failure, "mori", "192.0.2.7"},
        {with("nginx", R"(2001:db8::7 - - [22/Nov/2026:12:00:00 +0900] "\x16\x03" 400 150)"), web,
         Action::request, failure, "", "2001:db8::7"},
        {"[Sun Dec 04 04:47:44.123 2005] [core:error] [pid 1:tid 2] [client 192.0.2.7:5555] denied",
         web, Action::error, failure, "", "192.0.2.7"},
        {R"(192.0.2.7 - - [22/Nov/2026:12:00:00 +0900] "never closed)", Category::none,
         Action::none, unknown, "", ""},
    });
}

TEST(Messages, of_postgresql) {
    const auto authentication = Category::authentication;
    const std::string prefix = "2026-11-22 12:00:00.123 JST [4711] ";
    expect({
        {prefix + "mori@crm LOG:  connection authorized: user=mori database=crm SSL enabled",
         authentication, Action::sign_in, success, "mori", ""},
        {prefix + "mori@crm FATAL:  password authentication failed for user \"mori\"",
         authentication, Action::sign_in, failure, "mori", ""},
        {prefix + "[unknown]@[unknown] LOG:  connection received: host=192.0.2.7 port=5123",
         Category::network, Action::connect, unknown, "", "192.0.2.7"},
        {with("postgres",
              "[5-1] user=mori,db=crm,app=psql,client=192.0.2.7 LOG:  statement: select 1"),
         Category::database, Action::query, success, "mori", "192.0.2.7"},
        {with("postgres",
              "[6-1] user=mori,db=crm,app=psql,client=192.0.2.7 LOG:  duration: 1.234 ms  "
              "statement: select 1"),
         Category::database, Action::query, success, "mori", "192.0.2.7"},
        {with(
             "postgres",
             "[7-1] user=mori,db=crm,client=192.0.2.7 ERROR:  permission denied for table payment"),
         Category::database, Action::error, failure, "mori", "192.0.2.7"},
        {prefix + "FATAL:  no pg_hba.conf entry for host \"192.0.2.7\", user \"mori\", database "
                  "\"crm\", no encryption",
         authentication, Action::sign_in, failure, "mori", "192.0.2.7"},
        {prefix + "mori@crm LOG:  disconnection: session time: 0:00:01.000 user=mori database=crm "
                  "host=192.0.2.7 port=51234",
         Category::session, Action::sign_out, success, "mori", "192.0.2.7"},
    });
}

TEST(Messages, with_named_values) {
    expect({
        {R"(<134>1 2026-11-22T03:00:00Z h app - - [x@1 user="a\"b" src="192.0.2.7"] text)",
         Category::none, Action::none, unknown, "a\"b", "192.0.2.7"},
        {R"(<134>1 2026-11-22T03:00:00Z h app - 4625 [w@1 TargetUserName="mori" IpAddress="192.0.2.7" IpPort="5"] x)",
         Category::authentication, Action::sign_in, failure, "mori", "192.0.2.7"},
        {with("appd", "action=login user=\"mori t\" src_ip=192.0.2.7 result=denied"),
         Category::authentication, Action::sign_in, failure, "mori t", "192.0.2.7"},
        {with(
             "appd",
             R"({"event":{"action":"login","outcome":"success"},"user":{"name":"\u68ee"},"source":{"ip":"192.0.2.7","port":5}})"),
         Category::authentication, Action::sign_in, success, "森", "192.0.2.7"},
        {R"({"@timestamp":"2026-11-22T03:00:00Z","user.name":"mori","client.ip":"192.0.2.7","file":{"name":"x"}})",
         Category::none, Action::none, unknown, "mori", "192.0.2.7"},
        {R"({"who":"mori","when":"2026-11-22T03:00:00Z","action":"sign_in.refused"})",
         Category::authentication, Action::sign_in, failure, "mori", ""},
        {R"({"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[["user")", Category::none, Action::none, unknown, "",
         ""},
        {R"({"user":"unfinished)", Category::none, Action::none, unknown, "", ""},
    });
}

}  // namespace
}  // namespace daicho::evidence::collect::parse
