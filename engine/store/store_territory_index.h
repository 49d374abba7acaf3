/*
 * store_territory_index.h - what a gb_territory_index holds, and how it is
 * read out of a workspace.
 */
#ifndef STORE_TERRITORY_INDEX_H
#define STORE_TERRITORY_INDEX_H

#include <stdatomic.h>

#include <gridbeat/territory_index.h>

#include "geo_locate.h"
#include "store_load.h"

typedef struct indexed_territory {
    int64_t id;          /* first, for store_ids */
    const char *ref, *branch, *manager; /* "" without an owner */
} indexed_territory;

typedef struct indexed_cell {
    const char *ref;
    uint32_t territory;
} indexed_cell;

struct gb_territory_index {
    base_mem *mem; /* a count of its own */
    base_arena arena;
    atomic_size_t n_holders;
    geo_locator *locator; /* its shapes are the cells, its groups the
                             territories */
    indexed_territory *territories; /* by reference */
    indexed_cell *cells; /* by territory, then by reference */
    size_t n_territories, n_cells;
    int64_t version;
    char date[16];
};

/*
 * The version, or with 0 the one in force on day `on`; the territories of the
 * scope, in one read transaction.  `out` has its mem and arena already, and
 * is to be cleared whatever the answer.
 */
gb_status store_territory_index_load(gb_workspace *workspace, int64_t version,
                                     int32_t on, store_scope scope,
                                     gb_territory_index *out);

#endif
