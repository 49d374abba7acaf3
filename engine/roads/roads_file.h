/*
 * roads_file.h - the index on disk: written once, mapped by many.
 *
 * A header with all counts, then the arrays of the three modes and of the
 * lines, each on a multiple of 64 bytes, in a fixed order: where an array
 * lies follows from the counts, no offset is stored.  Little-endian.  The
 * hash is BLAKE2b (RFC 7693) of 256 bits by libsodium, which the workspace
 * links anyway: it finds any damage, and at some GB/s costs less than the
 * disk; and it names the index that a plan was made with.  A file may still
 * be forged, so nothing in it is followed unchecked.
 */
#ifndef ROADS_FILE_H
#define ROADS_FILE_H

#include "roads_network.h"

gb_status roads_file_write(base_run *run, const char *path,
                           const roads_built modes[GB_MODE_COUNT],
                           const roads_lines *lines,
                           const gb_roads_options *options,
                           uint64_t *n_bytes);

/* Maps and checks; statuses as gb_roads_open(). */
gb_status roads_file_open(gb_context *ctx, const char *path, gb_roads **out);
void roads_file_close(gb_roads *roads);

#endif
