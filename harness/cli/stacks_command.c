/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/terminal.h"
#include "suite/probe.h"

#include <sys/utsname.h>

static void print_link(struct text *text, enum linux_link link, const char *name, const char *way)
{
    struct error error;
    if (probe_linux(link, &error))
        text_append_format(text, "    --link %s   can be tested: %s\n", name, way);
    else
        text_append_format(text, "    --link %s   can't be tested: %s\n", name, error.text);
}

static int stacks_run(const struct command *command, struct option_words words)
{
    struct error error;
    if (words.count > 0) {
        (void)error_set(&error, ERROR_USAGE, "stacks takes no arguments");
        return command_misused(command, &error);
    }
    struct text text = text_growing();
    struct utsname system;
    text_append_string(&text, "linux: the kernel that runs here");
    if (uname(&system) == 0)
        text_append_format(&text, ", %s %s", system.sysname, system.release);
    text_append_string(&text, ", in a network namespace of each script's own\n");
    print_link(&text, LINUX_LINK_RAW, "raw", "raw sockets over a pair of virtual Ethernet devices");
    print_link(&text, LINUX_LINK_TUN, "tun", "a tun device");
    terminal_write(&text);
    text_free(&text);
    return EXIT_STATUS_PASS;
}

const struct command command_stacks = {
    .name = "stacks",
    .arguments = "",
    .help = "list the stacks that can be tested from here, and what is missing for the rest",
    .run = stacks_run,
};
