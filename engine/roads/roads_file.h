/*
 * roads_file.h - the index on disk: written once, mapped by many.
 *
 * A header with all counts and the profile, then the arrays, each on a
 * multiple of 64 bytes, in a fixed order: where an array lies follows from
 * the counts, no offset is stored.  Little-endian.  The checksum is XXH3 of
 * 128 bits (libxxhash), which costs less than reading: it finds any damage,
 * and names the index that a plan was made with.  A file may still be forged,
 * so nothing in it is followed unchecked.
 *
 *   header | map | lines | foot | e-bike | car       each begins a page
 *
 * Checking reads all of the file, but a query needs the map and one mode of
 * it: part by part the others are looked at, and their pages are given back.
 */
#ifndef ROADS_FILE_H
#define ROADS_FILE_H

#include "roads_index.h"

/* Write what `roads` points to; hash, size and extent are filled in. */
gb_status roads_file_write(base_run *run, const char *path, gb_roads *roads);

/* Maps and checks; statuses as gb_roads_open(). */
gb_status roads_file_open(gb_context *ctx, const char *path, gb_roads **out);

/*
 * Does the checksum of the mapped file still fit?  GB_OK, also for an index
 * that is of no file; GB_ERR_INTEGRITY.
 */
gb_status roads_file_check_again(gb_context *ctx, const gb_roads *roads);

/* NULL is taken, and given back. */
roads_mapping *roads_mapping_ref(roads_mapping *mapping);
void roads_mapping_unref(roads_mapping *mapping);

/* Frees the index, its mapping and weights by their counts; NULL is taken. */
void roads_file_close(gb_roads *roads);

#endif
