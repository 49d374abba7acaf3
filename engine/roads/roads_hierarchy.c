/*
 * roads_hierarchy.c - which edges contraction brings about.
 *
 * State x is looked at when all lower ones are done: its up row is the heads
 * of its arcs, and of each lower state z that x leads to what is beyond x in
 * the up row of z; likewise down.  The work is one step for each triangle,
 * some tenths of a second for a city.
 *
 * The tree of parents is found as in factorisations of sparse matrices, from
 * who waits for whom.
 *
 *   J. W. H. Liu, The role of elimination trees in sparse factorization, SIAM
 *     J. Matrix Anal. Appl. 11 (1990), doi:10.1137/0611010.
 */
#include <string.h>

#include "base_array.h"
#include "roads_waiting.h"

#define DOWN_BIT (UINT32_C(1) << 31)

/* An arc as its lower end sees it. */
typedef struct lower_arc {
    uint32_t arc; /* with DOWN_BIT: it comes from the higher end */
    uint32_t end;
} lower_arc;

typedef BASE_ARRAY(uint32_t) id_array;

typedef struct builder {
    base_run *run;
    const roads_states *states;
    uint32_t *first_arc; /* of states: into arcs */
    lower_arc *arcs;
    roads_waiter *waiters;
    uint32_t *first[ROADS_BOTH]; /* the rows */
    id_array ends[ROADS_BOTH];
    uint32_t *seen[ROADS_BOTH];  /* of states: in whose row it is last seen */
    uint32_t *place;             /* of states: in the row at hand */
    uint32_t *arc_edges;
    uint32_t *parents, *roots;   /* roots: shortcuts up the tree */
} builder;

static bool builder_alloc(builder *b)
{
    base_mem *mem = b->run->mem;
    const size_t n = b->states->n_states, n_arcs = b->states->n_arcs;

    b->first_arc = base_alloc_zeroed(mem, n + 2, sizeof *b->first_arc);
    b->arcs = base_alloc_array(mem, n_arcs, sizeof *b->arcs);
    b->waiters = roads_waiters_new(mem, n);
    b->place = base_alloc_array(mem, n, sizeof *b->place);
    b->arc_edges = base_alloc_array(mem, n_arcs, sizeof *b->arc_edges);
    b->parents = base_alloc_array(mem, n, sizeof *b->parents);
    b->roots = base_alloc_array(mem, n, sizeof *b->roots);
    for (int side = 0; side < ROADS_BOTH; side++) {
        b->first[side] = base_alloc_array(mem, n + 1, sizeof *b->first[side]);
        b->seen[side] = base_alloc_array(mem, n, sizeof *b->seen[side]);
        if (!b->first[side] || !b->seen[side]
            || !base_array_reserve(mem, &b->ends[side], n_arcs + 1))
            return false;
        memset(b->seen[side], 0xff, n * sizeof *b->seen[side]);
        b->first[side][0] = 0;
    }
    return b->first_arc && b->arcs && b->waiters && b->place && b->arc_edges
           && b->parents && b->roots;
}

static void builder_clear(builder *b)
{
    base_mem *mem = b->run->mem;

    for (int side = 0; side < ROADS_BOTH; side++) {
        base_free(mem, b->first[side]);
        base_free(mem, b->seen[side]);
        base_array_clear(mem, &b->ends[side]);
    }
    base_free(mem, b->first_arc);
    base_free(mem, b->arcs);
    base_free(mem, b->waiters);
    base_free(mem, b->place);
    base_free(mem, b->arc_edges);
    base_free(mem, b->parents);
    base_free(mem, b->roots);
}

/* Arcs by their lower ends, in the order of their numbers. */
static void sort_arcs(builder *b)
{
    const roads_states *s = b->states;
    uint32_t *first = b->first_arc;

    for (uint32_t v = 0; v < s->n_states; v++)
        for (uint32_t a = s->first_arc[v]; a < s->first_arc[v + 1]; a++)
            if (s->heads[a] != v)
                first[(v < s->heads[a] ? v : s->heads[a]) + 2]++;
    for (size_t v = 2; v <= s->n_states; v++)
        first[v] += first[v - 1];
    for (uint32_t v = 0; v < s->n_states; v++) {
        for (uint32_t a = s->first_arc[v]; a < s->first_arc[v + 1]; a++) {
            const uint32_t w = s->heads[a];

            if (v < w)
                b->arcs[first[v + 1]++] = (lower_arc){ a, w };
            else if (w < v)
                b->arcs[first[w + 1]++] = (lower_arc){ a | DOWN_BIT, v };
            else
                b->arc_edges[a] = ROADS_NONE;
        }
    }
}

/* Shell's, for rows are short; the steps are M. Ciura's. */
static void sort_ids(uint32_t *ids, size_t n)
{
    static const size_t steps[] = { 1750, 701, 301, 132, 57, 23, 10, 4, 1 };

    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        const size_t step = steps[s];

        for (size_t i = step; i < n; i++) {
            const uint32_t id = ids[i];
            size_t j = i;

            for (; j >= step && ids[j - step] > id; j -= step)
                ids[j] = ids[j - step];
            ids[j] = id;
        }
    }
}

/* x is an ancestor of z: so is it of the root of what z is in. */
static void join_tree(builder *b, uint32_t z, uint32_t x)
{
    while (b->roots[z] != x) {
        const uint32_t up = b->roots[z];

        b->roots[z] = x;
        if (up == ROADS_NONE) {
            b->parents[z] = x;
            return;
        }
        z = up;
    }
}

/*
 * Add to a row of x what lies beyond x in that row of all that wait for x on
 * the other side, who then wait for their next.
 */
static bool add_beyond(builder *b, int side, uint32_t x)
{
    const int other = ROADS_BOTH - 1 - side;
    id_array *row = &b->ends[side];
    uint32_t *seen = b->seen[side], next;

    for (uint32_t z = b->waiters[x].list[other]; z != ROADS_NONE; z = next) {
        roads_waiter *w = &b->waiters[z];
        uint32_t i = roads_beyond(w, side, row->items, x);

        next = w->next[other];
        if (!base_array_reserve(b->run->mem, row, w->end[side] - i))
            return false;
        for (; i < w->end[side]; i++) {
            const uint32_t y = row->items[i];

            row->items[row->n] = y;
            row->n += seen[y] != x;
            seen[y] = x;
        }
        join_tree(b, z, x);
        if (++w->at[other] < w->end[other])
            roads_wait(b->waiters, other, z,
                       b->ends[other].items[w->at[other]]);
    }
    return true;
}

static bool add_arcs(builder *b, uint32_t x)
{
    for (uint32_t i = b->first_arc[x]; i < b->first_arc[x + 1]; i++) {
        const lower_arc arc = b->arcs[i];
        const int side = arc.arc & DOWN_BIT ? ROADS_DOWN : ROADS_UP;

        if (b->seen[side][arc.end] == x)
            continue;
        b->seen[side][arc.end] = x;
        if (!base_array_push(b->run->mem, &b->ends[side], arc.end))
            return false;
    }
    return true;
}

/* The row is whole: sort it, let x wait for its first entry. */
static void finish_row(builder *b, int side, uint32_t x)
{
    id_array *row = &b->ends[side];
    const uint32_t first = b->first[side][x];

    if (row->n > first)
        sort_ids(row->items + first, row->n - first);
    b->first[side][x + 1] = (uint32_t)row->n;
    b->waiters[x].at[side] = first;
    b->waiters[x].end[side] = (uint32_t)row->n;
    if (first < row->n)
        roads_wait(b->waiters, side, x, row->items[first]);
}

static void place_arcs(builder *b, int side, uint32_t x)
{
    for (uint32_t e = b->first[side][x]; e < b->first[side][x + 1]; e++)
        b->place[b->ends[side].items[e]] = e;
    for (uint32_t i = b->first_arc[x]; i < b->first_arc[x + 1]; i++) {
        const lower_arc arc = b->arcs[i];

        if ((arc.arc & DOWN_BIT) == (side == ROADS_DOWN ? DOWN_BIT : 0))
            b->arc_edges[arc.arc & ~DOWN_BIT] = b->place[arc.end];
    }
}

static gb_status contract(builder *b, uint32_t x)
{
    gb_context *ctx = b->run->ctx;

    b->roots[x] = b->parents[x] = ROADS_NONE;
    if (!add_arcs(b, x) || !add_beyond(b, ROADS_UP, x)
        || !add_beyond(b, ROADS_DOWN, x))
        return base_fail_nomem(ctx);
    for (int side = 0; side < ROADS_BOTH; side++) {
        if (b->ends[side].n >= ROADS_NONE)
            return base_fail(ctx, GB_ERR_DATA,
                             "the road network is too tangled: more than "
                             "%u shortcuts", ROADS_NONE);
        finish_row(b, side, x);
        place_arcs(b, side, x);
    }
    return GB_OK;
}

/* What is built goes over to `out`; an array that is grown shrinks to fit. */
static void hand_over(builder *b, roads_hierarchy_built *out)
{
    roads_rows *rows[ROADS_BOTH] = { &out->view.up, &out->view.down };

    for (int side = 0; side < ROADS_BOTH; side++) {
        id_array *ends = &b->ends[side];
        uint32_t *fitting = base_realloc_array(b->run->mem, ends->items,
                                               ends->n, sizeof *fitting);

        *rows[side] = (roads_rows){ ends->n, b->first[side],
                                    fitting ? fitting : ends->items };
        out->arrays[2 * side] = b->first[side];
        out->arrays[2 * side + 1] = fitting ? fitting : ends->items;
        b->first[side] = NULL;
        *ends = (id_array)BASE_ARRAY_INIT;
    }
    out->view.arc_edges = out->arrays[4] = b->arc_edges;
    out->view.parents = out->arrays[5] = b->parents;
    out->view.n_states = b->states->n_states;
    b->arc_edges = b->parents = NULL;
}

gb_status roads_hierarchy_build(base_run *run, const roads_states *states,
                                roads_hierarchy_built *out)
{
    builder b = { .run = run, .states = states };
    gb_status status = GB_OK;

    memset(out, 0, sizeof *out);
    if (!builder_alloc(&b)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    sort_arcs(&b);
    for (uint32_t x = 0; x < states->n_states; x++) {
        status = base_poll(run);
        if (!status)
            status = contract(&b, x);
        if (status)
            goto done;
    }
    hand_over(&b, out);
done:
    builder_clear(&b);
    return status;
}

void roads_hierarchy_clear(base_mem *mem, roads_hierarchy_built *built)
{
    for (size_t i = 0; i < sizeof built->arrays / sizeof *built->arrays; i++)
        base_free(mem, built->arrays[i]);
    memset(built, 0, sizeof *built);
}
