/* SPDX-License-Identifier: MIT */
#include "suite/settle.h"

#include "suite/plan.h"

/* How much a verdict weighs when performances of one case differ. */
static const int verdict_weight[VERDICT_COUNT] = {
    [VERDICT_FAIL] = 4, [VERDICT_ERROR] = 3,          [VERDICT_INCONCLUSIVE] = 2,
    [VERDICT_PASS] = 1, [VERDICT_NOT_APPLICABLE] = 0,
};

/* The heaviest result decides; `telling` stays NULL if a performance is missing. */
static void weigh_results(const struct suite *suite, struct suite_case *one)
{
    const struct suite_result *heaviest = &one->results[0];
    one->changed = false;
    one->telling = NULL;
    for (unsigned i = 0; i < suite->settings->repeat; i++) {
        const struct suite_result *result = &one->results[i];
        if (!result->there)
            return;
        one->changed = one->changed || result->verdict != one->results[0].verdict;
        if (verdict_weight[result->verdict] > verdict_weight[heaviest->verdict])
            heaviest = result;
    }
    one->telling = heaviest;
    one->verdict = heaviest->verdict;
}

static const struct deviation *known_deviation(const struct suite_settings *settings, const struct suite_case *one)
{
    if (settings->deviations == NULL)
        return NULL;
    return deviations_find(settings->deviations, one->script->path, one->ip_version);
}

enum suite_excuse suite_excuse(const struct suite_settings *settings, const struct suite_case *one)
{
    enum requirement_level level = one->script->level;
    if (known_deviation(settings, one) != NULL)
        return SUITE_KNOWN_DEVIATION;
    if (level == REQUIREMENT_MAY || (level == REQUIREMENT_SHOULD && !settings->strict))
        return SUITE_NOT_STRICT;
    return SUITE_NOT_EXCUSED;
}

static void grade_fail(const struct suite_settings *settings, struct suite_case *one)
{
    enum suite_excuse excuse = suite_excuse(settings, one);
    if (excuse == SUITE_KNOWN_DEVIATION)
        one->deviation = known_deviation(settings, one);
    one->non_strict = excuse == SUITE_NOT_STRICT;
    if (excuse != SUITE_NOT_EXCUSED)
        one->verdict = VERDICT_PASS;
}

static void settle_case(struct suite *suite, struct suite_case *one)
{
    struct suite_totals *totals = &suite->totals;
    weigh_results(suite, one);
    if (one->telling == NULL) {
        totals->unfinished++;
        return;
    }
    one->deviation = NULL;
    one->non_strict = false;
    if (one->verdict == VERDICT_FAIL)
        grade_fail(suite->settings, one);
    totals->verdicts[one->verdict]++;
    totals->deviations += one->deviation != NULL;
    totals->non_strict += one->non_strict;
    totals->changed += one->changed;
}

static bool is_about(const struct deviation *deviation, const struct suite_script *script)
{
    return path_ends_with(script->path, strlen(script->path), deviation->script, strlen(deviation->script));
}

/* True if every IP version that the entry names for SCRIPT was performed, and passed. */
static bool script_passed(const struct suite *suite, const struct deviation *deviation,
                          const struct suite_script *script)
{
    ip_versions passed = 0;
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (one->script == script && one->telling != NULL && one->telling->verdict == VERDICT_PASS)
            passed |= 1U << one->ip_version;
    }
    ip_versions named = deviation->versions & plan_versions(script, 0);
    return named != 0 && (passed & named) == named;
}

static bool is_stale(const struct suite *suite, const struct deviation *deviation)
{
    for (size_t i = 0; i < suite->script_count; i++)
        if (is_about(deviation, &suite->scripts[i]))
            return script_passed(suite, deviation, &suite->scripts[i]);
    return false;
}

/* True if a script of the entry's folder came from a folder that was given, but the entry's script did not. */
static bool is_unmatched(const struct suite *suite, const struct deviation *deviation)
{
    const char *slash = strrchr(deviation->script, '/');
    bool neighbours = false;
    for (size_t i = 0; i < suite->script_count; i++) {
        const struct suite_script *script = &suite->scripts[i];
        const char *last = strrchr(script->path, '/');
        if (is_about(deviation, script))
            return false;
        if (slash != NULL && last != NULL && script->from_folder)
            neighbours = neighbours || path_ends_with(script->path, (size_t)(last - script->path), deviation->script,
                                                      (size_t)(slash - deviation->script));
    }
    return neighbours;
}

static bool settle_deviations(struct suite *suite, struct error *error)
{
    const struct deviations *deviations = suite->settings->deviations;
    if (deviations == NULL || deviations->count == 0)
        return true;
    suite->stale = arena_take(&suite->arena, deviations->count * sizeof(const struct deviation *));
    suite->unmatched = arena_take(&suite->arena, deviations->count * sizeof(const struct deviation *));
    if (suite->stale == NULL || suite->unmatched == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the deviations");
    for (size_t i = 0; i < deviations->count; i++) {
        const struct deviation *deviation = &deviations->items[i];
        if (is_stale(suite, deviation))
            suite->stale[suite->stale_count++] = deviation;
        if (is_unmatched(suite, deviation))
            suite->unmatched[suite->unmatched_count++] = deviation;
    }
    return true;
}

bool suite_settle(struct suite *suite, struct error *error)
{
    suite->totals = (struct suite_totals){0};
    suite->stale_count = 0;
    suite->unmatched_count = 0;
    for (size_t i = 0; i < suite->case_count; i++)
        settle_case(suite, &suite->cases[i]);
    return settle_deviations(suite, error);
}

int suite_exit_status(const struct suite *suite)
{
    const size_t *verdicts = suite->totals.verdicts;
    if (verdicts[VERDICT_FAIL] > 0 || suite->stale_count > 0)
        return 1;
    if (verdicts[VERDICT_INCONCLUSIVE] > 0 || verdicts[VERDICT_ERROR] > 0 || suite->unmatched_count > 0 ||
        suite->totals.unfinished > 0)
        return 2;
    return 0;
}
