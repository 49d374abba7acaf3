/*
 * store_territory_job.h - the inside of one check of the territory table,
 * shared by its few files.
 */
#ifndef STORE_TERRITORY_JOB_H
#define STORE_TERRITORY_JOB_H

#include "store_territory_check.h"

#include "base_text.h"
#include "geo_crs.h"
#include "geo_shape.h"
#include "store_rows.h"

enum { TERRITORY_N_KINDS = STORE_FINDING_OWNER + 1 };

/* What the check reads for itself. */
typedef struct cell_row {
    int64_t id;
    const char *ref;
    int64_t territory;   /* row; 0: none */
    uint32_t shape;      /* of shapes, or none when it is broken */
    uint32_t n_rows;     /* in territory_cell */
    uint32_t root;       /* of the union-find */
} cell_row;

typedef struct territory_row {
    int64_t id;
    const char *ref;
    uint32_t n_cells, n_parts;
} territory_row;

typedef struct territory_check {
    gb_workspace *ws;
    gb_context *ctx;
    store_findings *out;
    BASE_ARRAY(store_finding) findings;
    size_t found[TERRITORY_N_KINDS], max_findings;
    char day[16];
    int64_t set;
    BASE_ARRAY(cell_row) cells;
    BASE_ARRAY(territory_row) territories;
    store_ids cell_ids, territory_ids;
    geo_shapes shapes;
    gb_crs *crs;
    base_text text;
} territory_check;

/* A copy that lives as long as the findings; NULL: no memory. */
const char *territory_keep(territory_check *k, const char *text);
/* Where a cell is; NULL when its shape is broken. */
const gb_point *territory_place(const territory_check *k,
                                const cell_row *cell, gb_point *at);

/* The sentence of a finding, a GB_N(), in the context's language. */
#define territory_say(k, english, ...)                                        \
    (base_text_reset(&(k)->text),                                             \
     base_text_format(&(k)->text, base_lang_text((k)->ctx->lang, english),    \
                      __VA_ARGS__))
/* The finding itself; the place is in metres, or NULL. */
gb_status territory_add(territory_check *k, store_finding_kind kind,
                        const char *ref, const char *other,
                        const gb_point *at, double amount);

/* No two versions in force; then the one to look at, into out->version. */
gb_status territory_check_versions(territory_check *k);
gb_status territory_find_version(territory_check *k, int64_t version);

/* Reads cells and territories, so it comes first: who has which cell, what
 * touches what, what hangs together. */
gb_status territory_check_cells(territory_check *k);
gb_status territory_check_areas(territory_check *k);     /* overlaps, gaps */
gb_status territory_check_customers(territory_check *k); /* each in a cell */
gb_status territory_check_owners(territory_check *k);    /* one a territory */

#endif
