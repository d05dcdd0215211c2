/* SPDX-License-Identifier: MIT */
/* Scripts from files, and what keeps a file from being one. */
#include "base/text_file.h"
#include "script/parse_program.h"

bool program_load(const char *path, const struct program_settings *settings, struct diagnostics *diagnostics,
                  struct program *program, struct error *error)
{
    struct text text = text_growing();
    struct program read = {0};
    bool done = text_file_read(path, "script", &text, error);
    if (!done)
        goto out;
    const struct source source = {path, text_string(&text), text.length};
    done = program_take_source(&read, &source);
    if (!done) {
        program_free(&read);
        (void)error_set(error, ERROR_OUT_OF_MEMORY, "memory ran out while reading `%s`", path);
        goto out;
    }
    const size_t errors = diagnostics->count;
    const bool sound = program_parse_source(&read, settings, diagnostics);
    INVARIANT(sound == (diagnostics->count == errors));
    *program = read;
out:
    text_free(&text);
    return done;
}
