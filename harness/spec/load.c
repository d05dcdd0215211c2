/* SPDX-License-Identifier: MIT */
#include "base/text_file.h"
#include "spec/spec.h"

bool spec_load(struct spec *spec, const char *path, struct diagnostics *diagnostics, struct error *error)
{
    struct text text = text_growing();
    bool read = text_file_read(path, "specification", &text, error);
    if (read) {
        const struct source source = {path, text_string(&text), text.length};
        (void)!spec_parse(spec, &source, diagnostics);
    }
    text_free(&text);
    return read;
}

void spec_free(struct spec *spec)
{
    arena_free(&spec->arena);
    *spec = (struct spec){.node_count = 0};
}
