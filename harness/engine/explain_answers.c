/* SPDX-License-Identifier: MIT */
/* Failures where one of several answers was allowed. */
#include "engine/run.h"

void explain_answer(struct answers *answers, const struct pattern *pattern, const struct packet *actual,
                    const struct match *match, struct text *detail)
{
    const struct event *event = answers->event;
    bool several = event->other_count > 0 || event->or_nothing;
    char sentence[1024];
    struct text text = text_in(sentence, sizeof(sentence));
    bool same_flags = (match->differing & FIELD_BIT(FIELD_FLAGS)) == 0;
    explain_headline(&text, pattern, actual, match);
    if (answers->told == 0)
        answers->nearest = text_growing();
    answers->told++;
    if (same_flags || !several)
        answers->same_flags++;
    if (answers->same_flags == 1 && (same_flags || !several))
        text_append_string(&answers->nearest, sentence);
    if (several)
        text_append_format(detail, "  answer %zu: %s\n", answers->told, sentence);
    explain_segments(detail, pattern, actual, match);
    if (event->or_nothing && answers->told == event->other_count + 1)
        text_append_format(detail, "  answer %zu: expected silence; a packet came\n", answers->told + 1);
}

void explain_answers(struct text *text, const struct answers *answers, const struct packet *actual)
{
    const struct event *event = answers->event;
    size_t count = event->other_count + 1 + event->or_nothing;
    if (answers->same_flags > 0) {
        text_append_string(text, text_string(&answers->nearest));
        if (count > 1)
            text_append_format(text, " (the nearest of %zu answers allowed)", count);
        return;
    }
    text_append_string(text, "expected ");
    explain_expected(text, event);
    text_append_string(text, "; got ");
    explain_packet(text, actual);
}

void explain_expected(struct text *text, const struct event *event)
{
    for (size_t i = 0; i < event_answer_count(event); i++) {
        const struct pattern *pattern = event_answer(event, i);
        if (i > 0)
            text_append_string(text, " or ");
        explain_pattern(text, pattern);
    }
    if (event->or_nothing)
        text_append_string(text, " or nothing");
}
