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

/* What is known of steps only while the sweep is built.  They are counted from
 * 1 here: 0 is what arcs read that only fill up, and is far. */
typedef struct step_notes {
    uint32_t *step_of;     /* of states of the sweep */
    uint32_t *last_reader; /* of steps; itself: nobody reads it */
    uint32_t *slot_of;
    uint32_t *spare;       /* slots that are free; before, room for columns */
} step_notes;

/* The arcs of row v, read by step i; how many. */
static uint32_t lay_arcs(const roads_graph *down, uint32_t v, uint32_t i,
                         const step_notes *notes, uint32_t *restrict reads,
                         double *restrict weights)
{
    const uint32_t first = down->first[v], n = down->first[v + 1] - first;

    for (uint32_t a = 0; a < n; a++) {
        const uint32_t read = notes->step_of[down->ends[first + a]];

        reads[a] = read;
        weights[a] = down->weights[first + a];
        notes->last_reader[read] = i;
    }
    for (uint32_t a = n; a < folded(n); a++) {
        reads[a] = 0;
        weights[a] = 0;
    }
    return folded(n);
}

/* The steps in order, from the highest state; arcs lead to steps. */
static void lay_steps(const roads_graph *down, size_t n_words,
                      const uint64_t *bits, const step_notes *notes,
                      roads_sweep *out)
{
    uint32_t n = 0;
    size_t n_arcs = 0;

    for (size_t i = n_words; i-- > 0;)
        for (uint64_t left = bits[i]; left;) {
            const int bit = 63 - __builtin_clzll(left);
            const uint32_t v = (uint32_t)(i * 64) + bit;
            roads_step *step = &out->steps[n++];

            left ^= UINT64_C(1) << bit;
            notes->step_of[v] = notes->last_reader[n] = n;
            *step = (roads_step){ .state = v };
            step->n_arcs = lay_arcs(down, v, n, notes,
                                    out->slots_read + n_arcs,
                                    out->weights + n_arcs);
            n_arcs += step->n_arcs;
        }
}

/* The ends of columns beside the steps that they are at. */
static void lay_columns(roads_ends ends, const uint32_t *places,
                        const step_notes *notes, roads_sweep *out)
{
    uint32_t *next = notes->spare;
    uint32_t sum = 0;

    for (size_t c = 0; c < out->n_columns; c++)
        for (uint32_t e = ends.first[places[c]];
             e < ends.first[places[c] + 1]; e++)
            out->steps[notes->step_of[ends.ends[e].state] - 1].n_columns++;
    for (size_t i = 0; i < out->n_steps; i++) {
        next[i] = sum;
        sum += out->steps[i].n_columns;
    }
    for (size_t c = 0; c < out->n_columns; c++)
        for (uint32_t e = ends.first[places[c]];
             e < ends.first[places[c] + 1]; e++)
            out->columns[next[notes->step_of[ends.ends[e].state] - 1]++] =
                (roads_step_column){ ends.ends[e].weight, (uint32_t)c };
}

/*
 * Slots by linear scan.  A step takes its own before it gives back those that
 * it is the last to read, so that it never writes what it reads.
 */
static void allot_slots(const step_notes *notes, roads_sweep *out)
{
    uint32_t *spare = notes->spare, *slot_of = notes->slot_of;
    uint32_t *at = out->slots_read;
    size_t n = 0;

    out->n_slots = 1; /* slot 0 stays far */
    slot_of[0] = notes->last_reader[0] = 0;
    for (uint32_t i = 1; i <= out->n_steps; i++) {
        roads_step *step = &out->steps[i - 1];

        step->slot = n ? spare[--n] : (uint32_t)out->n_slots++;
        slot_of[i] = step->slot;
        for (uint32_t a = 0; a < step->n_arcs; a++) {
            const uint32_t read = at[a];

            at[a] = spare[n] = slot_of[read];
            n += notes->last_reader[read] == i;
        }
        at += step->n_arcs;
        if (notes->last_reader[i] == i)
            spare[n++] = step->slot;
    }
}

static bool alloc_steps(base_mem *mem, roads_sweep *out, step_notes *notes)
{
    const size_t n = out->n_steps + 1;

    out->steps = base_alloc_array(mem, n, sizeof *out->steps);
    out->slots_read =
        base_alloc_array(mem, out->n_arcs, sizeof *out->slots_read);
    out->weights = base_alloc_array(mem, out->n_arcs, sizeof *out->weights);
    out->columns = base_alloc_array(mem, out->n_ends, sizeof *out->columns);
    notes->last_reader = base_alloc_array(mem, n, sizeof(uint32_t));
    notes->slot_of = base_alloc_array(mem, n, sizeof(uint32_t));
    notes->spare = base_alloc_array(mem, n, sizeof(uint32_t));
    return out->steps && out->slots_read && out->weights && out->columns
           && notes->last_reader && notes->slot_of && notes->spare;
}

bool roads_sweep_build(base_mem *mem, const roads_graph *down, size_t n_states,
                       roads_ends ends, const uint32_t *places,
                       size_t n_columns, roads_sweep *out)
{
    const size_t n_words = n_states / 64 + 1;
    uint64_t *bits = base_alloc_zeroed(mem, n_words, sizeof *bits);
    step_notes notes = {
        .step_of = base_alloc_array(mem, n_states, sizeof *notes.step_of)
    };
    bool is_done = false;

    *out = (roads_sweep){ .n_columns = n_columns };
    if (!bits || !notes.step_of)
        goto done;
    find_states(down, n_words, ends, places, bits, out);
    if (!alloc_steps(mem, out, &notes))
        goto done;
    lay_steps(down, n_words, bits, &notes, out);
    lay_columns(ends, places, &notes, out);
    allot_slots(&notes, out);
    is_done = true;

done:
    base_free(mem, notes.spare);
    base_free(mem, notes.slot_of);
    base_free(mem, notes.last_reader);
    base_free(mem, notes.step_of);
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
