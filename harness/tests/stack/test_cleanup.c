/* SPDX-License-Identifier: MIT */
/*
 * Nothing is left, whoever dies and whenever: no process, no namespace, and with the namespaces none of their devices
 * and rules. A "parent" is forked that starts an isolated process, which opens a stack and leaves daemons behind.
 */
#include "live.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>

enum {
    PATIENCE = 20000, /* milliseconds */
    SAMPLES = 40,
    RUNS = 5,
    NAMESPACES_OF_A_RUN = 3, /* the isolated process's own, and two for a veth pair */
};

static const nanoseconds sample_step = 200 * NANOSECONDS_PER_MICROSECOND;

/* The write ends of the pipes are held by whoever was started. */
struct scene {
    struct linux_settings settings;
    int ready[2]; /* a byte comes when the stack is open */
    int alive[2]; /* ends when all are dead */
    pid_t parent;
};

static void daemon_leave(void)
{
    if (fork() == 0) {
        (void)setsid();
        if (fork() == 0)
            for (;;)
                (void)pause();
        _exit(0);
    }
}

static int isolated_main(void *context)
{
    struct scene *scene = context;
    struct error error;
    struct stack *stack;
    daemon_leave();
    if (!linux_stack_open(&scene->settings, &stack, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        return EXIT_FAILURE;
    }
    daemon_leave();
    if (write(scene->ready[1], "r", 1) != 1)
        return EXIT_FAILURE;
    for (;;)
        (void)pause();
}

/* How a run ends once its stack is open. */
struct ending {
    int to_first;  /* the parent sends this to the isolated process */
    int to_parent; /* the test sends this to the parent's process group */
    bool leaves;   /* the parent returns by itself */
};

static int parent_main(struct scene *scene, const struct ending *ending)
{
    struct error error;
    pid_t first;
    char byte;
    (void)setpgid(0, 0);
    (void)close(scene->alive[0]);
    if (!isolation_start(isolated_main, scene, &first, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        return EXIT_FAILURE;
    }
    if (ending == NULL || ending->to_parent != 0)
        for (;;)
            (void)pause();
    if (read(scene->ready[0], &byte, 1) != 1)
        return EXIT_FAILURE;
    if (ending->leaves)
        return EXIT_SUCCESS;
    if (kill(first, ending->to_first) != 0)
        return EXIT_FAILURE;
    return waitpid(first, NULL, 0) == first ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void scene_open(struct scene *scene, const struct linux_settings *settings, const struct ending *ending)
{
    scene->settings = *settings;
    assert_int_equal(pipe(scene->ready), 0);
    assert_int_equal(pipe(scene->alive), 0);
    scene->parent = fork();
    assert_true(scene->parent >= 0);
    if (scene->parent == 0)
        _exit(parent_main(scene, ending));
    (void)setpgid(scene->parent, scene->parent);
    assert_int_equal(close(scene->alive[1]), 0);
    assert_int_equal(close(scene->ready[1]), 0);
}

/* Waits until all are dead: the pipe ends, and nobody is left to be waited for. */
static void scene_close(struct scene *scene)
{
    struct pollfd alive = {.fd = scene->alive[0], .events = POLLIN};
    assert_int_equal(poll(&alive, 1, PATIENCE), 1);
    assert_true((alive.revents & POLLHUP) != 0);
    while (wait(NULL) > 0)
        continue;
    assert_int_equal(errno, ECHILD);
    assert_int_equal(close(scene->alive[0]), 0);
    assert_int_equal(close(scene->ready[0]), 0);
}

/* How many processes there are in this pid namespace, and how many network namespaces they are in. */
static void population_count(size_t *processes, size_t *namespaces)
{
    ino_t seen[64];
    DIR *proc = opendir("/proc");
    assert_non_null(proc);
    *processes = 0;
    *namespaces = 0;
    for (struct dirent *entry = readdir(proc); entry != NULL; entry = readdir(proc)) {
        char path[sizeof(entry->d_name) + 32];
        struct stat place;
        (void)snprintf(path, sizeof(path), "/proc/%s/ns/net", entry->d_name);
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || stat(path, &place) != 0)
            continue;
        ++*processes;
        size_t known = 0;
        while (known < *namespaces && seen[known] != place.st_ino)
            known++;
        if (known == *namespaces && *namespaces < COUNT_OF(seen))
            seen[(*namespaces)++] = place.st_ino;
    }
    assert_int_equal(closedir(proc), 0);
}

static void assert_alone(void)
{
    size_t processes;
    size_t namespaces;
    population_count(&processes, &namespaces);
    assert_int_equal(processes, 2); /* the first process, and this */
    assert_int_equal(namespaces, 1);
}

static const struct linux_settings links[] = {
    {.link = LINUX_LINK_RAW},
    {.link = LINUX_LINK_TUN},
    {.link = LINUX_LINK_LOOPBACK, .remote_port = LIVE_OWN_PORT},
};

static const struct ending endings[] = {
    {.to_first = SIGKILL}, {.to_parent = SIGKILL}, {.to_parent = SIGINT}, {.to_parent = SIGTERM}, {.leaves = true},
};

static void nothing_is_left_however_an_open_stack_ends(void **state)
{
    (void)state;
    for (size_t link = 0; link < COUNT_OF(links); link++)
        for (size_t i = 0; live_link_possible(links[link].link) && i < COUNT_OF(endings); i++) {
            struct scene scene;
            char byte;
            scene_open(&scene, &links[link], &endings[i]);
            if (endings[i].to_parent != 0) {
                assert_int_equal(read(scene.ready[0], &byte, 1), 1);
                assert_int_equal(kill(-scene.parent, endings[i].to_parent), 0);
            }
            scene_close(&scene);
            assert_alone();
        }
}

static void nothing_is_left_whenever_the_parent_is_killed(void **state)
{
    (void)state;
    for (int sample = 0; sample < SAMPLES; sample++) {
        struct scene scene;
        nanoseconds due = clock_now() + sample * sample_step;
        scene_open(&scene, &links[sample % 2 == 0 ? 0 : 2], NULL);
        /* To kill it at another place each time, not to wait for anything. */
        while (clock_now() < due)
            continue;
        assert_int_equal(kill(scene.parent, SIGKILL), 0);
        scene_close(&scene);
        assert_alone();
    }
}

static int isolated_brief(void *context)
{
    struct error error;
    struct stack *stack;
    if (!linux_stack_open(context, &stack, &error))
        return EXIT_FAILURE;
    stack_close(stack);
    return EXIT_SUCCESS;
}

static bool run_once(void)
{
    struct error error;
    struct linux_settings settings = {.link = LINUX_LINK_RAW};
    pid_t first;
    return isolation_start(isolated_brief, &settings, &first, &error) && live_exit_status(first) == 0;
}

static bool text_write(const char *path, const char *text)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    bool written = descriptor >= 0 && write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);
    if (descriptor >= 0)
        (void)close(descriptor);
    return written;
}

/* True once this process can have all the network namespaces that are allowed. */
static bool room_is_free(void)
{
    nanoseconds deadline = clock_now() + PATIENCE * NANOSECONDS_PER_MILLISECOND;
    for (int held = 0; held < RUNS * NAMESPACES_OF_A_RUN; held++) {
        /* The kernel takes its time to clear one away. */
        while (unshare(CLONE_NEWNET) != 0) {
            if (errno != ENOSPC || clock_now() > deadline)
                return false;
            (void)sched_yield();
        }
        if (open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC) < 0)
            return false;
    }
    return true;
}

/* The kernel counts a namespace in its user namespace until it is really gone. */
static int runs_in_limited_room(void)
{
    char room[16];
    (void)snprintf(room, sizeof(room), "%d", RUNS * NAMESPACES_OF_A_RUN);
    if (unshare(CLONE_NEWUSER) != 0 || !text_write("/proc/self/uid_map", "0 0 1") ||
        !text_write("/proc/self/setgroups", "deny") || !text_write("/proc/self/gid_map", "0 0 1") ||
        !text_write("/proc/sys/user/max_net_namespaces", room))
        return 3;
    for (int run = 0; run < RUNS; run++)
        if (!run_once())
            return 1;
    return room_is_free() ? 0 : 2;
}

static void the_kernel_gets_every_namespace_back(void **state)
{
    (void)state;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(runs_in_limited_room());
    assert_int_equal(live_exit_status(pid), 0);
}

static int run(void *context)
{
    (void)context;
    /* Whoever loses its parent is this process's to wait for. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        return EXIT_FAILURE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_however_an_open_stack_ends),
        cmocka_unit_test(nothing_is_left_whenever_the_parent_is_killed),
        cmocka_unit_test(the_kernel_gets_every_namespace_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
