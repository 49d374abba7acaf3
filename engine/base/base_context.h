/*
 * base_context.h - the inside of a gb_context: the last error, the allocator
 * core, the log, the language, and the flag that cancels.
 *
 * The error is a fixed buffer: reporting that memory is short takes none.
 * Every message is a format in English that also is its key in the catalogue
 * (base_lang.h); so what base_fail() is given must be a string literal.
 */
#ifndef BASE_CONTEXT_H
#define BASE_CONTEXT_H

#include <stdarg.h>
#include <stdatomic.h>

#include "base_lang.h"
#include "base_mem.h"

struct gb_context {
    base_mem *mem;
    base_lang lang;
    gb_log_fn log;
    void *log_user;
    gb_progress_fn progress;
    void *progress_user;
    atomic_bool *cancel;      /* own_cancel, or that of a parent */
    atomic_bool own_cancel;
    gb_status status;         /* goes with error */
    char error[1024];
};

/*
 * Every fallible public call begins with this: clears the last error, so that
 * there never is a stale one.
 */
void base_enter(gb_context *ctx);

/*
 * Set the last error and hand the status back: `return base_fail(...)`.  The
 * lowest layer that knows the reason writes it; it names the thing, the value
 * and the bound: "client 17: time window ends (36000 s) before it begins".
 */
gb_status base_fail(gb_context *ctx, gb_status status, const char *format, ...)
    GB_PRINTF(3, 4);

/* Put "file.csv: " before the message that is there; never replaces it. */
void base_fail_prefix(gb_context *ctx, const char *prefix);

/* GB_ERR_NOMEM with its standard words. */
gb_status base_fail_nomem(gb_context *ctx);

void base_log(gb_context *ctx, gb_log_level level, const char *format, ...)
    GB_PRINTF(3, 4);

/* Has someone asked to cancel? */
bool base_is_cancelled(const gb_context *ctx);

/*
 * A context for a worker thread of `parent`: shares its allocator, language
 * and cancel flag, has no progress and no log, and an error of its own.
 */
void base_context_fork(gb_context *child, gb_context *parent);
void base_context_join(gb_context *child);
/* Take the child's error over. */
gb_status base_context_adopt(gb_context *parent, const gb_context *child);

#endif
