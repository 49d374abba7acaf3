/*
 * roads_file_check.h - is every number in a mapped index one that may be
 * followed?  A forged file can have the right checksum.
 *
 * What is promised: an index that passes sends nobody out of its arrays or
 * round in circles, whatever is asked.  That its answers are right is the
 * checksum's affair.  One case is left to who asks: states that an arc's via
 * names are lower, but that they are joined to its ends is not looked at, so
 * an arc that is not found, or a way of more streets than there are states,
 * must end the search.
 */
#ifndef ROADS_FILE_CHECK_H
#define ROADS_FILE_CHECK_H

#include "roads_index.h"

/* What is wrong, a GB_N() text; NULL: nothing.  O(bytes). */
const char *roads_file_check_map(const gb_roads *roads);

/* The same for a mode; the map is sound. */
const char *roads_file_check_mode(const gb_roads *roads, int mode);

#endif
