/*
 * territory_case.h - 16 square cells of 100 m in two territories of two rows
 * each, t1 of m1 and t2 of m2, in force from 2026-03-02: for tests of what
 * becomes of territories.
 *
 *   territory_case_open();     `b` is the bank, entered; `t1` has cell00001 to
 *   ...                        cell00008, `t2` the rest; c1 lies in cell00001,
 *   territory_case_close();    c2 in cell00016
 *
 * Two measures: each cell has 10 of workload_s and its number of value.
 */
#ifndef TERRITORY_CASE_H
#define TERRITORY_CASE_H

#include "ground.h"
#include "store_territory_figures.h"

static bank b;
static ground g;

static inline int32_t day(const char *text)
{
    return store_day_parse(text);
}

/* A draft of the two halves, for owners from 2026-03-01 on. */
static inline int64_t territory_case_draft(void)
{
    static const char *const names[] = { "workload_s", "value" };
    const store_territory_in items[] = { { "t1", 1, 1, 1, 80.0, NULL },
                                         { "t2", 2, 2, 2, 80.0, NULL } };
    double workload[16], value[16];
    store_measure_in measures[2];
    uint32_t of_cell[16];
    store_territories_in in = { .items = items, .n = 2, .of_cell = of_cell,
                                .measures = measures, .n_measures = 2 };
    store_cells cells;
    int64_t version = 0;

    for (int c = 0; c < 16; c++) {
        of_cell[c] = c >= 8;
        workload[c] = 10.0;
        value[c] = c + 1;
    }
    measures[0] = (store_measure_in){ names[0], 0.1, workload, NULL };
    measures[1] = (store_measure_in){ names[1], -1.0, value, NULL };
    in.owner_from = day("2026-03-01");
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    assert_ok(b.ctx, store_save_territories(b.ws, &cells, &in, &version));
    store_cells_clear(&cells);
    return version;
}

static inline void territory_case_open(void)
{
    static const int64_t ids[] = { 1, 2 };
    static const uint32_t cell_of[] = { 0, 15 };
    store_cells cells;
    int64_t version;

    bank_open(&b);
    ground_make(&g, 4);
    bank_add(&b, "c1", "geom = ST_Transform(MakePoint(528050, 3376050, 4547),"
                       " 4326)");
    bank_add(&b, "c2", "geom = ST_Transform(MakePoint(528350, 3376350, 4547),"
                       " 4326)");
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    assert_ok(b.ctx, store_save_customer_cells(b.ws, &cells, ids, cell_of, 2));
    store_cells_clear(&cells);
    version = territory_case_draft();
    assert_ok(b.ctx, store_territory_approve(b.ws, version));
    assert_ok(b.ctx, store_territory_activate(b.ws, version,
                                              day("2026-03-02")));
}

static inline void territory_case_close(void)
{
    store_leave(b.ws);
    bank_close(&b);
}

/* The one value of a query, within the entered workspace. */
static inline int64_t territory_case_int(const char *sql)
{
    int64_t value = -1;

    assert_ok(b.ctx, store_query_int(b.ws, sql, &value));
    return value;
}

#endif
