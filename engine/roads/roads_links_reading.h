/*
 * roads_links_reading.h - the inside of roads_links_read(), shared by its few
 * files.
 */
#ifndef ROADS_LINKS_READING_H
#define ROADS_LINKS_READING_H

#include <string.h>

#include "roads_ids.h"
#include "roads_lines.h"
#include "roads_links.h"
#include "roads_sheet.h"

/* A row of the table of links that was taken. */
typedef struct given_link {
    uint64_t line;
    uint32_t way; /* ROADS_NONE: closed to all modes, or no street */
} given_link;

typedef struct links_reading {
    base_run *run;
    base_mem *mem;
    const gb_roads_links *links;
    gb_roads_row_fn *on_row;
    void *user;
    gb_roads_report *report;
    roads_sheet sheet; /* the table that is being read */

    /* Nodes: those of the table by its rows, then those of lines. */
    BASE_ARRAY(roads_e7) nodes;
    BASE_ARRAY(uint8_t) node_flags;
    BASE_ARRAY(uint64_t) node_lines; /* of the table's */
    roads_ids node_ids;              /* number i is node i */
    roads_ids end_points;            /* where lines may join, as roads_e7 */
    BASE_ARRAY(uint32_t) node_at;    /* number i of these */

    roads_ids link_ids;              /* number i is given_links[i] */
    BASE_ARRAY(given_link) given_links;
    BASE_ARRAY(roads_way) ways;
    BASE_ARRAY(uint32_t) refs;
    roads_interner *interner;
    roads_lines_growing lines;
    roads_lonlats degrees;           /* of the row that is being read */
    BASE_ARRAY(roads_e7) points;

    BASE_ARRAY(roads_ban) bans;
    BASE_ARRAY(uint32_t) via_ways;
} links_reading;

static inline uint32_t links_find(const roads_ids *ids, const char *id)
{
    return roads_ids_find(ids, id, strlen(id));
}

/* Open a table of the bank's; what is refused is told as in `r`. */
gb_status links_open(links_reading *r, const char *path,
                     const char *const *columns, size_t n_columns,
                     uint32_t musts);

/* The table of turns: bans and via_ways. */
gb_status links_read_turns(links_reading *r);

#endif
