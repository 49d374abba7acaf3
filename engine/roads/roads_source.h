/*
 * roads_source.h - a map as it was read, whoever wrote it: nodes, ways made of
 * nodes, what kind of street each is, forbidden turns.
 *
 *   OpenStreetMap --roads_osm_source()--.
 *                                        >-- roads_source -- roads_map_build()
 *   CSV of links  --roads_links_read()--'
 *
 * A kind holds the facts about a street that a profile judges by.  Streets
 * with equal facts share one, so that a city has some hundreds, and a changed
 * profile is applied by judging these.
 */
#ifndef ROADS_SOURCE_H
#define ROADS_SOURCE_H

#include "roads_osm.h"

#define ROADS_NONE UINT32_MAX

/* In the order of the profile's table; never renumbered: files store it. */
typedef enum roads_class {
    ROADS_CLASS_MOTORWAY, ROADS_CLASS_MOTORWAY_LINK, ROADS_CLASS_TRUNK,
    ROADS_CLASS_TRUNK_LINK, ROADS_CLASS_PRIMARY, ROADS_CLASS_PRIMARY_LINK,
    ROADS_CLASS_SECONDARY, ROADS_CLASS_SECONDARY_LINK, ROADS_CLASS_TERTIARY,
    ROADS_CLASS_TERTIARY_LINK, ROADS_CLASS_UNCLASSIFIED,
    ROADS_CLASS_RESIDENTIAL, ROADS_CLASS_ROAD, ROADS_CLASS_LIVING_STREET,
    ROADS_CLASS_SERVICE, ROADS_CLASS_TRACK, ROADS_CLASS_CYCLEWAY,
    ROADS_CLASS_PATH, ROADS_CLASS_BRIDLEWAY, ROADS_CLASS_PEDESTRIAN,
    ROADS_CLASS_FOOTWAY, ROADS_CLASS_CORRIDOR, ROADS_CLASS_STEPS,
    ROADS_CLASS_FERRY,
    ROADS_CLASS_COUNT
} roads_class;

const char *roads_class_name(roads_class class);        /* as "motorway_link" */
bool roads_class_parse(const char *name, roads_class *out);

/* The access keys, and what their values come to. */
typedef enum roads_access_key {
    ROADS_ACCESS_ALL, ROADS_ACCESS_VEHICLE, ROADS_ACCESS_MOTOR_VEHICLE,
    ROADS_ACCESS_MOTORCAR, ROADS_ACCESS_BICYCLE, ROADS_ACCESS_FOOT,
    ROADS_ACCESS_KEY_COUNT
} roads_access_key;

typedef enum roads_access {
    ROADS_ACCESS_UNSAID = 0,
    ROADS_ACCESS_OPEN = 1,        /* yes, permissive, designated, ... */
    ROADS_ACCESS_SHUT = 2,        /* no, agricultural, military, ... */
    ROADS_ACCESS_PUSH = 3,        /* dismount */
    ROADS_ACCESS_PRIVATE = 4,     /* private, residents, permit, ... */
    ROADS_ACCESS_DESTINATION = 5  /* destination, customers, delivery */
} roads_access;

enum { /* flags of a kind */
    ROADS_KIND_ROUNDABOUT = 1, /* junction=roundabout, circular */
    ROADS_KIND_AREA = 2,       /* walked along its outline; closed to cars */
    ROADS_KIND_OPPOSITE = 4,   /* bicycles may go against: cycleway=opposite */
    ROADS_KIND_TUNNEL = 8,
    ROADS_KIND_BRIDGE = 16
};

enum { ROADS_ONEWAY_UNSAID = 3, ROADS_ONEWAY_CHANGES = 2 };

typedef struct roads_kind {
    uint8_t class;                          /* roads_class */
    uint8_t access[ROADS_ACCESS_KEY_COUNT]; /* roads_access */
    int8_t oneway;         /* 1 along, -1 against, 0 both ways, CHANGES; what
                            * roundabouts and motorways imply is said here */
    int8_t oneway_bicycle; /* of oneway:bicycle; UNSAID */
    uint8_t flags;
    uint16_t limit_dkmh[2];              /* posted, along and against; 0: none */
    uint16_t speed_dkmh[GB_MODE_COUNT];  /* as given by the source; 0: by class */
    uint16_t reserved[2];                /* 0; a kind is compared as bytes */
} roads_kind;

enum { /* flags of a node; the lowest six are masks of modes */
    ROADS_NODE_SHUT = 1,     /* << mode: nobody of the mode passes */
    ROADS_NODE_PRIVATE = 8,  /* << mode: passed at a route's end only */
    ROADS_NODE_SIGNAL = 64   /* traffic lights */
};

/* A way that leaves an extract and comes back is several of one id. */
typedef struct roads_way {
    int64_t id;                 /* of the map, for messages */
    uint32_t first_ref, n_refs; /* nodes; all of them there, at least two */
    uint32_t kind, name;
} roads_way;

/*
 * A turn restriction: from a way, at a node or over one or more ways, to a
 * way.  Of an `only` the others are forbidden.
 */
typedef struct roads_ban {
    int64_t id;
    uint32_t from_way, to_way;
    uint32_t via_node;          /* NONE: via ways */
    uint32_t first_via, n_vias; /* in via_ways, in the order of travel */
    uint8_t is_only;
    uint8_t modes;              /* bit m: binds mode m */
} roads_ban;

typedef struct roads_source {
    roads_e7 *nodes;
    uint8_t *node_flags;
    roads_way *ways;      /* sorted by id; only those that a mode can use */
    uint32_t *refs;
    roads_kind *kinds;
    char *names;          /* each ended by '\0'; name 0 is "" */
    uint32_t *name_at;    /* n_names: where each begins */
    roads_ban *bans;      /* sorted by id */
    uint32_t *via_ways;
    size_t n_nodes, n_ways, n_refs, n_kinds, n_names, n_name_bytes, n_bans,
        n_via_ways;
    roads_lines lines;    /* what cells are cut along */
} roads_source;

void roads_source_clear(base_mem *mem, roads_source *source);

/* The facts of a map; counts what is refused.  Clear `out` in any case. */
gb_status roads_osm_source(base_run *run, const roads_osm *osm,
                           roads_source *out, gb_roads_report *report);

/* For readers: kinds and names by value, each kept once. */
typedef struct roads_interner roads_interner;
roads_interner *roads_interner_new(base_mem *mem);
void roads_interner_free(roads_interner *interner);
/* The number of a kind, of a name (NULL: 0); ROADS_NONE: no memory. */
uint32_t roads_intern_kind(roads_interner *interner, const roads_kind *kind);
uint32_t roads_intern_name(roads_interner *interner, const char *name);
/* Hand kinds and names over to a source; the interner may only be freed
 * afterwards.  False: no memory. */
bool roads_interner_give(roads_interner *interner, roads_source *source);

#endif
