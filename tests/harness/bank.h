/*
 * bank.h - a small bank made by SQL, for tests of what reads a workspace.
 *
 *   bank b;
 *   bank_open(&b);               two branches under one city, two managers,
 *   bank_add(&b, "c1", "balance_fen = 5000000, manager_id = 1");
 *   ...                          products, tags, an area with a hole
 *   bank_close(&b);
 *
 * For tests that link the static module `store`; between bank_open() and
 * bank_close() SQL may be run with bank_sql().  Public functions enter and
 * leave the workspace by themselves.
 */
#ifndef BANK_H
#define BANK_H

#include "store_db.h"
#include "test.h"

#include <gridbeat/segment.h>

typedef struct bank {
    gb_context *ctx;
    gb_workspace *ws;
    base_run run;
    char path[512];
} bank;

static inline void bank_sql(bank *b, const char *sql)
{
    store_enter(b->ws, &b->run);
    assert_ok(b->ctx, store_exec(b->ws, sql));
    store_leave(b->ws);
}

static inline int64_t bank_int(bank *b, const char *sql)
{
    int64_t value = -1;

    store_enter(b->ws, &b->run);
    assert_ok(b->ctx, store_query_int(b->ws, sql, &value));
    store_leave(b->ws);
    return value;
}

/* One text of the first row; in a buffer that lives until the next call. */
static inline const char *bank_text(bank *b, const char *sql)
{
    static char text[4096];
    store_statement *st = NULL;
    bool has_row;

    store_enter(b->ws, &b->run);
    assert_ok(b->ctx, store_prepare(b->ws, sql, &st));
    assert_ok(b->ctx, store_step(b->ws, st, &has_row));
    snprintf(text, sizeof text, "%s",
             has_row && store_column_text(st, 0) ? store_column_text(st, 0)
                                                 : "");
    store_finalize(st);
    store_leave(b->ws);
    return text;
}

static const char bank_base[]
    = "INSERT INTO org(id, ref, parent_id, level, name) VALUES"
      "(1, 'hq', NULL, '一级分行', 'HQ'), (2, 'city', 1, '二级分行', 'City'),"
      "(3, 'sub1', 2, '支行', 'Sub 1'), (4, 'sub2', 2, '支行', 'Sub 2');"
      "INSERT INTO branch(id, ref, org_id, name, datum, geom) VALUES"
      "(1, 'b1', 3, 'B1', 'wgs84', MakePoint(114.30, 30.50, 4326)),"
      "(2, 'b2', 4, 'B2', 'wgs84', MakePoint(114.34, 30.50, 4326));"
      "INSERT INTO manager(id, ref, branch_id, mode, shift_start_s, "
      "shift_end_s, break_from_s, break_to_s, break_s) VALUES"
      "(1, 'm1', 1, 'foot', 32400, 61200, 43200, 50400, 3600),"
      "(2, 'm2', 2, 'ebike', 32400, 61200, NULL, NULL, NULL);"
      "INSERT INTO product(id, ref, name, kind) VALUES"
      "(1, 'td1', '定期', 'deposit'), (2, 'wm_red', '红利一号', 'wealth'),"
      "(3, 'pos1', 'POS', 'pos'), (4, 'f1', 'Fund', 'fund');"
      "INSERT INTO tag(id, tag, allowed_values) VALUES"
      "(1, '待发展POS机商户', NULL), (2, '高流水餐饮店', NULL),"
      "(3, '可合作异业联盟', NULL), (4, 'industry', 'food;retail');"
      "INSERT INTO place(id, ref, kind, name, access_s, datum, geom) VALUES"
      "(1, 'p1', 'compound', 'East Gate', 120, 'wgs84', "
      "MakePoint(114.31, 30.505, 4326)),"
      "(2, 'p2', 'building', 'Tower', 60, 'wgs84', "
      "MakePoint(114.33, 30.505, 4326));"
      "INSERT INTO area(id, ref, name, datum, geom) VALUES(1, 'a1', "
      "'翠湖一号', 'wgs84', GeomFromText('MULTIPOLYGON((("
      "114.30 30.50, 114.32 30.50, 114.32 30.52, 114.30 30.52, "
      "114.30 30.50), (114.308 30.508, 114.308 30.512, 114.312 30.512, "
      "114.312 30.508, 114.308 30.508)))', 4326));";

static inline void bank_open(bank *b)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;

    b->ctx = test_context();
    base_run_begin(&b->run, b->ctx, (base_limits){ 0 });
    snprintf(b->path, sizeof b->path, "%s/bank.gb", test_folder());
    options.epsg = 4547;
    assert_ok(b->ctx, gb_workspace_create(b->ctx, b->path, &options, &b->ws));
    bank_sql(b, bank_base);
}

static inline void bank_close(bank *b)
{
    gb_workspace_close(b->ws);
    gb_context_free(b->ctx);
}

/* A customer of branch 1, exact at the place 114.305, 30.505; `set` is a list
 * of assignments, or "". */
static inline void bank_add(bank *b, const char *ref, const char *set)
{
    char sql[1024];

    snprintf(sql, sizeof sql,
             "INSERT INTO customer(ref, branch_id, balance_fen, reach_sms, "
             "accuracy, located_by, geom) VALUES('%s', 1, 0, 1, 'exact', "
             "'own', MakePoint(114.305, 30.505, 4326));",
             ref);
    bank_sql(b, sql);
    if (!set[0])
        return;
    snprintf(sql, sizeof sql, "UPDATE customer SET %s WHERE ref = '%s'", set,
             ref);
    bank_sql(b, sql);
}

/* Kept by one expression, with the unknown; fails where it is refused. */
static inline int64_t bank_count(bank *b, const char *as_of, const char *where,
                                 int64_t *unknown)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;
    int64_t kept;

    options.as_of = as_of;
    options.where = where;
    assert_ok(b->ctx, gb_segment_preview(b->ctx, b->ws, &options, &result));
    kept = gb_segment_result_kept(result);
    if (unknown)
        *unknown = gb_segment_result_unknown(result);
    gb_segment_result_free(result);
    return kept;
}

#endif
