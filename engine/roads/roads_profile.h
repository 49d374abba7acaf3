/*
 * roads_profile.h - who may use a street, in which direction, how fast, and
 * what turns cost: data, read from JSON, with one built in.
 *
 * A profile judges kinds (roads_source.h), so it is applied to a city by some
 * hundred judgements.  What it says, mode by mode (format: data/PROFILES.md):
 * speeds by class, as a rule and where a tag of the mode's own opens a class;
 * how a posted limit counts; which classes and access values are for a
 * route's end only; whether e-bikes may go against one-way streets; the costs
 * of turning, of turning back, of traffic lights; and the time bands, each a
 * factor of speed by class.
 *
 * What no profile changes: a class that a mode can never use (a motorway on
 * foot, a footway by car), streets shut by their tags, one-way streets for
 * cars.  roads_profile_can() says that; it decides which states there are.
 */
#ifndef ROADS_PROFILE_H
#define ROADS_PROFILE_H

#include "base_text.h"
#include "roads_source.h"

enum { ROADS_MAX_BANDS = 16, ROADS_MAX_BAND_NAME = 32 };

typedef struct roads_turn_costs {
    double turn_s;    /* of the sharpest turn; 0: turns cost nothing */
    double bias;      /* above 1: turns to the left are dearer (driving on the
                       * right), below 1: to the right */
    double u_turn_s;  /* all of it: turn_s does not come on top */
    bool u_turn_anywhere; /* else at dead ends only */
    double signal_s;  /* at each traffic light */
} roads_turn_costs;

typedef struct roads_mode_profile {
    uint16_t speed_dkmh[ROADS_CLASS_COUNT]; /* as a rule; 0: closed */
    uint16_t own_dkmh[ROADS_CLASS_COUNT];   /* when a tag of its own opens it */
    uint8_t is_end[ROADS_CLASS_COUNT];      /* at a route's end only */
    uint8_t is_end_private, is_end_destination; /* by access values; else
                                             * private is shut, destination
                                             * is open */
    double limit_share;  /* of a posted limit that is driven; 0: ignored */
    bool limit_raises;   /* a limit replaces the speed of the class; else it
                          * only lowers it */
    uint16_t push_dkmh;  /* where it is pushed */
    uint16_t slowest_dkmh; /* however low a limit is */
    uint16_t fastest_dkmh; /* whatever class and limit say */
    bool contraflow;     /* e-bikes: against one-way streets, not
                          * roundabouts and motorways */
    bool is_turn_aware;  /* restrictions and turn costs count */
    roads_turn_costs turns;
} roads_mode_profile;

typedef struct roads_band {
    char name[ROADS_MAX_BAND_NAME];
    uint8_t day_kinds;        /* bit 0: working days, bit 1: rest days */
    uint16_t from_min, to_min; /* of the day; to <= from: over midnight */
    double factor[GB_MODE_COUNT][ROADS_CLASS_COUNT]; /* of the speed */
} roads_band;

typedef struct roads_profile {
    roads_mode_profile modes[GB_MODE_COUNT];
    roads_band bands[ROADS_MAX_BANDS];
    int n_bands;
} roads_profile;

/* The one that is built in: data/profile.json. */
void roads_profile_default(roads_profile *out);

/*
 * Read a profile: what the text does not say is as in the one built in.
 * GB_ERR_PARSE with line and column for what is no JSON; GB_ERR_DATA with
 * the path of the member ("car.speed_kmh.footway"), what is wrong and the
 * mend, for an unknown or misplaced name ("did you mean"), a number out of
 * range, a class that the mode can never use.
 */
gb_status roads_profile_parse(gb_context *ctx, const char *json,
                              roads_profile *out);

/* The whole of it as JSON, which roads_profile_parse() reads back. */
void roads_profile_write(const roads_profile *profile, base_text *out);

/* What the access tags of a kind or a node say to a mode, the most specific
 * first, and whether it is one that names the mode itself. */
roads_access roads_access_of(const uint8_t access[ROADS_ACCESS_KEY_COUNT],
                             int mode, bool *is_own);

/* Can a mode use a class, as a rule or where a tag of its own opens it? */
bool roads_class_can(roads_class class, gb_mode mode, bool is_own);

/* May a mode ever use a kind in a direction (0 along, 1 against)? */
bool roads_profile_can(const roads_kind *kind, gb_mode mode, int direction);

/* Tenths of km/h; 0: closed.  band: -1 for none.  A speed that the source
 * gives for a mode opens the class and is taken as it is, but for the band. */
double roads_profile_dkmh(const roads_profile *profile, const roads_kind *kind,
                          gb_mode mode, int direction, int band);

/* At a route's end only? */
bool roads_profile_is_end(const roads_profile *profile, const roads_kind *kind,
                          gb_mode mode);

/*
 * Seconds of a turn (ROADS_TURN_* of roads_states.h); infinite: not made.
 * The curve over the angle is the one that OSRM's car profile uses, so that
 * times can be compared: turn_s / (1 + exp(-(13 / bias * a / 180 - 6.5 *
 * bias))) for a degrees to the right; to the left with 1 / bias.
 */
double roads_profile_turn_s(const roads_profile *profile, gb_mode mode,
                            uint32_t turn);

/*
 * Do two profiles agree in what states depend on (is_turn_aware, which kinds
 * are for a route's end)?  Else an index must be built again.
 */
bool roads_profile_same_states(const roads_profile *a, const roads_profile *b,
                               const roads_kind *kinds, size_t n_kinds);

/* The number of a band, or -1. */
int roads_profile_band(const roads_profile *profile, const char *name);

#endif
