/*
 * gridbeat/call.h - the JSON door: everything that the command line can do,
 * as one call with a name and a JSON object.
 *
 *   gb_session_options options = GB_SESSION_OPTIONS_INIT;
 *   gb_session *session;
 *   const char *answer;
 *
 *   options.workspace = "bank.gb";
 *   gb_session_open(ctx, &options, &session);
 *   gb_call(session, "segment.preview", "{\"segment\": \"dormant_6m\"}",
 *           &answer);
 *
 * Method names are `noun.verb`; the method `methods` describes all of them,
 * with their parameters and the form of their results, as data.  data/CALLS.md
 * tells what an answer looks like; its version is the number GB_CALL_VERSION,
 * which grows only when a reader of older answers would be misled.
 */
#ifndef GRIDBEAT_CALL_H
#define GRIDBEAT_CALL_H

#include <gridbeat/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The value of the key "gridbeat" in every answer. */
#define GB_CALL_VERSION 1

/** Who asks, and of which workspace. */
typedef struct gb_session gb_session;

typedef struct gb_session_options {
    size_t size;
    const char *workspace; /* path; NULL = none: methods that need a workspace
                              then answer GB_ERR_STATE.  Copied */
    const char *scope;     /* whom the caller may see: "org:REF", "branch:REF",
                              "manager:REF"; NULL = everything.  Copied */
    int64_t time_limit_ms; /* of each call that names none; 0 = none */
} gb_session_options;
#define GB_SESSION_OPTIONS_INIT { sizeof(gb_session_options), 0, 0, 0 }

/**
 * Open a session.  The workspace is opened by the first call that needs it,
 * and stays open until the session is closed.
 *
 * @param ctx      Borrowed: must outlive the session's last gb_call(), which
 *                 reports errors, progress and cancel through it and speaks
 *                 its language.
 * @param options  NULL for all defaults; copied.
 * @param out      The session, or NULL when the call fails.
 * @return GB_OK; GB_ERR_ARGUMENT for a scope that cannot be read or a negative
 *         limit; GB_ERR_OPTIONS; GB_ERR_NOMEM.
 *
 * Ownership: close with gb_session_close(), before or after the context.
 * Threads: a session serves one thread at a time, the thread of its context;
 *   any number of sessions may be open, on the same workspace too.
 * Cost: microseconds; opening the workspace some milliseconds.
 * Since: 0.1.
 */
GB_API gb_status gb_session_open(gb_context *ctx,
                                 const gb_session_options *options,
                                 gb_session **out);

/** Close a session and its workspace; NULL is taken. */
GB_API void gb_session_close(gb_session *session);

/**
 * Call a method.
 *
 * Parameters are checked before anything is done: a name that the method does
 * not have is an error that names the nearest one it has.  Every value may
 * also be given as text, in the form that the command line takes
 * ("2026-03-02", "30d", "5%").
 *
 * @param method    As "segment.preview".
 * @param json_in   A JSON object of parameters in UTF-8; NULL or "" for none.
 * @param json_out  The answer, a JSON object in UTF-8, also when the call
 *                  fails: then with the error as data.  Borrowed: lives until
 *                  the session's next call or its close.  NULL only when
 *                  GB_ERR_ARGUMENT is the answer to a NULL argument.
 * @return GB_OK, or why the method could not be carried out; GB_ERR_NOT_FOUND
 *         for a method that does not exist; GB_ERR_PARSE for JSON that is
 *         none; GB_ERR_ARGUMENT for a wrong parameter; GB_ERR_SCOPE when the
 *         session may not; GB_ERR_STATE when there is no workspace.  The words
 *         are in gb_last_error() of the session's context too.  An answer may
 *         be GB_OK and still hold a `code` other than 0: 1 the asked-for
 *         condition is false, 5 a must is not met, 6 a limit was reached.
 *
 * Threads: one thread an object.
 * Repeatable: as the method says; the answer holds no times of the day.
 * Since: 0.1.
 */
GB_API gb_status gb_call(gb_session *session, const char *method,
                         const char *json_in, const char **json_out);

/**
 * The exit code of a process that ended in this status: 0 done, 2 wrong use,
 * 3 input refused, 4 not allowed in this scope, 5 no answer meets the musts,
 * 7 workspace busy, 8 integrity broken, 9 a bug, a failed dependency or no
 * memory, 130 cancelled.  (1, 5 and 6 also come with a result: `code`.)
 * Any thread.
 */
GB_API int32_t gb_exit_code(gb_status status);

#ifdef __cplusplus
}
#endif
#endif
