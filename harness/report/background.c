/* SPDX-License-Identifier: MIT */
#include "report/background.h"

#include "suite/record_file.h"

void requirements_print(struct text *text, const struct suite_script *script, const char *indent)
{
    const char *at = script->clauses == NULL ? "" : script->clauses;
    while (*at != '\0') {
        size_t length = strcspn(at, "\n");
        text_append_format(text, "%srequirement: %.*s\n", indent, (int)length, at);
        at += length;
        at += *at == '\n';
    }
}

void recordings_print(struct text *text, const struct suite_settings *settings, const struct suite_case *one,
                      const char *indent)
{
    if (one->telling == NULL || one->script->check != VERDICT_PASS)
        return;
    unsigned performance = (unsigned)(one->telling - one->results);
    for (size_t i = 0; i < settings->recorder_count; i++) {
        const struct suite_recorder *recorder = &settings->recorders[i];
        bool capture = strcmp(recorder->suffix, ".pcapng") == 0;
        text_append_format(text, "%s%s: ", indent, capture ? "capture" : recorder->suffix + 1);
        record_file_path(text, recorder, one, performance);
        text_append_character(text, '\n');
    }
}
