/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. A script's Python code asserts what struct tcp_info says at the code's time. So that no slow
 * block makes a later event late, only that structure is taken at the time; all blocks run at the end of the run, in
 * order, each with the names tcpi_* bound to what was taken for it.
 */
#include "engine/run.h"
#include "engine/structure.h"

/* Constants that code may use: TCP_ESTABLISHED, TCP_CA_Open, TCPI_OPT_SACK, ... */
static void print_constants(const struct run *run, struct text *constants)
{
    const struct stack_operations *operations = run->stack->operations;
    const char *name;
    int64_t value;
    for (size_t i = 0; (name = operations->symbol_at(run->stack, i)) != NULL; i++)
        if (strncmp(name, "TCP", 3) == 0 && evaluation_symbol(&run->evaluation, name, &value) == SYMBOL_HERE)
            text_append_format(constants, "%s = %lld\n", name, (long long)value);
}

bool run_start_interpreter(struct run *run)
{
    bool needed = false;
    for (size_t i = 0; i < run->program->event_count; i++)
        needed = needed || run->program->events[i].kind == EVENT_CODE;
    if (!needed)
        return true;
    struct error error;
    struct text constants = text_growing();
    print_constants(run, &constants);
    const struct interpreter_settings settings = {.name = run->program->source.name,
                                                  .constants = text_string(&constants),
                                                  .command = run->settings->options.code_command};
    bool started = interpreter_start(&settings, clock_now() + run->time_out, &run->interpreter, &error);
    text_free(&constants);
    return started || run_fault(run, NULL, &error);
}

/* struct tcp_info as the system gives it: longer or shorter than ours, by its version. */
struct tcp_info_bytes {
    uint32_t length;
    uint8_t bytes[512];
};

/* That of DESCRIPTOR; false if it has none. */
static bool take_tcp_info(struct run *run, int64_t descriptor, struct tcp_info_bytes *info)
{
    int64_t level = 0;
    int64_t option = 0;
    struct stack_return returned;
    info->length = sizeof(info->bytes);
    if (evaluation_symbol(&run->evaluation, "IPPROTO_TCP", &level) != SYMBOL_HERE ||
        evaluation_symbol(&run->evaluation, "TCP_INFO", &option) != SYMBOL_HERE)
        return false;
    const struct stack_call call = {
        .operation = STACK_GETSOCKOPT,
        .count = 5,
        .arguments = {{.kind = ARGUMENT_INTEGER, .integer = descriptor},
                      {.kind = ARGUMENT_INTEGER, .integer = level},
                      {.kind = ARGUMENT_INTEGER, .integer = option},
                      {.kind = ARGUMENT_POINTER, .data = info->bytes, .length = info->length},
                      {.kind = ARGUMENT_POINTER, .data = &info->length, .length = sizeof(info->length)}},
    };
    stack_call(run->stack, &call, &returned);
    return returned.error_number == 0;
}

/* Of the connection that was used last; of a listener only if there is no connection. */
static bool take_last_tcp_info(struct run *run, struct tcp_info_bytes *info)
{
    int64_t listening = 0;
    bool taken = false;
    (void)evaluation_symbol(&run->evaluation, "TCP_LISTEN", &listening);
    const struct descriptor *at = descriptors_used_before(&run->descriptors, UINT64_MAX);
    for (; at != NULL; at = descriptors_used_before(&run->descriptors, at->used)) {
        struct tcp_info_bytes other;
        if (!take_tcp_info(run, at->live, &other))
            continue;
        bool connection =
            structure_member_number(&structure_tcp_info.members[0], other.bytes, other.length) != listening;
        if (taken && !connection)
            continue;
        *info = other;
        taken = true;
        if (connection)
            break;
    }
    return taken;
}

static void print_facts(struct text *facts, const struct tcp_info_bytes *info)
{
    for (size_t i = 0; i < structure_tcp_info.member_count; i++) {
        const struct structure_member *member = &structure_tcp_info.members[i];
        if (member->offset + member->size <= info->length)
            text_append_format(facts, "%s = %llu\n", member->name,
                               (unsigned long long)structure_member_number(member, info->bytes, info->length));
    }
}

bool run_code_event(struct run *run, const struct event *event)
{
    struct text facts = text_growing();
    struct tcp_info_bytes info;
    nanoseconds due = schedule_due(&run->schedule, &event->time, false);
    if (!run_wait_until(run, due, true))
        return false;
    nanoseconds began = run_now(run);
    if (take_last_tcp_info(run, &info))
        print_facts(&facts, &info);
    else
        text_append_string(&facts, "for name in [name for name in globals() if name.startswith('tcpi_')]:\n"
                                   "    del globals()[name]\n");
    names_print(&facts, &run->names);
    schedule_acted(&run->schedule, due, (struct interval){began, run_now(run)}, false);
    struct run_code *kept = arena_take(&run->arena, sizeof(*kept));
    char *copy = arena_copy(&run->arena, text_string(&facts), facts.length);
    bool complete = kept != NULL && copy != NULL && !facts.truncated;
    text_free(&facts);
    if (!complete)
        return run_fault_memory(run, event);
    *kept = (struct run_code){.event = event, .facts = copy, .late = run_lateness(run, 0)};
    *run->codes_end = kept;
    run->codes_end = &kept->next;
    return true;
}

/* Where the code of EVENT begins, behind its bracket. */
static size_t code_offset(const struct run *run, const struct event *event)
{
    const struct source *source = &run->program->source;
    const char *start = source->text + event->at.offset;
    const char *bracket = memmem(start, source->length - event->at.offset, "%{", 2);
    return event->at.offset + (bracket == NULL ? 0 : (size_t)(bracket - start) + 2);
}

/* EVENT as if it stood on LINE of the script. */
static struct event event_on_line(const struct run *run, const struct event *event, unsigned line)
{
    const struct source *source = &run->program->source;
    struct event moved = *event;
    unsigned at = source_position(source, moved.at.offset).line;
    for (size_t i = moved.at.offset; at < line && i < source->length; i++) {
        if (source->text[i] != '\n')
            continue;
        at++;
        moved.at.offset = i + 1;
    }
    return moved;
}

static bool run_judge_code(struct run *run, const struct run_code *code, const struct interpreter_result *result)
{
    if (result->kind == CODE_PASSED)
        return true;
    struct event at = event_on_line(run, code->event, result->line);
    char sentence[512];
    struct text headline = text_in(sentence, sizeof(sentence));
    struct text detail = text_growing();
    text_append_format(&headline, "%s: %s",
                       result->kind == CODE_FAILED ? "the code's assertion does not hold" : "the code raised",
                       text_string(&result->message));
    if (result->values.length > 0)
        text_append_format(&detail, "  where %s\n", text_string(&result->values));
    interpreter_print_output(&detail, run->interpreter);
    if (result->kind == CODE_FAILED) {
        (void)run_fail_late(run, &at, code->late, sentence, &detail);
    } else {
        struct error error;
        (void)error_set(&error, ERROR_MALFORMED, "%s", sentence);
        (void)run_fault_detailed(run, &at, &error, &detail);
    }
    text_free(&detail);
    return false;
}

static bool run_code(struct run *run, const struct run_code *code)
{
    const struct event *event = code->event;
    struct error error;
    struct interpreter_result result;
    const struct interpreter_block block = {
        .facts = code->facts,
        .code = event->body.text,
        .code_length = event->body.length,
        .line = source_position(&run->program->source, code_offset(run, event)).line,
    };
    nanoseconds began = stack_is_virtual(run->stack) ? clock_now() : run->origin; /* Python's time is the machine's */
    bool ran = interpreter_run(run->interpreter, &block, began + run->time_out, &result, &error);
    bool right = ran ? run_judge_code(run, code, &result) : run_fault(run, event, &error);
    interpreter_result_free(&result);
    return right;
}

bool run_codes(struct run *run)
{
    for (const struct run_code *code = run->codes; code != NULL; code = code->next)
        if (!run_code(run, code))
            return false;
    return true;
}
