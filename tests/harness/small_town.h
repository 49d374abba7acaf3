/*
 * small_town.h - a map small enough for tests that run a thing a thousand
 * times: a grid of streets with houses, housing areas, a market, two banks and
 * a village.
 */
#ifndef SMALL_TOWN_H
#define SMALL_TOWN_H

/*
 * Write an .osm file of n_blocks times n_blocks blocks of 100 m, south-west
 * corner near 104.06 E 30.66 N.  Every fifth block is a housing area, each
 * other has three houses.
 */
void small_town_write(const char *path, int n_blocks);

#endif
