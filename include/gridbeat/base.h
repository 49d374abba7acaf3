/*
 * gridbeat/base.h - what every other header builds on: status codes, the
 * context, the allocator, progress, cancel, limits and the version.
 *
 * A call has a status, a search has an outcome: running into a limit with an
 * answer in hand is GB_OK, and the result says which limit it was.
 */
#ifndef GRIDBEAT_BASE_H
#define GRIDBEAT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(GB_BUILD)
#define GB_API __attribute__((visibility("default")))
#else
#define GB_API
#endif

#if defined(__GNUC__)
#define GB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define GB_PRINTF(fmt, args)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How a call ended.  Codes stand in blocks of a hundred and are never reused
 * or renumbered.
 */
typedef enum gb_status {
    GB_OK = 0,

    GB_ERR_ARGUMENT = 100, /* the call is wrong: an argument out of range */
    GB_ERR_OPTIONS = 101,  /* an options struct of no known size */
    GB_ERR_STATE = 102,    /* not now: another call must come first */
    GB_ERR_BUFFER = 103,   /* does not fit; the needed size was set */
    GB_ERR_SCOPE = 104,    /* not allowed in the scope of this session */

    GB_ERR_DATA = 200,      /* the data is wrong in itself */
    GB_ERR_PARSE = 201,     /* text or bytes not of the format */
    GB_ERR_GEOMETRY = 202,  /* a shape is broken */
    GB_ERR_CRS = 203,       /* no such coordinate system, or outside of it */
    GB_ERR_NOT_FOUND = 204, /* no such thing */
    GB_ERR_SCHEMA = 205,    /* a file newer than this library, or no workspace */
    GB_ERR_INTEGRITY = 206, /* stored data contradicts itself */

    GB_ERR_NOMEM = 300,
    GB_ERR_IO = 301,
    GB_ERR_BUSY = 302, /* the workspace is being written by another */

    GB_ERR_INFEASIBLE = 400,
    GB_ERR_CANCELLED = 401,

    GB_ERR_LIBRARY = 500, /* a dependency failed; its words are in the message */

    GB_ERR_INTERNAL = 900 /* our bug */
} gb_status;

/** How a search ended; it is data, not a status. */
typedef enum gb_outcome {
    GB_OUTCOME_NONE = 0,
    GB_OUTCOME_OPTIMAL = 1,
    GB_OUTCOME_CONVERGED = 2,
    GB_OUTCOME_ITERATION_LIMIT = 3,
    GB_OUTCOME_TIME_LIMIT = 4
} gb_outcome;

/** One line in English that says what the code means.  Any thread. */
GB_API const char *gb_status_text(gb_status status);

/** The code's name, as `GB_ERR_NOMEM`.  Any thread. */
GB_API const char *gb_status_name(gb_status status);

/** The version of the library in use, as `0.1.0`.  Any thread. */
GB_API const char *gb_version(void);

/**
 * Where memory comes from.  `reallocate` follows realloc(): a NULL block asks
 * for a new one, NULL answers that there is none.  Both must be safe to call
 * from several threads.
 */
typedef struct gb_allocator {
    void *state;
    void *(*reallocate)(void *state, void *block, size_t size);
    void (*release)(void *state, void *block);
} gb_allocator;

typedef enum gb_log_level {
    GB_LOG_DEBUG = 0,
    GB_LOG_INFO = 1,
    GB_LOG_WARNING = 2,
    GB_LOG_ERROR = 3
} gb_log_level;

/** One line of log, without a newline; `level` is a gb_log_level. */
typedef void (*gb_log_fn)(void *user, int32_t level, const char *line);

/** How far a long call has come. */
typedef struct gb_progress {
    size_t size;       /* sizeof of the library's struct */
    const char *phase; /* what is being done, in the context's language */
    double fraction;   /* 0 to 1 within the whole call; below 0: unknown */
    uint64_t count;    /* things done in this phase */
    uint64_t total;    /* of so many; 0: unknown */
    double elapsed_s;
    /* Of a search: the objective of its best answer so far, and what no answer
       is better than; as the search that is asked counts them (gb_route_solve:
       the value in thousandths of a point). */
    bool has_best, has_bound;
    double best, bound;
} gb_progress;

/**
 * Called on the caller's thread, some ten times a second at most; first with
 * fraction 0 and last, on success, with 1.  A non-zero return cancels.  Must
 * not call into the same context.
 */
typedef int (*gb_progress_fn)(void *user, const gb_progress *progress);

/** A caller's thread of work: last error, allocator, log, progress, cancel. */
typedef struct gb_context gb_context;

typedef struct gb_context_options {
    size_t size;
    const gb_allocator *allocator; /* NULL = malloc and free; copied */
    gb_log_fn log;                 /* NULL = silent */
    void *log_user;
    gb_progress_fn progress;       /* NULL = none */
    void *progress_user;
    const char *lang;              /* "en" (NULL) or "zh"; of all messages */
} gb_context_options;
#define GB_CONTEXT_OPTIONS_INIT { sizeof(gb_context_options), 0, 0, 0, 0, 0, 0 }

/**
 * Make a context.
 *
 * @param options  NULL for all defaults; copied.
 * @param out      The context, or NULL when the call fails.
 * @return GB_OK; GB_ERR_OPTIONS for a size of no known version;
 *         GB_ERR_ARGUMENT for an unknown language or half an allocator;
 *         GB_ERR_NOMEM.  There is no context to ask for the reason.
 *
 * Ownership: free with gb_context_free(), before or after the objects that
 *   were made with it.
 * Threads: any thread; a context itself serves one thread at a time.
 * Since: 0.1.
 */
GB_API gb_status gb_context_new(const gb_context_options *options,
                                gb_context **out);

/** Free a context; NULL is taken.  Objects made with it live on. */
GB_API void gb_context_free(gb_context *ctx);

/**
 * What went wrong in the last call on this context: one line, without a full
 * stop; "" when it succeeded.  Owned by the context, until its next call.
 */
GB_API const char *gb_last_error(const gb_context *ctx);

/** The status that goes with gb_last_error(). */
GB_API gb_status gb_last_status(const gb_context *ctx);

/**
 * Ask the running call of this context to stop as soon as it can; it then
 * answers GB_ERR_CANCELLED.  A context that runs nothing remembers the wish
 * until gb_context_resume().  Any time, any thread, signal handlers included.
 */
GB_API void gb_context_cancel(gb_context *ctx);

/** Take a wish to cancel back. */
GB_API void gb_context_resume(gb_context *ctx);

/** Change the progress callback; NULL for none.  One thread a context. */
GB_API void gb_context_set_progress(gb_context *ctx, gb_progress_fn progress,
                                    void *user);

/** The language of the messages: "en" or "zh". */
GB_API const char *gb_context_lang(const gb_context *ctx);

/** Change the language of the messages. GB_ERR_ARGUMENT when unknown. */
GB_API gb_status gb_context_set_lang(gb_context *ctx, const char *lang);

#ifdef __cplusplus
}
#endif
#endif
