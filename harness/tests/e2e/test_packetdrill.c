/* SPDX-License-Identifier: MIT */
/* The program in packetdrill's place: what those who call that one rely on. */
#include "shell.h"

/* A machine that is busy makes nothing here late: no script is run again under this name. */
#define PATIENCE    "--tolerance_usecs=250000"
#define PACKETDRILL "$NS packetdrill " PATIENCE
#define LISTENER                                               \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"            \
    "+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0\n" \
    "+0 bind(3, ..., ...) = 0\n"                               \
    "+0 listen(3, 1) = 0\n"
#define HANDSHAKE                          \
    LISTENER                               \
    "+0 < S 0:0(0) win 32792 <mss 1000>\n" \
    "+0 > S. 0:0(0) ack 1 <...>\n"         \
    "+.01 < . 1:1(0) ack 1 win 60000\n"    \
    "+0 accept(3, ..., ...) = 4\n"

static void assert_silent_pass(const struct program *program)
{
    if (program->status != 0 || program->output[0] != '\0' || program->errors[0] != '\0')
        fail_msg("status %d, said `%s` and `%s`", program->status, program->output, program->errors);
}

static void test_a_script_that_passes_is_not_spoken_of(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", HANDSHAKE);
    (void)shell_run(program,
                    PACKETDRILL " a.pkt a.pkt && " PACKETDRILL " --ip_version=ipv6 --mtu=1520 a.pkt && " PACKETDRILL
                                " --ip_version=ipv4-mapped-ipv6 a.pkt");
    assert_silent_pass(program);
}

static void test_what_fails_is_told_by_file_and_line(void **state)
{
    struct program *program = *state;
    program_write(program, "s/a.pkt", LISTENER "+0 < S 0:0(0) win 32792\n+0 > R. 0:0(0) ack 1\n");
    assert_int_equal(shell_run(program, PACKETDRILL " s/a.pkt"), 1);
    assert_string_equal(program->output, "");
    assert_int_equal(strncmp(program->errors, "s/a.pkt:6: error: expected RST,ACK; got SYN,ACK\n", 48), 0);
    program_write(program, "b.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ... = 0\n");
    assert_int_equal(shell_run(program, PACKETDRILL " b.pkt"), 1);
    assert_int_equal(strncmp(program->errors, "b.pkt:2: error: expected `,` or `)`, found `=`\n", 47), 0);
    assert_int_equal(shell_run(program, PACKETDRILL " nowhere.pkt"), 1);
    assert_int_equal(strncmp(program->errors, "nowhere.pkt: error: ", 20), 0);
}

static void test_what_is_not_applicable_has_not_passed(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", "`sysctl -q net.inet.tcp.ecn.enable=1`\n0 close(3) = 0\n");
    assert_int_equal(shell_run(program, PACKETDRILL " a.pkt"), 1);
    assert_says(program->errors, "a.pkt: error: not applicable: net.inet.tcp.ecn.enable is not known on this system");
    (void)shell_run(program, "packetdrill --dry_run a.pkt");
    assert_silent_pass(program);
}

static void test_the_first_script_that_fails_is_the_last(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", "`echo a >>said.txt`\n0 close(3) = 0\n");
    program_write(program, "b.pkt", "`echo b >>said.txt`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = -1\n");
    assert_int_equal(shell_run(program, PACKETDRILL " b.pkt a.pkt; cat said.txt"), 0);
    assert_string_equal(program->output, "b\n");
}

static void test_the_machines_own_namespace_is_refused(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", HANDSHAKE);
    int status = shell_run(program, "packetdrill a.pkt");
    /* Where the test itself runs in a namespace that was made for it, the program may go on, if it has the rights. */
    if (status == 0 || strstr(program->errors, "unshare -n") == NULL)
        skip();
    assert_int_equal(status, 1);
    assert_says(program->errors, "`shakedown run`");
}

static void test_options_that_make_no_sense_are_refused_in_one_line(void **state)
{
    struct program *program = *state;
    assert_int_equal(shell_run(program, "packetdrill --wire_client --wire_server_ip=192.0.2.9 a.pkt"), 1);
    assert_int_equal(strncmp(program->errors, "packetdrill: there is no option --wire_client here: ", 52), 0);
    assert_int_equal(shell_run(program, "packetdrill --so_filename=libx.so a.pkt"), 1);
    assert_int_equal(strncmp(program->errors, "packetdrill: there is no option --so_filename here: ", 52), 0);
    assert_int_equal(shell_run(program, "packetdrill"), 1);
    assert_says(program->errors, "no script is given");
    assert_int_equal(shell_run(program, "packetdrill --help"), 0);
    assert_says(program->output, "--tolerance_usecs=N");
}

static void test_a_dry_run_needs_no_namespace(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", HANDSHAKE);
    (void)shell_run(program, "packetdrill --dry_run --verbose a.pkt");
    assert_silent_pass(program);
}

/* As a runner of a suite calls it: a namespace of its own name, the script's folder, all of its options. */
static void test_a_runner_with_named_namespaces(void **state)
{
    struct program *program = *state;
    program_write(program, "tcp/mss.pkt",
                  "`../common/set.sh`\n" HANDSHAKE "+0 getsockopt(4, CMSG_LEVEL_IP, CMSG_TYPE_RECVERR, [0], [4]) = 0\n"
                  "+0 write(4, ..., 3000) = 3000\n"
                  "+0 > P. 1:3001(3000) ack 1\n");
    program_write(program, "common/set.sh",
                  "#!/bin/sh\nip tcp_metrics flush all >/dev/null 2>&1\nip addr show tun0 "
                  ">../addresses.txt\nip route >>../addresses.txt\nexit 0\n");
    program_write(program, "inside.sh",
                  "set -e\n"
                  "chmod 755 common/set.sh\n"
                  "name=shakedown-test-$$\n"
                  "ip netns add $name\n"
                  "trap 'ip netns del $name' EXIT\n"
                  "ip -netns $name link set lo up\n"
                  "cd tcp\n"
                  "ip netns exec $name packetdrill --send_omit_free --ip_version=ipv4 --local_ip=192.168.0.2 "
                  "--gateway_ip=192.168.0.1 --netmask_ip=255.255.0.0 --remote_ip=192.0.2.1 -D COOKIE=de4f234f "
                  "-D CMSG_LEVEL_IP=SOL_IP -D CMSG_TYPE_RECVERR=IP_RECVERR " PATIENCE " mss.pkt\n"
                  "test -z \"$(ip -netns $name addr show up scope global)\"\n");
    /* Names of namespaces are the machine's: a mount of our own hides them. */
    (void)shell_run(program, "unshare -Urnm sh -c 'mount -t tmpfs none /run && mkdir /run/netns && sh inside.sh'");
    assert_silent_pass(program);
    char *said = program_read(program, "addresses.txt");
    assert_says(said, "inet 192.168.0.2/16");
    assert_says(said, "192.0.2.0/24 via 192.168.0.1 dev tun0");
    free(said);
}

/* As the kernel's tests call it. */
static void test_a_runner_with_namespaces_of_one_command(void **state)
{
    struct program *program = *state;
    program_write(program, "mtu.pkt",
                  "`ip link show tun0 >link.txt`\n" LISTENER "+0 < S 0:0(0) win 32792 <mss 1000>\n"
                  "+0 > S. 0:0(0) ack 1 <mss 1460>\n");
    program_write(program, "runner.sh",
                  "six='--ip_version=ipv6\n--mtu=1520\n--local_ip=fd3d:0a0b:17d6::1\n"
                  "--gateway_ip=fd3d:0a0b:17d6:8888::1\n--remote_ip=fd3d:fa7b:d17d::1\n-D COOKIE=c1d1e9742a47a9bc\n"
                  "-D CMSG_LEVEL_IP=SOL_IPV6'\n"
                  "four='--ip_version=ipv4 --local_ip=192.168.0.1 --gateway_ip=192.168.0.1 --netmask_ip=255.255.0.0\n"
                  "--remote_ip=192.0.2.1'\n"
                  "test -n \"$(command -v packetdrill)\" || exit 4\n"
                  "for arguments in \"$four\" \"$six\"; do\n"
                  "    $NS packetdrill $arguments " PATIENCE " mtu.pkt >/dev/null && echo ok || echo not ok\n"
                  "done\n"
                  "cat link.txt\n");
    assert_int_equal(shell_run(program, "sh runner.sh"), 0);
    assert_string_equal(program->errors, "");
    assert_int_equal(strncmp(program->output, "ok\nok\n", 6), 0);
    assert_says(program->output, "mtu 1520");
}

/* As the tests of the kernel's packet filter call it: environment for commands, options behind the script. */
static void test_commands_have_the_callers_environment_and_one_parent(void **state)
{
    struct program *program = *state;
    program_write(program, "s/a.pkt",
                  "`echo $0 init $PPID >said.txt; test $PPID = $PACKETDRILL_PID; test $FLAVOUR = ipv4`\n"
                  "0 `echo inline $PPID >>said.txt; echo 0 >/tmp/shakedown_$PACKETDRILL_PID.tmp`\n"
                  "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "`rm /tmp/shakedown_${PPID}.tmp; echo cleanup $PPID >>said.txt`\n");
    (void)shell_run(program, "FLAVOUR=ipv4 timeout 10 $NS packetdrill s/a.pkt --mtu=1500 --tolerance_usecs=1000000 "
                             "--non_fatal packet && "
                             "test $(cut -d' ' -f2- s/said.txt | tr -cd '0-9\\n' | sort -u | wc -l) = 1");
    assert_silent_pass(program);
}

static void test_programs_may_run_before_each_script(void **state)
{
    struct program *program = *state;
    program_write(program, "s/a.pkt", SCRIPT_QUICK);
    program_write(program, "first.sh", "#!/bin/sh\nip link show tun0 >/dev/null && echo first >>first.txt\n");
    program_write(program, "second.sh", "#!/bin/sh\nbasename \"$PWD\" >>../second.txt\n");
    (void)shell_run(program, "chmod 755 *.sh && " PACKETDRILL " --init_scripts=first.sh,second.sh s/a.pkt");
    (void)shell_run(program, "cat s/first.txt second.txt");
    assert_string_equal(program->output, "first\ns\n");
    program_write(program, "second.sh", "#!/bin/sh\nexit 3\n");
    assert_int_equal(shell_run(program, PACKETDRILL " --init_scripts=first.sh,second.sh s/a.pkt"), 1);
    assert_says(program->errors, "second.sh` ended with status 3");
}

static void test_what_is_wrong_may_be_not_fatal(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt",
                  HANDSHAKE "+0 > . 1:1(0) ack 7\n"
                            "+0 close(4) = -1 EBADF\n"
                            "+0 `touch reached`\n");
    assert_int_equal(shell_run(program, PACKETDRILL " --non_fatal=packet,syscall a.pkt && rm reached"), 0);
    assert_says(program->errors, "a.pkt:9: not fatal: expected ACK; nothing came");
    assert_says(program->errors, "a.pkt:10: not fatal: close() returned 0");
    assert_int_equal(shell_run(program, PACKETDRILL " --non_fatal=syscall a.pkt; test ! -e reached"), 0);
    assert_says(program->errors, "a.pkt:9: error: expected ACK; nothing came");
}

static void test_segments_that_belong_together_are_one(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", HANDSHAKE "+0 write(4, ..., 3500) = 3500\n+0 > P. 1:3501(3500) ack 1\n");
    program_write(program, "b.pkt", HANDSHAKE "+0 write(4, ..., 3500) = 3500\n+0 > P. 1:3001(3000) ack 1\n");
    (void)shell_run(program, PACKETDRILL " a.pkt");
    assert_silent_pass(program);
    assert_int_equal(shell_run(program, PACKETDRILL " --strict_segments a.pkt"), 1);
    assert_says(program->errors, "1:1001(1000)");
    assert_int_equal(shell_run(program, PACKETDRILL " b.pkt"), 0);
}

static void test_verbose_tells_what_happens(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", HANDSHAKE);
    assert_int_equal(shell_run(program, PACKETDRILL " -vvv a.pkt"), 0);
    assert_says(program->output, "Flags [S.]");
    assert_says(program->output, "accept(");
    assert_string_equal(program->errors, "");
}

static void test_nothing_is_left_in_the_callers_namespace(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", HANDSHAKE);
    program_write(program, "slow.pkt",
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 `touch begun`\n+60 close(3) = 0\n");
    program_write(program, "inside.sh",
                  "state() { ip link; ip addr; ip -4 route show table all; ip -6 route show table all; ip rule; "
                  "sysctl -a 2>/dev/null | grep ^net | grep -v -e netlink -e mem_pressure; }\n"
                  "ip link set lo up\n"
                  "state >before.txt\n"
                  "packetdrill " PATIENCE " a.pkt && packetdrill " PATIENCE
                  " --ip_version=ipv6 --is_anyip a.pkt || exit 1\n"
                  "state >after.txt\n"
                  "cmp before.txt after.txt || exit 1\n"
                  "for signal in INT TERM KILL; do\n"
                  "    rm -f begun\n"
                  /* What a shell begins beside itself has SIGINT ignored. */
                  "    setsid env --default-signal=INT packetdrill slow.pkt & child=$!\n"
                  "    while [ ! -e begun ]; do sleep 0.02; done\n"
                  "    ip link show tun0 >/dev/null || exit 1\n"
                  "    kill -$signal $child\n"
                  "    wait $child\n"
                  "    state >after.txt\n"
                  "    cmp before.txt after.txt || exit 1\n"
                  "done\n");
    int status = shell_run(program, "$NS bash inside.sh");
    if (status != 0)
        fail_msg("%s%s", program->output, program->errors);
    program_left_nothing();
}

static void test_two_at_once_do_not_share_a_namespace(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", HANDSHAKE);
    assert_int_equal(shell_run(program, "$NS sh -c 'ip tuntap add tun0 mode tun; packetdrill a.pkt'"), 1);
    assert_says(program->errors, "a.pkt: error: a device tun0 is there already");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_script_that_passes_is_not_spoken_of),
        TEST(test_what_fails_is_told_by_file_and_line),
        TEST(test_what_is_not_applicable_has_not_passed),
        TEST(test_the_first_script_that_fails_is_the_last),
        TEST(test_the_machines_own_namespace_is_refused),
        TEST(test_options_that_make_no_sense_are_refused_in_one_line),
        TEST(test_a_dry_run_needs_no_namespace),
        TEST(test_a_runner_with_named_namespaces),
        TEST(test_a_runner_with_namespaces_of_one_command),
        TEST(test_commands_have_the_callers_environment_and_one_parent),
        TEST(test_programs_may_run_before_each_script),
        TEST(test_what_is_wrong_may_be_not_fatal),
        TEST(test_segments_that_belong_together_are_one),
        TEST(test_verbose_tells_what_happens),
        TEST(test_nothing_is_left_in_the_callers_namespace),
        TEST(test_two_at_once_do_not_share_a_namespace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
