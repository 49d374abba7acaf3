#include "roads_cover.h"

#include <string.h>

#define NONE UINT32_MAX

bool roads_cover_init(base_mem *mem, size_t n, roads_cover *cover)
{
    memset(cover, 0, sizeof *cover);
    cover->row_of = base_alloc_array(mem, n, sizeof *cover->row_of);
    cover->mate_of = base_alloc_array(mem, n, sizeof *cover->mate_of);
    cover->from = base_alloc_array(mem, n, sizeof *cover->from);
    cover->left = base_alloc_array(mem, n, sizeof *cover->left);
    cover->first = base_alloc_array(mem, n + 1, sizeof *cover->first);
    cover->queue = base_alloc_array(mem, n, sizeof *cover->queue);
    cover->row_mate = base_alloc_array(mem, n, sizeof *cover->row_mate);
    return cover->row_of && cover->mate_of && cover->from && cover->left
           && cover->first && cover->queue && cover->row_mate;
}

void roads_cover_clear(base_mem *mem, roads_cover *cover)
{
    base_free(mem, cover->row_of);
    base_free(mem, cover->mate_of);
    base_free(mem, cover->from);
    base_free(mem, cover->left);
    base_free(mem, cover->first);
    base_free(mem, cover->queue);
    base_free(mem, cover->row_mate);
    memset(cover, 0, sizeof *cover);
}

/* Rows of the left vertices; their number. */
static uint32_t make_rows(roads_cover *cover, const roads_cover_edge *edges,
                          size_t n_edges)
{
    uint32_t n = 0;

    for (size_t i = 0; i < n_edges; i++) {
        cover->mate_of[edges[i].right] = cover->from[edges[i].right] = NONE;
        if (i > 0 && edges[i].left == edges[i - 1].left)
            continue;
        cover->left[n] = edges[i].left;
        cover->row_of[edges[i].left] = n;
        cover->row_mate[n] = NONE;
        cover->first[n++] = (uint32_t)i;
    }
    cover->first[n] = (uint32_t)n_edges;
    return n;
}

/*
 * Look from the rows queued along edges to right vertices and back along
 * their matches.  from[] says by which row a right vertex was found.  A right
 * vertex without a match ends the search and is handed back; else NONE.
 */
static uint32_t look(roads_cover *cover, const roads_cover_edge *edges,
                     uint32_t *n_queued)
{
    for (uint32_t i = 0; i < *n_queued; i++) {
        const uint32_t row = cover->queue[i];

        for (uint32_t e = cover->first[row]; e < cover->first[row + 1]; e++) {
            const uint32_t right = edges[e].right;

            if (cover->from[right] != NONE)
                continue;
            cover->from[right] = row;
            if (cover->mate_of[right] == NONE)
                return right;
            cover->queue[(*n_queued)++] = cover->mate_of[right];
        }
    }
    return NONE;
}

/* Forget what the rows queued have found. */
static void forget(roads_cover *cover, const roads_cover_edge *edges,
                   uint32_t n_queued)
{
    for (uint32_t i = 0; i < n_queued; i++) {
        const uint32_t row = cover->queue[i];

        for (uint32_t e = cover->first[row]; e < cover->first[row + 1]; e++)
            cover->from[edges[e].right] = NONE;
    }
}

/* A match for one more row, where the others can make room. */
static void match(roads_cover *cover, const roads_cover_edge *edges,
                  uint32_t row)
{
    uint32_t n_queued = 1, right;

    cover->queue[0] = row;
    right = look(cover, edges, &n_queued);
    while (right != NONE) {
        const uint32_t by = cover->from[right], before = cover->row_mate[by];

        cover->mate_of[right] = by;
        cover->row_mate[by] = right;
        right = before;
    }
    forget(cover, edges, n_queued);
}

size_t roads_cover_find(roads_cover *cover, const roads_cover_edge *edges,
                        size_t n_edges, uint32_t *chosen)
{
    const uint32_t n_rows = make_rows(cover, edges, n_edges);
    uint32_t n_queued = 0;
    size_t n = 0;

    for (uint32_t row = 0; row < n_rows; row++)
        match(cover, edges, row);
    /* Koenig: from the unmatched rows; what is found on the right, and what
     * is not on the left. */
    for (uint32_t row = 0; row < n_rows; row++)
        if (cover->row_mate[row] == NONE)
            cover->queue[n_queued++] = row;
    look(cover, edges, &n_queued);
    for (uint32_t i = 0; i < n_queued; i++)
        cover->row_of[cover->left[cover->queue[i]]] = NONE;
    for (size_t i = 0; i < n_edges; i++) {
        const uint32_t left = edges[i].left, right = edges[i].right;

        if (cover->from[right] != NONE && cover->mate_of[right] != NONE) {
            chosen[n++] = right;
            cover->mate_of[right] = NONE; /* once */
        }
        if ((i == 0 || edges[i - 1].left != left)
            && cover->row_of[left] != NONE)
            chosen[n++] = left;
    }
    return n;
}
