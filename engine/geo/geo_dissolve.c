/*
 * geo_dissolve.c - the union of faces by label, by walking along the edges
 * that lie between labels.
 *
 * A union may touch itself in a vertex.  There the walk goes on along the
 * border of the same corner of the inside, and a loop closed on the way is
 * taken out as a ring of its own: so every ring is simple, holes that touch
 * the outer ring are holes, and corners that touch are outer rings of two.
 */
#include "geo_faces.h"

#include <stdlib.h>
#include <string.h>

/* An edge with the label on its left. */
typedef struct half {
    uint32_t label, from, to;
} half;

static int by_label(const void *a, const void *b)
{
    const half *p = a, *q = b;

    if (p->label != q->label)
        return p->label < q->label ? -1 : 1;
    if (p->from != q->from)
        return p->from < q->from ? -1 : 1;
    return p->to < q->to ? -1 : p->to > q->to;
}

/* A ring found: vertices [begin, end) of walk.ring_vertices. */
typedef struct ring {
    size_t begin, end;
    double area_m2;
} ring;

typedef struct walk {
    gb_context *ctx;
    const geo_edges *edges;
    half *halves;
    bool *is_used;
    size_t n_halves;
    uint32_t *position; /* of each vertex on the path, or UINT32_MAX */
    BASE_ARRAY(uint32_t) path;
    BASE_ARRAY(uint32_t) ring_vertices;
    BASE_ARRAY(ring) rings; /* of the label at hand */
    geo_points scratch;
} walk;

static size_t list_halves(const geo_edges *edges, const uint32_t *label,
                          half *out)
{
    size_t n = 0;

    for (size_t e = 0; e < edges->n_edges; e++) {
        const geo_edge *edge = &edges->edges[e];
        const uint32_t l = edge->left == UINT32_MAX ? UINT32_MAX
                                                    : label[edge->left];
        const uint32_t r = edge->right == UINT32_MAX ? UINT32_MAX
                                                     : label[edge->right];

        if (l == r)
            continue;
        if (l != UINT32_MAX)
            out[n++] = (half){ l, edge->from, edge->to };
        if (r != UINT32_MAX)
            out[n++] = (half){ r, edge->to, edge->from };
    }
    if (n > 0)
        qsort(out, n, sizeof *out, by_label);
    return n;
}

/* The first half of the label in [begin, end) that leaves the vertex. */
static size_t first_from(const walk *w, size_t begin, size_t end,
                         uint32_t vertex)
{
    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (w->halves[middle].from < vertex)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* How far clockwise from `back` to `ahead`, in (0, 2 pi]. */
static double turn_rad(gb_point at, gb_point back, gb_point ahead)
{
    const double turn = atan2(back.y_m - at.y_m, back.x_m - at.x_m)
                        - atan2(ahead.y_m - at.y_m, ahead.x_m - at.x_m);

    return turn > 0.0 ? turn : turn + 2.0 * 3.14159265358979323846;
}

/* The other border of the corner that half `h` arrives in; SIZE_MAX: none. */
static size_t next_half(const walk *w, size_t begin, size_t end, size_t h)
{
    const gb_point *places = w->edges->vertices;
    const uint32_t at = w->halves[h].to;
    size_t best = SIZE_MAX;
    double best_turn = HUGE_VAL;

    for (size_t i = first_from(w, begin, end, at);
         i < end && w->halves[i].from == at; i++) {
        double turn;

        if (w->is_used[i])
            continue;
        turn = turn_rad(places[at], places[w->halves[h].from],
                        places[w->halves[i].to]);
        if (turn < best_turn) {
            best_turn = turn;
            best = i;
        }
    }
    return best;
}

/* Take the loop off the end of the path as a ring. */
static bool close_loop(walk *w, size_t from)
{
    base_mem *mem = w->ctx->mem;
    ring made = { w->ring_vertices.n, 0, 0.0 };

    w->scratch.n = 0;
    for (size_t i = from; i < w->path.n; i++) {
        const uint32_t v = w->path.items[i];

        w->position[v] = UINT32_MAX;
        if (!base_array_push(mem, &w->ring_vertices, v)
            || !base_array_push(mem, &w->scratch, w->edges->vertices[v]))
            return false;
    }
    w->path.n = from;
    made.end = w->ring_vertices.n;
    made.area_m2 = geo_ring_area_m2(w->scratch.items, w->scratch.n);
    return base_array_push(mem, &w->rings, made);
}

/* Walk from half `h` until the path is used up. */
static bool walk_from(walk *w, size_t begin, size_t end, size_t h)
{
    base_mem *mem = w->ctx->mem;

    w->path.n = 0;
    while (h != SIZE_MAX) {
        const uint32_t from = w->halves[h].from, to = w->halves[h].to;

        w->is_used[h] = true;
        w->position[from] = (uint32_t)w->path.n;
        if (!base_array_push(mem, &w->path, from))
            return false;
        if (w->position[to] != UINT32_MAX) {
            if (!close_loop(w, w->position[to]))
                return false;
            if (w->path.n == 0)
                return true;
        }
        h = next_half(w, begin, end, h);
    }
    return true;
}

static bool ring_holds(const walk *w, const ring *r, gb_point p)
{
    bool is_inside = false;

    for (size_t i = r->begin; i < r->end; i++) {
        const gb_point a = w->edges->vertices[w->ring_vertices.items[i]];
        const gb_point b
            = w->edges->vertices[w->ring_vertices.items[i + 1 < r->end
                                                            ? i + 1
                                                            : r->begin]];

        if ((a.y_m > p.y_m) != (b.y_m > p.y_m)
            && (a.y_m < b.y_m ? geo_cross_m2(a, b, p) : geo_cross_m2(b, a, p))
                   > 0.0)
            is_inside = !is_inside;
    }
    return is_inside;
}

/* The smallest outer ring round the hole.  The middle of one of its edges is
 * asked for, as its vertices may lie on the outer ring. */
static size_t outer_of(const walk *w, size_t hole)
{
    const ring *h = &w->rings.items[hole];
    const gb_point a = w->edges->vertices[w->ring_vertices.items[h->begin]];
    const gb_point b
        = w->edges->vertices[w->ring_vertices.items[h->begin + 1]];
    const gb_point middle = { (a.x_m + b.x_m) / 2.0, (a.y_m + b.y_m) / 2.0 };
    size_t best = SIZE_MAX;

    for (size_t r = 0; r < w->rings.n; r++) {
        const ring *outer = &w->rings.items[r];

        if (outer->area_m2 > 0.0
            && (best == SIZE_MAX
                || outer->area_m2 < w->rings.items[best].area_m2)
            && ring_holds(w, outer, middle))
            best = r;
    }
    return best;
}

static bool add_ring(walk *w, const ring *r, geo_shapes *out)
{
    for (size_t i = r->begin; i < r->end; i++)
        if (!geo_shapes_add_point(
                out, w->edges->vertices[w->ring_vertices.items[i]]))
            return false;
    return geo_shapes_end_ring(out);
}

/* Outer rings, each with its holes behind it. */
static gb_status add_rings(walk *w, geo_shapes *out)
{
    for (size_t r = 0; r < w->rings.n; r++) {
        if (!(w->rings.items[r].area_m2 > 0.0))
            continue;
        if (!add_ring(w, &w->rings.items[r], out))
            return base_fail_nomem(w->ctx);
        for (size_t h = 0; h < w->rings.n; h++)
            if (w->rings.items[h].area_m2 < 0.0 && outer_of(w, h) == r
                && !add_ring(w, &w->rings.items[h], out))
                return base_fail_nomem(w->ctx);
    }
    return geo_shapes_end_shape(out) ? GB_OK : base_fail_nomem(w->ctx);
}

static gb_status dissolve_label(walk *w, size_t begin, size_t end,
                                geo_shapes *out)
{
    w->rings.n = 0;
    w->ring_vertices.n = 0;
    for (size_t h = begin; h < end; h++)
        if (!w->is_used[h] && !walk_from(w, begin, end, h))
            return base_fail_nomem(w->ctx);
    return add_rings(w, out);
}

gb_status geo_dissolve(gb_context *ctx, const geo_edges *edges,
                       const uint32_t *label, size_t n_labels,
                       geo_shapes *out)
{
    const size_t before = geo_shapes_count(out);
    gb_status status = GB_OK;
    walk w = { .ctx = ctx, .edges = edges };

    w.halves = base_alloc_array(ctx->mem, 2 * edges->n_edges, sizeof(half));
    w.is_used = base_alloc_zeroed(ctx->mem, 2 * edges->n_edges, sizeof(bool));
    w.position = base_alloc_array(ctx->mem, edges->n_vertices,
                                  sizeof(uint32_t));
    if (!w.halves || !w.is_used || !w.position) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    memset(w.position, 0xff, edges->n_vertices * sizeof(uint32_t));
    w.n_halves = list_halves(edges, label, w.halves);
    for (size_t l = 0, begin = 0, end; !status && l < n_labels; l++) {
        for (end = begin; end < w.n_halves && w.halves[end].label == l;)
            end++;
        status = dissolve_label(&w, begin, end, out);
        begin = end;
    }
done:
    if (status)
        geo_shapes_truncate(out, before);
    base_array_clear(ctx->mem, &w.path);
    base_array_clear(ctx->mem, &w.ring_vertices);
    base_array_clear(ctx->mem, &w.rings);
    base_array_clear(ctx->mem, &w.scratch);
    base_free(ctx->mem, w.position);
    base_free(ctx->mem, w.is_used);
    base_free(ctx->mem, w.halves);
    return status;
}
