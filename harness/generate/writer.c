/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The scene is played once more, move by move, and each move and what may answer it is written
 * down. The harness's numbers count from its ISN once its SYN was sent, as in all scripts; the stack's ISN is 0. Of the
 * right edge of the window a script knows only what the stack has told: `win $window` of the last segment before, so
 * that a number near to the edge is `$window` and something.
 */
#include "generate/writer.h"

#include "generate/follow.h"
#include "generate/script_folder.h"
#include "generate/words.h"
#include "packet/pattern.h"
#include "spec/row_head.h"

enum { REPETITIONS_MOST = 32 };

struct writing {
    struct text *text;
    const struct candidate *candidate;
    struct scene scene;
    int descriptor;    /* of the connection; 0: none yet */
    bool names_window; /* of the answer at hand: the script's own segment is said from it */
    bool in_case;      /* the place is reached: this is what the script is about, or comes after it */
    bool crowded;      /* others have come, and every segment needs its ports */
};

static bool is_synchronized(enum spec_state state)
{
    return state != SPEC_CLOSED && state != SPEC_LISTEN && state != SPEC_SYN_SENT && state != SPEC_SYN_RECEIVED;
}

/* How far SEQUENCE is from RCV.NXT + RCV.WND; false if that is not near. */
static bool from_edge(const struct scene *scene, uint32_t sequence, int32_t *by)
{
    const struct hypothesis *main = scene_main(scene);
    *by = (int32_t)(sequence - main->variables[SPEC_RCV_NXT] - SCENE_WINDOW);
    return hypothesis_knows(main, SPEC_RCV_EDGE) && *by >= -SCENE_WINDOW / 2 && *by <= SCENE_WINDOW / 2;
}

/* --- segments --- */

static void put_time(struct writing *writing, const char *time)
{
    text_append_string(writing->text, writing->text->length > 0 ? time : "0");
    text_append_character(writing->text, ' ');
}

static void put_window_number(struct text *text, uint32_t by)
{
    text_append_string(text, "$window");
    if (by > INT32_MAX)
        text_append_format(text, "-%u", 0 - by);
    else if (by > 0)
        text_append_format(text, "+%u", by);
}

/* `1:11(10)`: of a SYN the live numbers, else those that count from the harness's ISN. */
static void put_sequence(struct writing *writing, const struct segment *segment)
{
    const struct scene *scene = &writing->scene;
    bool live = (segment->flags & TCP_SYN) != 0 || !scene->remote_known;
    uint32_t first = segment->sequence - (live ? 0 : scene->remote);
    int32_t by = 0;
    if (from_edge(scene, segment->sequence, &by)) {
        uint32_t more = first - SCENE_WINDOW;
        put_window_number(writing->text, more);
        text_append_character(writing->text, ':');
        put_window_number(writing->text, more + segment->text);
        text_append_format(writing->text, "(%u)", segment->text);
        return;
    }
    text_append_format(writing->text, "%u:%u(%u)", first, first + segment->text, segment->text);
}

static void put_options(struct text *text, const struct segment *segment)
{
    const char *cookie =
        (segment->options & SEGMENT_MSS) != 0 ? ",FO 0011223344556677,nop,nop" : "FO 0011223344556677,nop,nop";
    if ((segment->options & (SEGMENT_MSS | SEGMENT_TIMESTAMPS | SEGMENT_FAST_OPEN)) == 0)
        return;
    text_append_string(text, " <");
    if ((segment->options & SEGMENT_MSS) != 0)
        text_append_string(text, "mss 1460");
    if ((segment->options & SEGMENT_TIMESTAMPS) != 0)
        text_append_format(text, "%snop,nop,TS val %u ecr 0", (segment->options & SEGMENT_MSS) != 0 ? "," : "",
                           segment->timestamp);
    text_append_string(text, (segment->options & SEGMENT_FAST_OPEN) != 0 ? cookie : "");
    text_append_character(text, '>');
}

static void put_injected(struct writing *writing, const struct move *move)
{
    const struct segment *segment = &move->segment;
    struct text *text = writing->text;
    text_append_string(text, "< ");
    if (move->stray_family != 0)
        text_append_string(text, move->stray_family == 4 ? "(src 224.0.0.1) " : "(src ff02::1) ");
    text_append_string(text, writing->crowded ? "49152 > 8080 " : "");
    tcp_flags_print(text, segment->flags);
    text_append_character(text, ' ');
    put_sequence(writing, segment);
    if ((segment->flags & TCP_ACK) != 0)
        text_append_format(text, " ack %u", segment->acknowledgment);
    text_append_format(text, " win %u", segment->window);
    put_options(text, segment);
    text_append_string(text, segment->corrupt ? " {checksum bad}" : "");
}

/* One answer; that of another incarnation begins with a number that the script calls 0, too. */
static void put_answer(struct writing *writing, const struct scene_answer *answer)
{
    const struct segment *segment = &answer->segment;
    struct text *text = writing->text;
    bool syn = (segment->flags & TCP_SYN) != 0;
    bool opens = (segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    const uint32_t first = syn ? 0 : segment->sequence;
    text_append_string(text, writing->crowded ? "8080 > 49152 " : "");
    if (opens)
        text_append_string(text, "SE?W?A?");
    else
        tcp_flags_print(text, segment->flags);
    if (answer->any_sequence)
        text_append_string(text, " $reset:$reset(0)");
    else
        text_append_format(text, " %u:%u(%u)", first, first + segment->text, segment->text);
    uint32_t counted = syn || !writing->scene.remote_known ? 0 : writing->scene.remote;
    if ((segment->flags & TCP_ACK) != 0 && !answer->any_acknowledgment)
        text_append_format(text, " ack %u", segment->acknowledgment - counted);
    text_append_string(text, writing->names_window ? " win $window" : "");
    text_append_string(text, syn || writing->scene.stamped ? " <...>" : "");
}

/* What is said of silence goes for the others as well, who have things to say. */
static void put_silence(struct writing *writing, const struct move *move)
{
    if (writing->crowded)
        return;
    if (move->lapse > 0)
        text_append_format(writing->text, "+0~+%u > nothing\n", (unsigned)(move->lapse / NANOSECONDS_PER_SECOND));
    else
        text_append_string(writing->text, "+0~+0.2 > nothing\n");
}

/* As often as the stack sends it; how often is open. */
static void put_repetitions(struct writing *writing, const struct move *move, const struct scene_reaction *reaction)
{
    for (unsigned i = 0; i < REPETITIONS_MOST; i++) {
        text_append_format(writing->text, "0.1~%u > ", (unsigned)(move->lapse / NANOSECONDS_PER_SECOND));
        for (size_t j = 0; j < reaction->count; j++) {
            put_answer(writing, &reaction->answers[j]);
            text_append_string(writing->text, "\n    or ");
        }
        text_append_string(writing->text, "nothing\n");
    }
}

static void put_reaction(struct writing *writing, const struct move *move, const struct scene_reaction *reaction)
{
    struct text *text = writing->text;
    if (reaction->count == 0) {
        if (move->kind != MOVE_LISTEN && move->kind != MOVE_CROWD && writing->in_case)
            put_silence(writing, move);
        return;
    }
    if (move->kind == MOVE_EXHAUST) {
        put_repetitions(writing, move, reaction);
        return;
    }
    if (move->kind == MOVE_REPEAT)
        text_append_string(text, is_synchronized(scene_main(&writing->scene)->state) ? "+0~+3 > " : "+0.9~+1.7 > ");
    else
        text_append_string(text, reaction->silence ? "+0~+0.3 > " : "+0~+0.5 > ");
    for (size_t i = 0; i < reaction->count; i++) {
        text_append_string(text, i > 0 ? "\n    or " : "");
        put_answer(writing, &reaction->answers[i]);
    }
    text_append_string(text, reaction->silence ? "\n    or nothing\n" : "\n");
}

/* --- calls --- */

static void put_listen(struct writing *writing)
{
    text_append_format(writing->text,
                       "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                       "+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0\n"
                       "+0 bind(3, ..., ...) = 0\n"
                       "+0 listen(3, %d) = 0\n",
                       writing->candidate->crowded ? 1 : 8);
}

static void put_connect(struct writing *writing)
{
    writing->descriptor = 3;
    text_append_string(writing->text, "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                                      "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                                      "+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n");
}

/* The descriptor that the user has for the connection: that of the listener until it can be accepted. */
static int take_descriptor(struct writing *writing)
{
    if (writing->descriptor != 0)
        return writing->descriptor;
    if (!is_synchronized(scene_main(&writing->scene)->state))
        return 3;
    text_append_string(writing->text, "+0 accept(3, ..., ...) = 4\n");
    writing->descriptor = 4;
    return 4;
}

/* On the way a CLOSE leaves the user the descriptor, for what may follow; a script about CLOSE does without. */
static void put_close(struct writing *writing)
{
    int descriptor = take_descriptor(writing);
    const struct candidate *candidate = writing->candidate;
    /* Who only waits for a FIN has closed for good. */
    bool waits = candidate->moves[candidate->move_count - 1].kind == MOVE_LAPSE;
    bool shuts = !writing->in_case && !waits && is_synchronized(scene_main(&writing->scene)->state);
    text_append_format(writing->text, shuts ? "+0.1 shutdown(%d, SHUT_WR) = 0\n" : "+0.1 close(%d) = 0\n", descriptor);
}

static void put_abort(struct writing *writing)
{
    int descriptor = take_descriptor(writing);
    text_append_format(writing->text,
                       "+0.1 setsockopt(%d, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0\n"
                       "+0 close(%d) = 0\n",
                       descriptor, descriptor);
}

/* Two connections of others, as far as there is room for them. */
static void put_crowd(struct writing *writing)
{
    for (unsigned port = 40001; port < 40001 + SCENE_CROWD; port++)
        text_append_format(writing->text,
                           "+0.1 < %u > 8080 S 0:0(0) win 32792 <mss 1460>\n"
                           "+0~+0.1 > 8080 > %u S. 0:0(0) ack 1 <...>\n"
                           "    or 8080 > %u R. 0:0(0) ack 1\n"
                           "    or nothing\n"
                           "+0.1 < %u > 8080 . 1:1(0) ack 1 win 32792\n",
                           port, port, port, port);
    writing->crowded = true;
    text_append_character(writing->text, '\n');
}

static void put_move(struct writing *writing, const struct move *move)
{
    const enum spec_state state = scene_main(&writing->scene)->state;
    bool completes = state == SPEC_SYN_SENT || state == SPEC_SYN_RECEIVED;
    switch (move->kind) {
    case MOVE_LISTEN:
        put_listen(writing);
        break;
    case MOVE_CONNECT:
        put_connect(writing);
        break;
    case MOVE_SEGMENT:
        /* A round trip that is long makes for a retransmission time-out that is out of the way. */
        put_time(writing, completes && !writing->in_case ? "+0.3" : "+0.1");
        put_injected(writing, move);
        text_append_character(writing->text, '\n');
        break;
    case MOVE_WRITE:
        text_append_format(writing->text, "+0.1 write(%d, ..., %d) = %d\n", take_descriptor(writing), SCENE_TEXT,
                           SCENE_TEXT);
        break;
    case MOVE_READ:
        text_append_format(writing->text, "+0.1 read(%d, ..., %d) = %d\n", take_descriptor(writing), SCENE_TEXT,
                           SCENE_TEXT);
        break;
    case MOVE_CLOSE:
        put_close(writing);
        break;
    case MOVE_ABORT:
        put_abort(writing);
        break;
    case MOVE_CROWD:
        put_crowd(writing);
        break;
    case MOVE_REPEAT:
    case MOVE_LAPSE:
    case MOVE_EXHAUST:
        break;
    }
}

static bool write_move(struct writing *writing, const struct move *move, struct scene_reaction *reaction)
{
    struct scene after = writing->scene;
    if (!scene_play(&after, move, reaction))
        return false;
    put_move(writing, move);
    writing->scene = after;
    put_reaction(writing, move, reaction);
    return true;
}

/* The segment that the script is about, if its number is said from the edge of the window. */
static bool needs_window(const struct candidate *candidate)
{
    const struct move *move = &candidate->moves[candidate->move_count - 1];
    int32_t by = 0;
    return move->kind == MOVE_SEGMENT && from_edge(&candidate->place->scene, move->segment.sequence, &by);
}

/* The last move on the way to the place that the stack answers. */
static size_t find_last_answered(const struct place *place)
{
    struct scene scene = scene_begin(place->scene.spec, place->scene.index);
    struct scene_reaction reaction;
    size_t last = 0;
    for (size_t i = 0; i < place->move_count && scene_play(&scene, &place->moves[i], &reaction); i++)
        last = reaction.count > 0 ? i : last;
    return last;
}

static void put_way(struct writing *writing)
{
    const struct place *place = writing->candidate->place;
    struct scene_reaction reaction;
    size_t named = needs_window(writing->candidate) ? find_last_answered(place) : place->move_count;
    for (size_t i = 0; i < place->move_count; i++) {
        writing->names_window = i == named;
        (void)write_move(writing, &place->moves[i], &reaction);
    }
    writing->names_window = false;
    if (place->move_count > 0)
        text_append_character(writing->text, '\n');
}

/* What shows where the stack is: what goes on in the state that it should be in. */
static void put_follow_up(struct writing *writing)
{
    struct scene_reaction reaction;
    struct move moves[FOLLOW_MOST];
    size_t count = follow_moves(&writing->scene, writing->candidate->place, moves);
    const struct text *text = writing->text;
    bool apart = text->length >= 2 && text->data[text->length - 2] == '\n';
    if (count > 0 && !apart)
        text_append_character(writing->text, '\n');
    for (size_t i = 0; i < count; i++)
        if (!write_move(writing, &moves[i], &reaction))
            return;
}

static void put_rule(struct text *text, const struct spec *spec, const struct spec_row *row)
{
    text_append_string(text, "// ");
    row_head_print(text, spec, row);
    text_append_string(text, "\n\n");
}

static void put_notes(struct text *text, const struct candidate *candidate)
{
    const struct spec *spec = candidate->place->scene.spec;
    struct scene scene = candidate->place->scene;
    struct scene_reaction reaction;
    for (size_t i = 0; i < candidate->move_count; i++)
        (void)scene_play(&scene, &candidate->moves[i], &reaction);
    text_append_string(text, "//: title ");
    words_title(text, candidate, &reaction, &scene);
    text_append_character(text, '\n');
    for (uint16_t i = 0; i < candidate->row->clause_count; i++)
        text_append_format(text, "//: requirement %s\n", spec->clauses[candidate->row->clauses[i]]);
    uint8_t family = candidate->moves[candidate->move_count - 1].stray_family;
    if (family != 0)
        text_append_format(text, "//: ip %u\n", family);
    if (candidate->slow)
        text_append_string(text, "//: slow it waits for a time-out of the stack's\n");
    text_append_string(text, SCRIPT_FOLDER_NOTE "\n");
    put_rule(text, spec, candidate->row);
}

void script_write(struct text *text, const struct candidate *candidate)
{
    const struct place *place = candidate->place;
    struct text body = text_growing();
    struct writing writing = {
        .text = &body, .candidate = candidate, .scene = scene_begin(place->scene.spec, place->scene.index)};
    struct scene_reaction reaction;
    put_notes(text, candidate);
    put_way(&writing);
    writing.in_case = true;
    for (size_t i = 0; i < candidate->move_count; i++)
        (void)write_move(&writing, &candidate->moves[i], &reaction);
    put_follow_up(&writing);
    text_append_string(text, text_string(&body));
    text->truncated = text->truncated || body.truncated;
    text_free(&body);
}
