/*
 * store_segment_facts.c - the view, the authorizer, the scan.
 *
 * Why a connection of its own: it is opened read-only, knows no SpatiaLite
 * (whose functions read files) and no other table than through the view, so
 * nothing of what the engine itself may do can leak into a rule.  The view is
 * made for each statement with just the joins that its clauses need; SQLite
 * flattens it, and columns that nobody names cost nothing.
 */
#include "store_segment_look.h"

#include "base_check.h"
#include "store_query.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum {
    STEPS_BETWEEN_LOOKS = 20000, /* of SQLite's virtual machine */
    /* A clause of ordinary size takes some 20 steps a customer; LIKE and the
     * functions count as one.  A thousand is beyond any honest clause. */
    STEPS_A_CUSTOMER = 1000
};

/* ------------------------------------------------------- the authorizer -- */

static bool is_fact_column(const char *column)
{
    if (strcmp(column, "accuracy_") == 0 || strcmp(column, "geom_") == 0)
        return true;
    for (size_t i = 0; i < store_n_facts; i++) {
        if (strcmp(column, store_facts_table[i].name) == 0)
            return true;
    }
    return false;
}

static bool is_rule_function(const char *name)
{
    if (strcmp(name, "like") == 0 || strcmp(name, "glob") == 0)
        return true; /* the operators LIKE and GLOB */
    for (size_t i = 0; i < store_n_functions; i++) {
        const store_function *f = &store_functions_table[i];
        const char *actual = f->becomes ? f->becomes : f->name;

        if (strncmp(name, actual, strlen(name)) == 0
            && (actual[strlen(name)] == '\0' || actual[strlen(name)] == '('))
            return true;
    }
    return false;
}

static int refuse(store_facts *facts, const char *what, const char *name)
{
    if (!facts->refused[0])
        snprintf(facts->refused, sizeof facts->refused, "%s%s%s", what,
                 name ? " " : "", name ? name : "");
    return SQLITE_DENY;
}

/*
 * A table of our view of which no column is read, as SQLite reports it of one
 * that is joined by its row number alone: nothing of it can be seen.
 */
static bool is_bare_table(const char *table, const char *column)
{
    static const char *const tables[] = { "customer", "branch", "org",
                                          "manager", "place",
                                          "customer_value" };

    if (!table || !column || column[0])
        return false;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        if (strcmp(table, tables[i]) == 0)
            return true;
    }
    return false;
}

/*
 * `via` is the view through which something is reached: what our own view
 * does is ours.  All action codes that are not named here are refused.
 */
static int authorize(void *user, int action, const char *first,
                     const char *second, const char *base, const char *via)
{
    store_facts *facts = user;
    const bool is_ours = via && strcmp(via, "customer_facts") == 0;

    (void)base;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ:
        if (is_ours || is_bare_table(first, second)
            || (first && second && strcmp(first, "customer_facts") == 0
                && is_fact_column(second)))
            return SQLITE_OK;
        return refuse(facts, "reading", first);
    case SQLITE_FUNCTION:
        if (is_ours || (second && is_rule_function(second)))
            return SQLITE_OK;
        return refuse(facts, "the function", second);
    case SQLITE_RECURSIVE:
        return refuse(facts, "a recursive query", NULL);
    case SQLITE_ATTACH:
        return refuse(facts, "ATTACH", first);
    case SQLITE_PRAGMA:
        return refuse(facts, "PRAGMA", first);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return refuse(facts, "writing", first);
    default:
        return refuse(facts, "what is no reading of customer_facts", NULL);
    }
}

static int look(void *user)
{
    store_facts *facts = user;

    facts->steps_left -= STEPS_BETWEEN_LOOKS;
    if (facts->steps_left < 0)
        facts->is_overworked = true;
    return facts->is_overworked || base_is_cancelled(facts->ctx);
}

/* ---------------------------------------------------------- open, close -- */

static void set_limits(store_facts *facts)
{
    struct sqlite3 *db = facts->reader->db;

    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 400);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 24);
    sqlite3_progress_handler(db, STEPS_BETWEEN_LOOKS, look, facts);
}

/*
 * A node of the org tree as the list of its branches: the walk down the tree
 * is a recursive query, which the authorizer refuses, be it ours.
 */
static gb_status resolve_scope(store_facts *facts, store_scope scope)
{
    store_statement *st = NULL;
    gb_status status;

    if (scope.kind != STORE_SCOPE_ORG) {
        store_scope_sql(&facts->scope_sql, "c", scope);
        return GB_OK;
    }
    status = store_scope_prepare(facts->reader,
                                 "SELECT b.branch_id FROM (SELECT id AS "
                                 "branch_id FROM branch) b WHERE 1",
                                 "b", scope, "", &st);
    if (status)
        return status;
    base_text_add(&facts->scope_sql, " AND c.branch_id IN (0");
    while (store_next(facts->reader, st, &status))
        base_text_format(&facts->scope_sql, ",%lld",
                         (long long)store_column_int(st, 0));
    base_text_add(&facts->scope_sql, ")");
    store_finalize(st);
    return status;
}

/* Counts the customers of the scope, and learns the slots. */
static gb_status prepare_look(store_facts *facts, const char *as_of_text,
                              store_scope scope, int64_t only)
{
    base_text sql;
    gb_status status = store_sets_init(&facts->sets, facts->reader,
                                       as_of_text, only);

    if (!status)
        status = resolve_scope(facts, scope);
    if (!status && facts->scope_sql.is_short)
        status = base_fail_nomem(facts->ctx);
    if (status)
        return status;
    facts->as_of = store_date_of(facts->sets.as_of_day);
    base_text_init(&sql, facts->ws->mem);
    base_text_add(&sql, "SELECT count(*) FROM customer c WHERE 1");
    base_text_append(&sql, facts->scope_sql.chars ? facts->scope_sql.chars : "",
                     facts->scope_sql.n);
    if (only)
        base_text_format(&sql, " AND c.id = %lld", (long long)only);
    status = sql.is_short ? base_fail_nomem(facts->ctx)
                          : store_query_int(facts->reader, sql.chars,
                                            &facts->n_customers);
    base_text_clear(&sql);
    return status;
}

gb_status store_facts_open(gb_workspace *ws, const char *as_of_text,
                           store_scope scope, int64_t only, store_facts **out)
{
    store_facts *facts;
    gb_status status;

    *out = NULL;
    facts = base_alloc_zeroed(ws->mem, 1, sizeof *facts);
    if (!facts)
        return base_fail_nomem(ws->run->ctx);
    facts->ws = ws;
    facts->ctx = ws->run->ctx;
    base_text_init(&facts->scope_sql, ws->mem);
    facts->sets.mem = ws->mem; /* so that it can be cleared */
    status = store_db_open_reader(ws, &facts->reader);
    if (!status)
        status = store_begin_read(facts->reader);
    if (!status)
        status = store_look_add_functions(facts);
    if (!status)
        status = prepare_look(facts, as_of_text, scope, only);
    if (status) {
        store_facts_close(facts);
        return status;
    }
    set_limits(facts);
    *out = facts;
    return GB_OK;
}

void store_facts_close(store_facts *facts)
{
    base_mem *mem;

    if (!facts)
        return;
    mem = facts->ws->mem;
    store_finalize(facts->scan);
    base_text_clear(&facts->scope_sql);
    store_sets_clear(&facts->sets);
    if (facts->reader) {
        store_leave(facts->reader);
        store_db_close(facts->reader);
    }
    base_free(mem, facts);
}

/* -------------------------------------------------------------- compile -- */

/* customer_facts with the joins and columns that the statement needs. */
static gb_status make_view(store_facts *facts, uint64_t mentions)
{
    uint32_t joins = 0;
    base_text sql;
    gb_status status;

    base_text_init(&sql, facts->ws->mem);
    base_text_add(&sql, "DROP VIEW IF EXISTS temp.customer_facts;"
                        "CREATE TEMP VIEW customer_facts AS "
                        "SELECT c.id AS customer_id");
    for (size_t i = 1; i < store_n_facts; i++) {
        const store_fact *fact = &store_facts_table[i];

        if (!(mentions & (uint64_t)1 << i))
            continue;
        joins |= fact->joins;
        base_text_format(&sql, ", %s AS %s", fact->sql, fact->name);
    }
    base_text_add(&sql, ", c.accuracy AS accuracy_, c.geom AS geom_ "
                        "FROM main.customer c");
    if (joins & STORE_JOIN_BRANCH)
        base_text_add(&sql, " LEFT JOIN main.branch b ON b.id = c.branch_id");
    if (joins & STORE_JOIN_ORG)
        base_text_add(&sql, " LEFT JOIN main.org o ON o.id = b.org_id");
    if (joins & STORE_JOIN_MANAGER)
        base_text_add(&sql,
                      " LEFT JOIN main.manager m ON m.id = c.manager_id");
    if (joins & STORE_JOIN_PLACE)
        base_text_add(&sql, " LEFT JOIN main.place p ON p.id = c.place_id");
    if (joins & STORE_JOIN_VALUE)
        base_text_add(&sql, " LEFT JOIN main.customer_value cv "
                            "ON cv.customer_id = c.id");
    base_text_add(&sql, " WHERE 1");
    base_text_append(&sql, facts->scope_sql.chars ? facts->scope_sql.chars : "",
                     facts->scope_sql.n);
    if (facts->sets.only)
        base_text_format(&sql, " AND c.id = %lld",
                         (long long)facts->sets.only);
    status = sql.is_short ? base_fail_nomem(facts->ctx)
                          : store_exec(facts->reader, sql.chars);
    base_text_clear(&sql);
    return status;
}

/* Prepare under the authorizer; SQLite's code. */
static int prepare_guarded(store_facts *facts, const char *sql,
                           store_statement **out, const char **tail)
{
    struct sqlite3 *db = facts->reader->db;
    int code;

    facts->refused[0] = '\0';
    sqlite3_set_authorizer(db, authorize, facts);
    code = sqlite3_prepare_v2(db, sql, -1, out, tail);
    sqlite3_set_authorizer(db, NULL, NULL);
    return code;
}

/* Say what is wrong with a clause, in SQLite's words or the authorizer's. */
static gb_status explain_refusal(store_facts *facts, const char *name)
{
    if (facts->refused[0])
        return base_fail(facts->ctx, GB_ERR_DATA,
                         "clause \"%s\": %s is not allowed", name,
                         facts->refused);
    return base_fail(facts->ctx, GB_ERR_DATA, "clause \"%s\": %s", name,
                     sqlite3_errmsg(facts->reader->db));
}

/* Which of the clauses is it? */
static gb_status find_culprit(store_facts *facts, const store_clause *clauses,
                              size_t n)
{
    base_text sql;
    gb_status status = GB_OK;

    base_text_init(&sql, facts->ws->mem);
    for (size_t i = 0; i < n && !status; i++) {
        store_statement *st = NULL;
        uint64_t mentions = 0;

        base_text_reset(&sql);
        base_text_add(&sql, "SELECT (");
        status = store_clause_check(facts->ctx, clauses[i].name,
                                    clauses[i].sql, &sql, &mentions);
        base_text_add(&sql, ") FROM temp.customer_facts");
        if (!status && sql.is_short)
            status = base_fail_nomem(facts->ctx);
        if (!status && prepare_guarded(facts, sql.chars, &st, NULL))
            status = explain_refusal(facts, clauses[i].name);
        store_finalize(st);
    }
    base_text_clear(&sql);
    return status ? status
                  : base_fail(facts->ctx, GB_ERR_DATA,
                              "the clauses together are too much for SQLite");
}

gb_status store_facts_compile(store_facts *facts, const store_clause *clauses,
                              size_t n)
{
    base_text sql;
    gb_status status = GB_OK;

    store_finalize(facts->scan);
    facts->scan = NULL;
    facts->n_clauses = n;
    facts->mentions = 0;
    if (n > STORE_MAX_CLAUSES)
        return base_fail(facts->ctx, GB_ERR_DATA,
                         "%zu clauses; at most %d fit in one look", n,
                         STORE_MAX_CLAUSES);
    base_text_init(&sql, facts->ws->mem);
    base_text_add(&sql, "SELECT customer_id");
    for (size_t i = 0; i < n && !status; i++) {
        base_text_add(&sql, ",\n(");
        status = store_clause_check(facts->ctx, clauses[i].name,
                                    clauses[i].sql, &sql, &facts->mentions);
        base_text_add(&sql, ")");
    }
    base_text_add(&sql, "\nFROM temp.customer_facts");
    if (!status && sql.is_short)
        status = base_fail_nomem(facts->ctx);
    if (!status)
        status = make_view(facts, facts->mentions);
    if (!status && prepare_guarded(facts, sql.chars, &facts->scan, NULL))
        status = find_culprit(facts, clauses, n);
    base_text_clear(&sql);
    return status;
}

gb_status store_facts_compile_unchecked(store_facts *facts,
                                        const char *expression)
{
    const char *tail = NULL;
    base_text sql;
    gb_status status = make_view(facts, ~(uint64_t)0);

    store_finalize(facts->scan);
    facts->scan = NULL;
    facts->n_clauses = 1;
    facts->mentions = 0;
    base_text_init(&sql, facts->ws->mem);
    base_text_format(&sql, "SELECT customer_id, (%s) FROM temp.customer_facts",
                     expression);
    if (!status && sql.is_short)
        status = base_fail_nomem(facts->ctx);
    if (!status && prepare_guarded(facts, sql.chars, &facts->scan, &tail))
        status = explain_refusal(facts, "unchecked");
    if (!status && (!facts->scan || sqlite3_column_count(facts->scan) != 2
                    || (tail && *tail)))
        status = base_fail(facts->ctx, GB_ERR_DATA,
                           "clause \"%s\": not one expression", "unchecked");
    if (status) {
        store_finalize(facts->scan);
        facts->scan = NULL;
    }
    base_text_clear(&sql);
    return status;
}

/* ----------------------------------------------------------------- scan -- */

static int8_t truth(store_statement *st, int column, bool *is_text)
{
    switch (sqlite3_column_type(st, column)) {
    case SQLITE_NULL:
        return STORE_UNKNOWN;
    case SQLITE_INTEGER:
        return sqlite3_column_int64(st, column) != 0;
    case SQLITE_FLOAT:
        return fabs(sqlite3_column_double(st, column)) > 0.0;
    default:
        *is_text = true;
        return STORE_NO;
    }
}

/* What ended the walk early: a function, the limit, the caller, SQLite. */
static gb_status explain_end(store_facts *facts, gb_status status)
{
    if (facts->status == GB_ERR_NOMEM)
        return base_fail_nomem(facts->ctx);
    if (facts->status)
        return base_fail(facts->ctx, facts->status, "%s", facts->message);
    if (facts->is_overworked)
        return base_fail(facts->ctx, GB_ERR_DATA,
                         "the clauses take more work than %d steps a "
                         "customer",
                         STEPS_A_CUSTOMER);
    return status;
}

static void begin_scan(store_facts *facts)
{
    assert(facts->scan);
    facts->status = GB_OK;
    facts->is_overworked = false;
    facts->steps_left = 50 * (int64_t)1000000
                        + facts->n_customers * STEPS_A_CUSTOMER;
}

/* The next customer, as the condition of a loop. */
static bool next_row(store_facts *facts, gb_status *status)
{
    bool has_row = false;

    if (*status)
        return false;
    *status = store_step(facts->reader, facts->scan, &has_row);
    if (*status)
        *status = explain_end(facts, *status);
    return !*status && has_row;
}

static gb_status end_scan(store_facts *facts, gb_status status)
{
    store_reset(facts->scan);
    if (!status && facts->sets.remarks.is_short)
        status = base_fail_nomem(facts->ctx);
    return status;
}

gb_status store_facts_scan(store_facts *facts, store_facts_fn row, void *user)
{
    int8_t values[STORE_MAX_CLAUSES];
    bool is_text = false;
    gb_status status = GB_OK;

    begin_scan(facts);
    while (next_row(facts, &status)) {
        for (size_t i = 0; i < facts->n_clauses; i++)
            values[i] = truth(facts->scan, (int)i + 1, &is_text);
        if (is_text)
            status = base_fail(facts->ctx, GB_ERR_DATA,
                               "a clause gives a text, not yes or no");
        if (!status)
            status = base_poll(facts->ws->run);
        if (!status)
            status = row(user, sqlite3_column_int64(facts->scan, 0), values);
    }
    return end_scan(facts, status);
}

static double number_of(store_statement *st, int column, bool *is_text)
{
    const int type = sqlite3_column_type(st, column);

    *is_text |= type == SQLITE_TEXT || type == SQLITE_BLOB;
    return type == SQLITE_NULL ? (double)NAN
                               : sqlite3_column_double(st, column);
}

gb_status store_facts_numbers(store_facts *facts, store_numbers_fn row,
                              void *user)
{
    double values[STORE_MAX_CLAUSES];
    bool is_text = false;
    gb_status status = GB_OK;

    begin_scan(facts);
    while (next_row(facts, &status)) {
        for (size_t i = 0; i < facts->n_clauses; i++)
            values[i] = number_of(facts->scan, (int)i + 1, &is_text);
        if (is_text)
            status = base_fail(facts->ctx, GB_ERR_DATA,
                               "an expression gives a text, not a number");
        if (!status)
            status = base_poll(facts->ws->run);
        if (!status)
            status = row(user, sqlite3_column_int64(facts->scan, 0), values);
    }
    return end_scan(facts, status);
}

uint64_t store_facts_mentions(const store_facts *facts)
{
    return facts->mentions;
}

int64_t store_facts_n(const store_facts *facts)
{
    return facts->n_customers;
}

const char *store_facts_remarks(const store_facts *facts)
{
    return facts->sets.remarks.chars ? facts->sets.remarks.chars : "";
}

gb_status store_facts_value(store_facts *facts, size_t fact, char **out)
{
    store_statement *st = NULL;
    bool has_row;
    base_text sql;
    gb_status status = make_view(facts, (uint64_t)1 << fact);

    *out = NULL;
    base_text_init(&sql, facts->ws->mem);
    base_text_format(&sql, "SELECT %s FROM temp.customer_facts",
                     store_facts_table[fact].name);
    if (!status && sql.is_short)
        status = base_fail_nomem(facts->ctx);
    if (!status)
        status = store_prepare(facts->reader, sql.chars, &st);
    base_text_clear(&sql);
    if (status)
        return status;
    status = store_step(facts->reader, st, &has_row);
    if (!status && has_row && store_column_text(st, 0)) {
        *out = base_strdup(facts->ws->mem, store_column_text(st, 0));
        if (!*out)
            status = base_fail_nomem(facts->ctx);
    }
    store_finalize(st);
    return status;
}
