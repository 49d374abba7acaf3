/*
 * fuzz_clause.c - text of a clause, through both locks and through the
 * authorizer alone: it never writes, never crashes, and what it costs is
 * limited.  After each text the file is asked whether anything changed.
 */
#include "store_segment_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rows[]
    = "INSERT INTO branch(id, ref, datum, geom) VALUES"
      "(1, 'b1', 'wgs84', MakePoint(114.3, 30.5, 4326));"
      "INSERT INTO product(id, ref, kind) VALUES(1, 'td1', 'deposit');"
      "INSERT INTO tag(id, tag) VALUES(1, 'x');"
      "INSERT INTO area(id, ref, datum, geom) VALUES(1, 'a', 'wgs84', "
      "GeomFromText('MULTIPOLYGON(((114 30, 115 30, 115 31, 114 31, "
      "114 30)))', 4326));"
      "INSERT INTO customer(ref, branch_id, balance_fen, last_txn_on, "
      "accuracy, located_by, geom) VALUES"
      "('c1', 1, 5, '2025-01-31', 'exact', 'own', "
      "MakePoint(114.3, 30.5, 4326)), "
      "('c2', 1, 0, NULL, 'none', 'none', NULL);"
      "INSERT INTO holding(customer_id, product_id, opened_on) "
      "VALUES(1, 1, '2024-01-01');"
      "INSERT INTO customer_tag VALUES(1, 1, 'v')";

static gb_context *ctx;
static gb_workspace *ws;
static base_run run;
static char path[64];

/* One workspace for all texts: none of them may change it. */
static void prepare(void)
{
    if (ws)
        return;
    if (gb_context_new(NULL, &ctx) != GB_OK)
        abort();
    snprintf(path, sizeof path, "/tmp/gb_fuzz_clause_%ld.gb", (long)getpid());
    if (gb_workspace_create(ctx, path, NULL, &ws) != GB_OK)
        abort();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    if (store_exec(ws, rows) != GB_OK)
        abort();
    store_leave(ws);
}

static gb_status row(void *user, int64_t customer, const int8_t *values)
{
    (void)customer;
    *(int *)user += values[0] > 0;
    return GB_OK;
}

static void try_text(const char *text, bool is_checked)
{
    const store_clause clause = { "fuzz", text };
    store_facts *facts = NULL;
    int n = 0;

    base_enter(ctx);
    store_enter(ws, &run);
    if (store_facts_open(ws, "2026-03-02", (store_scope){ 0 }, 0, &facts)
        == GB_OK) {
        const gb_status status
            = is_checked ? store_facts_compile(facts, &clause, 1)
                         : store_facts_compile_unchecked(facts, text);

        if (status == GB_OK)
            (void)store_facts_scan(facts, row, &n);
        else if (!gb_last_error(ctx)[0])
            abort();
    }
    store_facts_close(facts);
    store_leave(ws);
}

static int64_t version_of_file(void)
{
    int64_t version = -1;

    store_enter(ws, &run);
    if (store_query_int(ws, "SELECT (SELECT count(*) FROM customer) * 1000 + "
                            "(SELECT count(*) FROM sqlite_schema)", &version)
        != GB_OK)
        abort();
    store_leave(ws);
    return version;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;
    int64_t before;

    prepare();
    if (size > 4096)
        return 0;
    text = malloc(size + 1);
    if (!text)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    before = version_of_file();
    try_text(text, true);
    try_text(text, false);
    if (version_of_file() != before)
        abort();
    free(text);
    (void)unlink(path); /* open still, and gone when the process ends */
    return 0;
}
