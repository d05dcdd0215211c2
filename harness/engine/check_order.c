/* SPDX-License-Identifier: MIT */
#include "engine/check_order.h"

/* What can make the stack send: a SYN of its own, or anything else. */
enum cause {
    CAUSE_NONE,
    CAUSE_ANSWER, /* all but a SYN */
    CAUSE_SYN,    /* a SYN and all that follows it */
    CAUSE_ANY,
};

static enum cause call_cause(const char *name)
{
    static const struct {
        const char *name;
        enum cause cause;
    } rows[] = {
        {"connect", CAUSE_SYN},  {"sendto", CAUSE_SYN},      {"sendmsg", CAUSE_SYN},  {"send", CAUSE_SYN},
        {"write", CAUSE_SYN},    {"writev", CAUSE_SYN},      {"sendfile", CAUSE_SYN}, {"splice", CAUSE_SYN},
        {"close", CAUSE_ANSWER}, {"shutdown", CAUSE_ANSWER},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(name, rows[i].name) == 0)
            return rows[i].cause;
    return CAUSE_NONE;
}

/* True for a command that only sets something: any other may make connections of its own. */
static bool command_only_sets(const char *command)
{
    static const char *const words[] = {"sysctl", "ip", "tc", "ethtool", "echo", "true", "test", "sleep", "nstat"};
    static const char *const scripts[] = {"defaults.sh", "set_sysctls.py"};
    const char *start = command + strspn(command, " \t\n");
    size_t length = strcspn(start, " \t\n");
    if (strpbrk(command, "&;|") != NULL)
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i]) == length && memcmp(start, words[i], length) == 0)
            return true;
    for (size_t i = 0; i < COUNT_OF(scripts); i++)
        if (length >= strlen(scripts[i]) &&
            memcmp(start + length - strlen(scripts[i]), scripts[i], strlen(scripts[i])) == 0)
            return true;
    return false;
}

static enum cause event_cause(const struct event *event)
{
    switch (event->kind) {
    case EVENT_INJECT:
        return CAUSE_ANSWER;
    case EVENT_CALL:
        return call_cause(event->call.name);
    case EVENT_COMMAND:
        return command_only_sets(event->body.text) ? CAUSE_NONE : CAUSE_ANY;
    case EVENT_EXPECT:
    case EVENT_NOTHING:
    case EVENT_CODE:
        break;
    }
    return CAUSE_NONE;
}

static bool is_syn(const struct pattern *pattern)
{
    return (pattern->packet.tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && (pattern->open_flags & TCP_ACK) == 0;
}

/* True if CAUSE can make the stack send what PATTERN says. */
static bool is_caused(const struct pattern *pattern, enum cause cause)
{
    return cause == CAUSE_ANY || cause == CAUSE_SYN || (cause == CAUSE_ANSWER && !is_syn(pattern));
}

/* The first event behind AT that can cause the segment of AT, as nothing before it can. */
static const struct event *cause_behind(const struct program *program, size_t at)
{
    const struct pattern *pattern = &program->events[at].pattern;
    for (size_t i = 0; i < at; i++)
        if (is_caused(pattern, event_cause(&program->events[i])))
            return NULL;
    for (size_t i = at + 1; i < program->event_count; i++)
        if (is_caused(pattern, event_cause(&program->events[i])))
            return &program->events[i];
    return NULL;
}

static void check_expected(const struct program *program, size_t at, struct diagnostics *diagnostics)
{
    const struct event *event = &program->events[at];
    const struct event *cause = cause_behind(program, at);
    if (cause == NULL)
        return;
    unsigned line = source_position(&program->source, cause->at.offset).line;
    if (cause->kind == EVENT_CALL)
        (void)diagnostics_add(diagnostics, event->pattern.at,
                              "this can't come yet: %s() on line %u, the first that makes the stack send it, stands "
                              "behind it",
                              cause->call.name, line);
    else
        (void)diagnostics_add(diagnostics, event->pattern.at,
                              "this can't come yet: nothing before line %u makes the stack send it", line);
}

void check_order(const struct program *program, struct diagnostics *diagnostics)
{
    if (program->continues || (program->init_command != NULL && !command_only_sets(program->init_command)))
        return;
    for (size_t i = 0; i < program->event_count; i++) {
        const struct event *event = &program->events[i];
        if (event_cause(event) == CAUSE_SYN || event_cause(event) == CAUSE_ANY)
            return;
        if (event->kind == EVENT_EXPECT && !event->or_nothing && event->other_count == 0 &&
            event->pattern.packet.transport == TRANSPORT_TCP)
            check_expected(program, i, diagnostics);
    }
}
