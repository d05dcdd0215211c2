/* SPDX-License-Identifier: MIT */
#include "suite/settle.h"

#include "suite/plan.h"

/* How much a verdict weighs when performances of one case differ. */
static const int verdict_weight[VERDICT_COUNT] = {
    [VERDICT_FAIL] = 4, [VERDICT_ERROR] = 3,          [VERDICT_INCONCLUSIVE] = 2,
    [VERDICT_PASS] = 1, [VERDICT_NOT_APPLICABLE] = 0,
};

bool suite_judge_counts(const struct suite_settings *settings, const struct suite_case *one)
{
    return settings->strict || one->script->requirements[0] != '\0';
}

enum verdict suite_verdict_of(const struct suite_settings *settings, const struct suite_case *one,
                              const struct suite_result *result)
{
    const struct suite_judged *judged = &result->judged;
    bool decided = result->verdict == VERDICT_PASS || result->verdict == VERDICT_FAIL;
    if (!judged->there || !decided || !suite_judge_counts(settings, one))
        return result->verdict;
    return verdict_weight[judged->verdict] > verdict_weight[result->verdict] ? judged->verdict : result->verdict;
}

bool suite_worth_again(const struct suite_settings *settings, const struct suite_case *one,
                       const struct suite_result *result)
{
    return result->verdict == VERDICT_INCONCLUSIVE ||
           (suite_verdict_of(settings, one, result) == VERDICT_INCONCLUSIVE && result->judged.late);
}

/* The heaviest result decides; `telling` stays NULL if a performance is missing. */
static void weigh_results(const struct suite *suite, struct suite_case *one)
{
    const struct suite_settings *settings = suite->settings;
    const struct suite_result *heaviest = &one->results[0];
    enum verdict worst = VERDICT_NOT_APPLICABLE;
    enum verdict first = VERDICT_NOT_APPLICABLE;
    one->changed = false;
    one->telling = NULL;
    for (unsigned i = 0; i < settings->repeat; i++) {
        const struct suite_result *result = &one->results[i];
        if (!result->there)
            return;
        enum verdict verdict = suite_verdict_of(settings, one, result);
        first = i == 0 ? verdict : first;
        one->changed = one->changed || verdict != first;
        /* Of two fails the one that the specification speaks of, too: a known deviation of the script excuses it not.
         */
        bool heavier =
            verdict_weight[verdict] > verdict_weight[worst] ||
            (verdict == worst && verdict_weight[result->judged.verdict] > verdict_weight[heaviest->judged.verdict]);
        if (heavier) {
            heaviest = result;
            worst = verdict;
        }
    }
    one->telling = heaviest;
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

/* What the specification says counts where the script's own verdict, excused or not, is a pass. */
static void grade_judged(const struct suite_settings *settings, struct suite_case *one)
{
    const struct suite_judged *judged = &one->telling->judged;
    bool decided = one->telling->verdict == VERDICT_PASS || one->telling->verdict == VERDICT_FAIL;
    if (one->verdict != VERDICT_PASS || !decided || !judged->there || judged->verdict == VERDICT_PASS ||
        !suite_judge_counts(settings, one))
        return;
    one->non_strict = one->non_strict || (judged->verdict == VERDICT_FAIL && judged->should && !settings->strict);
    if (judged->verdict == VERDICT_FAIL && judged->should && !settings->strict)
        return;
    one->verdict = judged->verdict;
    one->by_judge = true;
    one->deviation = NULL;
    one->non_strict = false;
}

/* What one->telling comes to, by both verdicts. */
static void grade(const struct suite_settings *settings, struct suite_case *one)
{
    one->verdict = one->telling->verdict;
    one->deviation = NULL;
    one->non_strict = false;
    one->by_judge = false;
    if (one->verdict == VERDICT_FAIL)
        grade_fail(settings, one);
    grade_judged(settings, one);
}

enum verdict suite_graded_verdict(const struct suite_settings *settings, const struct suite_case *one,
                                  const struct suite_result *result)
{
    struct suite_case graded = *one;
    graded.telling = result;
    grade(settings, &graded);
    return graded.verdict;
}

static void count_judged(struct suite *suite, const struct suite_case *one)
{
    const struct suite_judged *judged = &one->telling->judged;
    suite->totals.judged += judged->there;
    suite->totals.disagreed +=
        judged->there && judged->verdict != VERDICT_PASS && !one->by_judge && one->verdict == VERDICT_PASS;
}

static void settle_case(struct suite *suite, struct suite_case *one)
{
    struct suite_totals *totals = &suite->totals;
    weigh_results(suite, one);
    if (one->telling == NULL) {
        totals->unfinished++;
        return;
    }
    grade(suite->settings, one);
    count_judged(suite, one);
    totals->verdicts[one->verdict]++;
    totals->deviations += one->verdict == VERDICT_PASS && (one->deviation != NULL || one->telling->judged.known != 0);
    totals->non_strict += one->non_strict;
    totals->changed += one->changed;
}

/* The script that an entry is about, or that shows it. */
static const char *script_of(const struct deviation *deviation)
{
    return deviation->shown != NULL ? deviation->shown : deviation->script;
}

static bool is_about(const struct deviation *deviation, const struct suite_script *script)
{
    const char *name = script_of(deviation);
    return path_ends_with(script->path, strlen(script->path), name, strlen(name));
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

/* True if no case had to be excused by the entry with that INDEX. */
static bool judged_without(const struct suite *suite, size_t index)
{
    for (size_t i = 0; i < suite->case_count; i++)
        for (unsigned j = 0; j < suite->settings->repeat; j++)
            if ((suite->cases[i].results[j].judged.known >> index & 1) != 0)
                return false;
    return true;
}

/* True if SCRIPT was judged on every IP version that the entry names. */
static bool was_judged(const struct suite *suite, const struct deviation *deviation, const struct suite_script *script)
{
    ip_versions judged = 0;
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (one->script == script && one->telling != NULL && one->telling->judged.there &&
            one->telling->judged.verdict != VERDICT_INCONCLUSIVE)
            judged |= 1U << one->ip_version;
    }
    ip_versions named = deviation->versions & plan_versions(script, 0);
    return named != 0 && (judged & named) == named;
}

static bool is_stale_judged(const struct suite *suite, size_t index)
{
    const struct deviation *deviation = &suite->settings->judged_deviations->items[index];
    for (size_t i = 0; i < suite->script_count; i++)
        if (is_about(deviation, &suite->scripts[i]))
            return was_judged(suite, deviation, &suite->scripts[i]) && judged_without(suite, index);
    return false;
}

/* True if a script of the entry's folder came from a folder that was given, but the entry's script did not. */
static bool is_unmatched(const struct suite *suite, const struct deviation *deviation)
{
    const char *name = script_of(deviation);
    const char *slash = strrchr(name, '/');
    bool neighbours = false;
    for (size_t i = 0; i < suite->script_count; i++) {
        const struct suite_script *script = &suite->scripts[i];
        const char *last = strrchr(script->path, '/');
        if (is_about(deviation, script))
            return false;
        if (slash != NULL && last != NULL && script->from_folder)
            neighbours =
                neighbours || path_ends_with(script->path, (size_t)(last - script->path), name, (size_t)(slash - name));
    }
    return neighbours;
}

static void settle_entry(struct suite *suite, const struct deviation *deviation, bool stale)
{
    if (stale)
        suite->stale[suite->stale_count++] = deviation;
    if (is_unmatched(suite, deviation))
        suite->unmatched[suite->unmatched_count++] = deviation;
}

static bool settle_deviations(struct suite *suite, struct error *error)
{
    static const struct deviations none = {.count = 0};
    const struct suite_settings *settings = suite->settings;
    const struct deviations *deviations = settings->deviations == NULL ? &none : settings->deviations;
    bool judged = settings->spec != NULL && settings->judged_deviations != NULL;
    size_t judged_count = judged ? settings->judged_deviations->count : 0;
    size_t size = (deviations->count + judged_count + 1) * sizeof(const struct deviation *);
    suite->stale = arena_take(&suite->arena, size);
    suite->unmatched = arena_take(&suite->arena, size);
    if (suite->stale == NULL || suite->unmatched == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the deviations");
    for (size_t i = 0; i < deviations->count; i++)
        settle_entry(suite, &deviations->items[i], is_stale(suite, &deviations->items[i]));
    for (size_t i = 0; i < judged_count; i++)
        settle_entry(suite, &settings->judged_deviations->items[i], is_stale_judged(suite, i));
    return true;
}

static bool is_of(const struct deviations *deviations, const struct deviation *entry)
{
    for (size_t i = 0; deviations != NULL && i < deviations->count; i++)
        if (&deviations->items[i] == entry)
            return true;
    return false;
}

const struct source *suite_entry_source(const struct suite *suite, const struct deviation *entry)
{
    const struct suite_settings *settings = suite->settings;
    return is_of(settings->judged_deviations, entry) ? &settings->judged_deviations->source
                                                     : &settings->deviations->source;
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
