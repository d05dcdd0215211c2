/* SPDX-License-Identifier: MIT */
/*
 * A suite: many scripts, each performed on one or more IP versions by worker processes of their own, many at once.
 *
 * suite_plan() finds, reads and checks the scripts and makes the cases; suite_run() performs them; what came out is in
 * the suite until suite_free().
 */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

#include "spec/spec.h"
#include "stack/linux.h"
#include "stack/plugin.h"
#include "suite/catalogue.h"
#include "suite/deviations.h"
#include "suite/discovery.h"
#include "suite/requirement.h"
#include "suite/result.h"
#include "trace/trace.h"

/* Writes what happens in a case into a file of its own, such as trace_writer_*. */
struct suite_recorder {
    const char *folder; /* where the files go; made if it is not there */
    const char *suffix; /* ".trace" */
    bool (*adopt)(int descriptor, const char *name, void **writer, struct error *error);
    struct trace_sink (*sink)(void *writer);
    bool (*close)(void *writer, struct error *error);
};

enum { SUITE_RECORDERS_MOST = 4 };

enum suite_link {
    SUITE_LINK_BY_SCRIPT, /* its note `link`; else raw for scripts with a title, tun for those without */
    SUITE_LINK_RAW,
    SUITE_LINK_TUN,
};

struct suite;
struct suite_case;

/* Told when a case has a result; `finished` of `planned` performances are over. */
typedef void suite_progress(void *context, const struct suite *suite, const struct suite_case *one,
                            const struct suite_result *result);

struct suite_settings {
    const char *plugin;         /* path of the stack under test, absolute; NULL: the kernel that runs here */
    uint32_t plugin_restart;    /* enum shakedown_restart: how it starts afresh */
    const char *plugin_options; /* for it, or NULL */
    const char *const *paths;   /* files and folders */
    size_t path_count;
    struct program_settings program; /* definitions for all scripts */
    ip_versions versions;            /* 0: by script */
    enum suite_link link;
    const char *filter;                  /* a glob that a script's path or its last component must fit, or NULL */
    const char *requirement;             /* that a script must cite, or NULL */
    unsigned jobs;                       /* workers at once; 0: enough that the longest script decides */
    unsigned repeat;                     /* performances of each case, at least 1 */
    bool no_shell;                       /* a script with shell commands or code is an error */
    bool strict;                         /* a broken SHOULD is a fail too */
    bool slow;                           /* scripts that are noted as slow run on a real clock, too */
    const struct deviations *deviations; /* may be NULL */
    const struct spec *spec;             /* that every performance is judged by; NULL: none is */
    const struct deviations *judged_deviations; /* from the specification; may be NULL */
    const struct catalogue *catalogue;          /* of requirements; may be NULL */
    struct suite_recorder recorders[SUITE_RECORDERS_MOST];
    size_t recorder_count;
    int interrupt;            /* a descriptor whose becoming readable ends the run, or -1 */
    suite_progress *progress; /* may be NULL */
    void *progress_context;
};

struct suite_script {
    const char *path;
    const char *name;   /* without the folders above the one that was given */
    unsigned namesakes; /* earlier scripts with the same name */
    bool from_folder;
    bool made;              /* for this run alone: afterwards there is no such file any more */
    const char *fault;      /* there is no script to load, and why; otherwise NULL */
    bool selected;          /* filter and requirement let it pass */
    struct program program; /* its source and its notes only: a worker parses it again, so that thousands fit */
    struct engine_options options;
    ip_versions versions;     /* of its note `ip`; 0 without */
    enum verdict check;       /* VERDICT_PASS: can be run */
    const char *headline;     /* what is wrong otherwise, one line */
    const char *detail;       /* diagnostics */
    const char *title;        /* NULL without a note */
    const char *requirements; /* "" without */
    const char *clauses;      /* the same, a line each, with the catalogue's sentence */
    enum requirement_level level;
    enum linux_link link;
    nanoseconds estimate; /* from its first event to its last */
    nanoseconds time_out;
};

struct suite_case {
    struct suite_script *script;
    int ip_version;               /* IP_VERSION_IPV4, ... */
    struct suite_result *results; /* `repeat` of them */
    unsigned reruns;              /* performances alone, after inconclusive ones */
    /* What it came to, once the run is over: */
    enum verdict verdict;
    const struct suite_result *telling; /* the result to report; NULL if it was not performed */
    bool changed;                       /* not every performance gave the same verdict */
    bool non_strict;                    /* a pass that broke a SHOULD or a MAY */
    bool by_judge;                      /* the specification's verdict made it what it is, not the script's own */
    const struct deviation *deviation;  /* a fail that is known: the verdict is a pass */
};

/* Why a fail counts as a pass. */
enum suite_excuse {
    SUITE_NOT_EXCUSED,
    SUITE_KNOWN_DEVIATION,
    SUITE_NOT_STRICT, /* what the script cites is no MUST, and the run is not strict */
};

struct suite_totals {
    size_t verdicts[VERDICT_COUNT];
    size_t deviations; /* of the passes */
    size_t judged;     /* cases of which the specification has a verdict */
    size_t disagreed;  /* of them: it says fail or inconclusive, and that doesn't count */
    size_t non_strict; /* of the passes */
    size_t changed;    /* cases whose verdict was not always the same */
    size_t unfinished; /* cases that were not performed */
};

struct suite {
    const struct suite_settings *settings;
    struct arena arena;
    struct discovery discovery;
    struct suite_script *scripts;
    size_t script_count;
    struct suite_case *cases; /* of selected scripts, in the order of discovery */
    size_t case_count;
    size_t planned;  /* performances */
    size_t finished; /* of them */
    bool interrupted;
    const struct deviation **stale; /* entries whose scripts passed; of both files */
    size_t stale_count;
    const struct deviation **unmatched; /* entries whose script should have been there */
    size_t unmatched_count;
    nanoseconds duration;
    struct suite_totals totals;
};

/*
 * Finds and checks the scripts and makes the cases. A script that can't be read is a case with the verdict error. False
 * with an error for bad paths, or if nothing is selected. SETTINGS must outlive SUITE; end with suite_free() in any
 * case.
 */
MUST_USE bool suite_plan(struct suite *suite, const struct suite_settings *settings, struct error *error);

/*
 * Performs all cases; the calling process gets children, waits for them, and none is left. False with an error if
 * nothing can be run here at all. If the settings' descriptor interrupted it, the cases so far have their results and
 * `interrupted` is set.
 */
MUST_USE bool suite_run(struct suite *suite, struct error *error);

/* Entries of known deviations from the specification that a run can keep apart. */
enum { SUITE_JUDGED_DEVIATIONS_MOST = 64 };

/* Whether what the specification says of ONE counts: if its script cites a requirement, or the run is strict. */
bool suite_judge_counts(const struct suite_settings *settings, const struct suite_case *one);

/* What RESULT of ONE came to: the script's verdict, with the specification's where that counts; the worse of both. A
 * fail that is excused is a fail here. */
enum verdict suite_verdict_of(const struct suite_settings *settings, const struct suite_case *one,
                              const struct suite_result *result);

/* What RESULT of ONE counts as, with fails that are excused as passes. */
enum verdict suite_graded_verdict(const struct suite_settings *settings, const struct suite_case *one,
                                  const struct suite_result *result);

/* Whether another performance of ONE may come to more than RESULT, in which something was late. */
bool suite_worth_again(const struct suite_settings *settings, const struct suite_case *one,
                       const struct suite_result *result);

/* Whether a fail of ONE would count as a pass. */
enum suite_excuse suite_excuse(const struct suite_settings *settings, const struct suite_case *one);

/* The file that ENTRY, a known deviation of either kind, is from. */
const struct source *suite_entry_source(const struct suite *suite, const struct deviation *entry);

/* 0: all pass or not applicable; 1: any fail or stale deviation; 2: any inconclusive or error and no fail. */
int suite_exit_status(const struct suite *suite);

void suite_free(struct suite *suite);

#endif
