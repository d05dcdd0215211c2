/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

static const struct command *const parts[] = {&command_spec_check,    &command_spec_show,     &command_spec_graph,
                                              &command_spec_generate, &command_spec_coverage, NULL};

const struct command command_spec = {
    .name = "spec",
    .arguments = "check|show|graph|generate|coverage [ARGUMENT...]",
    .help = "look at the handshake's specification itself",
    .parts = parts,
    .run = command_run_part,
};
