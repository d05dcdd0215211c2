/* SPDX-License-Identifier: MIT */
/* A way through the model as a sequence diagram: a lifeline a side, and time runs downwards. */
#include "spec/model_search.h"

enum { STEPS_MOST = 128, COLUMN = 16, ROAD = 46, MARK = 8 };

static const char *const names[] = {"A", "B"};

struct story {
    struct text *text;
    const struct world *world;
    const struct search_state *steps[STEPS_MOST]; /* from the first */
    size_t count;
    const char *shown[MODEL_SIDES];    /* states */
    char letters[MODEL_SEGMENTS_MOST]; /* of segments that are under way for longer */
    char next_letter;
};

static const char *state_of(const struct story *story, const struct search_state *step, unsigned side)
{
    return spec_state_name((enum spec_state)story->world->peers[step->peers[side]].state);
}

static void pad(struct text *text, size_t start, size_t width)
{
    if (text->length - start < width)
        text_append_repeated(text, ' ', width - (text->length - start));
}

/* One line; a state stands where it is new, else the lifeline. */
static void draw(struct story *story, const struct search_state *step, const char *road)
{
    const char *cells[MODEL_SIDES];
    for (unsigned side = 0; side < MODEL_SIDES; side++) {
        const char *state = state_of(story, step, side);
        cells[side] = state == story->shown[side] ? "|" : state;
        story->shown[side] = state;
    }
    size_t start = story->text->length;
    text_append_string(story->text, "  ");
    text_append_string(story->text, cells[0]);
    pad(story->text, start, COLUMN);
    text_append_string(story->text, road);
    pad(story->text, start, COLUMN + ROAD);
    text_append_format(story->text, " %s\n", cells[1]);
}

static void say(struct story *story, const struct search_state *step, unsigned side, const char *what)
{
    char buffer[2 * ROAD];
    struct text road = text_in(buffer, sizeof(buffer));
    text_append_format(&road, "%s %s", names[side], what);
    draw(story, step, text_string(&road));
}

static void label(const struct story *story, uint8_t number, struct text *text)
{
    const struct model_segment *segment = &story->world->segments[number];
    segment_bits_print(text, segment->flags);
    text_append_format(text, " SEQ=%u", segment->sequence);
    if ((segment->flags & TCP_ACK) != 0)
        text_append_format(text, " ACK=%u", segment->acknowledgment);
    if (segment->length > 0 && (segment->flags & (TCP_SYN | TCP_FIN)) == 0)
        text_append_string(text, " text");
    if (segment->cookie != 0)
        text_append_string(text, " cookie");
}

/* How much of a segment's way is drawn: what is taken at once goes all the way, else it is sent here and taken there.
 */
enum stretch { WHOLE, BEGINNING, END };

/* Where an arrow ends that is to go on later, and where it goes on. What comes again has ended before. */
static void put_mark(const struct story *story, struct text *road, enum stretch stretch, uint8_t number)
{
    if (story->letters[number] != 0)
        text_append_format(road, "  (%c)   ", story->letters[number]);
    else if (stretch == BEGINNING)
        text_append_string(road, "  ...   ");
    else
        text_append_string(road, story->world->segments[number].sender == MODEL_OUTSIDER ? "(forged)" : " (again)");
}

static void draw_arrow(struct story *story, const struct search_state *step, unsigned to, uint8_t number,
                       enum stretch stretch)
{
    char words[ROAD];
    char buffer[2 * ROAD];
    struct text said = text_in(words, sizeof(words));
    struct text road = text_in(buffer, sizeof(buffer));
    label(story, number, &said);
    const size_t dashes = ROAD - 5 - said.length - (stretch == WHOLE ? 0 : MARK);
    const bool rightwards = to == 1;
    if (stretch == (rightwards ? END : BEGINNING))
        put_mark(story, &road, stretch, number);
    text_append_string(&road, rightwards ? "-- " : "<--");
    if (rightwards)
        text_append_format(&road, "%s ", text_string(&said));
    text_append_repeated(&road, '-', dashes);
    if (!rightwards)
        text_append_format(&road, " %s ", text_string(&said));
    else
        text_append_character(&road, '>');
    if (stretch == (rightwards ? BEGINNING : END))
        put_mark(story, &road, stretch, number);
    draw(story, step, text_string(&road));
}

static bool is_taken_at(const struct story *story, size_t at, unsigned by, uint8_t number)
{
    return at < story->count && story->steps[at]->move.kind == MOVE_TAKES && story->steps[at]->side == by &&
           story->steps[at]->move.taken == number;
}

/* What SIDE sends in step AT. What is taken in the next step is drawn there. */
static void draw_sent(struct story *story, size_t at, unsigned side)
{
    const struct search_state *step = story->steps[at];
    for (size_t i = 0; i < MODEL_ANSWERS_MOST; i++) {
        const uint8_t number = step->move.sent[i];
        if (number == MODEL_NO_SEGMENT || is_taken_at(story, at + 1, 1 - side, number))
            continue;
        bool later = false;
        for (size_t ahead = at + 2; ahead < story->count && !later; ahead++)
            later = is_taken_at(story, ahead, 1 - side, number);
        if (later && story->letters[number] == 0)
            story->letters[number] = story->next_letter++;
        draw_arrow(story, step, 1 - side, number, BEGINNING);
    }
}

static bool was_sent_just_before(const struct story *story, size_t at, uint8_t number)
{
    const struct search_state *before = story->steps[at - 1];
    return before->side != story->steps[at]->side && (before->move.sent[0] == number || before->move.sent[1] == number);
}

static void draw_step(struct story *story, size_t at)
{
    static const char *const said[] = {
        [MOVE_LISTENS] = "waits for a connection (passive OPEN)",
        [MOVE_OPENS] = "asks for a connection (active OPEN)",
        [MOVE_LAPSES] = "gives up",
        [MOVE_CRASHES] = "crashes, and is back with all forgotten",
        [MOVE_CLOSES] = "closes",
        [MOVE_EXPIRES] = "has waited for twice the MSL",
    };
    const struct search_state *step = story->steps[at];
    const struct move *move = &step->move;
    if (move->kind == MOVE_FORGED)
        say(story, story->steps[at - 1], step->side, "gets from somebody who sees nothing:");
    if (move->kind == MOVE_TAKES || move->kind == MOVE_FORGED)
        draw_arrow(story, step, step->side, move->taken, was_sent_just_before(story, at, move->taken) ? WHOLE : END);
    else if (move->kind < COUNT_OF(said) && said[move->kind] != NULL)
        say(story, step, step->side, said[move->kind]);
    else
        draw(story, step, "");
    draw_sent(story, at, step->side);
}

/* The four clauses that a side holds: of them it knows the two numbers only by what came. */
static void print_belief(const struct story *story, unsigned side)
{
    const struct peer *peer = &story->world->peers[story->steps[story->count - 1]->peers[side]];
    struct text *text = story->text;
    const char *other = names[1 - side];
    text_append_format(text, "  %s  %s: ", names[side], spec_state_name((enum spec_state)peer->state));
    if (peer_is_closed(peer))
        text_append_string(text, "there is no connection");
    else if (!peer_knows(peer, SPEC_IRS))
        text_append_format(text, "it has asked for a connection; its own stream is to begin at %u, %s's is not known",
                           (peer->variables[SPEC_ISS] + 1) & story->world->mask, other);
    else
        text_append_format(text, "its own stream begins at %u, %s's at %u%s",
                           (peer->variables[SPEC_ISS] + 1) & story->world->mask, other,
                           (peer->variables[SPEC_IRS] + 1) & story->world->mask,
                           peer_believes(peer) ? ", and it takes that for agreed" : ", which is not agreed on yet");
    text_append_character(text, '\n');
}

void story_print(struct text *text, const struct search *search, uint32_t state)
{
    struct story story = {.text = text, .world = search->world, .next_letter = 'a'};
    for (uint32_t at = state; at != SEARCH_NO_STATE; at = search->states[at].parent)
        story.count++;
    INVARIANT(story.count > 0);
    if (story.count > STEPS_MOST) {
        text_append_format(text, "  (in %zu steps, too many to draw)\n", story.count);
        return;
    }
    for (size_t i = story.count; i > 0; i--, state = search->states[state].parent)
        story.steps[i - 1] = &search->states[state];
    text_append_format(text, "  %-*s%*s\n", COLUMN - 2, names[0], ROAD + 2, names[1]);
    draw(&story, story.steps[0], "");
    for (size_t at = 1; at < story.count; at++)
        draw_step(&story, at);
    text_append_string(text, "\n  The contract, as each side holds it:\n");
    for (unsigned side = 0; side < MODEL_SIDES; side++)
        print_belief(&story, side);
}
