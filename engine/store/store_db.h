/*
 * store_db.h - the connection behind a gb_workspace: open and close,
 * transactions, statements with bound values, SQLite's errors as ours.
 *
 * A workspace belongs to one thread.  Each public call lends it its base_run:
 *
 *   base_enter(ctx);
 *   base_run_begin(&run, ctx, limits);
 *   store_enter(ws, &run);          from here SQL is cancelled with the call
 *   status = ...
 *   store_leave(ws);                ends what was left open
 *   return base_run_end(&run, status);
 *
 * Below that no function takes a context: errors go to ws->run->ctx.
 *
 *   store_statement *st = NULL;
 *   status = store_prepare(ws, "SELECT id FROM branch WHERE ref = ?1", &st);
 *   if (status) return status;
 *   store_bind_text(st, 1, ref);
 *   while (store_next(ws, st, &status))
 *       id = store_column_int(st, 0);
 *   store_finalize(st);
 *
 * Writing is one transaction a step: store_begin() ... store_end(ws, status),
 * which commits when status is GB_OK and else takes all back.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <gridbeat/workspace.h>

#include "base_run.h"
#include "base_text.h"

struct sqlite3;
typedef struct sqlite3_stmt store_statement;

struct gb_workspace {
    base_mem *mem;        /* a count of its own: outlives the context */
    struct sqlite3 *db;
    void *spatialite;     /* SpatiaLite's cache of this connection */
    base_run *run;        /* of the running call; NULL between calls */
    char *path;
    char *quality_json;   /* what gb_workspace_quality() lent out */
    int32_t epsg;         /* the projected system; 0: not chosen yet */
    bool is_read_only;
    bool in_transaction;
};

/* How a file is opened: filled by store_api.c from gb_workspace_options. */
typedef struct store_open {
    const char *vfs;         /* NULL: SQLite's default */
    int32_t busy_timeout_ms;
    bool is_read_only;
    bool may_create;
} store_open;

/*
 * Open the file and prepare the connection; the schema is not looked at.
 * GB_ERR_NOT_FOUND, GB_ERR_IO, GB_ERR_BUSY, GB_ERR_SCHEMA (no database),
 * GB_ERR_NOMEM.
 */
gb_status store_db_open(base_run *run, const char *path,
                        const store_open *how, gb_workspace **out);
void store_db_close(gb_workspace *ws); /* takes NULL; takes back what is open */

/*
 * A second connection to the file of `ws`, which can only read and has no
 * SpatiaLite: for SQL that others wrote.  Has the run of `ws`, and sees what
 * is committed.  Close with store_db_close().
 */
gb_status store_db_open_reader(gb_workspace *ws, gb_workspace **out);

void store_enter(gb_workspace *ws, base_run *run);
void store_leave(gb_workspace *ws);

/* BEGIN IMMEDIATE: GB_ERR_BUSY when another writer holds the file too long,
 * GB_ERR_STATE when the workspace is read-only. */
gb_status store_begin(gb_workspace *ws);
/* Commit when `status` is GB_OK, else roll back; hands on what went wrong. */
gb_status store_end(gb_workspace *ws, gb_status status);
/* A read transaction: what is read until store_end() is of one moment. */
gb_status store_begin_read(gb_workspace *ws);

/* SQL texts are literals of the engine; values are always bound. */
gb_status store_prepare(gb_workspace *ws, const char *sql,
                        store_statement **out);
void store_finalize(store_statement *st); /* takes NULL */

/* Parameters count from 1.  Text and blobs are borrowed until the next step
 * has ended in its last row; NULL binds NULL. */
void store_bind_int(store_statement *st, int index, int64_t value);
void store_bind_real(store_statement *st, int index, double value);
void store_bind_text(store_statement *st, int index, const char *text);
void store_bind_blob(store_statement *st, int index, const void *bytes,
                     size_t n);
void store_bind_null(store_statement *st, int index);

/*
 * The next row; past the last one *has_row is false, and the statement is
 * reset (its values stay bound).  On an error it is reset too.
 */
gb_status store_step(gb_workspace *ws, store_statement *st, bool *has_row);
/* The same as the condition of a loop: no row after a failure, be it one of
 * before, in *status. */
bool store_next(gb_workspace *ws, store_statement *st, gb_status *status);
/* Run a statement that gives no rows that matter; ready for the next values */
gb_status store_run(gb_workspace *ws, store_statement *st);
/* Leave a SELECT before its last row. */
void store_reset(store_statement *st);

/* Columns count from 0.  Text and blobs live until the next step. */
int64_t store_column_int(store_statement *st, int column);
double store_column_real(store_statement *st, int column);
const char *store_column_text(store_statement *st, int column); /* or NULL */
const void *store_column_blob(store_statement *st, int column, size_t *n);
bool store_column_is_null(store_statement *st, int column);

/* Statements without values, separated by ';'; rows are thrown away. */
gb_status store_exec(gb_workspace *ws, const char *sql);
/* The first column of the first row; *out stays as it was without a row. */
gb_status store_query_int(gb_workspace *ws, const char *sql, int64_t *out);

/* The cache back to its usual size, its memory given back. */
gb_status store_release(gb_workspace *ws);

/* Rows changed by the last statement, and the last new id. */
int64_t store_changes(const gb_workspace *ws);
int64_t store_last_id(const gb_workspace *ws);

/*
 * Settings of the workspace.  The value is the caller's to free with
 * base_free(ws->mem, ...); NULL and GB_OK when it is not set.
 */
gb_status store_setting_get(gb_workspace *ws, const char *key, char **value);
gb_status store_setting_set(gb_workspace *ws, const char *key,
                            const char *value);

/* The last error of the connection as a status with SQLite's words; `what`
 * is a literal that says what was being done. */
gb_status store_fail(gb_workspace *ws, const char *what);

#endif
