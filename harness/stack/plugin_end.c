/* SPDX-License-Identifier: MIT */
/* How the process of a plug-in ended, in words. */
#include "base/character.h"
#include "stack/plugin_process.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITTEN_SHOWN = 8192 }; /* bytes of each stream, for the one who reads the detail */

/* What the process wrote to a stream. */
struct written {
    const char *data; /* NULL for nothing */
    size_t length;
};

/* The place in the file, which parent and process share, is how far it was written. */
static struct written written_open(int stream)
{
    off_t length = lseek(stream, 0, SEEK_CUR);
    if (length <= 0)
        return (struct written){NULL, 0};
    void *data = mmap(NULL, (size_t)length, PROT_READ, MAP_PRIVATE, stream, 0);
    return data == MAP_FAILED ? (struct written){NULL, 0} : (struct written){data, (size_t)length};
}

static void written_close(const struct written *written)
{
    if (written->data != NULL)
        (void)munmap((void *)(uintptr_t)written->data, written->length);
}

/* Where sanitizers begin what they have to say; a name of theirs follows, or a place in the source goes before. */
static const char *const marks[] = {"ERROR: AddressSanitizer: ", "ERROR: LeakSanitizer: ", "WARNING: MemorySanitizer: ",
                                    "WARNING: ThreadSanitizer: ", ": runtime error: "};

static const char *line_start(const struct written *written, const char *at)
{
    while (at > written->data && at[-1] != '\n')
        at--;
    return at;
}

/* Adds the first line of a sanitizer's report, if there is one. */
static bool print_sanitizer(struct text *text, const struct written *written)
{
    for (size_t i = 0; written->data != NULL && i < COUNT_OF(marks); i++) {
        const char *found = memmem(written->data, written->length, marks[i], strlen(marks[i]));
        if (found == NULL)
            continue;
        const char *start = line_start(written, found);
        if (start[0] == '=')
            start = found; /* "==123==", the process, is nothing to the reader */
        const char *end = memchr(start, '\n', written->length - (size_t)(start - written->data));
        size_t length = end == NULL ? written->length - (size_t)(start - written->data) : (size_t)(end - start);
        text_append_bytes(text, start, length);
        return true;
    }
    return false;
}

/* A sanitizer's word goes before any other: what happened later is of a process that it has found broken. */
static bool explain_sanitizer(const struct plugin_process *process, struct plugin_end *end)
{
    bool found = false;
    for (size_t i = 0; !found && i < PLUGIN_STREAMS; i++) {
        struct written written = written_open(process->streams[PLUGIN_STREAMS - 1 - i]);
        struct text line = text_growing();
        found = print_sanitizer(&line, &written);
        if (found) {
            text_append_string(&end->headline, "a sanitizer found a fault");
            plugin_phase_print(&end->headline, process->report->phase);
            text_append_format(&end->headline, ": %s", text_string(&line));
        }
        text_free(&line);
        written_close(&written);
    }
    end->blames = found && process->report->phase != PLUGIN_LOADING;
    return found;
}

static void append_bounded(struct text *text, const char *string, size_t most)
{
    text_append_bytes(text, string, strnlen(string, most));
}

/* The process ended, or was ended, without a word. */
static void explain_status(const struct plugin_process *process, struct text *text)
{
    int status = process->status;
    bool outside = process->report->phase == PLUGIN_OUTSIDE;
    if (process->killed || process->computed) {
        text_append_string(text, outside ? "the run did not end" : "the stack did not come back");
        if (process->computed)
            text_append_format(text, " within %u s of computing", process->seconds);
        plugin_phase_print(text, process->report->phase);
        if (!outside)
            text_append_string(text, ", and let no signal through that would tell where");
    } else if (WIFSIGNALED(status)) {
        const char *meaning = sigdescr_np(WTERMSIG(status));
        text_append_string(text, outside ? "the process of the stack was ended" : "the stack crashed");
        plugin_phase_print(text, process->report->phase);
        text_append_format(text, ": %s", meaning == NULL ? "a signal" : meaning);
    } else {
        text_append_string(text, outside ? "the process ended" : "the stack ended the process");
        plugin_phase_print(text, process->report->phase);
        text_append_format(text, " with status %d", WEXITSTATUS(status));
        if (outside)
            text_append_string(text, " and without a result");
    }
}

bool plugin_process_explain(const struct plugin_process *process, struct plugin_end *end)
{
    const struct plugin_report *report = process->report;
    if (explain_sanitizer(process, end))
        return true;
    if (report->told) {
        append_bounded(&end->headline, report->headline, sizeof(report->headline));
        append_bounded(&end->detail, report->detail, sizeof(report->detail));
        end->blames = report->blames && report->phase != PLUGIN_LOADING;
        return true;
    }
    if (report->done)
        return false;
    explain_status(process, &end->headline);
    end->blames = report->phase != PLUGIN_OUTSIDE && report->phase != PLUGIN_LOADING;
    return true;
}

/* Line by line, with nothing that a terminal would act on. */
static void print_lines(struct text *text, const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (i == 0 || data[i - 1] == '\n')
            text_append_string(text, "    ");
        bool plain = data[i] == '\n' || data[i] == '\t' || !character_is_control(data[i]);
        text_append_character(text, plain ? data[i] : '?');
    }
    if (length > 0 && data[length - 1] != '\n')
        text_append_character(text, '\n');
}

void plugin_process_print_written(const struct plugin_process *process, struct text *detail)
{
    static const char *const names[PLUGIN_STREAMS] = {"output", "error"};
    for (size_t i = 0; i < PLUGIN_STREAMS; i++) {
        struct written written = written_open(process->streams[i]);
        size_t shown = written.length < WRITTEN_SHOWN ? written.length : WRITTEN_SHOWN;
        if (shown > 0)
            text_append_format(detail, "  the stack wrote to standard %s:\n", names[i]);
        print_lines(detail, written.data, shown);
        if (shown < written.length)
            text_append_format(detail, "    and %zu bytes more\n", written.length - shown);
        written_close(&written);
    }
}
