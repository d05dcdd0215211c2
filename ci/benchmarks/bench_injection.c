/* SPDX-License-Identifier: MIT */
/*
 * How many SYNs a second the kernel answers when they come as fast as the harness can send them, beside those of
 * `hping3 --flood`: over the same veth pair, in turns, to a listener and to a closed port. The kernel's own counters
 * say what it answered.
 */
#include "link/flood.h"
#include "packet/packet.h"
#include "stack/isolation.h"
#include "stack/netlink.h"
#include "stack/offload.h"
#include "stack/topology.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ROUNDS = 3,
    MILLISECONDS = 2000, /* of each flood */
    SEGMENTS = 4096,     /* prepared */
    SEGMENT_SIZE = IPV4_HEADER_SIZE + TCP_HEADER_SIZE,
    OPEN_PORT = 8080,
    CLOSED_PORT = 8081,
};

static const double ratio_floor = 1.5;

static const struct veth_end stack_end = {"stack0", (const uint8_t[]){0x02, 0, 0, 0, 0, 0x01}};
static const struct veth_end harness_end = {"harness0", (const uint8_t[]){0x02, 0, 0, 0, 0, 0x02}};
static const char stack_text[] = "198.51.100.1", spoofed_text[] = "198.51.100.2", harness_text[] = "198.51.100.3";

struct bench {
    struct address stack;
    struct address spoofed; /* nobody's: nobody resets what the stack answers */
    struct address harness; /* hping3 needs one on its device */
    int counters;           /* /proc/net/snmp of the stack's namespace */
    uint8_t wire[SEGMENTS][SEGMENT_SIZE];
    struct bytes segments[SEGMENTS];
};

static bool tell(const struct error *error)
{
    (void)fprintf(stderr, "bench_injection: %s\n", error->text);
    return false;
}

static bool fail(const char *what)
{
    (void)fprintf(stderr, "bench_injection: %s: %s\n", what, strerror(errno));
    return false;
}

static bool stack_make(struct bench *bench, int harness, struct error *error)
{
    struct netlink *netlink = NULL;
    const struct veth veth = {.near = stack_end, .far = harness_end, .far_namespace = harness, .mtu = 1500};
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(OPEN_PORT)};
    bool made = netlink_open(&netlink, error) && netlink_make_veth(netlink, &veth, error) &&
                offload_disable(stack_end.name, error) && netlink_up(netlink, stack_end.name, error) &&
                netlink_add_address(netlink, stack_end.name, &bench->stack, 24, error) &&
                netlink_add_neighbour(netlink, stack_end.name, &bench->spoofed, harness_end.address, error);
    netlink_close(netlink);
    if (!made)
        return tell(error);
    bench->counters = open("/proc/thread-self/net/snmp", O_RDONLY | O_CLOEXEC);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bench->counters < 0 || listener < 0 || bind(listener, (struct sockaddr *)&place, sizeof(place)) != 0 ||
        listen(listener, 128) != 0)
        return fail("the stack's end");
    return true;
}

/* The namespace that the process is in becomes the harness's; the stack's lives on in what is opened there. */
static bool pair_make(struct bench *bench)
{
    struct error error;
    int harness;
    if (!topology_here(&harness, &error))
        return tell(&error);
    if (unshare(CLONE_NEWNET) != 0)
        return fail("unshare");
    if (!stack_make(bench, harness, &error))
        return false;
    struct netlink *netlink = NULL;
    bool made = topology_return(harness, &error) && netlink_open(&netlink, &error) &&
                offload_disable(harness_end.name, &error) && netlink_up(netlink, harness_end.name, &error) &&
                netlink_add_address(netlink, harness_end.name, &bench->harness, 24, &error) &&
                netlink_add_neighbour(netlink, harness_end.name, &bench->stack, stack_end.address, &error);
    netlink_close(netlink);
    return made || tell(&error);
}

static bool segments_prepare(struct bench *bench, uint16_t port)
{
    struct error error;
    for (size_t i = 0; i < SEGMENTS; i++) {
        struct byte_writer writer = byte_writer_on(bench->wire[i], SEGMENT_SIZE);
        struct packet packet = {
            .network = NETWORK_IPV4,
            .transport = TRANSPORT_TCP,
            .ipv4 = {.time_to_live = 64, .identification = 1},
            .tcp = {.source_port = (uint16_t)(10000 + i),
                    .destination_port = port,
                    .flags = TCP_SYN,
                    .sequence = (uint32_t)i,
                    .window = 512},
        };
        memcpy(packet.ipv4.source, bench->spoofed.bytes, 4);
        memcpy(packet.ipv4.destination, bench->stack.bytes, 4);
        if (!packet_build(&packet, &writer, &error))
            return tell(&error);
        bench->segments[i] = byte_writer_written(&writer);
    }
    return true;
}

/* Segments that the stack's TCP has sent: OutSegs counts SYN-ACKs and RSTs alike. */
static bool answers_read(const struct bench *bench, uint64_t *answers)
{
    char text[8192];
    ssize_t length = pread(bench->counters, text, sizeof(text) - 1, 0);
    if (length <= 0)
        return fail("/proc/net/snmp");
    text[length] = '\0';
    const char *names = strstr(text, "Tcp: ");
    char *values = names == NULL ? NULL : strstr(names + 1, "Tcp: ");
    /* RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs */
    for (int before = 0; values != NULL && before < 11; before++)
        values = strchr(values + 1, ' ');
    if (values == NULL) {
        (void)fprintf(stderr, "bench_injection: /proc/net/snmp has no counters of TCP\n");
        return false;
    }
    *answers = strtoull(values, NULL, 10);
    return true;
}

typedef bool flood_function(struct bench *bench, uint16_t port);

static bool flood_ours(struct bench *bench, uint16_t port)
{
    struct error error;
    struct flood_result result;
    struct flood_settings settings = {
        .device = harness_end.name,
        .packets = bench->segments,
        .packet_count = SEGMENTS,
        .most = UINT64_MAX,
        .longest = MILLISECONDS * NANOSECONDS_PER_MILLISECOND,
    };
    memcpy(settings.destination.bytes, stack_end.address, ETHERNET_ADDRESS_SIZE);
    (void)port;
    return flood_run(&settings, &result, &error) || tell(&error);
}

static bool flood_hping(struct bench *bench, uint16_t port)
{
    (void)bench;
    char port_text[8];
    (void)snprintf(port_text, sizeof(port_text), "%u", port);
    char *arguments[] = {"hping3",
                         "--flood",
                         "--quiet",
                         "--interface",
                         (char *)(uintptr_t)harness_end.name,
                         "--spoof",
                         (char *)(uintptr_t)spoofed_text,
                         "--syn",
                         "--destport",
                         port_text,
                         (char *)(uintptr_t)stack_text,
                         NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    char *path[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    int failure = posix_spawn(&pid, "/usr/sbin/hping3", &actions, NULL, arguments, path);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        errno = failure;
        return fail("/usr/sbin/hping3");
    }
    int handle = pidfd_open(pid, 0);
    struct pollfd ended = {.fd = handle, .events = POLLIN};
    bool early = poll(&ended, 1, MILLISECONDS) != 0;
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    (void)close(handle);
    if (early)
        (void)fprintf(stderr, "bench_injection: hping3 ended before its time\n");
    return !early;
}

static bool rate_measure(struct bench *bench, flood_function *flood, uint16_t port, double *rate)
{
    uint64_t before, after;
    nanoseconds start = clock_now();
    if (!answers_read(bench, &before) || !flood(bench, port) || !answers_read(bench, &after))
        return false;
    *rate = (double)(after - before) * 1e9 / (double)(clock_now() - start);
    return true;
}

static int compare_rates(const void *left, const void *right)
{
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof(values[0]), compare_rates);
    return values[ROUNDS / 2];
}

static bool port_measure(struct bench *bench, uint16_t port, const char *name)
{
    double ours[ROUNDS], theirs[ROUNDS], ratios[ROUNDS];
    if (!segments_prepare(bench, port))
        return false;
    for (size_t round = 0; round < ROUNDS; round++) {
        if (!rate_measure(bench, flood_ours, port, &ours[round]) ||
            !rate_measure(bench, flood_hping, port, &theirs[round]))
            return false;
        ratios[round] = theirs[round] > 0 ? ours[round] / theirs[round] : 0;
    }
    printf("{\"name\": \"injection_%s_answers\", \"value\": %.0f, \"unit\": \"1/s\"}\n", name, median(ours));
    printf("{\"name\": \"injection_%s_hping3_answers\", \"value\": %.0f, \"unit\": \"1/s\"}\n", name, median(theirs));
    printf("{\"name\": \"injection_%s_ratio\", \"value\": %.3f, \"unit\": \"hping3\", \"floor\": %.1f}\n", name,
           median(ratios), ratio_floor);
    return true;
}

static int run(void *context)
{
    struct bench *bench = context;
    return pair_make(bench) && port_measure(bench, CLOSED_PORT, "closed") && port_measure(bench, OPEN_PORT, "open")
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

int main(void)
{
    static struct bench bench;
    struct error error;
    pid_t pid;
    int status;
    if (!address_parse(stack_text, strlen(stack_text), &bench.stack) ||
        !address_parse(spoofed_text, strlen(spoofed_text), &bench.spoofed) ||
        !address_parse(harness_text, strlen(harness_text), &bench.harness))
        return EXIT_FAILURE;
    if (!isolation_start(run, &bench, &pid, &error)) {
        tell(&error);
        return EXIT_FAILURE;
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return EXIT_FAILURE;
    return WEXITSTATUS(status);
}
