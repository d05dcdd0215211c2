/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

static const struct command *const parts[] = {&command_spec_check, &command_spec_generate, NULL};

const struct command command_spec = {
    .name = "spec",
    .arguments = "check|generate [ARGUMENT...]",
    .help = "look at the handshake's specification itself",
    .parts = parts,
    .run = command_run_part,
};
