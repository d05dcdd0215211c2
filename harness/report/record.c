/* SPDX-License-Identifier: MIT */
#include "report/record.h"

#include "report/again.h"
#include "report/background.h"
#include "report/judged_case.h"

/* What TEXT holds, in the arena; TEXT is emptied. NULL if memory ran out. */
static const char *keep(struct records *records, struct text *text)
{
    const char *kept = text->truncated ? NULL : arena_copy(&records->arena, text_string(text), text->length);
    text_clear(text);
    return kept;
}

static void add(struct records *records, const struct record *record)
{
    if (record->performed)
        records->verdicts[record->verdict]++;
    else
        records->unperformed++;
    records->items[records->count++] = *record;
}

static bool add_script(struct records *records, const struct suite_script *script)
{
    add(records, &(struct record){.kind = RECORD_SCRIPT,
                                  .path = script->path,
                                  .name = script->path,
                                  .performed = true,
                                  .verdict = script->check,
                                  .headline = script->headline == NULL ? "" : script->headline,
                                  .detail = script->detail == NULL ? "" : script->detail,
                                  .script = script});
    return true;
}

/* What was said of a case that is no pass, with what it is about and where it was recorded. */
static const char *keep_detail(struct records *records, const struct suite_case *one, struct text *text)
{
    if (one->telling == NULL || (one->telling->verdict == VERDICT_PASS && !one->by_judge))
        return "";
    requirements_print(text, one->script, "");
    text_append_string(text, text_string(&one->telling->detail));
    judged_case_print(text, one->telling, "");
    if (text->length > 0 && text->data[text->length - 1] != '\n')
        text_append_character(text, '\n');
    recordings_print(text, records->suite->settings, one, "");
    return keep(records, text);
}

static bool add_case(struct records *records, const struct suite_case *one, const char *command, struct text *text)
{
    const struct suite_script *script = one->script;
    const struct suite_result *telling = one->telling;
    bool runnable = script->check == VERDICT_PASS;
    struct record record = {.kind = RECORD_CASE,
                            .path = script->path,
                            .ip = runnable ? ip_version_name(one->ip_version) : NULL,
                            .performed = telling != NULL,
                            .verdict = one->verdict,
                            .headline = telling == NULL ? "" : case_headline(one),
                            .script = script,
                            .one = one,
                            .deviation = one->deviation,
                            .duration = telling == NULL ? 0 : telling->duration};
    text_append_string(text, script->path);
    if (runnable)
        text_append_format(text, " [%s]", record.ip);
    record.name = keep(records, text);
    again_print(text, command, one);
    record.again = keep(records, text);
    record.detail = keep_detail(records, one, text);
    add(records, &record);
    return record.name != NULL && record.again != NULL && record.detail != NULL;
}

/* An entry that is wrong: stale ones are a fail, those without a script an error. */
static bool add_entry(struct records *records, const struct deviation *deviation, bool stale, struct text *text)
{
    const struct source *source = suite_entry_source(records->suite, deviation);
    const char *stale_headline = deviation->shown == NULL ? "the script passes, so the entry must go"
                                                          : "nothing shows it any more, so the entry must go";
    struct record record = {.kind = RECORD_DEVIATION,
                            .performed = true,
                            .verdict = stale ? VERDICT_FAIL : VERDICT_ERROR,
                            .headline = stale ? stale_headline : "there is no such script",
                            .detail = ""};
    text_append_format(text, "%s:%u", source->name, source_position(source, deviation->at.offset).line);
    record.path = keep(records, text);
    text_append_format(text, "known deviation of %s", deviation->script);
    record.name = keep(records, text);
    add(records, &record);
    return record.path != NULL && record.name != NULL;
}

/* Room for COUNT records. */
static bool begin(struct records *records, const struct suite *suite, size_t count)
{
    *records = (struct records){.suite = suite, .duration = suite->duration};
    records->items = arena_take(&records->arena, count * sizeof(*records->items));
    return records->items != NULL;
}

bool records_of_run(struct records *records, const struct suite *suite, const char *command)
{
    struct text text = text_growing();
    bool done = begin(records, suite, suite->case_count + suite->stale_count + suite->unmatched_count);
    for (size_t i = 0; done && i < suite->case_count; i++)
        done = add_case(records, &suite->cases[i], command, &text);
    for (size_t i = 0; done && i < suite->stale_count; i++)
        done = add_entry(records, suite->stale[i], true, &text);
    for (size_t i = 0; done && i < suite->unmatched_count; i++)
        done = add_entry(records, suite->unmatched[i], false, &text);
    records->exit_status = suite_exit_status(suite);
    text_free(&text);
    return done;
}

bool records_of_check(struct records *records, const struct suite *suite)
{
    bool done = begin(records, suite, suite->script_count);
    for (size_t i = 0; done && i < suite->script_count; i++)
        if (suite->scripts[i].selected)
            done = add_script(records, &suite->scripts[i]);
    records->exit_status = records->verdicts[VERDICT_ERROR] > 0 ? 2 : 0;
    return done;
}

void records_free(struct records *records)
{
    arena_free(&records->arena);
    *records = (struct records){0};
}
