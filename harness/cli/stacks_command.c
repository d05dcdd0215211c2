/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/stack_choice.h"
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

static void print_linux(struct text *text)
{
    struct utsname system;
    text_append_string(text, "linux: the kernel that runs here");
    if (uname(&system) == 0)
        text_append_format(text, ", %s %s", system.sysname, system.release);
    text_append_string(text, ", in a network namespace of each script's own\n");
    print_link(text, LINUX_LINK_RAW, "raw", "raw sockets over a pair of virtual Ethernet devices");
    print_link(text, LINUX_LINK_TUN, "tun", "a tun device");
}

static void print_faults(struct text *text, const struct shakedown_stack_plugin *offers)
{
    const struct shakedown_fault *fault;
    for (size_t i = 0; offers->fault != NULL && (fault = offers->fault(i)) != NULL; i++)
        text_append_format(text, "    fault=%-4u %-32s %s [%s]\n", fault->number, fault->name, fault->what,
                           fault->requirement);
}

static size_t count_faults(const struct shakedown_stack_plugin *offers)
{
    size_t count = 0;
    while (offers->fault != NULL && offers->fault(count) != NULL)
        count++;
    return count;
}

/* What there is to say of one stack that is a plug-in; WHOLE: its faults, too. */
static bool print_embedded(struct text *text, const char *word, bool whole, struct error *error)
{
    struct stack_choice choice = {.word = NULL};
    struct plugin *plugin = NULL;
    bool loaded = stack_choice_read(&choice, word, error) && stack_choice_load(&choice, &plugin, error);
    if (loaded && plugin == NULL) {
        print_linux(text);
    } else if (loaded) {
        const struct shakedown_stack_plugin *offers = plugin_offers(plugin);
        text_append_format(text, "%s: %s, inside this process and in virtual time; needs nothing\n", word,
                           offers->name == NULL ? "a plug-in" : offers->name);
        text_append_format(text, "    can be tested over%s%s", offers->capabilities & SHAKEDOWN_CAN_IPV4 ? " IPv4" : "",
                           offers->capabilities & SHAKEDOWN_CAN_IPV6 ? " IPv6" : "");
        if (count_faults(offers) > 0)
            text_append_format(text, "; has %zu faults on request, as in --stack %s:fault=1", count_faults(offers),
                               word);
        text_append_character(text, '\n');
        if (whole)
            print_faults(text, offers);
    }
    stack_choice_free(&choice);
    plugin_unload(plugin);
    return loaded;
}

static void print_all(struct text *text)
{
    const char *name;
    struct error error;
    print_linux(text);
    for (size_t i = 0; (name = stack_choice_embedded(i)) != NULL; i++)
        if (!print_embedded(text, name, false, &error))
            text_append_format(text, "%s: can't be tested: %s\n", name, error.text);
    text_append_string(text, "plugin:FILE.so: any stack that has an adapter for the plug-in ABI, shakedown/stack.h\n");
}

static int stacks_run(const struct command *command, struct option_words words)
{
    struct error error;
    struct text text = text_growing();
    int status = EXIT_STATUS_PASS;
    if (words.count > 1) {
        (void)error_set(&error, ERROR_USAGE, "stacks is about all stacks, or about one");
        status = command_misused(command, &error);
    } else if (words.count == 0) {
        print_all(&text);
    } else if (!print_embedded(&text, words.words[0], true, &error)) {
        status = command_misused(command, &error);
    }
    terminal_write(&text);
    text_free(&text);
    return status;
}

const struct command command_stacks = {
    .name = "stacks",
    .arguments = "[STACK]",
    .help = "list the stacks that can be tested from here, and what is missing for the rest; or tell about one",
    .run = stacks_run,
};
