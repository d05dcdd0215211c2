/* SPDX-License-Identifier: MIT */
#include "stack/linux_symbols.h"

#include <errno.h>
#include <string.h>

struct error_row {
    const char *name;
    int number;
};

#define ROW(name)   \
    {               \
#name, name \
    }

static const struct error_row errors[] = {
    ROW(E2BIG),
    ROW(EACCES),
    ROW(EADDRINUSE),
    ROW(EADDRNOTAVAIL),
    ROW(EADV),
    ROW(EAFNOSUPPORT),
    ROW(EAGAIN),
    ROW(EALREADY),
    ROW(EBADE),
    ROW(EBADF),
    ROW(EBADFD),
    ROW(EBADMSG),
    ROW(EBADR),
    ROW(EBADRQC),
    ROW(EBADSLT),
    ROW(EBFONT),
    ROW(EBUSY),
    ROW(ECANCELED),
    ROW(ECHILD),
    ROW(ECHRNG),
    ROW(ECOMM),
    ROW(ECONNABORTED),
    ROW(ECONNREFUSED),
    ROW(ECONNRESET),
    ROW(EDEADLK),
    ROW(EDESTADDRREQ),
    ROW(EDOM),
    ROW(EDOTDOT),
    ROW(EDQUOT),
    ROW(EEXIST),
    ROW(EFAULT),
    ROW(EFBIG),
    ROW(EHOSTDOWN),
    ROW(EHOSTUNREACH),
    ROW(EHWPOISON),
    ROW(EIDRM),
    ROW(EILSEQ),
    ROW(EINPROGRESS),
    ROW(EINTR),
    ROW(EINVAL),
    ROW(EIO),
    ROW(EISCONN),
    ROW(EISDIR),
    ROW(EISNAM),
    ROW(EKEYEXPIRED),
    ROW(EKEYREJECTED),
    ROW(EKEYREVOKED),
    ROW(EL2HLT),
    ROW(EL2NSYNC),
    ROW(EL3HLT),
    ROW(EL3RST),
    ROW(ELIBACC),
    ROW(ELIBBAD),
    ROW(ELIBEXEC),
    ROW(ELIBMAX),
    ROW(ELIBSCN),
    ROW(ELNRNG),
    ROW(ELOOP),
    ROW(EMEDIUMTYPE),
    ROW(EMFILE),
    ROW(EMLINK),
    ROW(EMSGSIZE),
    ROW(EMULTIHOP),
    ROW(ENAMETOOLONG),
    ROW(ENAVAIL),
    ROW(ENETDOWN),
    ROW(ENETRESET),
    ROW(ENETUNREACH),
    ROW(ENFILE),
    ROW(ENOANO),
    ROW(ENOBUFS),
    ROW(ENOCSI),
    ROW(ENODATA),
    ROW(ENODEV),
    ROW(ENOENT),
    ROW(ENOEXEC),
    ROW(ENOKEY),
    ROW(ENOLCK),
    ROW(ENOLINK),
    ROW(ENOMEDIUM),
    ROW(ENOMEM),
    ROW(ENOMSG),
    ROW(ENONET),
    ROW(ENOPKG),
    ROW(ENOPROTOOPT),
    ROW(ENOSPC),
    ROW(ENOSR),
    ROW(ENOSTR),
    ROW(ENOSYS),
    ROW(ENOTBLK),
    ROW(ENOTCONN),
    ROW(ENOTDIR),
    ROW(ENOTEMPTY),
    ROW(ENOTNAM),
    ROW(ENOTRECOVERABLE),
    ROW(ENOTSOCK),
    ROW(ENOTTY),
    ROW(ENOTUNIQ),
    ROW(ENXIO),
    ROW(EOPNOTSUPP),
    ROW(EOVERFLOW),
    ROW(EOWNERDEAD),
    ROW(EPERM),
    ROW(EPFNOSUPPORT),
    ROW(EPIPE),
    ROW(EPROTO),
    ROW(EPROTONOSUPPORT),
    ROW(EPROTOTYPE),
    ROW(ERANGE),
    ROW(EREMCHG),
    ROW(EREMOTE),
    ROW(EREMOTEIO),
    ROW(ERESTART),
    ROW(ERFKILL),
    ROW(EROFS),
    ROW(ESHUTDOWN),
    ROW(ESOCKTNOSUPPORT),
    ROW(ESPIPE),
    ROW(ESRCH),
    ROW(ESRMNT),
    ROW(ESTALE),
    ROW(ESTRPIPE),
    ROW(ETIME),
    ROW(ETIMEDOUT),
    ROW(ETOOMANYREFS),
    ROW(ETXTBSY),
    ROW(EUCLEAN),
    ROW(EUNATCH),
    ROW(EUSERS),
    ROW(EXDEV),
    ROW(EXFULL),
};

/* Second names of numbers that are above: they are understood, and never printed. */
static const struct error_row aliases[] = {
    ROW(EDEADLOCK),
    ROW(ENOTSUP),
    ROW(EWOULDBLOCK),
};

const char *linux_error_name(int error_number)
{
    for (size_t index = 0; index < COUNT_OF(errors); index++)
        if (errors[index].number == error_number)
            return errors[index].name;
    return "E?";
}

const char *linux_error_name_at(size_t index)
{
    if (index < COUNT_OF(errors))
        return errors[index].name;
    index -= COUNT_OF(errors);
    return index < COUNT_OF(aliases) ? aliases[index].name : NULL;
}

static bool row_find(const struct error_row *rows, size_t count, const char *name, int *error_number)
{
    for (size_t index = 0; index < count; index++)
        if (strcmp(rows[index].name, name) == 0) {
            *error_number = rows[index].number;
            return true;
        }
    return false;
}

bool linux_error_number(const char *name, int *error_number)
{
    return row_find(errors, COUNT_OF(errors), name, error_number) ||
           row_find(aliases, COUNT_OF(aliases), name, error_number);
}
