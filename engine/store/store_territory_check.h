/*
 * store_territory_check.h - is the stored territory table a partition?
 *
 * Reads rows and shapes anew and shares no code with the search that made
 * them, nor with the loaders: a fault in either shows.  Checked are
 *
 *  - each cell in exactly one territory, no row for a cell that is not there;
 *  - each territory connected over cell_neighbour, none empty;
 *  - neighbour rows of cells that exist, with a positive border, of shapes
 *    that touch;
 *  - no overlap and no gap: area of the union of the cells = sum of their
 *    areas = area of the region that was stored with them, each place where
 *    it is not so named, down to 0.01 m2;
 *  - every located customer in a cell that has a territory, and lying there;
 *  - exactly one owner of each territory on the date, spans of owners and of
 *    versions that do not overlap on any date.
 *
 * Findings are data, not a failure: the call answers GB_OK with a list.
 */
#ifndef STORE_TERRITORY_CHECK_H
#define STORE_TERRITORY_CHECK_H

#include "store_load.h"

typedef enum store_finding_kind {
    STORE_FINDING_NO_VERSION = 0,     /* nothing is in force on the date */
    STORE_FINDING_TWO_VERSIONS = 1,   /* two are */
    STORE_FINDING_CELL_UNASSIGNED = 2,
    STORE_FINDING_CELL_TWICE = 3,
    STORE_FINDING_CELL_UNKNOWN = 4,   /* a row for no cell */
    STORE_FINDING_EMPTY = 5,          /* a territory without cells */
    STORE_FINDING_DISCONNECTED = 6,
    STORE_FINDING_NEIGHBOUR = 7,      /* the adjacency table is wrong */
    STORE_FINDING_SHAPE = 8,          /* a cell's shape is broken */
    STORE_FINDING_OVERLAP = 9,
    STORE_FINDING_GAP = 10,
    STORE_FINDING_CUSTOMER = 11,      /* a located customer without an owner */
    STORE_FINDING_OWNER = 12          /* no owner, or two, on the date */
} store_finding_kind;

typedef struct store_finding {
    int32_t kind;
    const char *ref, *other_ref; /* cell, territory, customer; "" for none */
    gb_lonlat at;                /* where, if has_place */
    bool has_place;
    double amount;               /* m2 of overlap or gap, m of border */
    const char *text;            /* one sentence, in the context's language */
} store_finding;

typedef struct store_findings {
    base_arena arena;
    store_finding *items;
    size_t n;
    size_t n_total; /* found; more than n when max_findings cut the list */
    int64_t version;
    size_t n_cells, n_territories, n_customers; /* what was looked at */
    double area_m2, union_m2;
} store_findings;

/* "cell_unassigned", "overlap", ... */
const char *store_finding_name(int32_t kind);

/*
 * Check a version, or with 0 the one in force on day `on`.  max_findings 0:
 * 1000 a kind.
 */
gb_status store_territory_check(gb_workspace *workspace,
                                int64_t version, int32_t on,
                                size_t max_findings, store_findings *out);
void store_findings_clear(store_findings *findings);

#endif
