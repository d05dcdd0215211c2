/* SPDX-License-Identifier: MIT */
/* What the targets that judge share: the specification that the project comes with. */
#ifndef FUZZ_SPECIFICATION_H
#define FUZZ_SPECIFICATION_H

#include "spec/judge.h"

/* It, read once. */
static inline const struct spec *specification(void)
{
    static struct spec spec;
    static struct arena arena;
    static bool loaded;
    struct error error;
    struct diagnostics diagnostics = {.arena = &arena};
    if (loaded)
        return &spec;
    INVARIANT(spec_load(&spec, SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", &diagnostics, &error));
    INVARIANT(diagnostics.count == 0);
    loaded = true;
    return &spec;
}

#endif
