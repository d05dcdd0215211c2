/* SPDX-License-Identifier: MIT */
#include "spec/dues.h"

/* RFC 5961 section 7: so long after one answer another may be left out. */
static const nanoseconds throttle_span = NANOSECONDS_PER_SECOND;

static nanoseconds answer_time(const struct spec *spec, const struct spec_answer *answer)
{
    return answer->within == SPEC_NO_NODE ? spec->answer_time : spec_milliseconds(spec, answer->within);
}

static bool is_acknowledgment(const struct spec_answer *answer)
{
    return answer->bits.all == TCP_ACK;
}

/* True if either is paid for by the same segments. */
static bool is_alike(const struct spec *spec, const struct due *left, const struct due *right)
{
    const struct spec_bits *one = &spec->rows[left->row].outcomes[left->outcome].answer.bits;
    const struct spec_bits *other = &spec->rows[right->row].outcomes[right->outcome].answer.bits;
    return one->all == other->all && one->none == other->none && left->open == right->open &&
           memcmp(left->sequence, right->sequence, sizeof(left->sequence)) == 0 &&
           memcmp(left->acknowledgment, right->acknowledgment, sizeof(left->acknowledgment)) == 0;
}

/* The one among those of HYPOTHESIS that is like DUE; NULL if none is. */
static struct due *find_alike(const struct spec *spec, struct hypothesis *hypothesis, const struct due *due)
{
    for (unsigned i = 0; i < hypothesis->due_count; i++)
        if (is_alike(spec, &hypothesis->dues[i], due))
            return &hypothesis->dues[i];
    return NULL;
}

/* Notes that what INTO owes already is owed once more; false if it isn't. */
static bool owes_more(const struct spec *spec, struct hypothesis *into, const struct due *due)
{
    struct due *alike = find_alike(spec, into, due);
    if (alike != NULL && alike->times < UINT8_MAX)
        alike->times++;
    return alike != NULL;
}

void due_owe(const struct view *view, const struct spec_row *row, uint8_t index, struct hypothesis *into)
{
    const struct spec_answer *answer = &row->outcomes[index].answer;
    struct view now = *view;
    now.hypothesis = into;
    now.numbers = NULL;
    struct due due = {.row = row->number, .outcome = index, .times = 1};
    if (view->lossless) {
        due.since = view->now;
        due.deadline = view->now + answer_time(view->spec, answer);
    }
    if (answer->sequence == SPEC_NO_NODE || !view_number_up_to(&now, answer->sequence, due.sequence))
        due.open |= DUE_ANY_SEQUENCE;
    if (answer->acknowledgment == SPEC_NO_NODE || !view_number_up_to(&now, answer->acknowledgment, due.acknowledgment))
        due.open |= DUE_ANY_ACKNOWLEDGMENT;
    if (answer->throttled && view->lossless) {
        if (into->throttled != NANOSECONDS_NEVER && view->now - into->throttled < throttle_span)
            due.open |= DUE_EXCUSED;
        into->throttled = view->now;
    }
    for (unsigned i = 0; i < into->due_count; i++) {
        struct due *old = &into->dues[i];
        const struct spec_answer *other = &view->spec->rows[old->row].outcomes[old->outcome].answer;
        if (!is_acknowledgment(answer) || !is_acknowledgment(other))
            continue;
        due.deadline = old->deadline < due.deadline ? old->deadline : due.deadline;
        due.since = old->since;
        *old = due;
        return;
    }
    if (!view->lossless && owes_more(view->spec, into, &due))
        return;
    if (into->due_count == HYPOTHESIS_DUES) {
        into->dues[0] = into->dues[1];
        into->due_count--;
    }
    into->dues[into->due_count++] = due;
}

bool dues_unite(const struct spec *spec, struct hypothesis *into, const struct hypothesis *other)
{
    struct hypothesis united = *into;
    for (unsigned i = 0; i < other->due_count; i++) {
        const struct due *due = &other->dues[i];
        struct due *alike = find_alike(spec, &united, due);
        if (alike != NULL)
            alike->times = alike->times > due->times ? alike->times : due->times;
        else if (united.due_count == HYPOTHESIS_DUES)
            return false;
        else
            united.dues[united.due_count++] = *due;
    }
    *into = united;
    return true;
}

static bool in_ends(uint32_t value, const uint32_t ends[2], uint32_t mask)
{
    return ((value - ends[0]) & mask) <= ((ends[1] - ends[0]) & mask);
}

bool due_pays(const struct step *step, const struct due *due)
{
    const struct segment *segment = step->segment;
    const struct spec_answer *answer = &step->spec->rows[due->row].outcomes[due->outcome].answer;
    return spec_bits_fit(&answer->bits, segment->flags) &&
           ((due->open & DUE_ANY_SEQUENCE) != 0 || in_ends(segment->sequence, due->sequence, step->mask)) &&
           ((due->open & DUE_ANY_ACKNOWLEDGMENT) != 0 || (segment->flags & TCP_ACK) == 0 ||
            in_ends(segment->acknowledgment, due->acknowledgment, step->mask));
}

void due_pay_acknowledgments(const struct step *step, struct hypothesis *hypothesis)
{
    const struct segment *segment = step->segment;
    if ((segment->flags & TCP_ACK) == 0 || (segment->flags & TCP_RST) != 0)
        return;
    for (unsigned i = hypothesis->due_count; i > 0; i--) {
        const struct due *due = &hypothesis->dues[i - 1];
        const struct spec_answer *answer = &step->spec->rows[due->row].outcomes[due->outcome].answer;
        if (is_acknowledgment(answer) &&
            ((due->open & DUE_ANY_ACKNOWLEDGMENT) != 0 ||
             !sequence_before(segment->acknowledgment, due->acknowledgment[0], step->mask)))
            hypothesis_pay(hypothesis, i - 1);
    }
}

void due_pay(struct hypothesis *hypothesis, unsigned index)
{
    if (--hypothesis->dues[index].times == 0)
        hypothesis_pay(hypothesis, index);
}
