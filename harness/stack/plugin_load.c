/* SPDX-License-Identifier: MIT */
#include "stack/plugin_load.h"

#include "stack/plugin_guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Without these nothing can be tested; without `destroy` only what is put back as it was. */
static const struct {
    const char *name;
    size_t offset;
} needed[] = {
#define NEEDED(name)                                         \
    {                                                        \
#name, offsetof(struct shakedown_stack_plugin, name) \
    }
    NEEDED(create), NEEDED(destroy), NEEDED(packet), NEEDED(advance), NEEDED(socket), NEEDED(close),
};

/* Everything up to here is there in every version of this ABI number. */
static const size_t size_least = offsetof(struct shakedown_stack_plugin, fault);

static bool plugin_check(const char *path, const struct shakedown_stack_plugin *offers, struct error *error)
{
    if (offers->abi != SHAKEDOWN_STACK_ABI)
        return error_set(error, ERROR_MALFORMED,
                         "%s is made for version %u of the plug-in ABI, and this shakedown takes version %d", path,
                         offers->abi, SHAKEDOWN_STACK_ABI);
    if (offers->size < size_least)
        return error_set(error, ERROR_MALFORMED,
                         "%s says that its `" SHAKEDOWN_STACK_SYMBOL "` has %u bytes; it needs at least %zu", path,
                         offers->size, size_least);
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        void (*function)(void);
        memcpy(&function, (const char *)offers + needed[i].offset, sizeof(function));
        bool spared = offers->restart == SHAKEDOWN_RESTART_COPY &&
                      needed[i].offset == offsetof(struct shakedown_stack_plugin, destroy);
        if (function == NULL && !spared)
            return error_set(error, ERROR_MALFORMED, "%s has no function `%s`", path, needed[i].name);
    }
    if (offers->restart > SHAKEDOWN_RESTART_FORK)
        return error_set(error, ERROR_MALFORMED, "%s names a way to start afresh, %u, that there is not", path,
                         offers->restart);
    return true;
}

static bool plugin_open(struct plugin *plugin, const char *path, struct error *error)
{
    /* A name without a slash would be looked for among the system's libraries. */
    char place[PATH_MAX];
    if (realpath(path, place) == NULL)
        return error_set_system(error, ERROR_NOT_FOUND, errno, "the plug-in %s can't be read", path);
    plugin->object = dlopen(place, RTLD_NOW | RTLD_LOCAL);
    if (plugin->object == NULL)
        return error_set(error, ERROR_MALFORMED, "the plug-in can't be loaded: %s", dlerror());
    const struct shakedown_stack_plugin *found = dlsym(plugin->object, SHAKEDOWN_STACK_SYMBOL);
    if (found == NULL)
        return error_set(error, ERROR_MALFORMED, "%s is no plug-in: it has no symbol `" SHAKEDOWN_STACK_SYMBOL "`",
                         path);
    if (!plugin_check(path, found, error))
        return false;
    size_t known = found->size < sizeof(plugin->offers) ? found->size : sizeof(plugin->offers);
    memcpy(&plugin->offers, found, known);
    return true;
}

bool plugin_load(const char *path, struct plugin **plugin, struct error *error)
{
    struct plugin *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a plug-in");
    /* Its constructors run here, and what is read of it may not be there. */
    plugin_enter(PLUGIN_LOADING);
    bool opened = plugin_open(made, path, error) && plugin_memory_open(&made->memory, made->object, error);
    plugin_leave();
    if (!opened) {
        plugin_unload(made);
        return false;
    }
    *plugin = made;
    return true;
}

const struct shakedown_stack_plugin *plugin_offers(const struct plugin *plugin)
{
    return &plugin->offers;
}

void plugin_unload(struct plugin *plugin)
{
    if (plugin == NULL)
        return;
    plugin_memory_close(&plugin->memory);
    if (plugin->object != NULL)
        (void)dlclose(plugin->object);
    free(plugin);
}
