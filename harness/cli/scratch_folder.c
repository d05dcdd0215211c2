/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The keeper makes the folder, tells its path, or why there is none, and reads until nobody holds
 * the other end of the lifeline any more: the run itself, and workers that it had when it was killed, which die with
 * it. Then it removes the folder. It is of a session of its own, which no terminal signals, and holds nothing else
 * open.
 */
#include "cli/scratch_folder.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPEN_AT_ONCE = 8 };

/* What the keeper tells; it goes through in one piece. */
struct told {
    int reason; /* errno; 0: the folder is made */
    char path[PATH_MAX];
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static void await_end(int lifeline)
{
    char byte;
    ssize_t length;
    do
        length = read(lifeline, &byte, sizeof(byte));
    while (length > 0 || (length < 0 && errno == EINTR));
}

static _Noreturn void keep(int lifeline)
{
    const char *above = getenv("TMPDIR");
    struct told told = {.reason = 0};
    struct text text = text_in(told.path, sizeof(told.path));
    (void)setsid();
    if (lifeline > 0)
        (void)close_range(0, (unsigned)lifeline - 1, 0);
    (void)close_range((unsigned)lifeline + 1, ~0U, 0);
    text_append_format(&text, "%s/shakedown.XXXXXX", above == NULL || above[0] == '\0' ? "/tmp" : above);
    if (text.truncated)
        told.reason = ENAMETOOLONG;
    else if (mkdtemp(told.path) == NULL)
        told.reason = errno;
    bool heard = send(lifeline, &told, sizeof(told), MSG_NOSIGNAL) == (ssize_t)sizeof(told);
    if (heard)
        await_end(lifeline);
    if (told.reason == 0)
        (void)nftw(told.path, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
    _exit(EXIT_SUCCESS);
}

/* Takes what the keeper tells, or makes up why it tells nothing. */
static void hear(int lifeline, struct told *told)
{
    ssize_t length;
    do
        length = recv(lifeline, told, sizeof(*told), 0);
    while (length < 0 && errno == EINTR);
    if (length != (ssize_t)sizeof(*told))
        told->reason = length < 0 ? errno : ECHILD;
    told->path[sizeof(told->path) - 1] = '\0';
}

bool scratch_folder_make(struct scratch_folder *folder, struct error *error)
{
    static const char refused[] = "a folder for generated scripts can't be made";
    struct told told = {.reason = 0};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, refused);
    (void)fflush(NULL);
    pid_t keeper = fork();
    if (keeper == 0)
        keep(ends[1]);
    int reason = errno;
    (void)close(ends[1]);
    if (keeper < 0) {
        (void)close(ends[0]);
        return error_set_system(error, ERROR_SYSTEM_CALL, reason, refused);
    }
    hear(ends[0], &told);
    *folder = (struct scratch_folder){.path = text_growing(), .keeper = keeper, .lifeline = ends[0]};
    text_append_string(&folder->path, told.path);
    if (told.reason == 0 && !folder->path.truncated)
        return true;
    scratch_folder_remove(folder);
    scratch_folder_free(folder);
    return told.reason == 0 ? error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the name of a folder")
                            : error_set_system(error, ERROR_SYSTEM_CALL, told.reason, refused);
}

void scratch_folder_remove(struct scratch_folder *folder)
{
    if (folder->keeper == 0)
        return;
    (void)close(folder->lifeline);
    while (waitpid(folder->keeper, NULL, 0) < 0 && errno == EINTR)
        continue;
    folder->keeper = 0;
}

void scratch_folder_free(struct scratch_folder *folder)
{
    text_free(&folder->path);
}
