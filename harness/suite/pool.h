/* SPDX-License-Identifier: MIT */
/* Worker processes, many at once: started, listened to, timed out, killed and collected. */
#ifndef SUITE_POOL_H
#define SUITE_POOL_H

#include "engine/machine_watch.h"
#include "suite/suite.h"

/* One performance that is to be done; its result replaces one->results[performance]. */
struct pool_item {
    struct suite_case *one;
    unsigned performance;
};

struct pool_settings {
    struct suite *suite;
    const struct machine_watch *watch;
    unsigned jobs; /* workers at once, at least 1 */
};

/*
 * Performs COUNT items in order, as many at once as SETTINGS say, and tells the suite's progress function of each
 * result. False with an error if none can be performed here; otherwise every item has a result, or the suite is
 * `interrupted`. No process is left in any case.
 */
MUST_USE bool pool_run(const struct pool_settings *settings, const struct pool_item *items, size_t count,
                       struct error *error);

#endif
