/*
 * roads_api.h - what the public calls of the module have in common: modes,
 * structs that the caller sizes, places of this index.
 */
#ifndef ROADS_API_H
#define ROADS_API_H

#include "roads_index.h"

gb_status roads_check_mode_known(gb_context *ctx, int32_t mode);

/* A struct that we fill and the caller sizes: is the size one we know? */
gb_status roads_check_size(gb_context *ctx, const void *out, size_t first);

/* Copy what the caller has room for; its size stays. */
void roads_give(void *out, const void *from, size_t known);

/* Places that gb_roads_snap() can have made for this index and mode. */
gb_status roads_check_places(gb_context *ctx, const gb_roads *roads,
                             int32_t mode, const gb_roads_place *places,
                             size_t n, const char *which);

#endif
