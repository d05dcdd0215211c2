/* SPDX-License-Identifier: MIT */
#include "stack/plugin_memory.h"

#include "base/bytes.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ADDRESS_SANITIZER 1
#endif
#endif
#ifdef WITH_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, length)   ((void)(at), (void)(length))
#define ASAN_UNPOISON_MEMORY_REGION(at, length) ((void)(at), (void)(length))
#endif

enum {
    SIZE_LEAST_BITS = 6,
    HEAD_SIZE = 32, /* before each piece given out; a sanitizer finds who writes there */
};

static const size_t heap_most = PLUGIN_HEAP_MOST;

struct plugin_free {
    struct plugin_free *next;
    size_t bits;   /* the piece, head included, has 1 << bits bytes */
    uint64_t mark; /* which of the two it is; else it is no head */
};
static const uint64_t mark_taken = 0x7a6b656e2d757021;
static const uint64_t mark_released = 0x66726565642d2121;

_Static_assert(sizeof(struct plugin_free) <= HEAD_SIZE, "the head holds what is noted of a piece");

/* Sections of writable segments that are not the plug-in's own to write. */
static bool section_is_foreign(const char *name)
{
    static const char *const foreign[] = {"__sancov", "__llvm",      "asan_",          ".got",
                                          ".dynamic", ".init_array", ".fini_array",    ".data.rel.ro",
                                          ".tdata",   ".tbss",       ".tm_clone_table"};
    for (size_t i = 0; i < COUNT_OF(foreign); i++)
        if (strncmp(name, foreign[i], strlen(foreign[i])) == 0)
            return true;
    return false;
}

static bool memory_note(struct plugin_memory *memory, struct plugin_piece piece, struct error *error)
{
    if (piece.length == 0)
        return true;
    if (memory->piece_count == PLUGIN_PIECES_MOST)
        return error_set(error, ERROR_TOO_LARGE, "a plug-in with more than %d writable sections can't be put back",
                         PLUGIN_PIECES_MOST);
    piece.before = malloc(piece.length);
    if (piece.before == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a copy of the plug-in's data");
    memory->pieces[memory->piece_count++] = piece;
    return true;
}

/* Word by word, and past a sanitizer, whose gaps between variables lie in these pieces. */
__attribute__((no_sanitize("address"))) static void copy_raw(volatile uint8_t *to, const volatile uint8_t *from,
                                                             size_t length)
{
    size_t i = 0;
    for (; ((uintptr_t)to % sizeof(uint64_t)) == 0 && ((uintptr_t)from % sizeof(uint64_t)) == 0 &&
           i + sizeof(uint64_t) <= length;
         i += sizeof(uint64_t))
        *(volatile uint64_t *)(volatile void *)(to + i) = *(const volatile uint64_t *)(const volatile void *)(from + i);
    for (; i < length; i++)
        to[i] = from[i];
}

/* The writable sections of the object at MAP, by the section table of its file, which has SIZE bytes at FILE. */
static bool memory_note_sections(struct plugin_memory *memory, const uint8_t *file, size_t size,
                                 const struct link_map *map, struct error *error)
{
    ElfW(Ehdr) head;
    if (size < sizeof(head))
        return error_set(error, ERROR_MALFORMED, "the plug-in's file is cut short");
    memcpy(&head, file, sizeof(head));
    size_t table = (size_t)head.e_shnum * sizeof(ElfW(Shdr));
    if (head.e_shentsize != sizeof(ElfW(Shdr)) || head.e_shoff > size || table > size - head.e_shoff ||
        head.e_shstrndx >= head.e_shnum)
        return error_set(error, ERROR_MALFORMED, "the plug-in has no section table to find its data by");
    ElfW(Shdr) names;
    memcpy(&names, file + head.e_shoff + head.e_shstrndx * sizeof(names), sizeof(names));
    if (names.sh_offset > size || names.sh_size > size - names.sh_offset || names.sh_size == 0 ||
        file[names.sh_offset + names.sh_size - 1] != '\0')
        return error_set(error, ERROR_MALFORMED, "the plug-in's sections have no names");
    for (size_t i = 0; i < head.e_shnum; i++) {
        ElfW(Shdr) section;
        memcpy(&section, file + head.e_shoff + i * sizeof(section), sizeof(section));
        if ((section.sh_flags & (SHF_WRITE | SHF_ALLOC)) != (SHF_WRITE | SHF_ALLOC) ||
            section.sh_name >= names.sh_size ||
            section_is_foreign((const char *)file + names.sh_offset + section.sh_name))
            continue;
        const struct plugin_piece piece = {.at = (uint8_t *)map->l_addr + section.sh_addr, .length = section.sh_size};
        if (!memory_note(memory, piece, error))
            return false;
    }
    return true;
}

static bool memory_note_object(struct plugin_memory *memory, void *object, struct error *error)
{
    struct link_map *map;
    struct stat status;
    if (dlinfo(object, RTLD_DI_LINKMAP, &map) != 0)
        return error_set(error, ERROR_MALFORMED, "the plug-in's place in memory is not known: %s", dlerror());
    int descriptor = open(map->l_name, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        (void)error_set_system(error, ERROR_NOT_FOUND, errno, "the plug-in %s can't be read", map->l_name);
        if (descriptor >= 0)
            (void)close(descriptor);
        return false;
    }
    size_t size = (size_t)status.st_size;
    void *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    (void)close(descriptor);
    if (file == MAP_FAILED)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "the plug-in %s can't be read", map->l_name);
    bool noted = memory_note_sections(memory, file, size, map, error);
    (void)munmap(file, size);
    return noted;
}

bool plugin_memory_open(struct plugin_memory *memory, void *object, struct error *error)
{
    *memory = (struct plugin_memory){.piece_count = 0};
    if (!memory_note_object(memory, object, error)) {
        plugin_memory_close(memory);
        return false;
    }
    for (size_t i = 0; i < memory->piece_count; i++)
        copy_raw(memory->pieces[i].before, memory->pieces[i].at, memory->pieces[i].length);
    void *heap = mmap(NULL, heap_most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (heap == MAP_FAILED) {
        plugin_memory_close(memory);
        return error_set_system(error, ERROR_OUT_OF_MEMORY, errno, "no room for a plug-in's memory");
    }
    memory->heap = heap;
    ASAN_POISON_MEMORY_REGION(memory->heap, heap_most);
    return true;
}

void plugin_memory_restore(const struct plugin_memory *memory)
{
    for (size_t i = 0; i < memory->piece_count; i++)
        copy_raw(memory->pieces[i].at, memory->pieces[i].before, memory->pieces[i].length);
}

static size_t size_bits(size_t size)
{
    size_t bits = SIZE_LEAST_BITS;
    while (((size_t)1 << bits) < size)
        bits++;
    return bits;
}

void *plugin_memory_take(struct plugin_memory *memory, size_t size)
{
    if (size > heap_most / 2)
        return NULL;
    size_t bits = size_bits(size + HEAD_SIZE);
    size_t whole = (size_t)1 << bits;
    struct plugin_free *head = memory->released[bits];
    if (head != NULL) {
        ASAN_UNPOISON_MEMORY_REGION(head, HEAD_SIZE);
        memory->released[bits] = head->next;
    } else {
        if (whole > heap_most - memory->used)
            return NULL;
        head = (struct plugin_free *)(void *)(memory->heap + memory->used);
        memory->used += whole;
    }
    uint8_t *taken = (uint8_t *)head + HEAD_SIZE;
    ASAN_UNPOISON_MEMORY_REGION(head, HEAD_SIZE + size);
    *head = (struct plugin_free){NULL, bits, mark_taken};
    ASAN_POISON_MEMORY_REGION(head, HEAD_SIZE);
    memset(taken, 0, size);
    return taken;
}

bool plugin_memory_release(struct plugin_memory *memory, void *taken)
{
    if (taken == NULL)
        return true;
    uintptr_t offset = (uintptr_t)taken - (uintptr_t)memory->heap;
    if (offset < HEAD_SIZE || offset >= memory->used || offset % HEAD_SIZE != 0)
        return false;
    struct plugin_free *head = (struct plugin_free *)(void *)((uint8_t *)taken - HEAD_SIZE);
    ASAN_UNPOISON_MEMORY_REGION(head, HEAD_SIZE);
    size_t bits = head->bits;
    bool sound = head->mark == mark_taken && bits >= SIZE_LEAST_BITS && bits < PLUGIN_SIZES;
    if (sound) {
        *head = (struct plugin_free){memory->released[bits], bits, mark_released};
        memory->released[bits] = head;
        ASAN_POISON_MEMORY_REGION(taken, ((size_t)1 << bits) - HEAD_SIZE);
    }
    ASAN_POISON_MEMORY_REGION(head, HEAD_SIZE);
    return sound;
}

void plugin_memory_clear(struct plugin_memory *memory)
{
    ASAN_POISON_MEMORY_REGION(memory->heap, memory->used);
    memory->used = 0;
    memset(memory->released, 0, sizeof(memory->released));
}

void plugin_memory_close(struct plugin_memory *memory)
{
    for (size_t i = 0; i < memory->piece_count; i++)
        free(memory->pieces[i].before);
    if (memory->heap != NULL) {
        ASAN_UNPOISON_MEMORY_REGION(memory->heap, heap_most);
        (void)munmap(memory->heap, heap_most);
    }
    *memory = (struct plugin_memory){.piece_count = 0};
}
