/* SPDX-License-Identifier: MIT */
#include "engine/machine_watch.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/*
 * Theory of operation. Time is cut into cells of ten milliseconds. Each processor's thread has a ring of cells, one
 * 64-bit word each: the cell's number in the upper half, the worst lateness in it, in microseconds, in the lower. A
 * reader takes a cell only if it bears the number asked for, so that old words need no clearing. One thread writes a
 * ring, so no locks are needed.
 */
enum {
    WATCH_PROCESSORS_MOST = 256,
    WATCH_CELLS = 6000, /* of 10 ms: a minute */
    WATCH_PRIORITY = 2,
};
static const nanoseconds watch_period = NANOSECONDS_PER_MILLISECOND;
static const nanoseconds watch_cell = 10 * NANOSECONDS_PER_MILLISECOND;

struct watch_processor {
    struct machine_watch *watch;
    int number;
    pthread_t thread;
    _Atomic(nanoseconds) due; /* when it should wake next */
    _Atomic(uint64_t) cells[WATCH_CELLS];
};

struct machine_watch {
    size_t mapped;
    atomic_bool ending;
    bool imprecise; /* one of the threads has no real-time priority */
    sem_t begun;    /* threads that run */
    int count;
    struct watch_processor processors[];
};

static void watch_write(struct watch_processor *processor, nanoseconds due, nanoseconds woke)
{
    uint64_t late = (uint64_t)((woke - due) / NANOSECONDS_PER_MICROSECOND);
    if (late > UINT32_MAX)
        late = UINT32_MAX;
    nanoseconds first = due / watch_cell;
    nanoseconds last = woke / watch_cell;
    if (last - first >= WATCH_CELLS)
        first = last - WATCH_CELLS + 1;
    for (nanoseconds cell = first; cell <= last; cell++) {
        _Atomic(uint64_t) *word = &processor->cells[cell % WATCH_CELLS];
        uint64_t now = atomic_load_explicit(word, memory_order_relaxed);
        uint64_t fresh = ((uint64_t)cell << 32) | late;
        if ((now >> 32) != ((uint64_t)cell & UINT32_MAX) || (uint32_t)now < late)
            atomic_store_explicit(word, fresh, memory_order_release);
    }
}

static void *watch_main(void *context)
{
    struct watch_processor *processor = context;
    nanoseconds due = atomic_load(&processor->due);
    (void)sem_post(&processor->watch->begun);
    while (!atomic_load_explicit(&processor->watch->ending, memory_order_relaxed)) {
        struct timespec until = {due / NANOSECONDS_PER_SECOND, due % NANOSECONDS_PER_SECOND};
        if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            continue;
        nanoseconds woke = clock_now();
        watch_write(processor, due, woke);
        due = woke - due > watch_period ? woke + watch_period : due + watch_period;
        atomic_store_explicit(&processor->due, due, memory_order_release);
    }
    return NULL;
}

static int watch_start_thread(struct watch_processor *processor)
{
    pthread_attr_t attributes;
    int failure = pthread_attr_init(&attributes);
    if (failure != 0)
        return failure;
    /* Signals are for the thread that runs the suite. */
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    failure = pthread_create(&processor->thread, &attributes, watch_main, processor);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    if (failure != 0)
        return failure;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)processor->number, &set);
    struct sched_param priority = {.sched_priority = WATCH_PRIORITY};
    /* Both are wishes: without them the watch only sees more lateness than there is. */
    if (pthread_setaffinity_np(processor->thread, sizeof(set), &set) != 0 ||
        pthread_setschedparam(processor->thread, SCHED_FIFO, &priority) != 0)
        processor->watch->imprecise = true;
    return 0;
}

/* A process forked while a thread begins would inherit whatever locks beginning takes, for good: sanitizers take some.
 */
static void watch_await_begun(struct machine_watch *watch)
{
    for (int begun = 0; begun < watch->count;)
        begun += sem_wait(&watch->begun) == 0;
}

bool machine_watch_start(struct machine_watch **watch, struct error *error)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "the processors can't be listed");
    int count = CPU_COUNT(&allowed) < WATCH_PROCESSORS_MOST ? CPU_COUNT(&allowed) : WATCH_PROCESSORS_MOST;
    size_t size = sizeof(struct machine_watch) + (size_t)count * sizeof(struct watch_processor);
    struct machine_watch *made = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED)
        return error_set_system(error, ERROR_OUT_OF_MEMORY, errno, "no memory for the control timer");
    made->mapped = size;
    /* Cannot fail: nothing is wrong with a value of 0. */
    (void)sem_init(&made->begun, 0, 0);
    for (int number = 0; number < CPU_SETSIZE && made->count < count; number++) {
        if (!CPU_ISSET((size_t)number, &allowed))
            continue;
        struct watch_processor *processor = &made->processors[made->count];
        processor->watch = made;
        processor->number = number;
        atomic_store(&processor->due, clock_now() + watch_period);
        int failure = watch_start_thread(processor);
        if (failure != 0) {
            machine_watch_stop(made);
            return error_set_system(error, ERROR_SYSTEM_CALL, failure,
                                    "a thread for the control timer can't be started");
        }
        made->count++;
    }
    watch_await_begun(made);
    *watch = made;
    return true;
}

static nanoseconds watch_processor_worst(const struct watch_processor *processor, nanoseconds start, nanoseconds end)
{
    nanoseconds worst = 0;
    nanoseconds due = atomic_load_explicit(&processor->due, memory_order_acquire);
    nanoseconds now = clock_now();
    if (due <= end && now > due)
        worst = now - due;
    nanoseconds first = start / watch_cell;
    nanoseconds last = end / watch_cell;
    if (last - first >= WATCH_CELLS)
        first = last - WATCH_CELLS + 1;
    for (nanoseconds cell = first < 0 ? 0 : first; cell <= last; cell++) {
        uint64_t word = atomic_load_explicit(&processor->cells[cell % WATCH_CELLS], memory_order_acquire);
        nanoseconds late = (nanoseconds)(uint32_t)word * NANOSECONDS_PER_MICROSECOND;
        if ((word >> 32) == ((uint64_t)cell & UINT32_MAX) && late > worst)
            worst = late;
    }
    return worst;
}

nanoseconds machine_watch_worst(const struct machine_watch *watch, nanoseconds start, nanoseconds end)
{
    nanoseconds worst = 0;
    for (int i = 0; i < watch->count; i++) {
        nanoseconds late = watch_processor_worst(&watch->processors[i], start, end);
        if (late > worst)
            worst = late;
    }
    return worst;
}

bool machine_watch_precise(const struct machine_watch *watch)
{
    return !watch->imprecise;
}

void machine_watch_stop(struct machine_watch *watch)
{
    if (watch == NULL)
        return;
    atomic_store(&watch->ending, true);
    /* A processor that something urgent keeps to itself must not keep its watch from ending elsewhere. */
    cpu_set_t any;
    memset(&any, 0xff, sizeof(any));
    for (int i = 0; i < watch->count; i++)
        (void)pthread_setaffinity_np(watch->processors[i].thread, sizeof(any), &any);
    for (int i = 0; i < watch->count; i++)
        (void)pthread_join(watch->processors[i].thread, NULL);
    (void)sem_destroy(&watch->begun);
    (void)munmap(watch, watch->mapped);
}
