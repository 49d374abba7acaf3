#include "store_db.h"

#include "base_check.h"

#include <sqlite3.h>
#include <spatialite/gaiageo.h>
#include <spatialite.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Between two polls: virtual machine steps, some 10 microseconds; every 256th
 * poll looks at the clock and the cancel flag. */
enum { STEPS_BETWEEN_POLLS = 1000 };

/*
 * libspatialite fills tables of its own on the first connection, without a
 * lock: so the first one is made once, whatever thread comes first.
 */
static pthread_once_t spatialite_once = PTHREAD_ONCE_INIT;

static void start_spatialite(void)
{
    spatialite_initialize();
}

static gb_status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return GB_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return GB_ERR_BUSY;
    case SQLITE_NOMEM:
        return GB_ERR_NOMEM;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
        return code == SQLITE_IOERR_NOMEM ? GB_ERR_NOMEM : GB_ERR_IO;
    case SQLITE_READONLY:
        return GB_ERR_STATE;
    case SQLITE_INTERRUPT:
        return GB_ERR_CANCELLED;
    case SQLITE_NOTADB:
        return GB_ERR_SCHEMA;
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:
        return GB_ERR_INTEGRITY;
    default:
        return GB_ERR_LIBRARY;
    }
}

static gb_status fail_sqlite(gb_workspace *ws, int code, const char *what)
{
    gb_context *ctx = ws->run->ctx;
    const gb_status status = status_of(code);

    if (status == GB_ERR_NOMEM)
        return base_fail_nomem(ctx);
    if (status == GB_ERR_CANCELLED)
        return base_fail(ctx, status, "cancelled");
    if (status == GB_ERR_BUSY)
        return base_fail(ctx, status,
                         "the workspace is being written by another (%s): %s",
                         what, sqlite3_errmsg(ws->db));
    if (code == SQLITE_NOTADB)
        return base_fail(ctx, status, "%s: not a workspace of gridbeat",
                         ws->path);
    return base_fail(ctx, status, "%s: %s (SQLite %d)", what,
                     sqlite3_errmsg(ws->db), code);
}

gb_status store_fail(gb_workspace *ws, const char *what)
{
    return fail_sqlite(ws, sqlite3_extended_errcode(ws->db), what);
}

/* ------------------------------------------------------- open and close -- */

static int poll_run(void *user)
{
    gb_workspace *ws = user;

    return ws->run && base_poll(ws->run) != GB_OK;
}

/* "file:" URI with all but the plainest bytes escaped. */
static char *uri_of(base_mem *mem, const char *path, const char *query)
{
    static const char hex[] = "0123456789ABCDEF";
    base_text uri;

    base_text_init(&uri, mem);
    base_text_add(&uri, "file:");
    for (const char *c = path; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        const char escaped[3] = { '%', hex[byte >> 4], hex[byte & 15] };

        if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')
            || (byte >= 'A' && byte <= 'Z') || strchr("/._-", byte))
            base_text_append(&uri, c, 1);
        else
            base_text_append(&uri, escaped, 3);
    }
    base_text_add(&uri, query);
    return base_text_take(&uri);
}

/* A WAL file needs its -shm beside it, unless nobody can be writing. */
static bool must_be_immutable(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[4096];

    if (!slash)
        return access(".", W_OK) != 0;
    if ((size_t)(slash - path) + 2 > sizeof folder)
        return false;
    memcpy(folder, path, (size_t)(slash - path) + 1);
    folder[slash - path + 1] = '\0';
    return access(folder, W_OK) != 0;
}

static gb_status open_file(gb_workspace *ws, const store_open *how)
{
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
        | (how->is_read_only ? SQLITE_OPEN_READONLY
           : how->may_create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                             : SQLITE_OPEN_READWRITE);
    const bool is_immutable
        = how->is_read_only && must_be_immutable(ws->path);
    char *uri = uri_of(ws->mem, ws->path, is_immutable ? "?immutable=1" : "");
    int code;

    if (!uri)
        return base_fail_nomem(ws->run->ctx);
    code = sqlite3_open_v2(uri, &ws->db, flags, how->vfs);
    base_free(ws->mem, uri);
    if (!ws->db)
        return base_fail_nomem(ws->run->ctx);
    if (code == SQLITE_CANTOPEN || code == SQLITE_ERROR)
        return base_fail(ws->run->ctx, GB_ERR_IO, "%s: cannot be opened: %s",
                         ws->path, sqlite3_errmsg(ws->db));
    if (code)
        return fail_sqlite(ws, code, "opening the workspace");
    return GB_OK;
}

/* SQL texts are ours alone, and no file can bring code of its own. */
static void harden(gb_workspace *ws)
{
    sqlite3_extended_result_codes(ws->db, 1);
    sqlite3_db_config(ws->db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    sqlite3_db_config(ws->db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
    sqlite3_db_config(ws->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0,
                      (int *)0);
    sqlite3_db_config(ws->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, (int *)0);
    sqlite3_db_config(ws->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

static gb_status start_spatialite_on(gb_workspace *ws)
{
    store_statement *st = NULL;
    gb_status status;

    ws->spatialite = spatialite_alloc_connection();
    if (!ws->spatialite)
        return base_fail_nomem(ws->run->ctx);
    spatialite_init_ex(ws->db, ws->spatialite, 0);
    /* Without this a proj.db in somebody's home folder is taken first. */
    status = store_prepare(ws, "SELECT PROJ_SetDatabasePath(?1)", &st);
    if (status)
        return status;
    store_bind_text(st, 1, STORE_PROJ_DB);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}

static gb_status set_pragmas(gb_workspace *ws, const store_open *how)
{
    gb_status status;

    sqlite3_progress_handler(ws->db, STEPS_BETWEEN_POLLS, poll_run, ws);
    status = store_exec(ws, "PRAGMA temp_store = MEMORY;"
                            "PRAGMA cache_size = -16384;");
    if (!status && !how->is_read_only)
        status = store_exec(ws, "PRAGMA journal_mode = WAL;"
                                "PRAGMA synchronous = NORMAL;");
    return status;
}

gb_status store_db_open(base_run *run, const char *path,
                        const store_open *how, gb_workspace **out)
{
    gb_workspace *ws;
    gb_status status;

    *out = NULL;
    if (!how->may_create && access(path, F_OK) != 0)
        return base_fail(run->ctx, GB_ERR_NOT_FOUND,
                         "%s: there is no such file", path);
    ws = base_alloc_zeroed(run->mem, 1, sizeof *ws);
    if (!ws)
        return base_fail_nomem(run->ctx);
    ws->mem = base_mem_ref(run->mem);
    ws->run = run;
    ws->is_read_only = how->is_read_only;
    ws->path = base_strdup(ws->mem, path);
    pthread_once(&spatialite_once, start_spatialite);
    status = ws->path ? open_file(ws, how) : base_fail_nomem(run->ctx);
    if (!status) {
        harden(ws);
        /* Before the first look: another handle may just be closing, and
         * hold the file for its last checkpoint. */
        sqlite3_busy_timeout(ws->db, how->busy_timeout_ms);
        /* The first look at the file, so that a file that is no database
         * says so before SpatiaLite looks. */
        status = store_exec(ws, "PRAGMA schema_version");
    }
    if (!status)
        status = start_spatialite_on(ws);
    if (!status) /* which has its own idea of it: 5 s */
        sqlite3_busy_timeout(ws->db, how->busy_timeout_ms);
    if (!status)
        status = set_pragmas(ws, how);
    if (status) {
        store_db_close(ws);
        return status;
    }
    ws->run = NULL;
    *out = ws;
    return GB_OK;
}

gb_status store_db_open_reader(gb_workspace *ws, gb_workspace **out)
{
    sqlite3_vfs *vfs = NULL;
    store_open how = { .busy_timeout_ms = 10000, .is_read_only = true };
    gb_workspace *reader;
    gb_status status;

    *out = NULL;
    reader = base_alloc_zeroed(ws->mem, 1, sizeof *reader);
    if (!reader)
        return base_fail_nomem(ws->run->ctx);
    reader->mem = base_mem_ref(ws->mem);
    reader->run = ws->run;
    reader->is_read_only = true;
    reader->epsg = ws->epsg;
    sqlite3_file_control(ws->db, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    how.vfs = vfs ? vfs->zName : NULL;
    reader->path = base_strdup(reader->mem, ws->path);
    status = reader->path ? open_file(reader, &how)
                          : base_fail_nomem(ws->run->ctx);
    if (!status) {
        harden(reader);
        sqlite3_busy_timeout(reader->db, how.busy_timeout_ms);
        status = set_pragmas(reader, &how);
    }
    if (status) {
        store_db_close(reader);
        return status;
    }
    *out = reader;
    return GB_OK;
}

void store_db_close(gb_workspace *ws)
{
    base_mem *mem;

    if (!ws)
        return;
    mem = ws->mem;
    if (ws->db) {
        /* SQLite refuses to close over a statement of ours that was left, a
         * bug.  Freeing SpatiaLite's part then would make it read freed
         * memory: so rather leak both.  (Finalizing what sqlite3_next_stmt()
         * finds is no way out: the spatial indexes have statements too.) */
        const int code = sqlite3_close(ws->db);

        assert(code == SQLITE_OK);
        if (NEVER(code != SQLITE_OK))
            ws->spatialite = NULL;
    }
    if (ws->spatialite)
        spatialite_cleanup_ex(ws->spatialite);
    base_free(mem, ws->quality_json);
    base_free(mem, ws->path);
    base_free(mem, ws);
    base_mem_unref(mem);
}

void store_enter(gb_workspace *ws, base_run *run)
{
    ws->run = run;
}

void store_leave(gb_workspace *ws)
{
    if (ws->in_transaction)
        sqlite3_exec(ws->db, "ROLLBACK", NULL, NULL, NULL);
    ws->in_transaction = false;
    ws->run = NULL;
}

/* --------------------------------------------------------- transactions -- */

gb_status store_begin(gb_workspace *ws)
{
    gb_status status;

    if (ws->is_read_only)
        return base_fail(ws->run->ctx, GB_ERR_STATE,
                         "%s: opened read-only, nothing can be written",
                         ws->path);
    status = store_exec(ws, "BEGIN IMMEDIATE");
    ws->in_transaction = status == GB_OK;
    return status;
}

gb_status store_begin_read(gb_workspace *ws)
{
    const gb_status status = store_exec(ws, "BEGIN");

    ws->in_transaction = status == GB_OK;
    return status;
}

gb_status store_end(gb_workspace *ws, gb_status status)
{
    if (!status && sqlite3_get_autocommit(ws->db))
        /* SQLite rolls back by itself when a disk is full, say. */
        status = base_fail(ws->run->ctx, GB_ERR_IO,
                           "the transaction was taken back");
    if (!status)
        status = store_exec(ws, "COMMIT");
    if (status && !sqlite3_get_autocommit(ws->db))
        sqlite3_exec(ws->db, "ROLLBACK", NULL, NULL, NULL);
    ws->in_transaction = false;
    return status;
}

/* ----------------------------------------------------------- statements -- */

gb_status store_prepare(gb_workspace *ws, const char *sql,
                        store_statement **out)
{
    const int code = sqlite3_prepare_v3(ws->db, sql, -1,
                                        SQLITE_PREPARE_PERSISTENT, out, NULL);

    return code ? fail_sqlite(ws, code, "preparing a statement") : GB_OK;
}

void store_finalize(store_statement *st)
{
    sqlite3_finalize(st);
}

/*
 * A bind fails for an index that does not exist, our bug, and never for want
 * of memory, as nothing is copied.
 */
void store_bind_int(store_statement *st, int index, int64_t value)
{
    const int code = sqlite3_bind_int64(st, index, value);

    assert(code == SQLITE_OK);
    (void)code;
}

void store_bind_real(store_statement *st, int index, double value)
{
    const int code = sqlite3_bind_double(st, index, value);

    assert(code == SQLITE_OK);
    (void)code;
}

void store_bind_text(store_statement *st, int index, const char *text)
{
    const int code = sqlite3_bind_text(st, index, text, -1, SQLITE_STATIC);

    assert(code == SQLITE_OK);
    (void)code;
}

void store_bind_blob(store_statement *st, int index, const void *bytes,
                     size_t n)
{
    const int code
        = sqlite3_bind_blob64(st, index, bytes, n, SQLITE_STATIC);

    assert(code == SQLITE_OK);
    (void)code;
}

void store_bind_null(store_statement *st, int index)
{
    const int code = sqlite3_bind_null(st, index);

    assert(code == SQLITE_OK);
    (void)code;
}

gb_status store_step(gb_workspace *ws, store_statement *st, bool *has_row)
{
    const int code = sqlite3_step(st);
    gb_status status = GB_OK;

    *has_row = code == SQLITE_ROW;
    if (*has_row)
        return GB_OK;
    if (code != SQLITE_DONE)
        status = fail_sqlite(ws, sqlite3_extended_errcode(ws->db),
                             "reading or writing the workspace");
    sqlite3_reset(st);
    return status;
}

bool store_next(gb_workspace *ws, store_statement *st, gb_status *status)
{
    bool has_row = false;

    if (!*status)
        *status = store_step(ws, st, &has_row);
    return has_row;
}

gb_status store_run(gb_workspace *ws, store_statement *st)
{
    bool has_row;
    gb_status status = store_step(ws, st, &has_row);

    if (!status && has_row)
        sqlite3_reset(st);
    return status;
}

void store_reset(store_statement *st)
{
    sqlite3_reset(st);
}

int64_t store_column_int(store_statement *st, int column)
{
    return sqlite3_column_int64(st, column);
}

double store_column_real(store_statement *st, int column)
{
    return sqlite3_column_double(st, column);
}

const char *store_column_text(store_statement *st, int column)
{
    return (const char *)sqlite3_column_text(st, column);
}

const void *store_column_blob(store_statement *st, int column, size_t *n)
{
    const void *bytes = sqlite3_column_blob(st, column);

    *n = (size_t)sqlite3_column_bytes(st, column);
    return bytes;
}

bool store_column_is_null(store_statement *st, int column)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL;
}

gb_status store_exec(gb_workspace *ws, const char *sql)
{
    const int code = sqlite3_exec(ws->db, sql, NULL, NULL, NULL);

    if (code)
        return fail_sqlite(ws, sqlite3_extended_errcode(ws->db),
                           "reading or writing the workspace");
    return GB_OK;
}

gb_status store_query_int(gb_workspace *ws, const char *sql, int64_t *out)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(ws, sql, &st);

    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *out = store_column_int(st, 0);
    store_finalize(st);
    return status;
}

gb_status store_release(gb_workspace *ws)
{
    const gb_status status = store_exec(ws, "PRAGMA cache_size = -16384");

    sqlite3_db_release_memory(ws->db);
    return status;
}

int64_t store_changes(const gb_workspace *ws)
{
    return sqlite3_changes64(ws->db);
}

int64_t store_last_id(const gb_workspace *ws)
{
    return sqlite3_last_insert_rowid(ws->db);
}

/* ------------------------------------------------------------- settings -- */

gb_status store_setting_get(gb_workspace *ws, const char *key, char **value)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status;

    *value = NULL;
    status = store_prepare(ws, "SELECT value FROM setting WHERE key = ?1",
                           &st);
    if (status)
        return status;
    store_bind_text(st, 1, key);
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        *value = base_strdup(ws->mem, store_column_text(st, 0));
        if (!*value)
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

gb_status store_setting_set(gb_workspace *ws, const char *key,
                            const char *value)
{
    store_statement *st = NULL;
    gb_status status;

    status = store_prepare(ws,
                           "INSERT INTO setting(key, value) VALUES(?1, ?2) "
                           "ON CONFLICT(key) DO UPDATE SET value = ?2",
                           &st);
    if (status)
        return status;
    store_bind_text(st, 1, key);
    store_bind_text(st, 2, value);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}
