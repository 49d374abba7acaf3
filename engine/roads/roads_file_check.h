/*
 * roads_file_check.h - is every number in a mapped index one that may be
 * followed?  A forged file can have the right checksum.
 *
 * What is promised: an index that passes sends nobody out of its arrays or
 * round in circles, whatever is asked.  That its answers are right is the
 * checksum's affair: streets of a way may be anywhere on the map, an edge may
 * be looked for and be missing.  Then whoever asks has to end.  Above all the
 * states that an arc's via names are lower, but that they are joined to its
 * ends is not looked at: it costs more than all the rest together, and so
 * would the length of such a way, which may be more than there are states.
 */
#ifndef ROADS_FILE_CHECK_H
#define ROADS_FILE_CHECK_H

#include "roads_index.h"

/*
 * What is wrong with a part of the file (roads_file_layout.h), a GB_N() text;
 * NULL: nothing.  Those before it are sound.  O(bytes).
 */
const char *roads_file_check(const gb_roads *roads, int part);

#endif
