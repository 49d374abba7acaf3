/*
 * roads_lines.h - lines that part a city into blocks, while they are found:
 * point by point, ended one by one, handed over at the end.
 */
#ifndef ROADS_LINES_H
#define ROADS_LINES_H

#include "base_array.h"
#include "roads_osm.h"

typedef struct roads_lines_growing {
    BASE_ARRAY(uint8_t) classes;
    BASE_ARRAY(uint32_t) first_point;
    BASE_ARRAY(gb_lonlat) points;
    size_t first; /* point of the line that is open */
} roads_lines_growing;
#define ROADS_LINES_GROWING_INIT \
    { BASE_ARRAY_INIT, BASE_ARRAY_INIT, BASE_ARRAY_INIT, 0 }

/* All but _drop: false when there is no memory. */
bool roads_lines_point(base_mem *mem, roads_lines_growing *g, gb_lonlat at);
/* A single point is no line and is left out. */
bool roads_lines_end(base_mem *mem, roads_lines_growing *g, uint8_t class);
bool roads_lines_give(base_mem *mem, roads_lines_growing *g,
                      roads_lines *out);
void roads_lines_drop(base_mem *mem, roads_lines_growing *g);

/* The gb_line_class of a street by its highway tag; -1: parts nothing. */
int roads_lines_class(const char *highway);

#endif
