/*
 * grid_contiguity.h - does a territory stay connected without one area?
 *
 * Yes if the area's neighbours within the territory are joined among
 * themselves: by touching each other, which the masks of grid_problem.h tell
 * without a look at any other row; else by a search within the territory, from
 * all of them at once, which stops as soon as they have met or one is shut in.
 *
 *   D. King, S. Jacobson, E. Sewell, W. Cho, Geo-graphs: an efficient model
 *   for enforcing contiguity and hole constraints in planar graph
 *   partitioning, Oper. Res. 60 (2012), doi:10.1287/opre.1120.1083
 *
 * Theirs asks planarity and walks round the area; ours takes any graph, and
 * pays a search where the neighbourhood alone does not tell.
 */
#ifndef GRID_CONTIGUITY_H
#define GRID_CONTIGUITY_H

#include "grid_problem.h"

typedef struct grid_search_space {
    uint32_t *seen;  /* n; the stamp of the search that met it */
    uint32_t *queue; /* n */
    uint32_t stamp;
    uint32_t parent[GRID_MASK_BITS], pending[GRID_MASK_BITS]; /* groups */
} grid_search_space;

bool grid_search_space_init(grid_search_space *space, base_mem *mem,
                            size_t n);
void grid_search_space_clear(grid_search_space *space, base_mem *mem);

/*
 * The territory of `area` less `area` itself is connected; one that was
 * connected before, and has other areas.
 */
bool grid_can_leave(const grid_problem *problem, const uint32_t *owner,
                    uint32_t area, grid_search_space *space);

/* The same, of an area with at most GRID_MASK_BITS open neighbours, when those
 * of its own territory are known: a bit each, in the order of its row. */
bool grid_can_leave_members(const grid_problem *problem,
                            const uint32_t *owner, uint32_t area,
                            uint64_t members, grid_search_space *space);

/*
 * Number the parts of all territories by the open graph, in the order of
 * their lowest area.  part has n; of an unowned area (owner >= k) it is
 * GB_GRID_NONE.  Returns how many.
 */
size_t grid_parts(const grid_problem *problem, const uint32_t *owner,
                  uint32_t *part, grid_search_space *space);

#endif
