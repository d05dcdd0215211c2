/* SPDX-License-Identifier: MIT */
#include "engine/caller.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct caller {
    struct stack *stack;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int event; /* readable when a call has returned */
    bool busy; /* only the owner's side uses it */
    enum {
        CALLER_IDLE,
        CALLER_GIVEN,
        CALLER_BEGUN,
        CALLER_RETURNED,
        CALLER_ENDING,
        CALLER_ENDED,
    } state;
    struct stack_call call;
    nanoseconds began; /* just before the thread makes the call */
    struct stack_return returned;
};

/* Its arrival makes a blocking system call return with EINTR; there is nothing else to do. */
static void caller_interrupted(int number)
{
    (void)number;
}

static void caller_perform(struct caller *caller)
{
    struct stack_return returned;
    struct stack_call call = caller->call;
    caller->state = CALLER_BEGUN;
    (void)pthread_cond_broadcast(&caller->changed);
    caller->began = clock_now();
    (void)pthread_mutex_unlock(&caller->lock);
    stack_call(caller->stack, &call, &returned);
    (void)pthread_mutex_lock(&caller->lock);
    caller->returned = returned;
    if (caller->state == CALLER_BEGUN)
        caller->state = CALLER_RETURNED;
    uint64_t one = 1;
    /* The counter can't overflow: it is read before the next call is given. */
    INVARIANT(write(caller->event, &one, sizeof(one)) == (ssize_t)sizeof(one));
}

static void *caller_main(void *context)
{
    struct caller *caller = context;
    (void)pthread_mutex_lock(&caller->lock);
    while (caller->state != CALLER_ENDING) {
        if (caller->state == CALLER_GIVEN)
            caller_perform(caller);
        else
            (void)pthread_cond_wait(&caller->changed, &caller->lock);
    }
    caller->state = CALLER_ENDED;
    (void)pthread_cond_broadcast(&caller->changed);
    (void)pthread_mutex_unlock(&caller->lock);
    return NULL;
}

static bool caller_handle_signal(struct error *error)
{
    struct sigaction action = {.sa_handler = caller_interrupted};
    if (sigaction(SIGUSR1, &action, NULL) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "the signal that ends blocked calls can't be set up");
    return true;
}

bool caller_start(struct stack *stack, struct caller **caller, struct error *error)
{
    if (!stack_is_virtual(stack) && !caller_handle_signal(error))
        return false;
    struct caller *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a thread that makes calls");
    made->stack = stack;
    made->event = -1;
    if (stack_is_virtual(stack)) {
        *caller = made;
        return true;
    }
    made->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->event < 0) {
        (void)error_set_system(error, ERROR_SYSTEM_CALL, errno, "eventfd() failed");
        goto fail;
    }
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    int failure = pthread_create(&made->thread, NULL, caller_main, made);
    if (failure != 0) {
        (void)error_set_system(error, ERROR_SYSTEM_CALL, failure, "a thread that makes calls can't be started");
        goto fail;
    }
    *caller = made;
    return true;
fail:
    if (made->event >= 0)
        (void)close(made->event);
    free(made);
    return false;
}

void caller_try_again(struct caller *caller)
{
    if (!caller->busy || !stack_is_virtual(caller->stack) || caller->state != CALLER_BEGUN)
        return;
    stack_call(caller->stack, &caller->call, &caller->returned);
    if (!caller->returned.would_block)
        caller->state = CALLER_RETURNED;
}

nanoseconds caller_give(struct caller *caller, const struct stack_call *call)
{
    INVARIANT(!caller->busy);
    if (stack_is_virtual(caller->stack)) {
        caller->call = *call;
        caller->state = CALLER_BEGUN;
        caller->busy = true;
        caller_try_again(caller);
        return stack_now(caller->stack);
    }
    (void)pthread_mutex_lock(&caller->lock);
    caller->call = *call;
    caller->state = CALLER_GIVEN;
    caller->busy = true;
    (void)pthread_cond_broadcast(&caller->changed);
    while (caller->state == CALLER_GIVEN)
        (void)pthread_cond_wait(&caller->changed, &caller->lock);
    nanoseconds began = caller->began;
    (void)pthread_mutex_unlock(&caller->lock);
    return began;
}

bool caller_busy(const struct caller *caller)
{
    return caller->busy;
}

bool caller_done(struct caller *caller, struct stack_return *returned)
{
    uint64_t count;
    if (stack_is_virtual(caller->stack)) {
        if (!caller->busy || caller->state != CALLER_RETURNED)
            return false;
        *returned = caller->returned;
        caller->state = CALLER_IDLE;
        caller->busy = false;
        return true;
    }
    if (!caller->busy || read(caller->event, &count, sizeof(count)) != (ssize_t)sizeof(count))
        return false;
    (void)pthread_mutex_lock(&caller->lock);
    *returned = caller->returned;
    caller->state = CALLER_IDLE;
    caller->busy = false;
    (void)pthread_mutex_unlock(&caller->lock);
    return true;
}

int caller_descriptor(const struct caller *caller)
{
    return caller->event;
}

void caller_end(struct caller *caller)
{
    if (caller == NULL)
        return;
    if (stack_is_virtual(caller->stack)) {
        free(caller);
        return;
    }
    (void)pthread_mutex_lock(&caller->lock);
    caller->state = CALLER_ENDING;
    (void)pthread_cond_broadcast(&caller->changed);
    while (caller->state != CALLER_ENDED) {
        /* The signal is lost if it comes just before the call blocks: it is sent until the thread says that it ended.
         */
        (void)pthread_kill(caller->thread, SIGUSR1);
        struct timespec until;
        nanoseconds next = clock_now() + 2 * NANOSECONDS_PER_MILLISECOND;
        until.tv_sec = next / NANOSECONDS_PER_SECOND;
        until.tv_nsec = next % NANOSECONDS_PER_SECOND;
        (void)pthread_cond_timedwait(&caller->changed, &caller->lock, &until);
    }
    (void)pthread_mutex_unlock(&caller->lock);
    (void)pthread_join(caller->thread, NULL);
    (void)pthread_cond_destroy(&caller->changed);
    (void)pthread_mutex_destroy(&caller->lock);
    (void)close(caller->event);
    free(caller);
}
