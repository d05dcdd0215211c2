/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "cli/terminal.h"

enum {
    BAR_WIDTH_MOST = 40,
    BAR_WIDTH_LEAST = 8,
    BAR_FRAME = 3, /* its brackets and the blank behind them */
};

static const char erase_line[] = "\r\x1b[K";

void progress_draw(struct text *text, const struct progress *progress, const struct suite *suite, size_t columns)
{
    static const enum verdict shown[] = {VERDICT_FAIL, VERDICT_ERROR, VERDICT_INCONCLUSIVE};
    char words[128];
    struct text figures = text_in(words, sizeof(words));
    text_append_format(&figures, "%zu/%zu", suite->finished, suite->planned);
    for (size_t i = 0; i < COUNT_OF(shown); i++)
        if (progress->counts[shown[i]] > 0)
            text_append_format(&figures, ", %zu %s", progress->counts[shown[i]], verdict_name(shown[i]));
    /* A line that is full wraps, and then no return takes it away. */
    size_t room = columns > 0 ? columns - 1 : 0;
    size_t width = room > figures.length + BAR_FRAME ? room - figures.length - BAR_FRAME : 0;
    if (width > BAR_WIDTH_MOST)
        width = BAR_WIDTH_MOST;
    if (width >= BAR_WIDTH_LEAST) {
        size_t filled = suite->planned == 0 ? 0 : suite->finished * width / suite->planned;
        text_append_character(text, '[');
        text_append_repeated(text, '#', filled);
        text_append_repeated(text, '.', width - filled);
        text_append_string(text, "] ");
    }
    text_append_bytes(text, text_string(&figures), figures.length < room ? figures.length : room);
}

void progress_show(void *context, const struct suite *suite, const struct suite_case *one,
                   const struct suite_result *result)
{
    struct progress *progress = context;
    struct text text = text_growing();
    const struct suite_settings *settings = suite->settings;
    const struct text_report_line line = {one, result, suite_graded_verdict(settings, one, result),
                                          suite_excuse(settings, one)};
    bool passed = line.verdict == VERDICT_PASS;
    progress->counts[line.verdict]++;
    if (progress->bar)
        text_append_string(&text, erase_line);
    if (progress->lines || (progress->brief && !passed))
        text_report_result(&text, progress->report, &line);
    if (progress->bar)
        progress_draw(&text, progress, suite, terminal_columns());
    terminal_write(&text);
    text_free(&text);
}

void progress_end(const struct progress *progress)
{
    struct text text = text_growing();
    if (progress->bar)
        text_append_string(&text, erase_line);
    terminal_write(&text);
    text_free(&text);
}
