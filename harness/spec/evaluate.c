/* SPDX-License-Identifier: MIT */
/* Expressions, with what isn't known taken as open. */
#include "spec/hypothesis.h"

static bool number_of(const struct view *view, uint16_t index, uint32_t *value);

uint32_t view_window(const struct view *view)
{
    const struct hypothesis *hypothesis = view->hypothesis;
    const struct segment *segment = view->segment;
    bool scaled =
        (hypothesis->sent & hypothesis->received & SEGMENT_WINDOW_SCALE) != 0 && (segment->flags & TCP_SYN) == 0;
    unsigned shift = view->to_stack ? hypothesis->received_scale : hypothesis->sent_scale;
    return scaled ? (uint32_t)segment->window << (shift > 14 ? 14 : shift) : segment->window;
}

static bool own_variable(const struct view *view, enum spec_variable variable, uint32_t *value)
{
    const struct hypothesis *hypothesis = view->hypothesis;
    if (variable == SPEC_RCV_NXT)
        *value = view->next;
    else if (variable == SPEC_TS_RECENT)
        *value = view->recent;
    else if (variable == SPEC_RCV_WND) {
        uint32_t edge = hypothesis->variables[SPEC_RCV_EDGE];
        *value = sequence_before(edge, view->next, view->mask) ? 0 : (edge - view->next) & view->mask;
        return hypothesis_knows(hypothesis, SPEC_RCV_EDGE) && hypothesis_knows(hypothesis, SPEC_RCV_NXT);
    } else
        *value = hypothesis->variables[variable];
    return hypothesis_knows(hypothesis, variable);
}

static bool variable_of(const struct view *view, enum spec_variable variable, uint32_t *value)
{
    const struct segment *segment = view->segment;
    if (variable < SPEC_OWN_VARIABLES)
        return own_variable(view, variable, value);
    *value = view->crowd;
    if (variable == SPEC_CROWD)
        return true;
    if (segment == NULL)
        return false;
    switch (variable) {
    case SPEC_SEG_SEQ:
        *value = segment->sequence;
        return true;
    case SPEC_SEG_ACK:
        *value = segment->acknowledgment;
        return true;
    case SPEC_SEG_LEN:
        *value = segment->length;
        return true;
    case SPEC_SEG_WND:
        *value = view_window(view);
        return true;
    case SPEC_SEG_TSVAL:
        *value = segment->timestamp;
        return true;
    case SPEC_SEG_TSECR:
        *value = segment->echo;
        return true;
    case SPEC_SEG_COOKIE:
        *value = segment->cookie;
        return true;
    default:
        *value = segment->scale;
        return true;
    }
}

static bool number_of(const struct view *view, uint16_t index, uint32_t *value)
{
    const struct spec_node *node = &view->spec->nodes[index];
    uint32_t left, right;
    switch (node->operator) {
    case SPEC_NUMBER:
        *value = node->number;
        return true;
    case SPEC_PARAMETER:
        *value = view->spec->parameters[node->number].value;
        return true;
    case SPEC_VARIABLE:
        return variable_of(view, node->number, value);
    default:
        INVARIANT(node->operator== SPEC_PLUS || node->operator== SPEC_MINUS);
        if (!number_of(view, node->left, &left) || !number_of(view, node->right, &right))
            return false;
        *value = (node->operator== SPEC_PLUS ? left + right : left - right) & view->mask;
        return true;
    }
}

/* As number_of(); most operands are variables of the connection, which can be had at once. */
ALWAYS_INLINE bool operand_of(const struct view *view, uint16_t index, uint32_t *value)
{
    static const uint32_t reckoned =
        UINT32_C(1) << SPEC_RCV_NXT | UINT32_C(1) << SPEC_RCV_WND | UINT32_C(1) << SPEC_TS_RECENT;
    const struct spec_node *node = &view->spec->nodes[index];
    if (node->operator!= SPEC_VARIABLE || node->number >= SPEC_OWN_VARIABLES ||(reckoned >> node->number & 1) != 0)
        return number_of(view, index, value);
    *value = view->hypothesis->variables[node->number];
    return hypothesis_knows(view->hypothesis, node->number);
}

bool view_number(const struct view *view, uint16_t index, uint32_t ends[2])
{
    const struct spec_node *node = &view->spec->nodes[index];
    if (node->operator== SPEC_INTERVAL)
        return number_of(view, node->left, &ends[0]) && number_of(view, node->right, &ends[1]);
    if (!number_of(view, index, &ends[0]))
        return false;
    ends[1] = ends[0];
    return true;
}

/* A client has offered AccECN and got a code for an answer; a server was offered more than classic ECN. */
static bool is_accurate(const struct view *view)
{
    const struct hypothesis *hypothesis = view->hypothesis;
    const struct spec_ecn *ecn = &view->spec->ecn;
    bool coded = false;
    for (size_t i = 0; i < COUNT_OF(ecn->code); i++)
        coded = coded || hypothesis->received_ecn == ecn->code[i];
    if ((hypothesis->facts >> SPEC_FACT_PASSIVE & 1) != 0)
        return (ecn->coded_on_syn_ack >> hypothesis->received_ecn & 1) != 0;
    return coded;
}

static bool fact_of(const struct view *view, enum spec_fact fact)
{
    const struct hypothesis *hypothesis = view->hypothesis;
    const struct segment *segment = view->segment;
    const uint8_t both = hypothesis->sent & hypothesis->received;
    switch (fact) {
    case SPEC_FACT_SCALING:
        return (both & SEGMENT_WINDOW_SCALE) != 0;
    case SPEC_FACT_TIMESTAMPS:
        return (both & SEGMENT_TIMESTAMPS) != 0;
    case SPEC_FACT_MULTIPATH:
        return (both & SEGMENT_MULTIPATH) != 0;
    case SPEC_FACT_SACKING:
        return (hypothesis->received & SEGMENT_SACK_PERMITTED) != 0;
    case SPEC_FACT_ACCURATE:
        return is_accurate(view);
    case SPEC_FACT_SEG_STRAY:
        return segment != NULL && segment->stray;
    case SPEC_FACT_SEG_TIMESTAMPS:
        return segment != NULL && (segment->options & SEGMENT_TIMESTAMPS) != 0;
    case SPEC_FACT_SEG_ACKS:
        return segment != NULL && (segment->flags & TCP_ACK) != 0;
    case SPEC_FACT_SEG_TEXT:
        return segment != NULL && segment->text > 0;
    default:
        return (hypothesis->facts >> fact & 1) != 0;
    }
}

static enum truth interval_holds(const struct view *view, uint16_t value_node, uint16_t interval_node)
{
    const struct spec_node *interval = &view->spec->nodes[interval_node];
    uint32_t value, from, to;
    if (!operand_of(view, value_node, &value) || !operand_of(view, interval->left, &from) ||
        !operand_of(view, interval->right, &to))
        return TRUTH_OPEN;
    uint32_t width = (to - from) & view->mask;
    uint32_t distance = (value - from) & view->mask;
    if (distance > width)
        return TRUTH_NO;
    if (((interval->number & SPEC_OPEN_LEFT) != 0 && distance == 0) ||
        ((interval->number & SPEC_OPEN_RIGHT) != 0 && distance == width))
        return TRUTH_NO;
    return TRUTH_YES;
}

static enum truth comparison_holds(const struct view *view, const struct spec_node *node)
{
    uint32_t left, right;
    if (!operand_of(view, node->left, &left) || !operand_of(view, node->right, &right))
        return TRUTH_OPEN;
    bool before = sequence_before(left, right, view->mask);
    switch (node->operator) {
    case SPEC_EQUAL:
        return left == right;
    case SPEC_UNEQUAL:
        return left != right;
    case SPEC_BEFORE:
        return before;
    case SPEC_BEFORE_EQUAL:
        return before || left == right;
    case SPEC_AFTER:
        return !before && left != right;
    default:
        return !before;
    }
}

static enum truth condition_at(const struct view *view, uint16_t index);

static enum truth either(enum truth left, enum truth right, enum truth decides)
{
    if (left == decides || right == decides)
        return decides;
    return left == TRUTH_OPEN || right == TRUTH_OPEN ? TRUTH_OPEN : left;
}

static enum truth negation(enum truth truth)
{
    return truth == TRUTH_OPEN ? TRUTH_OPEN : truth == TRUTH_NO ? TRUTH_YES : TRUTH_NO;
}

static enum truth condition_at(const struct view *view, uint16_t index)
{
    const struct spec_node *node = &view->spec->nodes[index];
    enum truth left;
    switch (node->operator) {
    case SPEC_FACT:
        return fact_of(view, node->number);
    case SPEC_CHOICE:
        return (view->hypothesis->chosen >> node->number & 1) != 0;
    case SPEC_PREDICATE:
        return condition_at(view, view->spec->predicates[node->number].node);
    case SPEC_AND:
        left = condition_at(view, node->left);
        return left == TRUTH_NO ? left : either(left, condition_at(view, node->right), TRUTH_NO);
    case SPEC_OR:
        left = condition_at(view, node->left);
        return left == TRUTH_YES ? left : either(left, condition_at(view, node->right), TRUTH_YES);
    case SPEC_NOT:
        return negation(condition_at(view, node->left));
    case SPEC_IN:
        return interval_holds(view, node->left, node->right);
    default:
        return comparison_holds(view, node);
    }
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

enum truth view_condition(const struct view *view, uint16_t node)
{
    uint32_t next[3];
    uint32_t recent[2];
    if (node == SPEC_NO_NODE)
        return TRUTH_YES;
    if (!view->spec->nodes[node].ranges)
        return condition_at(view, node);
    struct view at = *view;
    unsigned nexts = next_places(view, next);
    unsigned recents = recent_places(view->hypothesis, recent);
    at.next = next[0];
    at.recent = recent[0];
    enum truth truth = condition_at(&at, node);
    for (unsigned i = 1; i < nexts * recents && truth != TRUTH_OPEN; i++) {
        at.next = next[i % nexts];
        at.recent = recent[i / nexts];
        if (condition_at(&at, node) != truth)
            return TRUTH_OPEN;
    }
    return truth;
}
