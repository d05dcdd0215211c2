/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

/* Code that compares what the script has names for needs nothing of the stack. */
static bool mentions_tcp_info(const struct event *event)
{
    return memmem(event->body.text, event->body.length, "tcpi_", strlen("tcpi_")) != NULL;
}

/* What a script has that only a real system can do, or NULL. */
static const char *run_needs_system(const struct run *run)
{
    const struct program *program = run->program;
    if (run->settings->options.init_scripts != NULL)
        return "init scripts";
    if (program->init_command != NULL || program->cleanup_command != NULL)
        return "shell commands";
    for (size_t i = 0; i < program->event_count; i++) {
        if (program->events[i].kind == EVENT_COMMAND)
            return "shell commands";
        if (program->events[i].kind == EVENT_CODE && mentions_tcp_info(&program->events[i]))
            return "Python code about TCP_INFO";
    }
    return NULL;
}

bool run_applicable(struct run *run)
{
    struct error error;
    const struct stack *stack = run->stack;
    const char *needed = stack_is_virtual(stack) ? run_needs_system(run) : NULL;
    unsigned version = run->settings->options.ip_version;
    if (needed != NULL)
        (void)error_set(&error, ERROR_NOT_APPLICABLE, "%s can't be run beside a stack that is no system", needed);
    else if (stack->local[version == IP_VERSION_IPV6].family == ADDRESS_NONE)
        (void)error_set(&error, ERROR_NOT_APPLICABLE, "the stack has no IPv%c here",
                        version == IP_VERSION_IPV6 ? '6' : '4');
    else if (version == IP_VERSION_IPV4_MAPPED && stack->maps_no_ipv4)
        (void)error_set(&error, ERROR_NOT_APPLICABLE, "the stack's IPv6 sockets take no IPv4-mapped addresses");
    else
        return true;
    return run_fault(run, NULL, &error);
}
