/* SPDX-License-Identifier: MIT */
/*
 * The Python program that runs a script's blocks. It reads requests from its standard input, a line "FACTS CODE LINE"
 * (two lengths in bytes and a line number) and so many bytes, and answers each on descriptor 3 with a line of four
 * fields between tabs: pass, fail or error; a line number; the exception; what the failing line looked at.
 */
#ifndef ENGINE_INTERPRETER_DRIVER_H
#define ENGINE_INTERPRETER_DRIVER_H

extern const char interpreter_driver[];

#endif
