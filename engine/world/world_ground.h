/*
 * world_ground.h - what an OSM extract offers a bank: sites to live at, banks
 * and settlements to put branches, and streets to get there.
 *
 * All on a plane round the middle of the extract, in metres, by the local
 * equirectangular projection: within a percent over a small country, made of
 * + - * / alone, and so the same on every machine (world_math.h).
 */
#ifndef WORLD_GROUND_H
#define WORLD_GROUND_H

#include "base_run.h"
#include "geo_index.h"

typedef enum world_site_kind {
    WORLD_SITE_BUILDING,
    WORLD_SITE_HOUSING, /* a residential area */
    WORLD_SITE_MARKET
} world_site_kind;

typedef struct world_site {
    gb_point at;
    double area_m2;       /* 0: a point on the map */
    uint32_t first, n;    /* ground->points of the border; n = 0: a point */
    world_site_kind kind;
    double floors;        /* a guess from what the building is; 1 and up */
} world_site;

typedef struct world_ground {
    gb_lonlat origin;
    double m_per_lon, m_per_lat;
    world_site *sites;
    gb_point *points;
    gb_point *banks;
    gb_point *settlements; /* cities, villages, quarters */
    gb_point *street; /* points of connected streets, close together */
    size_t n_sites, n_points, n_banks, n_settlements, n_street;
    geo_index *street_index;
} world_ground;

/* Read an extract.  Clear `ground` in any case. */
gb_status world_ground_read(base_run *run, const char *path,
                            world_ground *ground);
void world_ground_clear(base_mem *mem, world_ground *ground);

void world_ground_centre(world_ground *ground, gb_lonlat origin);
gb_point world_ground_point(const world_ground *ground, gb_lonlat at);
gb_lonlat world_ground_lonlat(const world_ground *ground, gb_point at);

/* The nearest street point, and how far it is. */
gb_point world_ground_street(const world_ground *ground, gb_point from,
                             double *distance_m);

/* Is the point inside the site's border? */
bool world_site_contains(const world_ground *ground, const world_site *site,
                         gb_point p);

#endif
