/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

#include <errno.h>
#include <poll.h>

/* How long before a deadline sleeping ends and watching the clock begins: a wake-up takes about as long. */
static const nanoseconds busy_span = 50 * NANOSECONDS_PER_MICROSECOND;

static bool run_keep_frame(struct run *run, const struct link_frame *frame)
{
    struct run_frame *kept = arena_take(&run->arena, sizeof(*kept));
    char *bytes = arena_copy(&run->arena, frame->packet.data, frame->packet.length);
    struct error error;
    if (kept == NULL || bytes == NULL) {
        (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory for a packet that came");
        return run_fault(run, NULL, &error);
    }
    struct bytes wire = {(const uint8_t *)bytes, frame->packet.length};
    kept->time = run_interval(run, frame->time);
    packet_decode(wire, DECODE_ALL, &kept->packet);
    if (!frame_unwrap(run, kept))
        return run_fault_memory(run, NULL);
    *run->frames_end = kept;
    run->frames_end = &kept->next;
    return run_record(run, &(struct trace_event){.kind = TRACE_SEEN, .time = kept->time, .packet = wire});
}

bool run_take_in(struct run *run)
{
    for (;;) {
        struct link_frame frame;
        struct error error;
        bool came = false;
        if (!link_next(run->stack->link, &frame, &came, &error))
            return run_fault(run, NULL, &error);
        if (!came)
            break;
        if (!run_keep_frame(run, &frame))
            return false;
    }
    if (!run->returned && run->caller != NULL && caller_done(run->caller, &run->returned_value))
        run->returned = true;
    return true;
}

/* Sleeps until something comes, OTHER (or -1) can be read, or UNTIL (NULL: endless) has passed; READABLE (may be NULL)
 * says whether OTHER can be. */
static bool run_sleep_beside(struct run *run, const struct timespec *until, int other, bool *readable)
{
    struct pollfd polled[] = {
        {.fd = link_descriptor(run->stack->link), .events = POLLIN},
        {.fd = run->caller == NULL ? -1 : caller_descriptor(run->caller), .events = POLLIN},
        {.fd = run->beside == NULL ? -1 : caller_descriptor(run->beside), .events = POLLIN},
        {.fd = run->command == NULL ? -1 : run->command->handle, .events = POLLIN},
        {.fd = run->command == NULL ? -1 : run->command->output, .events = POLLIN},
        {.fd = other, .events = POLLIN},
    };
    struct error error;
    int ready = ppoll(polled, COUNT_OF(polled), until, NULL);
    if (ready < 0 && errno != EINTR) {
        (void)error_set_system(&error, ERROR_SYSTEM_CALL, errno, "ppoll() failed");
        return run_fault(run, NULL, &error);
    }
    if (readable != NULL)
        *readable = ready > 0 && polled[COUNT_OF(polled) - 1].revents != 0;
    return true;
}

static bool run_sleep(struct run *run, nanoseconds span)
{
    struct timespec until = {span / NANOSECONDS_PER_SECOND, span % NANOSECONDS_PER_SECOND};
    return run_sleep_beside(run, &until, -1, NULL);
}

bool run_wait_until(struct run *run, nanoseconds deadline, bool exact)
{
    if (stack_is_virtual(run->stack))
        return run_step_until(run, deadline, true);
    for (;;) {
        if (!run_take_in(run))
            return false;
        nanoseconds left = deadline - run_now(run);
        if (left <= 0)
            return true;
        nanoseconds sleep = exact ? left - busy_span : left;
        if (sleep > 0 && !run_sleep(run, sleep))
            return false;
    }
}

bool run_wait_to_inject(struct run *run, nanoseconds due)
{
    return stack_is_virtual(run->stack) ? run_step_until(run, due, false) : run_wait_until(run, due, true);
}

bool run_wait_any(struct run *run, nanoseconds deadline)
{
    if (stack_is_virtual(run->stack))
        return run_step(run, deadline, true);
    nanoseconds left = deadline - run_now(run);
    if (left > 0 && !run_sleep(run, left))
        return false;
    return run_take_in(run);
}

bool run_wait_readable(struct run *run, int descriptor)
{
    bool readable = false;
    while (!readable)
        if (!run_take_in(run) || !run_sleep_beside(run, NULL, descriptor, &readable))
            return false;
    return run_take_in(run);
}
