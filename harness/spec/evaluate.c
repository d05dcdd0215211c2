/* SPDX-License-Identifier: MIT */
/* Expressions, with what isn't known taken as open. */
#include "spec/hypothesis.h"

uint32_t view_window(const struct view *view)
{
    const struct hypothesis *hypothesis = view->hypothesis;
    const struct segment *segment = view->segment;
    bool scaled =
        (hypothesis->sent & hypothesis->received & SEGMENT_WINDOW_SCALE) != 0 && (segment->flags & TCP_SYN) == 0;
    unsigned shift = view->to_stack ? hypothesis->received_scale : hypothesis->sent_scale;
    return scaled ? (uint32_t)segment->window << (shift > 14 ? 14 : shift) : segment->window;
}

/* A client has offered AccECN and got a code for an answer; a server was offered more than classic ECN. */
static bool is_accurate(const struct view *view)
{
    const struct hypothesis *hypothesis = view->hypothesis;
    const struct spec_ecn *ecn = &view->spec->ecn;
    bool passive = (hypothesis->facts >> SPEC_FACT_PASSIVE & 1) != 0;
    return ((passive ? ecn->coded_on_syn_ack : ecn->codes) >> hypothesis->received_ecn & 1) != 0;
}

/* FACT's bit where IS. */
ALWAYS_INLINE uint16_t fact_if(bool is, enum spec_fact fact)
{
    return (uint16_t)(is << fact);
}

static uint16_t segment_facts(const struct segment *segment)
{
    return fact_if(segment->stray, SPEC_FACT_SEG_STRAY) |
           fact_if((segment->options & SEGMENT_TIMESTAMPS) != 0, SPEC_FACT_SEG_TIMESTAMPS) |
           fact_if((segment->flags & TCP_ACK) != 0, SPEC_FACT_SEG_ACKS) |
           fact_if(segment->text > 0, SPEC_FACT_SEG_TEXT);
}

static uint16_t facts_of(const struct view *view)
{
    static const uint16_t kept = (1U << SPEC_FACT_SCALING) - 1;
    const struct hypothesis *hypothesis = view->hypothesis;
    const uint8_t both = hypothesis->sent & hypothesis->received;
    return (hypothesis->facts & kept) | fact_if((both & SEGMENT_WINDOW_SCALE) != 0, SPEC_FACT_SCALING) |
           fact_if((both & SEGMENT_TIMESTAMPS) != 0, SPEC_FACT_TIMESTAMPS) |
           fact_if((both & SEGMENT_MULTIPATH) != 0, SPEC_FACT_MULTIPATH) |
           fact_if((hypothesis->received & SEGMENT_SACK_PERMITTED) != 0, SPEC_FACT_SACKING) |
           fact_if(is_accurate(view), SPEC_FACT_ACCURATE) | (view->segment == NULL ? 0 : segment_facts(view->segment));
}

/* Puts RCV.NXT and TS.RECENT where they may be, and RCV.WND accordingly. */
static void place(struct view_numbers *numbers, uint32_t mask, uint32_t next, uint32_t recent)
{
    uint32_t edge = numbers->of[SPEC_RCV_EDGE];
    numbers->of[SPEC_RCV_NXT] = next;
    numbers->of[SPEC_TS_RECENT] = recent;
    numbers->of[SPEC_RCV_WND] = sequence_before(edge, next, mask) ? 0 : (edge - next) & mask;
}

static void take_segment(const struct view *view, struct view_numbers *numbers)
{
    static const uint32_t told = (UINT32_C(1) << SPEC_CROWD) - (UINT32_C(1) << SPEC_OWN_VARIABLES);
    const struct segment *segment = view->segment;
    numbers->known |= told;
    numbers->of[SPEC_SEG_SEQ] = segment->sequence;
    numbers->of[SPEC_SEG_ACK] = segment->acknowledgment;
    numbers->of[SPEC_SEG_LEN] = segment->length;
    numbers->of[SPEC_SEG_WND] = view_window(view);
    numbers->of[SPEC_SEG_TSVAL] = segment->timestamp;
    numbers->of[SPEC_SEG_TSECR] = segment->echo;
    numbers->of[SPEC_SEG_SCALE] = segment->scale;
    numbers->of[SPEC_SEG_COOKIE] = segment->cookie;
}

static void look_up(const struct view *view, struct view_numbers *numbers)
{
    static const uint32_t window = UINT32_C(1) << SPEC_RCV_WND;
    static const uint32_t window_from = UINT32_C(1) << SPEC_RCV_EDGE | UINT32_C(1) << SPEC_RCV_NXT;
    const struct hypothesis *hypothesis = view->hypothesis;
    memcpy(numbers->of, hypothesis->variables, sizeof(hypothesis->variables));
    numbers->known = (hypothesis->known & ~window) | UINT32_C(1) << SPEC_CROWD;
    if ((hypothesis->known & window_from) == window_from)
        numbers->known |= window;
    numbers->of[SPEC_CROWD] = view->crowd;
    numbers->of[SPEC_VARIABLE_COUNT] = 0;
    if (view->segment != NULL)
        take_segment(view, numbers);
    place(numbers, view->mask, view->next, view->recent);
}

void view_begin(struct view *view, struct view_numbers *numbers)
{
    numbers->facts = facts_of(view);
    numbers->there = false;
    view->numbers = numbers;
}

/* The numbers of VIEW: those that it has, or those that are found out now. */
ALWAYS_INLINE const struct view_numbers *numbers_of(const struct view *view, struct view_numbers *room)
{
    struct view_numbers *numbers = view->numbers;
    if (numbers == NULL) {
        numbers = room;
        numbers->facts = facts_of(view);
        numbers->there = false;
    }
    if (!numbers->there)
        look_up(view, numbers);
    numbers->there = true;
    return numbers;
}

ALWAYS_INLINE uint32_t sum_of(const struct spec_sum *sum, const struct view_numbers *numbers, uint32_t mask)
{
    uint32_t value = sum->number + numbers->of[sum->terms[0]];
    uint8_t i = 1;
    if (LIKELY(sum->plain))
        value += numbers->of[sum->terms[1]];
    else {
        if (sum->added == 0)
            value = sum->number - numbers->of[sum->terms[0]];
        for (; i < sum->added; i++)
            value += numbers->of[sum->terms[i]];
        for (; i < sum->count; i++)
            value -= numbers->of[sum->terms[i]];
    }
    return sum->wraps ? value & mask : value;
}

static bool number_with(const struct view *view, const struct view_numbers *numbers, uint16_t index, uint32_t ends[2])
{
    const struct spec_node *node = &view->spec->nodes[index];
    bool interval = node->operator== SPEC_INTERVAL;
    const struct spec_sum *from = interval ? &view->spec->nodes[node->left].sum : &node->sum;
    const struct spec_sum *to = interval ? &view->spec->nodes[node->right].sum : &node->sum;
    if (((from->variables | to->variables) & ~numbers->known) != 0)
        return false;
    ends[0] = sum_of(from, numbers, view->mask);
    ends[1] = interval ? sum_of(to, numbers, view->mask) : ends[0];
    return true;
}

bool view_number(const struct view *view, uint16_t index, uint32_t ends[2])
{
    struct view_numbers room;
    return number_with(view, numbers_of(view, &room), index, ends);
}

bool view_number_up_to(const struct view *view, uint16_t index, uint32_t ends[2])
{
    struct view_numbers numbers;
    uint32_t most[2];
    const struct hypothesis *hypothesis = view->hypothesis;
    look_up(view, &numbers);
    place(&numbers, view->mask, hypothesis->variables[SPEC_RCV_NXT], view->recent);
    if (!number_with(view, &numbers, index, ends))
        return false;
    if ((view->spec->nodes[index].ranges & SPEC_RANGES_NEXT) == 0 || !hypothesis_knows(hypothesis, SPEC_RCV_HIGH))
        return true;
    place(&numbers, view->mask, hypothesis->variables[SPEC_RCV_HIGH], view->recent);
    if (number_with(view, &numbers, index, most) && !sequence_before(most[1], ends[1], view->mask))
        ends[1] = most[1];
    return true;
}

static bool interval_holds(const struct spec_test *test, const struct view_numbers *numbers, uint32_t mask)
{
    uint32_t from = sum_of(&test->from, numbers, mask);
    uint32_t width = (sum_of(&test->to, numbers, mask) - from) & mask;
    uint32_t distance = (sum_of(&test->value, numbers, mask) - from) & mask;
    if (distance > width)
        return false;
    return ((test->number & SPEC_OPEN_LEFT) == 0 || distance != 0) &&
           ((test->number & SPEC_OPEN_RIGHT) == 0 || distance != width);
}

/* Of a test of which all variables are known. */
static bool test_holds(const struct view *view, const struct view_numbers *numbers, const struct spec_test *test)
{
    const uint32_t mask = view->mask;
    switch (test->operator) {
    case SPEC_FACT:
        return (numbers->facts >> test->number & 1) != 0;
    case SPEC_CHOICE:
        return (view->hypothesis->chosen >> test->number & 1) != 0;
    case SPEC_IN:
        return interval_holds(test, numbers, mask);
    default:
        break;
    }
    uint32_t left = sum_of(&test->value, numbers, mask);
    uint32_t right = sum_of(&test->from, numbers, mask);
    if (test->operator== SPEC_EQUAL)
        return left == right;
    return sequence_before(left, right, mask) || (test->operator== SPEC_BEFORE_EQUAL && left == right);
}

/* What the chain that begins at FIRST comes to if all that is open speaks for the whole, or against it; says whether
 * anything was. */
static bool chain_holds(const struct view *view, const struct view_numbers *numbers, uint16_t first, bool in_favour,
                        bool *open)
{
    uint16_t at = first;
    while (at < SPEC_TEST_NO) {
        const struct spec_test *test = &view->spec->tests[at];
        bool known = (test->variables & ~numbers->known) == 0;
        bool holds = known ? test_holds(view, numbers, test) : in_favour != test->negated;
        *open = *open || !known;
        at = holds ? test->yes : test->no;
    }
    return at == SPEC_TEST_YES;
}

/* The truth in Kleene's sense: sure is what holds even if all that is open speaks against it. */
static enum truth condition_at(const struct view *view, const struct view_numbers *numbers, uint16_t first)
{
    bool open = false;
    if (chain_holds(view, numbers, first, false, &open))
        return TRUTH_YES;
    return open && chain_holds(view, numbers, first, true, &open) ? TRUTH_OPEN : TRUTH_NO;
}

/* The places where RCV.NXT may be that can make a difference: what is sure, what is possible, and where the segment
 * begins if that is between them. */
static unsigned next_places(const struct view *view, uint32_t places[3])
{
    const struct hypothesis *hypothesis = view->hypothesis;
    places[0] = hypothesis->variables[SPEC_RCV_NXT];
    places[1] = hypothesis->variables[SPEC_RCV_HIGH];
    uint32_t width = (places[1] - places[0]) & view->mask;
    if (width == 0 || width > view->mask >> 1 || !hypothesis_knows(hypothesis, SPEC_RCV_NXT) ||
        !hypothesis_knows(hypothesis, SPEC_RCV_HIGH))
        return 1;
    if (view->segment == NULL || ((view->segment->sequence - places[0]) & view->mask) >= width)
        return 2;
    places[2] = view->segment->sequence;
    return 3;
}

/* As next_places(), for TS.RECENT: at least what was echoed last. */
static unsigned recent_places(const struct hypothesis *hypothesis, uint32_t places[2])
{
    places[0] = hypothesis->variables[SPEC_TS_RECENT];
    places[1] = hypothesis->variables[SPEC_TS_ECHOED];
    bool one = !hypothesis_knows(hypothesis, SPEC_TS_ECHOED) || places[0] == places[1];
    return one ? 1 : 2;
}

/* The truth at all places that RANGES of the variables may be at; open where it is not the same at all. */
static enum truth condition_over(const struct view *view, const struct view_numbers *numbers,
                                 const struct spec_node *node)
{
    uint32_t next[3] = {view->hypothesis->variables[SPEC_RCV_NXT]};
    uint32_t recent[2] = {view->hypothesis->variables[SPEC_TS_RECENT]};
    unsigned nexts = (node->ranges & SPEC_RANGES_NEXT) != 0 ? next_places(view, next) : 1;
    unsigned recents = (node->ranges & SPEC_RANGES_RECENT) != 0 ? recent_places(view->hypothesis, recent) : 1;
    struct view_numbers at;
    if (nexts * recents == 1 && numbers->of[SPEC_RCV_NXT] == next[0] && numbers->of[SPEC_TS_RECENT] == recent[0])
        return condition_at(view, numbers, node->test);
    at = *numbers;
    place(&at, view->mask, next[0], recent[0]);
    enum truth truth = condition_at(view, &at, node->test);
    for (unsigned i = 1; i < nexts * recents && truth != TRUTH_OPEN; i++) {
        place(&at, view->mask, next[i % nexts], recent[i / nexts]);
        if (condition_at(view, &at, node->test) != truth)
            return TRUTH_OPEN;
    }
    return truth;
}

enum truth view_condition_asked(const struct view *view, uint16_t index)
{
    struct view_numbers room;
    const struct spec_node *node = &view->spec->nodes[index];
    const struct view_numbers *numbers = numbers_of(view, &room);
    return node->ranges == 0 ? condition_at(view, numbers, node->test) : condition_over(view, numbers, node);
}
