/*
 * roads_sweep.c - see roads_sweep.h.
 */
#include "roads_sweep.h"

#include <string.h>

#include "base_check.h"

/* Arcs of a step are taken four at a time, the last filled up with such as
 * read slot 0, which is far: cheaper than branches that are guessed wrong. */
enum { FOLD = 4 };

/* ---- rows ---- */

ROADS_INLINE double least(double a, double b)
{
    return a < b ? a : b;
}

ROADS_INLINE void set_far(double *restrict to)
{
    to = ROADS_ALIGNED(to);
    ROADS_EACH_LANE(l)
        to[l] = ROADS_CLOSED;
}

ROADS_INLINE void set(double *restrict to, const double *restrict a, double w)
{
    to = ROADS_ALIGNED(to);
    a = ROADS_ALIGNED(a);
    ROADS_EACH_LANE(l)
        to[l] = a[l] + w;
}

ROADS_INLINE void pull(double *restrict to, const double *restrict a, double w)
{
    to = ROADS_ALIGNED(to);
    a = ROADS_ALIGNED(a);
    ROADS_EACH_LANE(l)
        to[l] = least(a[l] + w, to[l]);
}

ROADS_INLINE void set_four(double *restrict to, const double *restrict a,
                           const double *restrict b, const double *restrict c,
                           const double *restrict d, const double *w)
{
    const double w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];

    to = ROADS_ALIGNED(to);
    a = ROADS_ALIGNED(a);
    b = ROADS_ALIGNED(b);
    c = ROADS_ALIGNED(c);
    d = ROADS_ALIGNED(d);
    ROADS_EACH_LANE(l)
        to[l] = least(least(a[l] + w0, b[l] + w1),
                      least(c[l] + w2, d[l] + w3));
}

ROADS_INLINE void pull_four(double *restrict to, const double *restrict a,
                            const double *restrict b, const double *restrict c,
                            const double *restrict d, const double *w)
{
    const double w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];

    to = ROADS_ALIGNED(to);
    a = ROADS_ALIGNED(a);
    b = ROADS_ALIGNED(b);
    c = ROADS_ALIGNED(c);
    d = ROADS_ALIGNED(d);
    ROADS_EACH_LANE(l)
        to[l] = least(least(least(a[l] + w0, b[l] + w1),
                            least(c[l] + w2, d[l] + w3)), to[l]);
}

/* `to` is a row of its own: a slot is given back only after its last step. */
ROADS_INLINE void set_all(double *restrict to, const double *rows,
                          const uint32_t *at, const double *w, size_t n)
{
#define ROW(i) (rows + (size_t)ROADS_LANES * at[i])
    if (n == 0) {
        set_far(to);
        return;
    }
    set_four(to, ROW(0), ROW(1), ROW(2), ROW(3), w);
    while ((n -= FOLD) > 0) {
        at += FOLD;
        w += FOLD;
        pull_four(to, ROW(0), ROW(1), ROW(2), ROW(3), w);
    }
#undef ROW
}

/* ---- the steps ---- */

static void mark(uint64_t *bits, uint32_t v)
{
    bits[v / 64] |= UINT64_C(1) << (v % 64);
}

static uint32_t folded(uint32_t n)
{
    return (n + FOLD - 1) / FOLD * FOLD;
}

/* Steps, arcs and ends: how many; the bits of all states of the sweep. */
static void find_states(const roads_graph *down, size_t n_words,
                        roads_ends ends, const uint32_t *places,
                        uint64_t *bits, roads_sweep *out)
{
    for (size_t c = 0; c < out->n_columns; c++)
        for (uint32_t e = ends.first[places[c]];
             e < ends.first[places[c] + 1]; e++) {
            mark(bits, ends.ends[e].state);
            out->n_ends++;
        }
    for (size_t i = 0; i < n_words; i++) {
        /* Rows lead to higher states, so a word grows while it is read. */
        for (uint64_t seen = 0, left; (left = bits[i] & ~seen) != 0;) {
            const uint32_t v = (uint32_t)(i * 64) + __builtin_ctzll(left);

            seen |= left & -left;
            for (uint32_t a = down->first[v]; a < down->first[v + 1]; a++)
                mark(bits, down->ends[a]);
            out->n_arcs += folded(down->first[v + 1] - down->first[v]);
            out->n_steps++;
        }
    }
}

/* The steps in order, arcs leading to steps; step_of of all their states. */
static void lay_steps(const roads_graph *down, size_t n_words,
                      const uint64_t *bits, uint32_t *step_of,
                      roads_sweep *out)
{
    size_t n = 0, n_arcs = 0;

    for (size_t i = n_words; i-- > 0;)
        for (uint64_t left = bits[i]; left;) {
            const int bit = 63 - __builtin_clzll(left);
            const uint32_t v = (uint32_t)(i * 64) + bit;
            const uint32_t first = down->first[v];
            const uint32_t n_row = down->first[v + 1] - first;

            left ^= UINT64_C(1) << bit;
            for (uint32_t a = 0; a < n_row; a++)
                out->slots_read[n_arcs + a] = step_of[down->ends[first + a]];
            memcpy(out->weights + n_arcs, down->weights + first,
                   n_row * sizeof *out->weights);
            for (uint32_t a = n_row; a < folded(n_row); a++) {
                out->slots_read[n_arcs + a] = ROADS_NONE;
                out->weights[n_arcs + a] = 0;
            }
            step_of[v] = (uint32_t)n;
            out->steps[n++] =
                (roads_step){ .state = v, .n_arcs = folded(n_row) };
            n_arcs += folded(n_row);
        }
}

/* The ends of columns beside the steps that they are at. */
static void lay_columns(roads_ends ends, const uint32_t *places,
                        const uint32_t *step_of, uint32_t *next,
                        roads_sweep *out)
{
    uint32_t sum = 0;

    for (size_t c = 0; c < out->n_columns; c++)
        for (uint32_t e = ends.first[places[c]];
             e < ends.first[places[c] + 1]; e++)
            out->steps[step_of[ends.ends[e].state]].n_columns++;
    for (size_t i = 0; i < out->n_steps; i++) {
        next[i] = sum;
        sum += out->steps[i].n_columns;
    }
    for (size_t c = 0; c < out->n_columns; c++)
        for (uint32_t e = ends.first[places[c]];
             e < ends.first[places[c] + 1]; e++)
            out->columns[next[step_of[ends.ends[e].state]]++] =
                (roads_step_column){ ends.ends[e].weight, (uint32_t)c };
}

/*
 * Slots by linear scan.  A step takes its own before it gives back those that
 * it is the last to read, so that it never writes what it reads.
 */
static void allot_slots(uint32_t *last_reader, uint32_t *free_slots,
                        roads_sweep *out)
{
    size_t n_free = 0, a = 0;

    out->n_slots = 1; /* slot 0 stays far */
    for (size_t i = 0; i < out->n_steps; i++)
        last_reader[i] = (uint32_t)i;
    for (size_t i = 0; i < out->n_steps; i++)
        for (uint32_t k = 0; k < out->steps[i].n_arcs; k++, a++)
            if (out->slots_read[a] != ROADS_NONE)
                last_reader[out->slots_read[a]] = (uint32_t)i;
    a = 0;
    for (size_t i = 0; i < out->n_steps; i++) {
        roads_step *step = &out->steps[i];

        step->slot = n_free ? free_slots[--n_free] : (uint32_t)out->n_slots++;
        for (uint32_t k = 0; k < step->n_arcs; k++, a++) {
            const uint32_t read = out->slots_read[a];

            out->slots_read[a] =
                read == ROADS_NONE ? 0 : out->steps[read].slot;
            if (read != ROADS_NONE && last_reader[read] == i)
                free_slots[n_free++] = out->steps[read].slot;
        }
        if (last_reader[i] == i)
            free_slots[n_free++] = step->slot;
    }
}

bool roads_sweep_build(base_mem *mem, const roads_graph *down, size_t n_states,
                       roads_ends ends, const uint32_t *places,
                       size_t n_columns, roads_sweep *out)
{
    const size_t n_words = n_states / 64 + 1;
    uint64_t *bits = base_alloc_zeroed(mem, n_words, sizeof *bits);
    uint32_t *step_of = base_alloc_array(mem, n_states, sizeof *step_of);
    uint32_t *a = NULL, *b = NULL;
    bool is_done = false;

    *out = (roads_sweep){ .n_columns = n_columns };
    if (!bits || !step_of)
        goto done;
    find_states(down, n_words, ends, places, bits, out);
    out->steps = base_alloc_array(mem, out->n_steps, sizeof *out->steps);
    out->slots_read =
        base_alloc_array(mem, out->n_arcs, sizeof *out->slots_read);
    out->weights = base_alloc_array(mem, out->n_arcs, sizeof *out->weights);
    out->columns = base_alloc_array(mem, out->n_ends, sizeof *out->columns);
    a = base_alloc_array(mem, out->n_steps, sizeof *a);
    b = base_alloc_array(mem, out->n_steps, sizeof *b);
    if (!out->steps || !out->slots_read || !out->weights || !out->columns
        || !a || !b)
        goto done;
    lay_steps(down, n_words, bits, step_of, out);
    lay_columns(ends, places, step_of, a, out);
    allot_slots(a, b, out);
    is_done = true;

done:
    base_free(mem, b);
    base_free(mem, a);
    base_free(mem, step_of);
    base_free(mem, bits);
    return is_done;
}

void roads_sweep_clear(base_mem *mem, roads_sweep *sweep)
{
    base_free(mem, sweep->steps);
    base_free(mem, sweep->slots_read);
    base_free(mem, sweep->weights);
    base_free(mem, sweep->columns);
    memset(sweep, 0, sizeof *sweep);
}

/* ---- the climb ---- */

static double *aligned(void *block)
{
    return (double *)(((uintptr_t)block + 63) & ~(uintptr_t)63);
}

static void *alloc_rows(base_mem *mem, size_t n)
{
    const size_t row = ROADS_LANES * sizeof(double);

    return n < SIZE_MAX / row - 1 ? base_alloc(mem, n * row + 63) : NULL;
}

static bool reserve_rows(roads_lanes *lanes, size_t extra)
{
    const size_t wanted = lanes->n_rows + extra;
    size_t capacity = lanes->row_capacity;
    roads_climbed *climbed;
    void *block;

    if (wanted <= capacity)
        return true;
    capacity = wanted + capacity / 2 + 256;
    climbed = base_realloc_array(lanes->mem, lanes->climbed, capacity,
                                 sizeof *climbed);
    if (!climbed)
        return false;
    lanes->climbed = climbed;
    block = alloc_rows(lanes->mem, capacity);
    if (!block)
        return false;
    if (lanes->n_rows)
        memcpy(aligned(block), lanes->rows,
               lanes->n_rows * ROADS_LANES * sizeof(double));
    base_free(lanes->mem, lanes->row_block);
    lanes->row_block = block;
    lanes->rows = aligned(block);
    lanes->row_capacity = capacity;
    return true;
}

static bool is_waiting(const roads_lanes *lanes, uint32_t v)
{
    return lanes->waiting[v / 64] >> (v % 64) & 1;
}

/* A state that is met for the first time: its row, not yet filled. */
ROADS_INLINE double *new_row(roads_lanes *lanes, uint32_t v)
{
    mark(lanes->waiting, v);
    lanes->row_of[v] = (uint32_t)lanes->n_rows;
    return lanes->rows + ROADS_LANES * lanes->n_rows++;
}

/* The rows of all places' ends; the lowest of the states. */
static bool set_out(roads_lanes *lanes, roads_ends ends,
                    const uint32_t *places, size_t n, uint32_t *lowest)
{
    *lowest = UINT32_MAX;
    for (size_t l = 0; l < n; l++)
        for (uint32_t e = ends.first[places[l]];
             e < ends.first[places[l] + 1]; e++) {
            const roads_spot_end *end = &ends.ends[e];
            double *row;

            if (!reserve_rows(lanes, 1))
                return false;
            if (!is_waiting(lanes, end->state))
                set_far(new_row(lanes, end->state));
            row = lanes->rows
                  + (size_t)ROADS_LANES * lanes->row_of[end->state];
            row[l] = least(end->weight, row[l]);
            if (end->state < *lowest)
                *lowest = end->state;
        }
    return true;
}

ROADS_INLINE bool climb_from(roads_lanes *lanes, const roads_graph *up, uint32_t v)
{
    const uint32_t first = up->first[v], last = up->first[v + 1];
    const uint32_t row = lanes->row_of[v];
    const double *from;

    if (!reserve_rows(lanes, last - first))
        return false;
    lanes->climbed[lanes->n_climbed++] = (roads_climbed){ v, row };
    from = lanes->rows + (size_t)ROADS_LANES * row;
    for (uint32_t a = first; a < last; a++) {
        const uint32_t end = up->ends[a];

        if (is_waiting(lanes, end))
            pull(lanes->rows + (size_t)ROADS_LANES * lanes->row_of[end], from,
                 up->weights[a]);
        else
            set(new_row(lanes, end), from, up->weights[a]);
    }
    return true;
}

ROADS_INLINE bool climb_any(roads_lanes *lanes, const roads_graph *up, uint32_t v)
{
    const size_t n_words = lanes->n_states / 64 + 1;

    for (size_t i = v / 64; i < n_words; i++)
        while (lanes->waiting[i]) {
            v = (uint32_t)(i * 64) + __builtin_ctzll(lanes->waiting[i]);
            if (!climb_from(lanes, up, v))
                return false;
            lanes->waiting[i] &= lanes->waiting[i] - 1;
        }
    return true;
}

/* ---- the sweep ---- */

ROADS_INLINE void sweep_any(const roads_lanes *lanes, const roads_sweep *sweep)
{
    const uint32_t *at = sweep->slots_read;
    const double *w = sweep->weights;
    const roads_step_column *column = sweep->columns;
    size_t k = lanes->n_climbed;

    for (size_t i = 0; i < sweep->n_steps; i++) {
        const roads_step *step = &sweep->steps[i];
        double *to = lanes->slots + (size_t)ROADS_LANES * step->slot;

        set_all(to, lanes->slots, at, w, step->n_arcs);
        while (k && lanes->climbed[k - 1].state > step->state)
            k--;
        if (k && lanes->climbed[k - 1].state == step->state)
            pull(to, lanes->rows
                         + (size_t)ROADS_LANES * lanes->climbed[k - 1].row, 0);
        at += step->n_arcs;
        w += step->n_arcs;
        for (uint32_t c = 0; c < step->n_columns; c++, column++)
            pull(lanes->cells + (size_t)ROADS_LANES * column->column, to,
                 column->weight);
    }
}

static bool climb_plain(roads_lanes *lanes, const roads_graph *up, uint32_t v)
{
    return climb_any(lanes, up, v);
}

static void sweep_plain(const roads_lanes *lanes, const roads_sweep *sweep)
{
    sweep_any(lanes, sweep);
}

ROADS_WIDE static bool climb_wide(roads_lanes *lanes, const roads_graph *up,
                                  uint32_t v)
{
    return climb_any(lanes, up, v);
}

ROADS_WIDE static void sweep_wide(const roads_lanes *lanes,
                                  const roads_sweep *sweep)
{
    sweep_any(lanes, sweep);
}

bool roads_lanes_init(roads_lanes *lanes, base_mem *mem, size_t n_states,
                      const roads_sweep *sweep)
{
    const size_t n_rows = sweep->n_slots + sweep->n_columns;

    *lanes = (roads_lanes){ .mem = mem, .n_states = n_states,
                            .is_wide = ROADS_IS_WIDE() };
    lanes->waiting =
        base_alloc_zeroed(mem, n_states / 64 + 1, sizeof *lanes->waiting);
    lanes->row_of = base_alloc_array(mem, n_states, sizeof *lanes->row_of);
    lanes->slot_block = alloc_rows(mem, n_rows);
    if (!lanes->waiting || !lanes->row_of || !lanes->slot_block)
        return false;
    lanes->slots = aligned(lanes->slot_block);
    set_far(lanes->slots);
    lanes->cells = lanes->slots + ROADS_LANES * sweep->n_slots;
    return true;
}

void roads_lanes_clear(roads_lanes *lanes)
{
    if (!lanes->mem)
        return;
    base_free(lanes->mem, lanes->waiting);
    base_free(lanes->mem, lanes->row_of);
    base_free(lanes->mem, lanes->row_block);
    base_free(lanes->mem, lanes->slot_block);
    base_free(lanes->mem, lanes->climbed);
    *lanes = (roads_lanes){ 0 };
}

bool roads_lanes_run(roads_lanes *lanes, const roads_graph *up,
                     roads_ends ends, const uint32_t *places, size_t n,
                     const roads_sweep *sweep)
{
    uint32_t lowest;

    lanes->n_rows = lanes->n_climbed = 0;
    for (size_t c = 0; c < sweep->n_columns; c++)
        set_far(lanes->cells + ROADS_LANES * c);
    if (!set_out(lanes, ends, places, n, &lowest))
        return false;
    if (lowest == UINT32_MAX)
        return true;
    if (lanes->is_wide) {
        if (!climb_wide(lanes, up, lowest))
            return false;
        sweep_wide(lanes, sweep);
    } else {
        if (!climb_plain(lanes, up, lowest))
            return false;
        sweep_plain(lanes, sweep);
    }
    return true;
}
