/* SPDX-License-Identifier: MIT */
/* The tables that Linux's constants are kept in, one for each subject. */
#ifndef STACK_LINUX_SYMBOL_ROWS_H
#define STACK_LINUX_SYMBOL_ROWS_H

#include "base/compiler.h"

#include <stdint.h>

struct linux_symbol_row {
    const char *name;
    int64_t value;
};

/* A constant that the headers have. */
#define HERE(name)             \
    {                          \
#name, (int64_t)(name) \
    }
/* One that only newer headers have, or none that can stand beside those needed here: the numbers are the kernel's
 * interface and never change. */
#define NUMBER(name, value) \
    {                       \
#name, value        \
    }

/* In the order of strcmp(). */
struct linux_symbol_rows {
    const struct linux_symbol_row *rows;
    size_t count;
};

extern const struct linux_symbol_rows linux_symbols_socket;
extern const struct linux_symbol_rows linux_symbols_internet;
extern const struct linux_symbol_rows linux_symbols_tcp;
extern const struct linux_symbol_rows linux_symbols_file;

#endif
