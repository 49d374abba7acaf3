/*
 * score_network_heat.c - the heat of score_network.h.
 *
 * Each street is parted into pieces; the nodes are the streets' own and those
 * between the pieces.  With M the lengths about the nodes and K the pieces'
 * conductances a step solves (M + h K) u' = (M - g K) u.
 */
#include "score_network.h"

#include <math.h>
#include <string.h>

enum { PIECES_A_RADIUS = 16, HALF_STEPS = 4, STEPS = 40, MOST_ROUNDS = 500 };

static const double ENOUGH = 1e-11; /* of the right side's length */

typedef struct heat {
    const score_network *n;
    size_t n_nodes, n_pieces;
    uint32_t *a, *b;       /* ends of a piece */
    double *conductance;   /* 1 / length */
    uint32_t *first_piece; /* of a street */
    double *mass, *u, *right, *rest, *way, *image, *diagonal;
} heat;

static double piece_length(const heat *h, uint32_t edge)
{
    return h->n->streets->length_m[edge]
           / (h->first_piece[edge + 1] - h->first_piece[edge]);
}

/* How many pieces each street has; GB_ERR_ARGUMENT for far too many. */
static gb_status count_pieces(base_run *run, heat *h)
{
    const gb_streets *s = h->n->streets;
    const double most_m = h->n->radius_m / PIECES_A_RADIUS;
    double n = 0;

    h->first_piece = base_alloc_array(run->mem, s->n_edges + 1,
                                      sizeof *h->first_piece);
    if (!h->first_piece)
        return base_fail_nomem(run->ctx);
    for (size_t e = 0; e < s->n_edges; e++) {
        h->first_piece[e] = (uint32_t)n;
        n += fmax(1, ceil(s->length_m[e] / most_m));
        if (n > 1e9)
            return base_fail(run->ctx, GB_ERR_ARGUMENT,
                             "the radius is too small for so long streets");
    }
    h->first_piece[s->n_edges] = (uint32_t)n;
    h->n_pieces = (size_t)n;
    h->n_nodes = s->n_nodes + h->n_pieces - s->n_edges;
    return GB_OK;
}

static gb_status take_memory(base_run *run, heat *h)
{
    double **const vectors[] = { &h->mass, &h->u, &h->right, &h->rest,
                                 &h->way, &h->image, &h->diagonal };
    bool is_taken = true;

    h->a = base_alloc_array(run->mem, h->n_pieces, sizeof *h->a);
    h->b = base_alloc_array(run->mem, h->n_pieces, sizeof *h->b);
    h->conductance = base_alloc_array(run->mem, h->n_pieces,
                                      sizeof *h->conductance);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        *vectors[i]
            = base_alloc_zeroed(run->mem, h->n_nodes, sizeof **vectors[i]);
        is_taken = is_taken && *vectors[i];
    }
    return is_taken && h->a && h->b && h->conductance
               ? GB_OK : base_fail_nomem(run->ctx);
}

static void lay_pieces(heat *h)
{
    const gb_streets *s = h->n->streets;
    uint32_t next = (uint32_t)s->n_nodes;

    for (uint32_t e = 0; e < s->n_edges; e++)
        for (uint32_t k = h->first_piece[e]; k < h->first_piece[e + 1]; k++) {
            const double length_m = piece_length(h, e);

            h->a[k] = k == h->first_piece[e] ? s->from[e] : next - 1;
            h->b[k] = k + 1 == h->first_piece[e + 1] ? s->to[e] : next++;
            h->conductance[k] = 1 / length_m;
            h->mass[h->a[k]] += length_m / 2;
            h->mass[h->b[k]] += length_m / 2;
        }
}

/* The piece of a place, and how far along it the place is, 0 to 1. */
static size_t find_piece(const heat *h, const gb_street_place *at,
                         double *part)
{
    const uint32_t first = h->first_piece[at->edge];
    const double last = h->first_piece[at->edge + 1] - first - 1;
    const double pieces = at->along_m / piece_length(h, at->edge);
    const double piece = fmin(fmax(floor(pieces), 0), last);

    *part = fmin(fmax(pieces - piece, 0), 1);
    return first + (size_t)piece;
}

static void lay_points(heat *h)
{
    for (size_t i = 0; i < h->n->n_points; i++) {
        double part;
        const size_t piece = find_piece(h, &h->n->points[i], &part);

        h->u[h->a[piece]] += h->n->weights[i] * (1 - part);
        h->u[h->b[piece]] += h->n->weights[i] * part;
    }
    for (size_t i = 0; i < h->n_nodes; i++)
        if (h->mass[i] > 0)
            h->u[i] /= h->mass[i];
}

/* to = (M + time K) from */
static void apply(const heat *h, double time, const double *from, double *to)
{
    for (size_t i = 0; i < h->n_nodes; i++)
        to[i] = h->mass[i] * from[i];
    for (size_t k = 0; k < h->n_pieces; k++) {
        const double flow = time * h->conductance[k]
                            * (from[h->a[k]] - from[h->b[k]]);

        to[h->a[k]] += flow;
        to[h->b[k]] -= flow;
    }
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void fill_diagonal(heat *h, double time)
{
    memcpy(h->diagonal, h->mass, h->n_nodes * sizeof *h->diagonal);
    for (size_t k = 0; k < h->n_pieces; k++) {
        h->diagonal[h->a[k]] += time * h->conductance[k];
        h->diagonal[h->b[k]] += time * h->conductance[k];
    }
    for (size_t i = 0; i < h->n_nodes; i++)
        if (!(h->diagonal[i] > 0))
            h->diagonal[i] = 1; /* a node without a street */
}

/* The residual over the diagonal, as a new way; its product with the rest. */
static double precondition(const heat *h, double *to)
{
    double sum = 0;

    for (size_t i = 0; i < h->n_nodes; i++) {
        to[i] = h->rest[i] / h->diagonal[i];
        sum += to[i] * h->rest[i];
    }
    return sum;
}

/* (M + time K) u = right, from the u there is. */
static gb_status solve(base_run *run, heat *h, double time)
{
    const size_t n = h->n_nodes;
    double product, least;
    gb_status status = GB_OK;

    fill_diagonal(h, time);
    apply(h, time, h->u, h->image);
    for (size_t i = 0; i < n; i++)
        h->rest[i] = h->right[i] - h->image[i];
    least = ENOUGH * ENOUGH * dot(h->right, h->right, n);
    product = precondition(h, h->way);
    for (int round = 0; round < MOST_ROUNDS && !status
                        && dot(h->rest, h->rest, n) > least; round++) {
        double far, before = product;

        apply(h, time, h->way, h->image);
        far = product / dot(h->way, h->image, n);
        for (size_t i = 0; i < n; i++) {
            h->u[i] += far * h->way[i];
            h->rest[i] -= far * h->image[i];
        }
        /* the image is no longer needed: it takes the new direction */
        product = precondition(h, h->image);
        for (size_t i = 0; i < n; i++)
            h->way[i] = h->image[i] + product / before * h->way[i];
        status = base_poll_many(run, n);
    }
    return status;
}

static gb_status step(base_run *run, heat *h, double explicit_time,
                      double implicit_time)
{
    apply(h, -explicit_time, h->u, h->right);
    return solve(run, h, implicit_time);
}

/* Through the time r2 / 2: the variance of the kernel is twice the time. */
static gb_status pass_time(base_run *run, heat *h)
{
    const double time = h->n->radius_m * h->n->radius_m / 2 / STEPS;
    gb_status status = GB_OK;

    for (int k = 0; k < HALF_STEPS && !status; k++)
        status = step(run, h, 0, time / 2);
    for (int k = HALF_STEPS / 2; k < STEPS && !status; k++)
        status = step(run, h, time / 2, time / 2);
    return status;
}

static void read_values(const heat *h)
{
    for (size_t i = 0; i < h->n->n_at; i++) {
        double part;
        const size_t piece = find_piece(h, &h->n->at[i], &part);

        h->n->values[i] = h->u[h->a[piece]] * (1 - part)
                          + h->u[h->b[piece]] * part;
    }
}

gb_status score_network_heat(base_run *run, const score_network *n)
{
    heat h = { .n = n };
    gb_status status = count_pieces(run, &h);

    if (!status)
        status = take_memory(run, &h);
    if (!status) {
        lay_pieces(&h);
        lay_points(&h);
        status = pass_time(run, &h);
    }
    if (!status)
        read_values(&h);
    base_free(run->mem, h.first_piece);
    base_free(run->mem, h.a);
    base_free(run->mem, h.b);
    base_free(run->mem, h.conductance);
    base_free(run->mem, h.mass);
    base_free(run->mem, h.u);
    base_free(run->mem, h.right);
    base_free(run->mem, h.rest);
    base_free(run->mem, h.way);
    base_free(run->mem, h.image);
    base_free(run->mem, h.diagonal);
    return status;
}
