/* SPDX-License-Identifier: MIT */
/* What the planted faults do. Each is the smallest wrong thing; faults.c says when it is done, and what it breaks. */
#ifndef SAMPLE_FAULT_STRIKES_H
#define SAMPLE_FAULT_STRIKES_H

#include "faults.h"

typedef bool strike_function(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment);
typedef void moment_function(struct shakedown_stack *stack, struct tcb *tcb);
typedef bool read_function(struct segment *segment, const uint8_t *packet, size_t length, bool sound);

/* On a segment that arrives: what becomes of it, or of the connection; or what the stack believes it says. */
strike_function answer_reset, answer_reset_and_end, believe_acknowledges, believe_acknowledges_any, believe_default_mss,
    believe_in_place, believe_in_window, believe_new_timestamp, believe_no_ack, believe_no_fin, believe_no_options,
    believe_no_rst, believe_no_scale, believe_no_text, believe_open_window, believe_options_before, believe_scaled_syn,
    believe_syn, believe_syn_ack, believe_timestamp, believe_wide_mss, drop_bad_ack, drop_if_half_open_waits,
    drop_old_timestamp, drop_unless_acceptable, drop_upper_half, drop_zero_isn, end_and_go_on, end_at_bad_ack,
    end_refused, end_reset, end_silently, pass_over, reset_if_backlog_full, reset_unless_acceptable, take_mss,
    take_scale, take_timestamp;

/* On a segment that leaves. */
strike_function acknowledge_no_fin, acknowledge_one_less, acknowledge_one_more, acknowledge_wrapped, crossed_one_more,
    echo_own, echo_zero, fin_for_reset, frozen_clock, mss_of_mtu, mss_of_peer, no_mss, no_options_again, no_timestamps,
    not_sent, not_sent_again, sack_unasked, scale_unasked, sent_as_reset, sent_without_ack, sent_without_push,
    sequence_moves, sequence_zero, timestamps_unasked;

/* On the way in, before TCP. */
read_function read_any_checksum, read_no_reserved_bits, read_no_ecn_setup, read_no_urgent, read_no_unknown_options,
    read_and_crash_at_bad_options;

/* At moments of a connection's life. */
moment_function called_active, first_rto_again, given_up_early, half_open_for_ever, isn_constant, isn_of_clock_alone,
    isn_small_steps, linear_backoff, never_given_up, no_backoff, no_wait, rto_long, rto_short, short_wait,
    wait_for_ever;

/* A strike that only sets something of the segment, and goes on. */
#define STRIKE_THAT_SETS(name, ...)                                                    \
    bool name(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment) \
    {                                                                                  \
        (void)stack;                                                                   \
        (void)tcb;                                                                     \
        __VA_ARGS__;                                                                   \
        return true;                                                                   \
    }

#endif
