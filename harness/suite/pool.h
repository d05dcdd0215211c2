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
    bool again; /* its result was inconclusive */
};

struct pool_settings {
    struct suite *suite;
    const struct machine_watch *watch;
    unsigned jobs;  /* workers at once, at least 1 */
    unsigned batch; /* performances that a worker may do one after another, at least 1; needs a stack that starts afresh
                     * by itself, and no recorders */
    bool reruns;    /* what is inconclusive is performed once more, in quiet moments */
};

/*
 * Performs COUNT items in order, as many at once as SETTINGS say, and tells the suite's progress function of each
 * result. A quiet moment is one in which every item has been started, none is being set up or performed again, and the
 * machine is calm; an inconclusive item for which none comes before the last worker ends keeps its result. False with
 * an error if none can be performed here; otherwise every item has a result, or the suite is `interrupted`. No process
 * is left in any case. Where a worker does a batch, no verdict but a pass is taken from it: those others are performed
 * again by a worker each, and so are all of a batch whose worker did not come to its end.
 */
MUST_USE bool pool_run(const struct pool_settings *settings, const struct pool_item *items, size_t count,
                       struct error *error);

#endif
