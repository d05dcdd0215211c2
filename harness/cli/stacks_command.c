/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/stack_work.h"
#include "cli/terminal.h"
#include "stack/plugin.h"
#include "suite/probe.h"

#include <sys/utsname.h>

enum { FAULTS_MOST = 10000 };

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

/* The INDEX-th of the plug-in's faults; NULL past the last. */
static const struct shakedown_fault *fault_at(const struct shakedown_stack_plugin *offers, size_t index)
{
    if (offers->fault == NULL || index == FAULTS_MOST)
        return NULL;
    plugin_enter(PLUGIN_FAULT);
    const struct shakedown_fault *fault = offers->fault(index);
    plugin_leave();
    return fault;
}

static size_t count_faults(const struct shakedown_stack_plugin *offers)
{
    size_t count = 0;
    while (fault_at(offers, count) != NULL)
        count++;
    return count;
}

static void print_faults(struct text *text, const struct shakedown_stack_plugin *offers)
{
    const struct shakedown_fault *fault;
    for (size_t i = 0; (fault = fault_at(offers, i)) != NULL; i++) {
        /* Its texts may be anywhere. */
        plugin_enter(PLUGIN_FAULT);
        text_append_format(text, "    fault=%-4u %-32s %s [%s]\n", fault->number, fault->name, fault->what,
                           fault->requirement);
        plugin_leave();
    }
}

/* A stack that is a plug-in, for the process that tells about it. */
struct described {
    struct stack_choice choice;
    bool whole; /* its faults, too */
};

static void describe(struct text *text, const struct described *described, const struct shakedown_stack_plugin *offers)
{
    const char *word = described->choice.word;
    plugin_enter(PLUGIN_LOADING);
    text_append_format(text, "%s: %s, in a process of its own and in virtual time; needs nothing\n", word,
                       offers->name == NULL ? "a plug-in" : offers->name);
    plugin_leave();
    text_append_format(text, "    can be tested over%s%s", offers->capabilities & SHAKEDOWN_CAN_IPV4 ? " IPv4" : "",
                       offers->capabilities & SHAKEDOWN_CAN_IPV6 ? " IPv6" : "");
    size_t faults = count_faults(offers);
    if (faults > 0)
        text_append_format(text, "; has %zu faults on request, as in --stack %s:fault=1", faults, word);
    text_append_character(text, '\n');
    if (described->whole)
        print_faults(text, offers);
}

static bool describe_work(void *context, struct plugin_answer *answer, struct error *error)
{
    struct described *described = context;
    struct plugin *plugin;
    if (!plugin_load(stack_choice_plugin(&described->choice), &plugin, error))
        return false;
    describe(&answer->text, described, plugin_offers(plugin));
    return true;
}

/* What there is to say of a stack that comes with the program. */
static void print_own(struct text *text, const char *name)
{
    struct described described = {.whole = false};
    const struct plugin_work_order order = {.work = describe_work, .context = &described};
    struct plugin_answer answer = {.text = text_growing()};
    struct text detail = text_growing();
    struct error error;
    if (stack_choice_read(&described.choice, name, &error) && plugin_process_work(&order, &answer, &detail, &error))
        text_append_string(text, text_string(&answer.text));
    else
        text_append_format(text, "%s: can't be tested: %s\n", name, error.text);
    text_free(&answer.text);
    text_free(&detail);
    stack_choice_free(&described.choice);
}

static int tell_all(void)
{
    const char *name;
    struct text text = text_growing();
    print_linux(&text);
    for (size_t i = 0; (name = stack_choice_embedded(i)) != NULL; i++)
        print_own(&text, name);
    text_append_string(&text, "plugin:FILE.so: any stack that has an adapter for the plug-in ABI, shakedown/stack.h\n");
    terminal_write(&text);
    text_free(&text);
    return EXIT_STATUS_PASS;
}

static int tell_one(const struct command *command, const char *word)
{
    struct described described = {.whole = true};
    struct stack_work work = {.choice = &described.choice, .work = describe_work, .context = &described};
    struct error error;
    int status;
    if (!stack_choice_read(&described.choice, word, &error)) {
        status = command_misused(command, &error);
    } else if (stack_choice_plugin(&described.choice) == NULL) {
        struct text text = text_growing();
        print_linux(&text);
        terminal_write(&text);
        text_free(&text);
        status = EXIT_STATUS_PASS;
    } else {
        status = stack_work_perform(&work);
    }
    stack_choice_free(&described.choice);
    return status;
}

static int stacks_run(const struct command *command, struct option_words words)
{
    struct error error;
    if (words.count == 0)
        return tell_all();
    if (words.count == 1)
        return tell_one(command, words.words[0]);
    (void)error_set(&error, ERROR_USAGE, "stacks is about all stacks, or about one");
    return command_misused(command, &error);
}

const struct command command_stacks = {
    .name = "stacks",
    .arguments = "[STACK]",
    .help = "list the stacks that can be tested from here, and what is missing for the rest; or tell about one",
    .run = stacks_run,
};
