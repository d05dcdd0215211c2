/* SPDX-License-Identifier: MIT */
/* The names of Linux's network settings (sysctl(8)), those that the running kernel lacks among them. */
#ifndef STACK_LINUX_SETTINGS_H
#define STACK_LINUX_SETTINGS_H

enum linux_setting {
    LINUX_SETTING_KNOWN,     /* some version of Linux has it */
    LINUX_SETTING_UNKNOWN,   /* none has */
    LINUX_SETTING_ELSEWHERE, /* in a part of the tree whose names are not known here */
};

/* Looks up NAME, "net.ipv4.conf.all.rp_filter". Of one that is unknown NEAREST is the nearest last component that is
 * known in the same folder, or NULL if none is near. */
enum linux_setting linux_setting_find(const char *name, const char **nearest);

#endif
