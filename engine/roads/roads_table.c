/*
 * roads_table.c - many to many: see roads_query.h and roads_sweep.h.
 *
 * Rows are taken sixteen at a time in the order of their links, which lie
 * along a curve, so that the sixteen climb over much the same states.  Where
 * there are fewer columns than rows the two change places: sixteen columns
 * climb against the arcs.  A single row or cell is no case of its own: a
 * sweep for one lane costs what a search would, and there is nothing to set
 * up for every state.
 *
 * Columns in great number are taken in blocks, so that the cells of a batch
 * stay in cache and memory does not grow with the table.
 */
#include "roads_query.h"

#include <stdlib.h>
#include <string.h>

#include "base_threads.h"
#include "roads_cells.h"
#include "roads_sweep.h"

enum { BLOCK = 4096 };

/*
 * Columns by the vertices at the ends of their links: what a way within one
 * street can lead to.  Entry 2 * c + e is end e of column c's link.
 */
typedef struct near_columns {
    unsigned n_bits;
    uint32_t *first; /* 2^n_bits: the first entry with such a hash; NONE */
    uint32_t *next;  /* of entries */
} near_columns;

typedef struct table {
    roads_view view;
    const roads_spots *along, *across; /* of lanes; of columns */
    roads_ends lane_ends, column_ends;
    const roads_graph *climbed, *swept;
    bool is_turned;         /* lanes are columns of the table */
    roads_cells cells;      /* where they are written */
    uint32_t *lanes;        /* in the order of batches */
    uint32_t *columns;      /* in the order of blocks */
    size_t n_lanes, n_columns;
    /* of the block at hand */
    size_t first_column, n_block;
    near_columns near;
    roads_sweep sweep;
    roads_lanes *scratch;   /* one a thread */
    size_t n_threads;
} table;

/* ---- ways within a link ---- */

static uint32_t end_of(const table *t, const gb_roads_place *place, int end)
{
    const roads_link *link = &t->view.map->links[place->link];

    return end ? link->to : link->from;
}

static uint32_t hash_of(const near_columns *near, uint32_t vertex)
{
    return vertex * UINT32_C(2654435769) >> (32 - near->n_bits);
}

static const gb_roads_place *place_of(const table *t, size_t column)
{
    return &t->across->places[t->columns[t->first_column + column]];
}

static void index_columns(table *t)
{
    near_columns *near = &t->near;

    memset(near->first, 0xff, sizeof *near->first << near->n_bits);
    for (size_t c = 0; c < t->n_block; c++)
        for (int end = 0; end < 2; end++) {
            const gb_roads_place *place = place_of(t, c);
            uint32_t *first;

            if (place->status != GB_SNAP_OK)
                continue;
            first = &near->first[hash_of(near, end_of(t, place, end))];
            near->next[2 * c + end] = *first;
            *first = (uint32_t)(2 * c + end);
        }
}

/* Room for columns of a block at most; false: no memory. */
static bool near_init(base_mem *mem, size_t n_columns, near_columns *near)
{
    const size_t n = 2 * (n_columns < BLOCK ? n_columns : BLOCK);

    for (near->n_bits = 4; (size_t)1 << near->n_bits < n;)
        near->n_bits++;
    near->first = base_alloc_array(mem, (size_t)1 << near->n_bits,
                                   sizeof *near->first);
    near->next = base_alloc_array(mem, n, sizeof *near->next);
    return near->first && near->next;
}

static void try_direct(const table *t, const gb_roads_place *lane_place,
                       size_t column, double *cell)
{
    const gb_roads_place *place = place_of(t, column);
    const double direct =
        t->is_turned
            ? roads_spots_direct(t->view, place, lane_place, NULL)
            : roads_spots_direct(t->view, lane_place, place, NULL);

    if (direct < *cell)
        *cell = direct;
}

/* All columns whose links share a vertex with the place's: few, and among
 * them all that roads_spots_direct() knows a way to. */
static void try_near(const table *t, const gb_roads_place *place, size_t lane,
                     double *cells)
{
    if (place->status != GB_SNAP_OK)
        return;
    for (int end = 0; end < 2; end++) {
        const uint32_t vertex = end_of(t, place, end);
        uint32_t i = t->near.first[hash_of(&t->near, vertex)];

        for (; i != ROADS_NONE; i = t->near.next[i])
            if (end_of(t, place_of(t, i / 2), i % 2) == vertex)
                try_direct(t, place, i / 2,
                           &cells[(size_t)ROADS_LANES * (i / 2) + lane]);
    }
}

/* ---- batches ---- */

static gb_status fill_batch(base_run *worker, size_t thread, size_t batch,
                            void *user)
{
    const table *t = user;
    roads_lanes *scratch = &t->scratch[thread];
    const uint32_t *lanes = t->lanes + batch * ROADS_LANES;
    const uint32_t *columns = t->columns + t->first_column;
    size_t n = t->n_lanes - batch * ROADS_LANES;

    if (n > ROADS_LANES)
        n = ROADS_LANES;
    if (!roads_lanes_run(scratch, t->climbed, t->lane_ends, lanes, n,
                         &t->sweep))
        return base_fail_nomem(worker->ctx);
    for (size_t l = 0; l < n; l++)
        try_near(t, &t->along->places[lanes[l]], l, scratch->cells);
    roads_cells_write(&t->cells, lanes, n, columns, t->n_block,
                      scratch->cells);
    return GB_OK;
}

static gb_status fill_block(base_run *run, table *t)
{
    gb_status status = GB_OK;

    index_columns(t);
    if (!roads_sweep_build(run->mem, t->swept, t->view.states->n_states,
                           t->column_ends, t->columns + t->first_column,
                           t->n_block, &t->sweep)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    for (size_t i = 0; i < t->n_threads; i++)
        if (!roads_lanes_init(&t->scratch[i], run->mem,
                              t->view.states->n_states, &t->sweep)) {
            status = base_fail_nomem(run->ctx);
            goto done;
        }
    status = base_parallel(run, (t->n_lanes + ROADS_LANES - 1) / ROADS_LANES,
                           fill_batch, t);

done:
    for (size_t i = 0; i < t->n_threads; i++)
        roads_lanes_clear(&t->scratch[i]);
    roads_sweep_clear(run->mem, &t->sweep);
    return status;
}

/* ---- the order ---- */

typedef struct ordered {
    uint64_t key;
    uint32_t place;
} ordered;

static int by_link(const void *a, const void *b)
{
    const ordered *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* The numbers of the places, by link and along it; NULL: no memory. */
static uint32_t *order_places(base_mem *mem, const roads_spots *spots)
{
    uint32_t *order = base_alloc_array(mem, spots->n, sizeof *order);
    ordered *sorted = base_alloc_array(mem, spots->n, sizeof *sorted);

    if (order && sorted) {
        for (size_t i = 0; i < spots->n; i++)
            sorted[i] = (ordered){ (uint64_t)spots->places[i].link << 32
                                       | spots->places[i].along_cm,
                                   (uint32_t)i };
        qsort(sorted, spots->n, sizeof *sorted, by_link);
        for (size_t i = 0; i < spots->n; i++)
            order[i] = sorted[i].place;
    } else {
        base_free(mem, order);
        order = NULL;
    }
    base_free(mem, sorted);
    return order;
}

/* Columns of one block need no order: as the caller's they are written in. */
static uint32_t *order_columns(base_mem *mem, const roads_spots *spots)
{
    uint32_t *order;

    if (spots->n > BLOCK)
        return order_places(mem, spots);
    order = base_alloc_array(mem, spots->n, sizeof *order);
    for (size_t i = 0; order && i < spots->n; i++)
        order[i] = (uint32_t)i;
    return order;
}

/* The fewer climb: a batch more costs more than sixteen columns more. */
static table table_of(roads_view view, const roads_spots *from,
                      const roads_spots *to)
{
    const roads_ends starts = { from->first_start, from->starts };
    const roads_ends targets = { to->first_target, to->targets };
    table t = { .view = view, .is_turned = to->n < from->n };

    t.along = t.is_turned ? to : from;
    t.across = t.is_turned ? from : to;
    t.lane_ends = t.is_turned ? targets : starts;
    t.column_ends = t.is_turned ? starts : targets;
    t.climbed = t.is_turned ? &view.metric->down : &view.metric->up;
    t.swept = t.is_turned ? &view.metric->up : &view.metric->down;
    t.cells = (roads_cells){ .lane_stride = t.is_turned ? 1 : to->n,
                             .column_stride = t.is_turned ? to->n : 1,
                             .length_unit_cm = view.map->length_unit_cm,
                             .is_wide = ROADS_IS_WIDE() };
    t.n_lanes = t.along->n;
    t.n_columns = t.across->n;
    return t;
}

gb_status roads_table_fill(base_run *run, roads_view view,
                           const roads_spots *from, const roads_spots *to,
                           int32_t *seconds, int32_t *metres)
{
    table t = table_of(view, from, to);
    const size_t n_batches = (t.n_lanes + ROADS_LANES - 1) / ROADS_LANES;
    const size_t n_blocks = (t.n_columns + BLOCK - 1) / BLOCK;
    gb_status status = GB_OK;

    t.cells.seconds = seconds;
    t.cells.metres = metres;
    t.n_threads = base_parallel_threads(run, n_batches);
    t.lanes = order_places(run->mem, t.along);
    t.columns = order_columns(run->mem, t.across);
    t.scratch = base_alloc_zeroed(run->mem, t.n_threads, sizeof *t.scratch);
    if (!t.lanes || !t.columns || !t.scratch
        || !near_init(run->mem, t.n_columns, &t.near))
        status = base_fail_nomem(run->ctx);
    for (size_t i = 0; i < n_blocks && !status; i++) {
        t.first_column = i * BLOCK;
        t.n_block = t.n_columns - t.first_column;
        if (t.n_block > BLOCK)
            t.n_block = BLOCK;
        base_run_phase(run, GB_N("travel times"), (double)i / (double)n_blocks,
                       (double)(i + 1) / (double)n_blocks, n_batches);
        status = fill_block(run, &t);
    }
    base_free(run->mem, t.scratch);
    base_free(run->mem, t.near.next);
    base_free(run->mem, t.near.first);
    base_free(run->mem, t.columns);
    base_free(run->mem, t.lanes);
    return status;
}
