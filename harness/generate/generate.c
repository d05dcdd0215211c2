/* SPDX-License-Identifier: MIT */
#include "generate/generate.h"

#include "generate/collection.h"
#include "generate/missing.h"
#include "generate/negotiation.h"
#include "generate/script_folder.h"
#include "generate/words.h"
#include "generate/writer.h"

#include <stdlib.h>

void generate_report_free(struct generate_report *report)
{
    text_free(&report->missing);
}

/* Writes SCRIPT, and frees it and its NAME. */
static bool write_script(const char *directory, struct text *name, struct text *script, struct error *error)
{
    text_append_string(name, ".pkt");
    bool written = !name->truncated && !script->truncated
                       ? script_folder_write(directory, text_string(name), script, error)
                       : error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a script");
    text_free(script);
    text_free(name);
    return written;
}

static bool write_candidate(const char *directory, const struct candidate *candidate, struct error *error)
{
    struct text name = text_growing();
    struct text script = text_growing();
    words_name(&name, candidate);
    script_write(&script, candidate);
    return write_script(directory, &name, &script, error);
}

static bool write_negotiations(const struct spec *spec, const char *directory, struct generate_report *report,
                               struct error *error)
{
    struct negotiation negotiations[NEGOTIATIONS_MOST];
    size_t count = negotiations_find(spec, negotiations);
    for (size_t i = 0; i < count; i++) {
        struct text name = text_growing();
        struct text script = text_growing();
        negotiation_name(&name, &negotiations[i]);
        negotiation_write(&script, spec, &negotiations[i]);
        if (!write_script(directory, &name, &script, error))
            return false;
    }
    report->negotiations = count;
    return true;
}

static bool write_scripts(const struct candidates *candidates, const char *directory, struct error *error)
{
    if (!script_folder_prepare(directory, error))
        return false;
    for (size_t i = 0; i < candidates->count; i++)
        if (candidates->items[i].chosen && !write_candidate(directory, &candidates->items[i], error))
            return false;
    return true;
}

static size_t outcomes_of(const struct spec_state_rows *rows)
{
    size_t count = 0;
    for (uint16_t i = 0; i < rows->count; i++)
        count += rows->rows[i]->outcome_count;
    return count;
}

static size_t transitions_of(const struct spec *spec)
{
    size_t count = 0;
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++)
        count += outcomes_of(&spec->everywhere) + outcomes_of(&spec->states[state]);
    return count;
}

static void tell(const struct spec *spec, const struct candidates *candidates, struct generate_report *report)
{
    report->scripts = candidates->chosen + report->negotiations;
    for (size_t i = 0; i < candidates->goal_count; i++) {
        report->boundaries += candidates->goals[i].kind == GOAL_BOUNDARY;
        report->precedences += candidates->goals[i].kind == GOAL_PRECEDENCE;
    }
    report->transitions_whole = transitions_of(spec);
    report->transitions =
        report->transitions_whole - missing_print(&report->missing, spec, candidates->goals, candidates->goal_count);
}

bool generate_suite(const struct spec *spec, const char *directory, struct generate_report *report, struct error *error)
{
    struct collection *collection = calloc(1, sizeof(*collection));
    *report = (struct generate_report){.missing = text_growing()};
    if (collection == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to generate scripts");
    bool done = collection_make(collection, spec)
                    ? write_scripts(&collection->candidates, directory, error) &&
                          write_negotiations(spec, directory, report, error)
                    : error_set(error, ERROR_OUT_OF_MEMORY, "no memory to generate scripts");
    if (done)
        tell(spec, &collection->candidates, report);
    collection_free(collection);
    free(collection);
    return done;
}
