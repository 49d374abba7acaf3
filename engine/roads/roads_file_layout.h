/*
 * roads_file_layout.h - which bytes of an index are what: the one list that
 * writing, opening and checking go by.
 */
#ifndef ROADS_FILE_LAYOUT_H
#define ROADS_FILE_LAYOUT_H

#include "roads_file_profile.h"
#include "roads_index.h"

enum { ROADS_HASH_BYTES = 32 }; /* 16 are used */

typedef struct roads_file_mode {
    uint64_t n_states, n_arcs, n_targets, n_up_edges, n_down_edges, n_up_arcs,
        n_down_arcs, n_routable;
    int64_t open_cm, routable_cm;
    int32_t band, reserved;
} roads_file_mode;

typedef struct roads_file_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t n_bytes;
    uint8_t hash[ROADS_HASH_BYTES]; /* of the file, this field being zero */
    roads_e7 south_west, north_east;
    uint64_t n_vertices, n_links, n_points, n_kinds, n_names, n_name_bytes,
        n_bans, n_ban_streets, n_lines, n_line_points;
    uint32_t length_unit_cm, reserved;
    roads_file_mode modes[GB_MODE_COUNT];
    uint8_t profile[(ROADS_FILE_PROFILE_BYTES + 7) / 8 * 8];
} roads_file_header;

/* An array: where its pointer is in a gb_roads, and where it lies. */
typedef struct roads_file_slot {
    void *pointer; /* to a pointer of whatever type: see roads_slot_get() */
    uint64_t at, n_bytes;
} roads_file_slot;

/*
 * Parts of the file begin a page each: the map, the lines; of each mode the
 * states, the hierarchy, weights with the graph upwards, and the one downwards.
 */
enum {
    ROADS_FILE_MODE_PARTS = 4,
    ROADS_FILE_PARTS = 2 + GB_MODE_COUNT * ROADS_FILE_MODE_PARTS,
    ROADS_FILE_MAP_SLOTS = 17,
    ROADS_FILE_MODE_SLOTS = 25,
    ROADS_FILE_SLOTS =
        ROADS_FILE_MAP_SLOTS + GB_MODE_COUNT * ROADS_FILE_MODE_SLOTS
};

typedef struct roads_file_layout {
    roads_file_slot slots[ROADS_FILE_SLOTS];
    uint64_t part_at[ROADS_FILE_PARTS + 1]; /* the last: size of the file */
} roads_file_layout;

const void *roads_slot_get(const roads_file_slot *slot);
void roads_slot_set(const roads_file_slot *slot, const void *array);

/* All counts and facts of an index into a header (zeroed), and back: false
 * when they cannot be those of an index. */
void roads_file_describe(const gb_roads *roads, roads_file_header *header);
bool roads_file_take(const roads_file_header *header, gb_roads *roads);

/* Where the arrays of an index lie, by its counts. */
void roads_file_lay_out(gb_roads *roads, roads_file_layout *out);

#endif
