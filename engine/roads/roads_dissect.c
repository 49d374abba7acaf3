#include "roads_dissect.h"

#include <stdlib.h>
#include <string.h>

#include "roads_cover.h"
#include "roads_cut.h"
#include "roads_measure.h"

enum {
    N_DIRECTIONS = 4,
    LEAF = 2,      /* so few vertices are not cut any more */
    MAX_DEPTH = 31 /* as a path has 32 places, one of them for its end */
};

/* East and north of the directions along which vertices are sorted: in whole
 * numbers, so that every machine sorts alike. */
static const int32_t directions[N_DIRECTIONS][2] = {
    { 1, 0 }, { 1, 1 }, { 0, 1 }, { -1, 1 }
};

typedef struct piece {
    uint32_t first, end; /* in dissector.members */
    uint32_t depth;
    uint64_t path; /* without the 2 behind it */
} piece;

typedef struct dissector {
    base_run *run;
    base_mem *mem;
    roads_dissection *out;
    /* The whole graph: links that count, as two arcs each. */
    uint32_t n, n_arcs;
    uint32_t *first, *heads, *twins;
    uint8_t *capacity;
    /* Vertices, so that those of a piece stand together: by number, and
     * along each direction. */
    uint32_t *members, *sorted[N_DIRECTIONS];
    uint32_t *place;  /* of vertices: in members */
    uint32_t *cell_arc; /* of arcs: their number in the cell */
    uint32_t *spare;  /* n: parts, local orders, what is being moved */
    uint8_t *sides;   /* of vertices */
    uint8_t *is_taken;
    roads_cover_edge *cut_edges;
    roads_cell cell;
    roads_cut cut;
    roads_cover cover;
    piece stack[2 * MAX_DEPTH + 2];
    uint32_t n_stack;
} dissector;

/* ---- keys ---- */

static inline uint64_t path_end(uint64_t path, uint32_t depth)
{
    return path | (uint64_t)2 << (62 - 2 * depth);
}

uint64_t roads_dissection_link_key(const roads_dissection *d, uint32_t from,
                                   uint32_t to)
{
    const uint64_t path = d->paths[from];
    uint64_t differs = path ^ d->paths[to];
    uint32_t depth = 0;

    if (!differs)
        return path;
    while (!(differs >> 62)) {
        differs <<= 2;
        depth++;
    }
    return path_end(depth ? path >> (64 - 2 * depth) << (64 - 2 * depth) : 0,
                    depth);
}

/* ---- the graph ---- */

static bool is_counted(const roads_map *map, const uint8_t *weight, size_t l)
{
    return weight[l] > 0 && map->links[l].from != map->links[l].to;
}

static void fill_graph(dissector *d, const roads_map *map,
                       const uint8_t *weight)
{
    uint32_t *next = d->spare;

    for (size_t l = 0; l < map->n_links; l++)
        if (is_counted(map, weight, l)) {
            d->first[map->links[l].from + 1]++;
            d->first[map->links[l].to + 1]++;
        }
    for (uint32_t v = 0; v < d->n; v++) {
        d->first[v + 1] += d->first[v];
        next[v] = d->first[v];
    }
    for (size_t l = 0; l < map->n_links; l++) {
        uint32_t a, b;

        if (!is_counted(map, weight, l))
            continue;
        a = next[map->links[l].from]++;
        b = next[map->links[l].to]++;
        d->heads[a] = map->links[l].to;
        d->heads[b] = map->links[l].from;
        d->twins[a] = b;
        d->twins[b] = a;
        d->capacity[a] = d->capacity[b] = weight[l] < 15 ? weight[l] : 15;
    }
}

typedef struct ranked {
    int64_t key;
    uint32_t vertex;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->vertex > y->vertex) - (x->vertex < y->vertex);
}

/* A degree to the east, in 1/1024 of a degree to the north. */
static int64_t east_scale(const roads_map *map)
{
    int64_t sum = 0;
    roads_scale scale;

    for (size_t v = 0; v < map->n_vertices; v++)
        sum += map->places[v].lat;
    scale = roads_scale_at((double)(sum / (int64_t)map->n_vertices));
    return (int64_t)(1024 * scale.x_m / scale.y_m + .5);
}

static gb_status sort_directions(dissector *d, const roads_map *map)
{
    ranked *rows = base_alloc_array(d->mem, d->n, sizeof *rows);
    const int64_t east = east_scale(map);

    if (!rows)
        return base_fail_nomem(d->run->ctx);
    for (int k = 0; k < N_DIRECTIONS; k++) {
        for (uint32_t v = 0; v < d->n; v++)
            rows[v] = (ranked){ map->places[v].lon * east * directions[k][0]
                                    + map->places[v].lat * (int64_t)1024
                                          * directions[k][1], v };
        qsort(rows, d->n, sizeof *rows, compare_ranked);
        for (uint32_t i = 0; i < d->n; i++)
            d->sorted[k][i] = rows[i].vertex;
    }
    base_free(d->mem, rows);
    return GB_OK;
}

/* ---- one piece ---- */

/* The graph of a piece, its vertices numbered in the order of `members`. */
static void fill_cell(dissector *d, const piece *p)
{
    roads_cell *cell = &d->cell;
    const uint32_t *members = d->members + p->first;

    cell->n = p->end - p->first;
    cell->n_arcs = 0;
    for (uint32_t i = 0; i < cell->n; i++) {
        const uint32_t v = members[i];

        cell->first[i] = cell->n_arcs;
        for (uint32_t a = d->first[v]; a < d->first[v + 1]; a++) {
            const uint32_t head = d->place[d->heads[a]] - p->first;
            const uint32_t b = cell->n_arcs;

            if (head >= cell->n) /* of another piece */
                continue;
            cell->heads[b] = head;
            cell->capacity[b] = d->capacity[a];
            d->cell_arc[a] = b;
            cell->n_arcs++;
            if (head < i) {
                cell->twins[b] = d->cell_arc[d->twins[a]];
                cell->twins[cell->twins[b]] = b;
            }
        }
    }
    cell->first[cell->n] = cell->n_arcs;
}

/* The connected part of each vertex, by their lowest vertices; how many. */
static uint32_t find_parts(dissector *d, uint32_t *part, uint32_t *sizes)
{
    const roads_cell *cell = &d->cell;
    uint32_t *queue = d->cut.queue, n_parts = 0;

    memset(part, 0xff, cell->n * sizeof *part);
    for (uint32_t i = 0; i < cell->n; i++) {
        uint32_t n = 0;

        if (part[i] != ROADS_NONE)
            continue;
        part[i] = n_parts;
        queue[n++] = i;
        for (uint32_t j = 0; j < n; j++)
            for (uint32_t a = cell->first[queue[j]];
                 a < cell->first[queue[j] + 1]; a++) {
                const uint32_t head = cell->heads[a];

                if (part[head] == ROADS_NONE) {
                    part[head] = n_parts;
                    queue[n++] = head;
                }
            }
        sizes[n_parts++] = n;
    }
    return n_parts;
}

/* Parts to sides, as even as the largest part allows. */
static void deal_parts(dissector *d, const uint32_t *part,
                       const uint32_t *sizes, uint32_t n_parts)
{
    const uint32_t n = d->cell.n;
    uint8_t *side_of = d->cut.ends; /* free until the next cut */
    uint32_t largest = 0, filled;

    for (uint32_t k = 1; k < n_parts; k++)
        if (sizes[k] > sizes[largest])
            largest = k;
    filled = sizes[largest];
    for (uint32_t k = 0; k < n_parts; k++) {
        side_of[k] = k != largest && filled + sizes[k] > n / 2;
        if (k != largest && !side_of[k])
            filled += sizes[k];
    }
    for (uint32_t i = 0; i < n; i++)
        d->cut.sides[i] = side_of[part[i]];
}

static void find_cut(dissector *d, const piece *p)
{
    roads_cut_begin(&d->cut, &d->cell);
    for (int k = 0; k < N_DIRECTIONS; k++) {
        for (uint32_t i = 0; i < d->cell.n; i++)
            d->spare[i] = d->place[d->sorted[k][p->first + i]] - p->first;
        roads_cut_try(&d->cut, d->spare);
    }
}

/* Vertices that touch all of the cut's streets: their place is the cut. */
static void cover_cut(dissector *d, const piece *p)
{
    const roads_cell *cell = &d->cell;
    const uint32_t *members = d->members + p->first;
    size_t n = 0, n_chosen;

    for (uint32_t i = 0; i < cell->n; i++) {
        if (d->cut.sides[i] || d->is_taken[members[i]])
            continue;
        for (uint32_t a = cell->first[i]; a < cell->first[i + 1]; a++)
            if (d->cut.sides[cell->heads[a]]
                && !d->is_taken[members[cell->heads[a]]])
                d->cut_edges[n++] = (roads_cover_edge){ i, cell->heads[a] };
    }
    n_chosen = roads_cover_find(&d->cover, d->cut_edges, n, d->spare);
    for (size_t i = 0; i < n_chosen; i++) {
        const uint32_t v = members[d->spare[i]];

        d->is_taken[v] = 1;
        d->out->covers[v] = path_end(p->path, p->depth);
    }
}

/* Those of side 0 before those of side 1; how many there are of side 0. */
static uint32_t part_list(dissector *d, const piece *p, uint32_t *list)
{
    uint32_t n = 0, n_second = 0;

    for (uint32_t i = p->first; i < p->end; i++)
        if (d->sides[list[i]])
            d->spare[n_second++] = list[i];
        else
            list[p->first + n++] = list[i];
    memcpy(list + p->first + n, d->spare, n_second * sizeof *list);
    return n;
}

static void push_halves(dissector *d, const piece *p)
{
    piece halves[2] = { *p, *p };
    uint32_t n;

    for (uint32_t i = 0; i < d->cell.n; i++)
        d->sides[d->members[p->first + i]] = d->cut.sides[i];
    n = part_list(d, p, d->members);
    for (int k = 0; k < N_DIRECTIONS; k++)
        part_list(d, p, d->sorted[k]);
    halves[0].end = halves[1].first = p->first + n;
    for (int k = 0; k < 2; k++) {
        halves[k].depth++;
        halves[k].path |= (uint64_t)k << (62 - 2 * p->depth);
        for (uint32_t i = halves[k].first; i < halves[k].end; i++)
            d->place[d->members[i]] = i;
        d->stack[d->n_stack++] = halves[k];
    }
}

static void end_piece(dissector *d, const piece *p)
{
    for (uint32_t i = p->first; i < p->end; i++) {
        const uint32_t v = d->members[i];

        d->out->paths[v] = path_end(p->path, p->depth);
        if (!d->is_taken[v])
            d->out->covers[v] = d->out->paths[v];
    }
}

static gb_status dissect_piece(dissector *d, const piece *p)
{
    const uint32_t n = p->end - p->first;
    uint32_t n_parts;

    if (n > LEAF && p->depth < MAX_DEPTH)
        fill_cell(d, p);
    if (n <= LEAF || p->depth == MAX_DEPTH || d->cell.n_arcs == 0) {
        end_piece(d, p);
        return base_poll_many(d->run, n);
    }
    n_parts = find_parts(d, d->spare, d->cut.met);
    if (n_parts > 1) {
        deal_parts(d, d->spare, d->cut.met, n_parts);
    } else {
        find_cut(d, p);
        cover_cut(d, p);
    }
    push_halves(d, p);
    return GB_OK;
}

/* ---- all of it ---- */

static bool alloc_all(dissector *d, roads_dissection *out)
{
    const size_t n = d->n, n_arcs = d->n_arcs, word = sizeof(uint32_t);
    bool ok = roads_cut_init(d->mem, n, n_arcs, &d->cut)
              && roads_cover_init(d->mem, n, &d->cover);

    for (int k = 0; k < N_DIRECTIONS; k++)
        ok = (d->sorted[k] = base_alloc_array(d->mem, n, word)) && ok;
    d->first = base_alloc_zeroed(d->mem, n + 1, word);
    d->heads = base_alloc_array(d->mem, n_arcs, word);
    d->twins = base_alloc_array(d->mem, n_arcs, word);
    d->capacity = base_alloc_array(d->mem, n_arcs, 1);
    d->members = base_alloc_array(d->mem, n, word);
    d->place = base_alloc_array(d->mem, n, word);
    d->cell_arc = base_alloc_array(d->mem, n_arcs, word);
    d->spare = base_alloc_array(d->mem, n, word);
    d->sides = base_alloc_array(d->mem, n, 1);
    d->is_taken = base_alloc_zeroed(d->mem, n, 1);
    d->cut_edges = base_alloc_array(d->mem, n_arcs / 2, sizeof *d->cut_edges);
    d->cell.first = base_alloc_array(d->mem, n + 1, word);
    d->cell.heads = base_alloc_array(d->mem, n_arcs, word);
    d->cell.twins = base_alloc_array(d->mem, n_arcs, word);
    d->cell.capacity = base_alloc_array(d->mem, n_arcs, 1);
    out->paths = base_alloc_array(d->mem, n, sizeof *out->paths);
    out->covers = base_alloc_array(d->mem, n, sizeof *out->covers);
    return ok && d->first && d->heads && d->twins && d->capacity && d->members
           && d->place && d->cell_arc && d->spare && d->sides && d->is_taken
           && d->cut_edges && d->cell.first && d->cell.heads && d->cell.twins
           && d->cell.capacity && out->paths && out->covers;
}

static void free_all(dissector *d)
{
    roads_cut_clear(d->mem, &d->cut);
    roads_cover_clear(d->mem, &d->cover);
    for (int k = 0; k < N_DIRECTIONS; k++)
        base_free(d->mem, d->sorted[k]);
    base_free(d->mem, d->first);
    base_free(d->mem, d->heads);
    base_free(d->mem, d->twins);
    base_free(d->mem, d->capacity);
    base_free(d->mem, d->members);
    base_free(d->mem, d->place);
    base_free(d->mem, d->cell_arc);
    base_free(d->mem, d->spare);
    base_free(d->mem, d->sides);
    base_free(d->mem, d->is_taken);
    base_free(d->mem, d->cut_edges);
    base_free(d->mem, d->cell.first);
    base_free(d->mem, d->cell.heads);
    base_free(d->mem, d->cell.twins);
    base_free(d->mem, d->cell.capacity);
}

static gb_status dissect_all(dissector *d)
{
    gb_status status = GB_OK;

    for (uint32_t v = 0; v < d->n; v++)
        d->members[v] = d->place[v] = v;
    d->stack[d->n_stack++] = (piece){ 0, d->n, 0, 0 };
    while (!status && d->n_stack > 0) {
        const piece p = d->stack[--d->n_stack];

        status = dissect_piece(d, &p);
    }
    return status;
}

gb_status roads_dissect(base_run *run, const roads_map *map,
                        const uint8_t *weight, roads_dissection *out)
{
    dissector d = { .run = run, .mem = run->mem, .out = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    d.n = (uint32_t)map->n_vertices;
    for (size_t l = 0; l < map->n_links; l++)
        d.n_arcs += 2 * is_counted(map, weight, l);
    if (!alloc_all(&d, out)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    out->n_vertices = d.n;
    fill_graph(&d, map, weight);
    status = d.n > 0 ? sort_directions(&d, map) : GB_OK;
    if (!status)
        status = dissect_all(&d);
done:
    free_all(&d);
    return status;
}

void roads_dissection_clear(base_mem *mem, roads_dissection *d)
{
    base_free(mem, d->paths);
    base_free(mem, d->covers);
    memset(d, 0, sizeof *d);
}
