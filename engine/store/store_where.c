/*
 * store_where.c - see store_where.h.
 */
#include "store_where.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base_check.h"
#include "base_text.h"

enum { MOST_EXPRESSION = 10000, STEPS_BETWEEN_LOOKS = 1000,
       LOOKS_A_ROW = 100 };

struct store_where {
    gb_context *ctx;
    base_mem *mem;
    sqlite3 *db;
    sqlite3_stmt *statement;
    int32_t looks;     /* of the row at hand */
    size_t n_bound;
    size_t *bound;     /* the column of each variable; SIZE_MAX: the row */
    char refused[120]; /* what the authorizer refused first */
};

static const char *const functions[]
    = { "abs", "coalesce", "date", "datetime", "glob", "ifnull", "iif",
        "instr", "julianday", "length", "like", "lower", "ltrim", "max",
        "min", "nullif", "replace", "round", "rtrim", "strftime", "substr",
        "substring", "time", "trim", "typeof", "upper" };

static int refuse(store_where *w, const char *what, const char *name)
{
    if (!w->refused[0])
        snprintf(w->refused, sizeof w->refused, "%s%s%s", what,
                 name ? " " : "", name ? name : "");
    return SQLITE_DENY;
}

static int authorize(void *user, int action, const char *first,
                     const char *second, const char *base, const char *via)
{
    (void)base;
    (void)via;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        for (size_t i = 0; second && i < COUNT_OF(functions); i++)
            if (sqlite3_stricmp(second, functions[i]) == 0)
                return SQLITE_OK;
        return refuse(user, "the function", second);
    case SQLITE_READ:
        return refuse(user, "reading", first);
    default:
        return refuse(user, "what is no expression over the columns", NULL);
    }
}

/* A row costs some hundred steps; more than this is no honest condition. */
static int stop(void *user)
{
    store_where *w = user;

    return ++w->looks > LOOKS_A_ROW;
}

/* Does the expression speak of the name, in whatever case? */
static bool mentions(const char *expression, const char *name)
{
    const size_t n = strlen(name);

    if (strchr(name, '"') || n == 0)
        return true; /* written otherwise than it is */
    for (; *expression; expression++)
        if (sqlite3_strnicmp(expression, name, (int)n) == 0)
            return true;
    return false;
}

static void add_name(base_text *sql, const char *name, size_t variable)
{
    base_text_format(sql, "%s?%zu AS \"", variable > 1 ? ", " : "", variable);
    for (; *name; name++)
        base_text_append(sql, *name == '"' ? "\"\"" : name,
                         *name == '"' ? 2 : 1);
    base_text_add(sql, "\"");
}

static void write_sql(store_where *w, const char *const *names, size_t n,
                      const char *expression, base_text *sql)
{
    bool has_rowid = false;

    base_text_format(sql, "SELECT (%s\n) FROM (SELECT ", expression);
    for (size_t c = 0; c < n; c++) {
        has_rowid |= sqlite3_stricmp(names[c], "rowid") == 0;
        if (!mentions(expression, names[c]))
            continue;
        w->bound[w->n_bound++] = c;
        add_name(sql, names[c], w->n_bound);
    }
    if (!has_rowid) {
        w->bound[w->n_bound++] = SIZE_MAX;
        add_name(sql, "rowid", w->n_bound);
    }
    base_text_add(sql, ")");
}

static gb_status fail(store_where *w, const char *expression)
{
    if (w->refused[0])
        return base_fail(w->ctx, GB_ERR_DATA,
                         "condition \"%.200s\": %s is not allowed", expression,
                         w->refused);
    if (sqlite3_errcode(w->db) == SQLITE_NOMEM)
        return base_fail_nomem(w->ctx);
    return base_fail(w->ctx, GB_ERR_DATA, "condition \"%.200s\": %s",
                     expression, sqlite3_errmsg(w->db));
}

static gb_status prepare(store_where *w, const char *const *names, size_t n,
                         const char *expression)
{
    const char *tail = "";
    base_text sql;
    gb_status status = GB_OK;

    if (sqlite3_open_v2(":memory:", &w->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)
        != SQLITE_OK)
        return base_fail_nomem(w->ctx);
    /* A name in double quotes that is none is an error, not a text. */
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_limit(w->db, SQLITE_LIMIT_LENGTH, 1 << 20);
    sqlite3_limit(w->db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    sqlite3_limit(w->db, SQLITE_LIMIT_EXPR_DEPTH, 400);
    sqlite3_set_authorizer(w->db, authorize, w);
    sqlite3_progress_handler(w->db, STEPS_BETWEEN_LOOKS, stop, w);
    base_text_init(&sql, w->mem);
    write_sql(w, names, n, expression, &sql);
    if (sql.is_short)
        status = base_fail_nomem(w->ctx);
    else if (sqlite3_prepare_v2(w->db, sql.chars, -1, &w->statement, &tail)
             != SQLITE_OK)
        status = fail(w, expression);
    else if (*tail || sqlite3_column_count(w->statement) != 1)
        status = base_fail(w->ctx, GB_ERR_DATA,
                           "condition \"%.200s\": one expression is expected",
                           expression);
    base_text_clear(&sql);
    return status;
}

gb_status store_where_open(gb_context *ctx, const char *const *names,
                           size_t n, const char *expression,
                           store_where **out)
{
    store_where *w;
    gb_status status;

    *out = NULL;
    if (strlen(expression) > MOST_EXPRESSION)
        return base_fail(ctx, GB_ERR_DATA,
                         "a condition of more than %d bytes", MOST_EXPRESSION);
    w = base_alloc_zeroed(ctx->mem, 1, sizeof *w);
    if (!w)
        return base_fail_nomem(ctx);
    w->ctx = ctx;
    w->mem = ctx->mem;
    w->bound = base_alloc_array(w->mem, n + 1, sizeof *w->bound);
    status = w->bound ? prepare(w, names, n, expression)
                      : base_fail_nomem(ctx);
    if (status) {
        store_where_close(w);
        return status;
    }
    *out = w;
    return GB_OK;
}

void store_where_close(store_where *w)
{
    if (!w)
        return;
    sqlite3_finalize(w->statement);
    sqlite3_close(w->db);
    base_free(w->mem, w->bound);
    base_free(w->mem, w);
}

/* 007 is a name, 7 is a number. */
static bool has_leading_zero(const char *field)
{
    field += *field == '-' || *field == '+';
    return field[0] == '0' && isdigit((unsigned char)field[1]);
}

static int bind_field(sqlite3_stmt *st, int at, const char *field)
{
    int64_t whole;
    double real;

    if (!*field)
        return sqlite3_bind_null(st, at);
    if (!has_leading_zero(field)) {
        if (base_parse_int(field, &whole))
            return sqlite3_bind_int64(st, at, whole);
        if (base_parse_real(field, &real))
            return sqlite3_bind_double(st, at, real);
    }
    return sqlite3_bind_text(st, at, field, -1, SQLITE_STATIC);
}

gb_status store_where_holds(store_where *w, const char *const *fields,
                            int64_t row, bool *out)
{
    int code = SQLITE_OK;

    *out = false;
    w->looks = 0;
    for (size_t i = 0; i < w->n_bound && code == SQLITE_OK; i++)
        code = w->bound[i] == SIZE_MAX
                   ? sqlite3_bind_int64(w->statement, (int)i + 1, row)
                   : bind_field(w->statement, (int)i + 1,
                                fields[w->bound[i]]);
    if (code == SQLITE_OK)
        code = sqlite3_step(w->statement);
    if (code == SQLITE_ROW)
        *out = sqlite3_column_double(w->statement, 0) < 0
               || sqlite3_column_double(w->statement, 0) > 0;
    sqlite3_reset(w->statement);
    if (code == SQLITE_ROW)
        return GB_OK;
    if (code == SQLITE_NOMEM)
        return base_fail_nomem(w->ctx);
    return base_fail(w->ctx, GB_ERR_DATA, "condition in row %lld: %s",
                     (long long)row, sqlite3_errmsg(w->db));
}
