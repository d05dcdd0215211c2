/* SPDX-License-Identifier: MIT */
/* A shared object that is no plug-in. */
__attribute__((visibility("default"))) const int not_a_stack = 1;
