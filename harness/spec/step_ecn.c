/* SPDX-License-Identifier: MIT */
/* The negotiation of ECN, run beside the states. */
#include "spec/step.h"

/* The first ACK that an active opener sends tells how the SYN-ACK arrived. */
static bool acknowledgment_fits(const struct spec_ecn *ecn, const struct hypothesis *hypothesis, uint8_t value)
{
    const uint8_t offered = SPEC_ECN_VALUES - 1;
    bool accurate = hypothesis->sent_ecn == offered && (ecn->codes >> hypothesis->received_ecn & 1) != 0;
    if (!ecn->coded_on_ack || !accurate || (hypothesis->facts >> SPEC_FACT_PASSIVE & 1) != 0)
        return true;
    return value == ecn->code[hypothesis->arrived_ecn];
}

bool step_ecn(const struct step *step, const struct hypothesis *hypothesis)
{
    const struct spec_ecn *ecn = &step->spec->ecn;
    const uint16_t flags = step->segment->flags;
    uint8_t value = segment_ecn_value(flags);
    if (!ecn->given || (flags & TCP_RST) != 0)
        return true;
    if ((flags & TCP_SYN) == 0)
        return !hypothesis->first_ack || acknowledgment_fits(ecn, hypothesis, value);
    if ((flags & TCP_ACK) == 0)
        return (ecn->on_syn >> value & 1) != 0;
    if (!hypothesis_knows(hypothesis, SPEC_IRS))
        return true;
    uint8_t received = hypothesis->received_ecn;
    return (ecn->on_syn_ack[received] >> value & 1) != 0 ||
           ((ecn->coded_on_syn_ack >> received & 1) != 0 && value == ecn->code[hypothesis->arrived_ecn]);
}
