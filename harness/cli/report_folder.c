/* SPDX-License-Identifier: MIT */
#include "cli/report_folder.h"

#include "report/format.h"
#include "suite/record_file.h"
#include "trace/output_file.h"

#include <stdlib.h>
#include <unistd.h>

static bool folder_make(const char *folder, struct error *error)
{
    const struct suite_settings alone = {.recorders = {{.folder = folder}}, .recorder_count = 1};
    return record_folders_make(&alone, error);
}

static bool file_write(const char *path, const struct text *text, struct error *error)
{
    struct error later;
    struct output_file *file = malloc(sizeof(*file));
    if (file == NULL || text->truncated) {
        free(file);
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the report %s", path);
    }
    int descriptor = record_file_open(path, error);
    bool done = descriptor >= 0;
    if (done) {
        output_file_adopt(file, descriptor, path);
        done = output_file_append(file, (struct bytes){(const uint8_t *)text_string(text), text->length}, error);
        done = output_file_close(file, done ? error : &later) && done;
    }
    free(file);
    return done;
}

static bool form_write(const char *folder, const char *name, const struct text *text, struct error *error)
{
    struct text path = text_growing();
    text_append_format(&path, "%s/%s", folder, name);
    bool done = file_write(text_string(&path), text, error);
    text_free(&path);
    return done;
}

static bool text_write(const char *folder, const struct text_report_settings *settings, const struct suite *suite,
                       struct error *error)
{
    const struct text_report_settings plain = {.command = settings->command};
    struct text text = text_growing();
    text_report_end(&text, &plain, suite);
    bool done = form_write(folder, "report.txt", &text, error);
    text_free(&text);
    return done;
}

static bool forms_write(const char *folder, const struct records *records, struct error *error)
{
    static const struct {
        const char *name;
        enum report_format format;
    } rows[] = {{"report.tap", REPORT_TAP}, {"report.xml", REPORT_JUNIT}, {"report.jsonl", REPORT_JSON}};
    bool done = true;
    for (size_t i = 0; done && i < COUNT_OF(rows); i++) {
        struct text text = text_growing();
        report_print(&text, rows[i].format, records);
        done = form_write(folder, rows[i].name, &text, error);
        text_free(&text);
    }
    return done;
}

static bool says_nothing(enum verdict verdict)
{
    return verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE;
}

/* Takes away what RECORDER wrote of ONE. */
static void recordings_remove(const struct suite_recorder *recorder, const struct suite_case *one,
                              unsigned performances)
{
    for (unsigned i = 0; i < performances; i++) {
        struct text path = text_growing();
        record_file_path(&path, recorder, one, i);
        (void)unlink(text_string(&path));
        text_free(&path);
    }
}

/* Those that a report names stay. */
static void captures_thin_out(const char *folder, const struct suite *suite)
{
    const struct suite_settings *settings = suite->settings;
    for (size_t i = 0; i < settings->recorder_count; i++) {
        const struct suite_recorder *recorder = &settings->recorders[i];
        if (recorder->folder != folder)
            continue;
        for (size_t j = 0; j < suite->case_count; j++) {
            const struct suite_case *one = &suite->cases[j];
            bool plain = says_nothing(one->verdict) && (one->telling == NULL || says_nothing(one->telling->verdict));
            if (plain && !one->changed)
                recordings_remove(recorder, one, settings->repeat + one->reruns);
        }
    }
}

bool report_folder_write(const char *folder, const struct text_report_settings *settings, const struct suite *suite,
                         struct error *error)
{
    struct records records;
    if (!folder_make(folder, error))
        return false;
    captures_thin_out(folder, suite);
    bool made = records_of_run(&records, suite, settings->command);
    bool done = made ? text_write(folder, settings, suite, error) && forms_write(folder, &records, error)
                     : error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the report");
    records_free(&records);
    return done;
}
