/*
 * roads_file_profile.h - a profile as bytes of the index: field by field, for
 * a struct has gaps whose bytes are nobody's.
 */
#ifndef ROADS_FILE_PROFILE_H
#define ROADS_FILE_PROFILE_H

#include "roads_profile.h"

enum {
    ROADS_FILE_MODE_BYTES = 5 * ROADS_CLASS_COUNT + 52,
    ROADS_FILE_BAND_BYTES =
        ROADS_MAX_BAND_NAME + 5 + 8 * GB_MODE_COUNT * ROADS_CLASS_COUNT,
    ROADS_FILE_PROFILE_BYTES = GB_MODE_COUNT * ROADS_FILE_MODE_BYTES
                               + ROADS_MAX_BANDS * ROADS_FILE_BAND_BYTES + 1
};

void roads_file_profile_put(const roads_profile *profile,
                            uint8_t out[ROADS_FILE_PROFILE_BYTES]);

/* False: not a profile that roads_profile_parse() can have made. */
bool roads_file_profile_get(const uint8_t bytes[ROADS_FILE_PROFILE_BYTES],
                            roads_profile *out);

#endif
