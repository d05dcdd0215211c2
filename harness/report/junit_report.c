/* SPDX-License-Identifier: MIT */
/* JUnit's XML. */
#include "report/format.h"
#include "report/quoted.h"

/* Records that follow one another and whose scripts are in one folder. */
struct group {
    const struct record *records;
    size_t count;
};

static size_t folder_length(const struct record *record)
{
    const char *slash = strrchr(record->path, '/');
    return slash == NULL ? 0 : (size_t)(slash - record->path);
}

static bool same_group(const struct record *left, const struct record *right)
{
    size_t length = folder_length(left);
    return left->kind == right->kind && length == folder_length(right) && memcmp(left->path, right->path, length) == 0;
}

/* The folder, or what stands for it. */
static void group_name_print(struct text *text, const struct record *record)
{
    struct text name = text_growing();
    if (record->kind == RECORD_DEVIATION)
        text_append_string(&name, "known deviations");
    else if (folder_length(record) == 0)
        text_append_character(&name, '.');
    else
        text_append_bytes(&name, record->path, folder_length(record));
    xml_attribute_print(text, text_string(&name));
    text_free(&name);
}

static void attribute_print(struct text *text, const char *name, const char *value)
{
    text_append_format(text, " %s=\"", name);
    xml_attribute_print(text, value);
    text_append_character(text, '"');
}

static void time_print(struct text *text, nanoseconds time)
{
    text_append_format(text, " time=\"%.6f\"", (double)time / (double)NANOSECONDS_PER_SECOND);
}

static bool is_error(const struct record *record)
{
    return !record->performed || record->verdict == VERDICT_ERROR || record->verdict == VERDICT_INCONCLUSIVE;
}

/* How many there are of each kind, and how long they took together. */
static void counts_print(struct text *text, const struct record *records, size_t count)
{
    size_t failures = 0, errors = 0, skipped = 0;
    for (size_t i = 0; i < count; i++) {
        const struct record *record = &records[i];
        errors += is_error(record);
        failures += record->performed && record->verdict == VERDICT_FAIL;
        skipped += record->performed && record->verdict == VERDICT_NOT_APPLICABLE;
    }
    text_append_format(text, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", count, failures, errors,
                       skipped);
}

static void property_print(struct text *text, const char *name, const char *value)
{
    if (value == NULL)
        return;
    text_append_format(text, "        <property name=\"%s\"", name);
    attribute_print(text, "value", value);
    text_append_string(text, "/>\n");
}

static void properties_print(struct text *text, const struct record *record)
{
    const struct suite_script *script = record->script;
    struct text properties = text_growing();
    for (size_t i = 0; script != NULL && i < script->program.note_count; i++)
        if (strcmp(script->program.notes[i].key, "requirement") == 0)
            property_print(&properties, "requirement", script->program.notes[i].value);
    if (script != NULL)
        property_print(&properties, "title", script->title);
    if (record->deviation != NULL) {
        property_print(&properties, "deviation", record->deviation->reason);
        property_print(&properties, "reference", record->deviation->reference);
    }
    if (record->one != NULL && record->one->telling != NULL && record->one->telling->judged.there) {
        const struct suite_judged *judged = &record->one->telling->judged;
        property_print(&properties, "specification", verdict_name(judged->verdict));
        if (judged->verdict != VERDICT_PASS) {
            property_print(&properties, "specification-says", text_string(&judged->headline));
            property_print(&properties, "specification-clauses", text_string(&judged->clauses));
            property_print(&properties, "specification-rule", text_string(&judged->rule));
        }
    }
    if (record->one != NULL && record->one->non_strict)
        property_print(&properties, "non-strict", record->headline);
    if (properties.length > 0)
        text_append_format(text, "      <properties>\n%s      </properties>\n", text_string(&properties));
    text->truncated = text->truncated || properties.truncated;
    text_free(&properties);
}

/* What the case came to, if it is no plain pass. */
static void outcome_print(struct text *text, const struct record *record)
{
    const char *element = is_error(record) ? "error" : "failure";
    if (record->performed && record->verdict == VERDICT_PASS)
        return;
    if (record->performed && record->verdict == VERDICT_NOT_APPLICABLE) {
        text_append_string(text, "      <skipped");
        attribute_print(text, "message", record->headline);
        text_append_string(text, "/>\n");
        return;
    }
    text_append_format(text, "      <%s", element);
    attribute_print(text, "type", record->performed ? verdict_name(record->verdict) : "not performed");
    attribute_print(text, "message", record->performed ? record->headline : "the run was interrupted before");
    text_append_character(text, '>');
    xml_text_print(text, record->detail);
    if (record->again != NULL) {
        xml_text_print(text, "\nagain: ");
        xml_text_print(text, record->again);
    }
    text_append_format(text, "</%s>\n", element);
}

static void testcase_print(struct text *text, const struct record *record)
{
    text_append_string(text, "    <testcase classname=\"");
    group_name_print(text, record);
    text_append_character(text, '"');
    size_t folder = record->kind == RECORD_DEVIATION ? 0 : folder_length(record);
    attribute_print(text, "name", record->name + (folder == 0 ? 0 : folder + 1));
    attribute_print(text, "file", record->path);
    time_print(text, record->duration);
    text_append_string(text, ">\n");
    properties_print(text, record);
    outcome_print(text, record);
    text_append_string(text, "    </testcase>\n");
}

static void testsuite_print(struct text *text, const struct group *group)
{
    nanoseconds duration = 0;
    for (size_t i = 0; i < group->count; i++)
        duration += group->records[i].duration;
    text_append_string(text, "  <testsuite name=\"");
    group_name_print(text, group->records);
    text_append_character(text, '"');
    counts_print(text, group->records, group->count);
    time_print(text, duration);
    text_append_string(text, ">\n");
    for (size_t i = 0; i < group->count; i++)
        testcase_print(text, &group->records[i]);
    text_append_string(text, "  </testsuite>\n");
}

void junit_report_print(struct text *text, const struct records *records)
{
    text_append_string(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"shakedown\"");
    counts_print(text, records->items, records->count);
    time_print(text, records->duration);
    text_append_string(text, ">\n");
    for (size_t i = 0; i < records->count;) {
        struct group group = {&records->items[i], 1};
        while (i + group.count < records->count && same_group(group.records, &group.records[group.count]))
            group.count++;
        testsuite_print(text, &group);
        i += group.count;
    }
    text_append_string(text, "</testsuites>\n");
}
