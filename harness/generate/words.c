/* SPDX-License-Identifier: MIT */
#include "generate/words.h"

/* Numbers so near to one that has a name are called by it. */
enum { NEAR = 16 };

struct landmark {
    enum spec_variable variable;
    uint32_t more; /* than the variable is */
    const char *title;
    const char *name;
};

static const struct landmark sequence_landmarks[] = {
    {SPEC_RCV_NXT, 0, "RCV.NXT", "next"},
    {SPEC_RCV_NXT, SCENE_WINDOW, "RCV.NXT + RCV.WND", "edge"},
    {SPEC_IRS, 0, "IRS", "first"},
};
static const struct landmark acknowledgment_landmarks[] = {
    {SPEC_SND_NXT, 0, "SND.NXT", "next"},
    {SPEC_SND_UNA, 0, "SND.UNA", "una"},
    {SPEC_ISS, 0, "ISS", "first"},
    {SPEC_SND_UNA, 0 - (uint32_t)SCENE_OWN_WINDOW, "SND.UNA - MAX.SND.WND", "oldest"},
};

/* The first of COUNT LANDMARKS that NUMBER is near to, and how far from it; NULL if none is. */
static const struct landmark *find_landmark(const struct hypothesis *main, const struct landmark *landmarks,
                                            size_t count, uint32_t number, int32_t *by)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t place = main->variables[landmarks[i].variable] + landmarks[i].more;
        if (!hypothesis_knows(main, landmarks[i].variable) || number - place + NEAR > 2 * NEAR)
            continue;
        *by = (int32_t)(number - place);
        return &landmarks[i];
    }
    return NULL;
}

/* One of the numbers of a segment, if it is not the one that is in order. */
static void put_number(struct text *text, const struct landmark *landmark, int32_t by, const char *words, bool title)
{
    if (landmark == NULL || (by == 0 && landmark->more == 0 && strcmp(landmark->name, "next") == 0))
        return;
    text_append_format(text, "%s%s", words, title ? landmark->title : landmark->name);
    if (by != 0 && title)
        text_append_format(text, " %c %d", by < 0 ? '-' : '+', by < 0 ? -by : by);
    else if (by != 0)
        text_append_format(text, "-%s-%d", by < 0 ? "minus" : "plus", by < 0 ? -by : by);
}

static void put_numbers(struct text *text, const struct candidate *candidate, const struct segment *segment, bool title)
{
    const struct hypothesis *main = scene_main(&candidate->place->scene);
    int32_t by = 0;
    const struct landmark *landmark =
        find_landmark(main, sequence_landmarks, COUNT_OF(sequence_landmarks), segment->sequence, &by);
    put_number(text, landmark, by, title ? " at " : "-seq-", title);
    if ((segment->flags & TCP_ACK) == 0)
        return;
    landmark =
        find_landmark(main, acknowledgment_landmarks, COUNT_OF(acknowledgment_landmarks), segment->acknowledgment, &by);
    put_number(text, landmark, by, title ? " that acknowledges " : "-ack-", title);
}

static void put_stamp(struct text *text, const struct candidate *candidate, const struct segment *segment, bool title)
{
    const struct hypothesis *main = scene_main(&candidate->place->scene);
    if (!candidate->place->stamped || segment->corrupt)
        return;
    if ((segment->options & SEGMENT_TIMESTAMPS) == 0) {
        text_append_string(text, title ? " without a timestamp" : "-no-stamp");
        return;
    }
    int32_t by = (int32_t)(segment->timestamp - main->variables[SPEC_TS_RECENT]);
    if (by >= NEAR || by <= -NEAR)
        return;
    if (title)
        text_append_format(text, " with TS.RECENT %c %d", by < 0 ? '-' : '+', by < 0 ? -by : by);
    else
        text_append_format(text, "-stamp-%s-%d", by < 0 ? "minus" : "plus", by < 0 ? -by : by);
}

/* --- moves --- */

static void put_bits(struct text *text, uint16_t flags, bool title)
{
    static const struct {
        uint16_t bit;
        const char *title;
        const char *name;
    } bits[] = {{TCP_SYN, "SYN", "syn"}, {TCP_RST, "RST", "rst"}, {TCP_FIN, "FIN", "fin"}, {TCP_ACK, "ACK", "ack"}};
    const char *between = "";
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        if ((flags & bits[i].bit) == 0)
            continue;
        text_append_format(text, "%s%s", between, title ? bits[i].title : bits[i].name);
        between = "-";
    }
}

static void put_segment_title(struct text *text, const struct candidate *candidate, const struct move *move)
{
    const struct segment *segment = &move->segment;
    if (segment->flags == 0) {
        text_append_string(text, "a segment without control bits");
    } else {
        text_append_string(text, segment->flags == TCP_ACK ? "an " : "a ");
        put_bits(text, segment->flags, true);
    }
    if (segment->text > 0)
        text_append_format(text, " with %u byte%s", segment->text, segment->text == 1 ? "" : "s");
    put_numbers(text, candidate, segment, true);
    put_stamp(text, candidate, segment, true);
    text_append_string(text, (segment->options & SEGMENT_FAST_OPEN) != 0 ? " with a cookie that nobody gave" : "");
    if (segment->corrupt)
        text_append_string(text, " with a wrong checksum");
    if (segment->stray)
        text_append_string(text, " from a multicast address");
    if (candidate->place->numbering == NUMBERING_ZERO_NEXT)
        text_append_string(text, ", where RCV.NXT is 0,");
    if (candidate->place->numbering == NUMBERING_ZERO_INSIDE)
        text_append_string(text, ", where 0 is in the window,");
}

static const struct {
    const char *title;
    const char *name;
} move_words[] = {
    [MOVE_LISTEN] = {"a passive OPEN", "listen"},
    [MOVE_CONNECT] = {"an active OPEN", "connect"},
    [MOVE_WRITE] = {"a SEND", "send"},
    [MOVE_READ] = {"a RECEIVE", "receive"},
    [MOVE_CLOSE] = {"a CLOSE", "close"},
    [MOVE_ABORT] = {"an ABORT", "abort"},
    [MOVE_REPEAT] = {"no answer", "unanswered"},
    [MOVE_LAPSE] = {"silence", "silence"},
    [MOVE_EXHAUST] = {"no answer at all", "exhausted"},
    [MOVE_CROWD] = {"a crowd", "crowd"},
};

static void put_answer(struct text *text, const struct scene_answer *answer)
{
    text_append_string(text, answer->segment.flags == TCP_ACK ? "an " : "a ");
    put_bits(text, answer->segment.flags, true);
}

static void put_reaction(struct text *text, const struct scene_reaction *reaction)
{
    const uint16_t telling = TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN;
    uint16_t said[SCENE_ANSWERS_MOST];
    size_t said_count = 0;
    if (reaction->count == 0) {
        text_append_string(text, " is not answered");
        return;
    }
    text_append_string(text, " is answered by ");
    for (size_t i = 0; i < reaction->count; i++) {
        uint16_t flags = reaction->answers[i].segment.flags & telling;
        size_t at = 0;
        while (at < said_count && said[at] != flags)
            at++;
        if (at < said_count)
            continue;
        text_append_string(text, said_count > 0 ? " or " : "");
        put_answer(text, &reaction->answers[i]);
        said[said_count++] = flags;
    }
    if (reaction->silence)
        text_append_string(text, ", or not at all");
}

/* What was done before the last move. */
static void put_before_title(struct text *text, const struct candidate *candidate)
{
    if (candidate->crowded)
        text_append_string(text, ", where the backlog may be full,");
    else if (candidate->move_count > 1 && candidate->moves[0].kind == MOVE_WRITE)
        text_append_string(text,
                           candidate->moves[1].kind == MOVE_CLOSE ? ", after text and a CLOSE," : ", after text,");
    else if (candidate->moves[candidate->move_count - 1].kind == MOVE_READ)
        text_append_string(text, candidate->move_count > 2 ? ", after text and a FIN," : ", after text,");
    else if (candidate->move_count > 1)
        text_append_string(text, ", after what follows it,");
}

static void put_before_name(struct text *text, const struct candidate *candidate)
{
    static const char *const names[] = {[MOVE_WRITE] = "text", [MOVE_CLOSE] = "close"};
    if (candidate->crowded)
        text_append_string(text, "-crowded");
    else if (candidate->moves[candidate->move_count - 1].kind == MOVE_READ)
        text_append_string(text, candidate->move_count > 2 ? "-text-fin" : "-text");
    else if (candidate->move_count > 1 && candidate->moves[0].kind == MOVE_SEGMENT)
        text_append_string(text, "-early-fin");
    for (size_t i = 0; i + 1 < candidate->move_count; i++)
        if (candidate->moves[i].kind == MOVE_WRITE || candidate->moves[i].kind == MOVE_CLOSE)
            text_append_format(text, "-%s", names[candidate->moves[i].kind]);
        else if (candidate->moves[0].kind != MOVE_SEGMENT && candidate->moves[i].kind == MOVE_SEGMENT)
            text_append_string(text, (candidate->moves[i].segment.flags & TCP_SYN) != 0 ? "-syn" : "-fin");
}

void words_title(struct text *text, const struct candidate *candidate, const struct scene_reaction *reaction,
                 const struct scene *scene)
{
    const struct move *move = &candidate->moves[candidate->move_count - 1];
    const struct hypothesis *main = scene_main(scene);
    text_append_format(text, "In %s ", spec_state_name(candidate->place->state));
    if (move->kind == MOVE_SEGMENT)
        put_segment_title(text, candidate, move);
    else
        text_append_string(text, move_words[move->kind].title);
    put_before_title(text, candidate);
    put_reaction(text, reaction);
    bool sure = scene->set.count == 1 || (scene->set.count == 2 && scene->listens && main->state == SPEC_CLOSED);
    if (sure && main->state != candidate->place->state)
        text_append_format(text, " and leads to %s", spec_state_name(main->state));
}

void words_name(struct text *text, const struct candidate *candidate)
{
    const struct move *move = &candidate->moves[candidate->move_count - 1];
    const struct segment *segment = &move->segment;
    static const char *const numberings[NUMBERING_COUNT] = {"", "-zero-next", "-zero-inside"};
    for (const char *at = spec_state_name(candidate->place->state); *at != '\0'; at++)
        text_append_character(text, (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at));
    text_append_string(text, candidate->place->passive ? "-passive" : "");
    text_append_string(text, candidate->place->stamped ? "-stamped" : "");
    put_before_name(text, candidate);
    text_append_character(text, '-');
    if (move->kind != MOVE_SEGMENT) {
        text_append_string(text, move_words[move->kind].name);
        return;
    }
    if (segment->flags == 0)
        text_append_string(text, "null");
    put_bits(text, segment->flags, false);
    if (segment->text > 0)
        text_append_string(text, segment->text == 1 ? "-byte" : "-text");
    put_numbers(text, candidate, segment, false);
    put_stamp(text, candidate, segment, false);
    text_append_string(text, (segment->options & SEGMENT_FAST_OPEN) != 0 ? "-cookie" : "");
    text_append_string(text, segment->corrupt ? "-checksum" : "");
    if (segment->stray)
        text_append_format(text, "-stray-ipv%u", move->stray_family);
    text_append_string(text, numberings[candidate->place->numbering]);
}
