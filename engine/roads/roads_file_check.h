/*
 * roads_file_check.h - is every number in a mapped index one that may be
 * followed?  A forged file can have the right checksum.
 */
#ifndef ROADS_FILE_CHECK_H
#define ROADS_FILE_CHECK_H

#include "roads_index.h"

/* What is wrong, a GB_N() text; NULL: nothing. */
const char *roads_file_check(const gb_roads *roads);

#endif
