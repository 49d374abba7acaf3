/*
 * roads_profile_json.h - what reading and writing profiles share.  Private to
 * roads_profile_json.c, roads_profile_bands.c, roads_profile_write.c.
 */
#ifndef ROADS_PROFILE_JSON_H
#define ROADS_PROFILE_JSON_H

#include <jansson.h>

#include "base_context.h"
#include "roads_profile.h"

/* ---- members that are one value ---- */

typedef enum roads_member_kind {
    ROADS_MEMBER_KMH, ROADS_MEMBER_REAL, ROADS_MEMBER_FLAG
} roads_member_kind;

typedef struct roads_member {
    const char *name;
    roads_member_kind kind;
    uint8_t modes; /* that have it */
    size_t offset; /* in roads_mode_profile */
    double low, high;
} roads_member;

typedef struct roads_members {
    const roads_member *items;
    size_t n;
} roads_members;

extern const roads_members roads_mode_members, roads_turn_members,
    roads_end_members;
extern const char *const roads_mode_names[GB_MODE_COUNT];
extern const char *const roads_day_names[2]; /* bit 0, bit 1 of day_kinds */

/* ---- reading: where we are, and what is wrong ---- */

typedef struct roads_reader {
    gb_context *ctx;
    roads_profile *profile;
    char path[256]; /* "car.speed_kmh.footway" and the like */
    size_t n;
} roads_reader;

/* Enter a member; hands the length back that leaving needs. */
size_t roads_reader_enter(roads_reader *r, const char *name);
size_t roads_reader_enter_item(roads_reader *r, size_t i);
void roads_reader_leave(roads_reader *r, size_t before);

/* GB_ERR_DATA unless it is what it must be. */
gb_status roads_need_object(const roads_reader *r, const json_t *value);
gb_status roads_take_number(const roads_reader *r, const json_t *value,
                            double low, double high, double *out);
/* `also`: a word that is no class and might be meant; NULL: none. */
gb_status roads_take_class(const roads_reader *r, const char *name,
                           const char *also, roads_class *out);

/* GB_ERR_DATA: the path ends in an unknown name; one of `names` is meant. */
gb_status roads_unknown(const roads_reader *r, const char *name,
                        const char *const *names, size_t n);

gb_status roads_take_mode(roads_reader *r, const json_t *object, gb_mode mode);
gb_status roads_take_bands(roads_reader *r, const json_t *list);

#endif
