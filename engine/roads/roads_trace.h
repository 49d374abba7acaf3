/*
 * roads_trace.h - the line of a way: from the streets that it takes to the
 * points that it passes.
 *
 *        from                                           to
 *    o----x=====o=========o=========o====x--------o
 *         |first|         |         |last|         stretches: what is travelled
 *                                                  of each street
 */
#ifndef ROADS_TRACE_H
#define ROADS_TRACE_H

#include "base_array.h"
#include "roads_map.h"

/* A street, or the part of it that is travelled: from from_cm to to_cm, both
 * counted from the beginning of the link; descending against the points. */
typedef struct roads_stretch {
    uint32_t street, from_cm, to_cm;
    uint32_t first_point; /* of the line: where it is entered */
} roads_stretch;

typedef struct roads_trace {
    BASE_ARRAY(gb_lonlat) points; /* the first is from->point, the last
                                   * to->point; one when these are the same */
    BASE_ARRAY(roads_stretch) stretches;
} roads_trace;

/*
 * The way over `streets`, in the order of travel, the first and the last only
 * partly where a place is within them (roads_pair_streets() gives them).
 * false: no memory.  Clear `out` in any case.
 */
bool roads_trace_make(base_mem *mem, const roads_map *map,
                      const gb_roads_place *from, const gb_roads_place *to,
                      const uint32_t *streets, size_t n, roads_trace *out);
void roads_trace_clear(base_mem *mem, roads_trace *trace);

static inline uint32_t roads_stretch_cm(const roads_stretch *stretch)
{
    return stretch->from_cm < stretch->to_cm
               ? stretch->to_cm - stretch->from_cm
               : stretch->from_cm - stretch->to_cm;
}

#endif
