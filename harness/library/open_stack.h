/* SPDX-License-Identifier: MIT */
/* An open stack as the program that opened it has it: a process and a channel to it. Private to the library. */
#ifndef LIBRARY_OPEN_STACK_H
#define LIBRARY_OPEN_STACK_H

#include "library/message.h"
#include "shakedown/shakedown.h"

#include <stdarg.h>
#include <sys/types.h>

struct shakedown_stack {
    bool open;     /* the process lives, as far as is known */
    pid_t process; /* 0 before it was started and after it was collected */
    int channel;   /* -1 without */
    int trace;     /* a file that the process writes to; -1 without */
    nanoseconds origin;
    nanoseconds patience;
    enum shakedown_verdict verdict;
    struct text headline;
    struct text detail;
    struct message_buffer buffer;
    struct answer answer; /* the last; its bytes are in the buffer */
    bool has_segment;
    struct shakedown_segment segment; /* likewise */
    struct text segment_text;
};

/* Seconds as a span that is not negative and can be added to. */
nanoseconds span_of_seconds(double seconds);

/* Performs ORDER unless the verdict is not PASS, and returns the verdict; the answer is in STACK, which may be NULL. */
enum shakedown_verdict stack_step(struct shakedown_stack *stack, const struct order *order);

/* As stack_step() with the text that FORMAT and ARGUMENTS make. */
enum shakedown_verdict stack_step_format(struct shakedown_stack *stack, struct order order, const char *format,
                                         va_list arguments) PRINTF_LIKE(3, 0);

/* Ends STACK with ERROR and a headline. Returns ERROR. */
enum shakedown_verdict stack_fail(struct shakedown_stack *stack, const char *headline);

/* Decodes the packet of the answer into the segment. */
void stack_decode_segment(struct shakedown_stack *stack);

#endif
