/*
 * plan_barriers.c - see plan_barriers.h.
 */
#include "plan_barriers.h"

#include <gridbeat/grid.h>
#include <stdlib.h>
#include <string.h>

/* With fewer than one street across in so many metres one rather goes round:
 * blocks in towns are 100 to 300 m wide. */
static const double METRES_A_CROSSING = 400;

typedef struct pieces {
    const plan_ground *ground;
    uint8_t *barriers;
    uint32_t *piece;    /* of each cell: its lowest cell */
    double *work_s;     /* of each piece, at its lowest cell */
    double *border_m;   /* with the piece looked at, at its lowest cell */
    double *least, *most; /* what 1, 2, ... managers may serve */
} pieces;

static uint8_t barrier_of(const plan_ground *g, uint32_t a, uint32_t i)
{
    if (!g->has_streets[a] || !g->has_streets[g->neighbour[i]])
        return GB_BARRIER_NONE;
    if (g->crossings[i] == 0)
        return GB_BARRIER_HARD;
    return g->crossings[i] * METRES_A_CROSSING < g->border_m[i]
               ? GB_BARRIER_SOFT
               : GB_BARRIER_NONE;
}

/* ---- pieces ---- */

static uint32_t root_of(uint32_t *piece, uint32_t cell)
{
    while (piece[cell] != cell)
        cell = piece[cell] = piece[piece[cell]];
    return cell;
}

/* The lower root stays one, so that a piece is its lowest cell. */
static void unite(uint32_t *piece, uint32_t a, uint32_t b)
{
    a = root_of(piece, a);
    b = root_of(piece, b);
    if (a < b)
        piece[b] = a;
    else
        piece[a] = b;
}

static size_t find_pieces(pieces *p)
{
    const plan_ground *g = p->ground;
    size_t n = 0;

    for (uint32_t c = 0; c < g->n_cells; c++)
        p->piece[c] = c;
    for (uint32_t c = 0; c < g->n_cells; c++)
        for (uint32_t i = g->first_neighbour[c]; i < g->first_neighbour[c + 1];
             i++)
            if (p->barriers[i] != GB_BARRIER_HARD)
                unite(p->piece, c, g->neighbour[i]);
    memset(p->work_s, 0, g->n_cells * sizeof *p->work_s);
    for (uint32_t c = 0; c < g->n_cells; c++) {
        p->piece[c] = root_of(p->piece, c);
        p->work_s[p->piece[c]] += g->work_s[c];
        n += p->piece[c] == c;
    }
    return n;
}

/* ---- who can serve what ---- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The work of 1, 2, ... managers: least of the smallest shares, most of the
 * largest, each within the tolerance. */
static void find_limits(pieces *p)
{
    const plan_ground *g = p->ground;
    const size_t n = g->n_shares;
    double shares = 0, work_s = 0, least = 0, most = 0;

    for (size_t c = 0; c < g->n_cells; c++)
        work_s += g->work_s[c];
    memcpy(p->most, g->shares, n * sizeof *p->most);
    qsort(p->most, n, sizeof *p->most, by_size);
    for (size_t k = 0; k < n; k++)
        shares += p->most[k];
    for (size_t k = 0; k < n; k++) {
        least += p->most[k];
        p->least[k] = least * work_s / shares * (1 - g->tolerance);
    }
    for (size_t k = 0; k < n / 2; k++) { /* the largest first */
        const double swapped = p->most[k];

        p->most[k] = p->most[n - 1 - k];
        p->most[n - 1 - k] = swapped;
    }
    for (size_t k = 0; k < n; k++) {
        most += p->most[k];
        p->most[k] = most * work_s / shares * (1 + g->tolerance);
    }
}

static bool can_be_served(const pieces *p, double work_s)
{
    for (size_t k = 0; k < p->ground->n_shares; k++)
        if (work_s >= p->least[k] && work_s <= p->most[k])
            return true;
    return false;
}

/* ---- joining again ---- */

/* Is there a hard barrier between the piece and any other? */
static bool has_barrier(const pieces *p, uint32_t piece)
{
    const plan_ground *g = p->ground;

    for (uint32_t c = piece; c < g->n_cells; c++)
        for (uint32_t i = g->first_neighbour[c];
             p->piece[c] == piece && i < g->first_neighbour[c + 1]; i++)
            if (p->piece[g->neighbour[i]] != piece)
                return true;
    return false;
}

/* The piece with the least work that cannot stay as it is; n_cells: none. */
static uint32_t worst_piece(const pieces *p, size_t n_pieces)
{
    const plan_ground *g = p->ground;
    uint32_t worst = (uint32_t)g->n_cells;

    for (uint32_t c = 0; c < g->n_cells; c++)
        if (p->piece[c] == c
            && (n_pieces > g->n_shares || !can_be_served(p, p->work_s[c]))
            && (worst == g->n_cells || p->work_s[c] < p->work_s[worst])
            && has_barrier(p, c))
            worst = c;
    return worst;
}

/* The other piece with the longest border with `piece`. */
static uint32_t nearest_piece(pieces *p, uint32_t piece)
{
    const plan_ground *g = p->ground;
    uint32_t nearest = piece;

    memset(p->border_m, 0, g->n_cells * sizeof *p->border_m);
    for (uint32_t c = piece; c < g->n_cells; c++)
        for (uint32_t i = g->first_neighbour[c];
             p->piece[c] == piece && i < g->first_neighbour[c + 1]; i++)
            p->border_m[p->piece[g->neighbour[i]]] += g->border_m[i];
    for (uint32_t c = 0; c < g->n_cells; c++)
        if (c != piece && p->border_m[c] > 0
            && (nearest == piece || p->border_m[c] > p->border_m[nearest]))
            nearest = c;
    return nearest;
}

/* Make what lies between two pieces soft. */
static plan_joined join(pieces *p, uint32_t piece, uint32_t other)
{
    const plan_ground *g = p->ground;
    plan_joined joined = { 0, 0, 0 };
    double longest_m = -1;

    for (uint32_t c = 0; c < g->n_cells; c++) {
        if (p->piece[c] != piece && p->piece[c] != other)
            continue;
        for (uint32_t i = g->first_neighbour[c]; i < g->first_neighbour[c + 1];
             i++) {
            const uint32_t d = g->neighbour[i];

            if (p->piece[d] == p->piece[c]
                || (p->piece[d] != piece && p->piece[d] != other))
                continue;
            p->barriers[i] = GB_BARRIER_SOFT;
            if (c > d)
                continue;
            joined.border_m += g->border_m[i];
            if (g->border_m[i] > longest_m) {
                longest_m = g->border_m[i];
                joined.a = c;
                joined.b = d;
            }
        }
    }
    return joined;
}

static gb_status join_pieces(base_run *run, pieces *p,
                             plan_joined_list *joined)
{
    gb_status status = GB_OK;

    find_limits(p);
    while (!status) {
        const size_t n = find_pieces(p);
        const uint32_t worst
            = n > 1 ? worst_piece(p, n) : (uint32_t)p->ground->n_cells;
        uint32_t other;

        if (worst == p->ground->n_cells)
            break;
        other = nearest_piece(p, worst);
        if (other == worst)
            break; /* borders without a length: nothing to go by */
        if (!base_array_push(run->mem, joined, join(p, worst, other)))
            return base_fail_nomem(run->ctx);
        status = base_poll(run);
    }
    return status;
}

gb_status plan_barriers(base_run *run, const plan_ground *ground,
                        uint8_t *barriers, plan_joined_list *joined)
{
    pieces p = { .ground = ground, .barriers = barriers };
    base_arena arena;
    gb_status status;

    base_arena_init(&arena, run->mem);
    for (uint32_t c = 0; c < ground->n_cells; c++)
        for (uint32_t i = ground->first_neighbour[c];
             i < ground->first_neighbour[c + 1]; i++)
            barriers[i] = barrier_of(ground, c, i);
    p.piece = base_arena_alloc(&arena, ground->n_cells, sizeof *p.piece);
    p.work_s = base_arena_alloc(&arena, ground->n_cells, sizeof *p.work_s);
    p.border_m = base_arena_alloc(&arena, ground->n_cells, sizeof *p.border_m);
    p.least = base_arena_alloc(&arena, ground->n_shares, sizeof *p.least);
    p.most = base_arena_alloc(&arena, ground->n_shares, sizeof *p.most);
    status = p.piece && p.work_s && p.border_m && p.least && p.most
                 ? join_pieces(run, &p, joined)
                 : base_fail_nomem(run->ctx);
    base_arena_clear(&arena);
    return status;
}
