/* SPDX-License-Identifier: MIT */
/* Real-time priority for who performs, where the process may have it. */
#ifndef SUITE_HURRY_H
#define SUITE_HURRY_H

/*
 * The calling thread goes before what is not urgent: the machine's other work must not make it late. It nearly always
 * waits; should it ever not, the kernel ends the process before the machine is held up for long.
 */
void hurry_begin(void);

/* It is like any other again. */
void hurry_end(void);

#endif
