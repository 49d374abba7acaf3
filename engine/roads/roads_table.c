/*
 * roads_table.c - many to many: see roads_query.h and roads_sweep.h.
 *
 * Rows are taken sixteen at a time in the order of their links, which lie
 * along a curve, so that the sixteen climb over much the same states.  Where
 * there are few columns to many rows the two change places: sixteen columns
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
#include "roads_sweep.h"

enum { BLOCK = 4096 };

/* What a place can have in common with another that a way within one link
 * leads to: the link, or a vertex of it. */
typedef struct shared {
    uint64_t key; /* link, or beyond all links, vertex */
    size_t place;
} shared;

enum { MOST_SHARED = 3 };

typedef struct table {
    roads_view view;
    const roads_spots *along, *across; /* of lanes; of columns */
    roads_ends lane_ends, column_ends;
    const roads_graph *climbed, *swept;
    bool is_turned;         /* lanes are columns of the table */
    size_t lane_stride, column_stride;
    int32_t *seconds, *metres;
    uint32_t *lanes;        /* in the order of batches */
    uint32_t *columns;      /* in the order of blocks */
    size_t n_lanes, n_columns;
    /* of the block at hand */
    size_t first_column, n_block;
    shared *near_columns;   /* sorted; places are columns of the block */
    size_t n_near;
    roads_sweep sweep;
    roads_lanes *scratch;   /* one a thread */
    size_t n_threads;
} table;

/* ---- ways within a link ---- */

static size_t find_shared(const roads_map *map, const gb_roads_place *place,
                          size_t number, shared out[MOST_SHARED])
{
    const roads_link *link;

    if (place->status != GB_SNAP_OK)
        return 0;
    link = &map->links[place->link];
    out[0] = (shared){ place->link, number };
    out[1] = (shared){ (uint64_t)map->n_links + link->from, number };
    out[2] = (shared){ (uint64_t)map->n_links + link->to, number };
    return MOST_SHARED;
}

static int by_key(const void *a, const void *b)
{
    const shared *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void sort_near_columns(table *t)
{
    t->n_near = 0;
    for (size_t c = 0; c < t->n_block; c++)
        t->n_near += find_shared(
            t->view.map,
            &t->across->places[t->columns[t->first_column + c]], c,
            t->near_columns + t->n_near);
    qsort(t->near_columns, t->n_near, sizeof *t->near_columns, by_key);
}

static void try_direct(const table *t, const gb_roads_place *lane_place,
                       size_t column, double *cell)
{
    const gb_roads_place *place =
        &t->across->places[t->columns[t->first_column + column]];
    const double direct =
        t->is_turned
            ? roads_spots_direct(t->view, place, lane_place, NULL)
            : roads_spots_direct(t->view, lane_place, place, NULL);

    if (direct < *cell)
        *cell = direct;
}

static void try_near(const table *t, const gb_roads_place *place, size_t lane,
                     double *cells)
{
    shared sought[MOST_SHARED];
    const size_t n = find_shared(t->view.map, place, 0, sought);

    for (size_t i = 0; i < n; i++) {
        size_t low = 0, high = t->n_near;

        while (low < high) {
            const size_t middle = low + (high - low) / 2;

            if (t->near_columns[middle].key < sought[i].key)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < t->n_near && t->near_columns[low].key == sought[i].key;
             low++) {
            const size_t c = t->near_columns[low].place;

            try_direct(t, place, c, &cells[c * ROADS_LANES + lane]);
        }
    }
}

/* ---- cells ---- */

/*
 * As roads_weight_s() and roads_weight_m(), for a row at once.  Half a unit
 * is added before a hundredth is taken, so no rounding of that product comes
 * near a whole number: the same integers as by division.  Three loops:
 * compilers take each of them several lanes at a time, but not all as one.
 */
static void round_row(const double *restrict weights, double length_unit_cm,
                      int32_t *restrict seconds, int32_t *restrict metres)
{
    const double none = GB_ROADS_UNREACHABLE;
    double s[ROADS_LANES], m[ROADS_LANES];

    ROADS_EACH_LANE(l) {
        s[l] = weights[l] < ROADS_FAR ? weights[l] : 0;
        m[l] = weights[l] < ROADS_FAR ? 0 : none;
    }
    ROADS_EACH_LANE(l) {
        const double hundredths = (int32_t)(s[l] * (1 / ROADS_LENGTHS));
        const double lengths = s[l] - hundredths * ROADS_LENGTHS;

        s[l] = (hundredths + 50.5) * 0.01 + m[l];
        m[l] = (lengths * length_unit_cm + 50.5) * 0.01 + m[l];
    }
    ROADS_EACH_LANE(l) {
        seconds[l] = (int32_t)s[l];
        metres[l] = (int32_t)m[l];
    }
}

/* Sixteen columns, or what is left, of `n` lanes. */
static void write_square(const table *t, const uint32_t *lanes, size_t n,
                         const uint32_t *columns, size_t n_columns,
                         const double *cells)
{
    int32_t seconds[ROADS_LANES][ROADS_LANES];
    int32_t metres[ROADS_LANES][ROADS_LANES];

    for (size_t c = 0; c < n_columns; c++)
        round_row(cells + c * ROADS_LANES, t->view.map->length_unit_cm,
                  seconds[c], metres[c]);
    for (size_t l = 0; l < n; l++) {
        const size_t row = lanes[l] * t->lane_stride;

        if (t->seconds)
            for (size_t c = 0; c < n_columns; c++)
                t->seconds[row + columns[c] * t->column_stride] =
                    seconds[c][l];
        if (t->metres)
            for (size_t c = 0; c < n_columns; c++)
                t->metres[row + columns[c] * t->column_stride] = metres[c][l];
    }
}

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
    for (size_t c = 0; c < t->n_block; c += ROADS_LANES)
        write_square(t, lanes, n, columns + c,
                     t->n_block - c < ROADS_LANES ? t->n_block - c
                                                  : ROADS_LANES,
                     scratch->cells + c * ROADS_LANES);
    return GB_OK;
}

static gb_status fill_block(base_run *run, table *t)
{
    gb_status status = GB_OK;

    sort_near_columns(t);
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

/* Which side climbs: a batch of lanes is dear, a column more is cheap. */
static table table_of(roads_view view, const roads_spots *from,
                      const roads_spots *to)
{
    const roads_ends starts = { from->first_start, from->starts };
    const roads_ends targets = { to->first_target, to->targets };
    table t = { .view = view, .is_turned = to->n < from->n / 8 };

    t.along = t.is_turned ? to : from;
    t.across = t.is_turned ? from : to;
    t.lane_ends = t.is_turned ? targets : starts;
    t.column_ends = t.is_turned ? starts : targets;
    t.climbed = t.is_turned ? &view.metric->down : &view.metric->up;
    t.swept = t.is_turned ? &view.metric->up : &view.metric->down;
    t.lane_stride = t.is_turned ? 1 : to->n;
    t.column_stride = t.is_turned ? to->n : 1;
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

    t.seconds = seconds;
    t.metres = metres;
    t.n_threads = base_parallel_threads(run, n_batches);
    t.lanes = order_places(run->mem, t.along);
    t.columns = order_columns(run->mem, t.across);
    t.near_columns = base_alloc_array(run->mem, (n_blocks > 1 ? BLOCK
                                                              : t.n_columns),
                                      MOST_SHARED * sizeof(shared));
    t.scratch = base_alloc_zeroed(run->mem, t.n_threads, sizeof *t.scratch);
    if (!t.lanes || !t.columns || !t.near_columns || !t.scratch)
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
    base_free(run->mem, t.near_columns);
    base_free(run->mem, t.columns);
    base_free(run->mem, t.lanes);
    return status;
}
