/* SPDX-License-Identifier: MIT */
#include "spec/unseen.h"

/* So many answers in a row are not lost to a capture that has others. */
enum { OVERDUE_MOST = 3 };

/* A number that is so little off is a miscount, not that of another SYN: those are chosen anew. */
enum { MISCOUNT_MOST = 8 };

const char unseen_answer[] = "an answer that was due is not in the capture, which may lack it";

bool unseen_counts_silence(struct connection *connection, bool heard)
{
    if (connection->overdue < OVERDUE_MOST)
        connection->overdue++;
    return heard && !connection->holed && connection->overdue == OVERDUE_MOST;
}

/* True if some row has such control bits sent, in whatever state. */
static bool is_ever_sent(const struct spec *spec, uint16_t flags)
{
    for (uint16_t i = 0; i < spec->row_count; i++) {
        const struct spec_row *row = &spec->rows[i];
        if (row->kind == SPEC_ROW_SENDS && spec_bits_fit(&row->bits, flags))
            return true;
        for (uint16_t j = 0; row->kind == SPEC_ROW_ARRIVES && j < row->outcome_count; j++) {
            if (row->outcomes[j].answers && spec_bits_fit(&row->outcomes[j].answer.bits, flags))
                return true;
        }
    }
    return false;
}

/* True if nothing but its options, or ECN's bits, is wrong with the segment, and what was agreed on was seen. */
static bool is_wrong_in_options(const struct step *step, const struct connection *connection,
                                const struct hypotheses *before, struct hypotheses *after)
{
    struct step lenient = *step;
    const uint16_t flags = step->segment->flags;
    const uint8_t seen = (flags & TCP_SYN) != 0 ? 2 : 3;
    lenient.any_options = true;
    step_sends(&lenient, before, after);
    return after->count > 0 && ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN ||
                                ((connection->ends_known & seen) == seen && !connection->holed));
}

/* True of a SYN-ACK that takes the SYN that was seen for one with another number, by a little. */
static bool miscounts(const struct segment *segment, const struct connection *connection)
{
    const uint16_t bits = TCP_SYN | TCP_ACK;
    uint32_t off = segment->acknowledgment - (connection->initial[1] + 1);
    return (segment->flags & (bits | TCP_RST)) == bits && (connection->ends_known & 2) != 0 && !connection->holed &&
           off != 0 && off + MISCOUNT_MOST <= 2 * MISCOUNT_MOST;
}

/* True if the stack contradicts what it said itself: it has text behind its FIN, or acknowledges less than it did. */
static bool contradicts_itself(const struct segment *segment, const struct connection *connection)
{
    const uint8_t both = 3;
    const uint32_t end = segment->sequence + segment->length;
    bool goes_on = (segment->flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK;
    bool new = sequence_before(connection->ends[0], end, UINT32_MAX);
    bool behind_fin = (connection->finished & 1) != 0;
    bool acknowledges_less = sequence_before(segment->acknowledgment, connection->acknowledged, UINT32_MAX);
    return goes_on && connection->ends_known == both && !connection->holed && new && (behind_fin || acknowledges_less);
}

const char *unseen_may_explain(const struct step *step, const struct connection *connection,
                               const struct hypotheses *before, struct hypotheses *after)
{
    const struct segment *segment = step->segment;
    const uint16_t flags = segment->flags;
    if (!is_ever_sent(step->spec, flags) || is_wrong_in_options(step, connection, before, after) ||
        miscounts(segment, connection) || contradicts_itself(segment, connection))
        return NULL;
    if (connection->about.to_stack == 0)
        return "the capture shows it in one direction alone";
    if ((flags & TCP_RST) != 0)
        return "a reset may answer a segment that the capture lacks";
    if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
        return "a SYN-ACK may answer a SYN that the capture lacks";
    return "a segment that the capture lacks may explain what looks like a violation";
}
