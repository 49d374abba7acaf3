/*
 * geo_index.c - packing and asking the static R-tree.
 */
#include "geo_index.h"

#include "base_array.h"

#include <stdlib.h>

enum { FAN = 16, MAX_LEVELS = 9 }; /* 16^8 = 2^32 items */

struct geo_index {
    base_mem *mem;
    size_t n_levels;
    size_t count[MAX_LEVELS]; /* of level l */
    gb_box *boxes[MAX_LEVELS];
    uint32_t *items; /* of level 0 */
};

typedef struct entry {
    double x, y; /* the centre */
    uint32_t item;
} entry;

static int by_x(const void *a, const void *b)
{
    const entry *p = a, *q = b;

    if (p->x < q->x || p->x > q->x)
        return p->x < q->x ? -1 : 1;
    return p->item < q->item ? -1 : p->item > q->item;
}

static int by_y(const void *a, const void *b)
{
    const entry *p = a, *q = b;

    if (p->y < q->y || p->y > q->y)
        return p->y < q->y ? -1 : 1;
    return p->item < q->item ? -1 : p->item > q->item;
}

/* Into slices of equal count by x, each sorted by y. */
static void tile(entry *entries, size_t n)
{
    const size_t n_nodes = (n + FAN - 1) / FAN;
    const size_t n_slices = (size_t)ceil(sqrt((double)n_nodes));
    const size_t slice = n_slices ? (n_nodes + n_slices - 1) / n_slices * FAN
                                  : 0;

    if (n == 0)
        return;
    qsort(entries, n, sizeof *entries, by_x);
    for (size_t i = 0; i < n; i += slice)
        qsort(entries + i, n - i < slice ? n - i : slice, sizeof *entries,
              by_y);
}

static gb_status take_levels(gb_context *ctx, geo_index *index, size_t n)
{
    size_t count = n;

    index->items = base_alloc_array(ctx->mem, n, sizeof *index->items);
    if (!index->items)
        return base_fail_nomem(ctx);
    while (count > 0) {
        const size_t level = index->n_levels;

        index->boxes[level] = base_alloc_array(ctx->mem, count,
                                               sizeof(gb_box));
        if (!index->boxes[level])
            return base_fail_nomem(ctx);
        index->count[level] = count;
        index->n_levels++;
        count = count > 1 ? (count + FAN - 1) / FAN : 0;
    }
    return GB_OK;
}

static void fill_levels(geo_index *index)
{
    for (size_t level = 1; level < index->n_levels; level++)
        for (size_t i = 0; i < index->count[level]; i++) {
            const size_t begin = i * FAN, below = index->count[level - 1];
            const size_t end = begin + FAN < below ? begin + FAN : below;
            gb_box box = geo_box_empty();

            for (size_t c = begin; c < end; c++)
                box = geo_box_join(box, index->boxes[level - 1][c]);
            index->boxes[level][i] = box;
        }
}

gb_status geo_index_build(gb_context *ctx, const gb_box *boxes, size_t n,
                          geo_index **out)
{
    gb_status status = GB_OK;
    geo_index *index = NULL;
    entry *entries = NULL;

    *out = NULL;
    if (n >= UINT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu boxes are too many", n);
    entries = base_alloc_array(ctx->mem, n, sizeof *entries);
    index = base_alloc_zeroed(ctx->mem, 1, sizeof *index);
    if (!entries || !index) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    index->mem = base_mem_ref(ctx->mem);
    for (size_t i = 0; i < n; i++) {
        const gb_box b = boxes[i];

        if (geo_box_is_empty(b) || !isfinite(b.min_x_m + b.max_x_m)
            || !isfinite(b.min_y_m + b.max_y_m)) {
            status = base_fail(ctx, GB_ERR_ARGUMENT,
                               "box %zu is empty or not finite", i);
            goto done;
        }
        entries[i] = (entry){ b.min_x_m + b.max_x_m, b.min_y_m + b.max_y_m,
                              (uint32_t)i };
    }
    status = take_levels(ctx, index, n);
    if (status)
        goto done;
    tile(entries, n);
    for (size_t i = 0; i < n; i++) {
        index->items[i] = entries[i].item;
        index->boxes[0][i] = boxes[entries[i].item];
    }
    fill_levels(index);
    *out = index;
    index = NULL;
done:
    base_free(ctx->mem, entries);
    if (index && !index->mem)
        base_free(ctx->mem, index);
    else
        geo_index_free(index);
    return status;
}

gb_status geo_index_build_points(gb_context *ctx, const gb_point *points,
                                 size_t n, geo_index **out)
{
    gb_status status;
    gb_box *boxes = base_alloc_array(ctx->mem, n, sizeof *boxes);

    *out = NULL;
    if (!boxes)
        return base_fail_nomem(ctx);
    for (size_t i = 0; i < n; i++)
        boxes[i] = geo_box_of_point(points[i]);
    status = geo_index_build(ctx, boxes, n, out);
    base_free(ctx->mem, boxes);
    return status;
}

gb_status geo_index_build_segments(gb_context *ctx, const gb_lines *lines,
                                   geo_index **out)
{
    gb_status status = GB_OK;
    BASE_ARRAY(gb_box) boxes = BASE_ARRAY_INIT;

    *out = NULL;
    for (size_t l = 0; l < lines->n_lines; l++)
        for (size_t i = lines->first_point[l];
             i + 1 < lines->first_point[l + 1]; i++)
            if (!base_array_push(ctx->mem, &boxes,
                                 geo_box_of_segment(lines->points[i],
                                                    lines->points[i + 1]))) {
                status = base_fail_nomem(ctx);
                goto done;
            }
    status = geo_index_build(ctx, boxes.items, boxes.n, out);
done:
    base_array_clear(ctx->mem, &boxes);
    return status;
}

void geo_index_free(geo_index *index)
{
    base_mem *mem;

    if (!index)
        return;
    mem = index->mem;
    for (size_t level = 0; level < MAX_LEVELS; level++)
        base_free(mem, index->boxes[level]);
    base_free(mem, index->items);
    base_free(mem, index);
    base_mem_unref(mem);
}

size_t geo_index_count(const geo_index *index)
{
    return index->count[0];
}

gb_box geo_index_box(const geo_index *index)
{
    return index->n_levels > 0 ? index->boxes[index->n_levels - 1][0]
                               : geo_box_empty();
}

/* What decides whether a box is gone into. */
typedef struct question {
    gb_box box;
    gb_point centre;
    double radius_m; /* below 0: the box is asked for */
} question;

static bool is_hit(const question *q, gb_box box)
{
    return q->radius_m < 0.0
               ? geo_box_meets(box, q->box)
               : geo_box_distance_m(box, q->centre) <= q->radius_m;
}

/*
 * Depth first without a stack: position `at` on `level` moves to its first
 * child when hit, else to the next in preorder.
 */
static bool ask(const geo_index *index, const question *q,
                geo_index_visit_fn visit, void *user)
{
    size_t level, at = 0;

    if (index->n_levels == 0)
        return true;
    level = index->n_levels - 1;
    for (;;) {
        if (is_hit(q, index->boxes[level][at])) {
            if (level > 0) {
                level--;
                at *= FAN;
                continue;
            }
            if (!visit(user, index->items[at]))
                return false;
        }
        for (at++; at % FAN == 0 || at >= index->count[level]; level++) {
            if (level + 1 >= index->n_levels)
                return true;
            at = (at - 1) / FAN + 1;
        }
    }
}

bool geo_index_in_box(const geo_index *index, gb_box box,
                      geo_index_visit_fn visit, void *user)
{
    const question q = { .box = box, .radius_m = -1.0 };

    return ask(index, &q, visit, user);
}

bool geo_index_in_radius(const geo_index *index, gb_point centre,
                         double radius_m, geo_index_visit_fn visit,
                         void *user)
{
    const question q = { .centre = centre, .radius_m = radius_m };

    return !(radius_m >= 0.0) || ask(index, &q, visit, user);
}

typedef struct search {
    const geo_index *index;
    gb_point from;
    size_t k, n;
    double max_m;
    geo_index_distance_fn distance;
    void *user;
    geo_index_hit *hits; /* n of them, sorted */
} search;

static double limit_m(const search *s)
{
    return s->n == s->k ? s->hits[s->k - 1].distance_m : s->max_m;
}

static void offer(search *s, geo_index_hit hit)
{
    size_t at = s->n;

    if (!(hit.distance_m <= s->max_m))
        return;
    if (s->n == s->k) {
        const geo_index_hit last = s->hits[s->k - 1];

        if (hit.distance_m > last.distance_m
            || (hit.distance_m >= last.distance_m && hit.item > last.item))
            return;
        at--;
    } else {
        s->n++;
    }
    for (; at > 0; at--) {
        const geo_index_hit before = s->hits[at - 1];

        if (before.distance_m < hit.distance_m
            || (before.distance_m <= hit.distance_m && before.item < hit.item))
            break;
        s->hits[at] = before;
    }
    s->hits[at] = hit;
}

/* The children of a node, the nearest first.  Recursion is as deep as the
 * tree: MAX_LEVELS. */
static void descend(search *s, size_t level, size_t node)
{
    const size_t begin = node * FAN, below = s->index->count[level - 1];
    const size_t end = begin + FAN < below ? begin + FAN : below;
    geo_index_hit near[FAN]; /* item: position on the level below */
    size_t n = 0;

    for (size_t c = begin; c < end; c++) {
        const double d = geo_box_distance_m(s->index->boxes[level - 1][c],
                                            s->from);
        size_t at = n++;

        for (; at > 0 && near[at - 1].distance_m > d; at--)
            near[at] = near[at - 1];
        near[at] = (geo_index_hit){ (uint32_t)c, d };
    }
    for (size_t i = 0; i < n && near[i].distance_m <= limit_m(s); i++) {
        if (level > 1) {
            descend(s, level - 1, near[i].item);
        } else {
            geo_index_hit hit = { s->index->items[near[i].item],
                                  near[i].distance_m };

            if (s->distance)
                hit.distance_m = s->distance(s->user, hit.item, s->from);
            offer(s, hit);
        }
    }
}

size_t geo_index_nearest(const geo_index *index, gb_point from, size_t k,
                         double max_m, geo_index_distance_fn distance,
                         void *user, geo_index_hit *hits)
{
    search s = { index, from, k, 0, max_m, distance, user, hits };

    if (k == 0 || index->n_levels == 0)
        return 0;
    if (index->n_levels == 1) { /* one item, no node above it */
        geo_index_hit only = { index->items[0],
                               geo_box_distance_m(index->boxes[0][0], from) };

        if (distance)
            only.distance_m = distance(user, only.item, from);
        offer(&s, only);
        return s.n;
    }
    descend(&s, index->n_levels - 1, 0);
    return s.n;
}
