/*
 * gridbeat/grid.h - territories: contiguous, balanced unions of basic areas.
 *
 * Arrays in, arrays out.  Basic areas come with their adjacency and with
 * columns of activity; a plan says for each area the number of its territory,
 * 0 to n_territories - 1.  Who owns a territory, what shape an area has and
 * where all this is stored is not known here.
 *
 * What must hold (gb_territory_rules) is kept apart from what is wished for
 * (gb_territory_options).  Where the rules cannot be kept, the build still
 * hands over the best partition that it has, says that it is not valid, and
 * lists findings: what is broken, by how much, and the smallest mend known.
 */
#ifndef GRIDBEAT_GRID_H
#define GRIDBEAT_GRID_H

#include <gridbeat/base.h>
#include <gridbeat/geo.h>

#ifdef __cplusplus
extern "C" {
#endif

/** No area, no territory, no measure: in ids and owners. */
#define GB_GRID_NONE UINT32_MAX
/** Travel that is not possible: in tables of seconds. */
#define GB_GRID_UNREACHABLE UINT32_MAX

/** What lies between two neighbouring areas. */
typedef enum gb_barrier {
    GB_BARRIER_NONE = 0,
    GB_BARRIER_SOFT = 1, /* a river with bridges, a main road: better not */
    GB_BARRIER_HARD = 2  /* no way across: they touch but do not connect */
} gb_barrier;

/**
 * Basic areas and their neighbourhood.  Borrowed for the length of a call.
 *
 * The adjacency is a symmetric graph in compressed rows: the neighbours of
 * area a are neighbours[first_neighbour[a]] up to
 * neighbours[first_neighbour[a + 1]], each pair standing in both rows with
 * the same border and barrier, no area beside itself, no pair twice.  A
 * neighbour without a common border (a bridge, see gb_areas_bridge()) has
 * border 0.
 */
typedef struct gb_areas {
    size_t size; /* sizeof of the caller's struct */
    size_t n_areas, n_measures;      /* both at least 1 */
    const gb_point *centres;         /* n_areas; metres */
    const double *areas_m2;          /* n_areas; >= 0; NULL: unknown */
    const double *perimeters_m;      /* n_areas; whole outline; NULL: the sum
                                        of the shared borders */
    const uint32_t *first_neighbour; /* n_areas + 1 */
    const uint32_t *neighbours;      /* first_neighbour[n_areas] */
    const double *shared_border_m;   /* as neighbours; >= 0; NULL: 1 each */
    const uint8_t *barriers;         /* as neighbours; gb_barrier; NULL: none */
    const double *activity; /* n_measures rows of n_areas: measure m of area
                               a is activity[m * n_areas + a]; >= 0 */
} gb_areas;
#define GB_AREAS_INIT { sizeof(gb_areas), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * What must hold of a plan; borrowed for the length of a call.  Besides,
 * always: each area in exactly one territory, no territory empty, each
 * connected by adjacencies without a hard barrier.
 */
typedef struct gb_territory_rules {
    size_t size;
    size_t n_territories;     /* 1 to n_areas */
    const double *shares;     /* n_territories; > 0, in any unit: 1 for full
                                 time, 0.5 for half; NULL: equal */
    const double *tolerances; /* n_measures; allowed deviation from the
                                 target as a ratio, >= 0; NULL: 0.05 each */
    const uint32_t *locks;    /* n_areas; the territory that an area must be
                                 in, or GB_GRID_NONE; NULL: no locks */
    const uint32_t *seeds;    /* n_territories; an area that the territory
                                 must contain, or GB_GRID_NONE; NULL: none */
    const uint32_t *apart;    /* n_apart pairs of different areas that are
                                 never in one territory: 2 * n_apart ids */
    size_t n_apart;
    const uint32_t *barred;   /* n_barred pairs (area, territory): the area is
                                 not in that territory; 2 * n_barred ids */
    size_t n_barred;
    const uint8_t *frozen;    /* n_territories; 1: the territory keeps just the
                                 areas that it has in `previous`, which must
                                 be given; 0: it does not; NULL: none */
} gb_territory_rules;
#define GB_TERRITORY_RULES_INIT                                               \
    { sizeof(gb_territory_rules), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What makes one valid plan better than another. */
typedef enum gb_territory_objective {
    GB_TERRITORY_MOMENT = 0, /* least moment of inertia: sum over areas of
                                the first measure times the squared distance
                                to the mean centre of the territory */
    GB_TERRITORY_BORDER = 1, /* least length of border between territories */
    GB_TERRITORY_CUT = 2,    /* fewest adjacencies between territories */
    GB_TERRITORY_MEDIAN = 3  /* least sum over areas of the first measure times
                                the distance to the best own area of the
                                territory; for some 2,000 areas at most */
} gb_territory_objective;

/**
 * What is wished for, and how long to look.  The objective counts as 1 at the
 * first plan found; the weights say what else counts, on the same scale.
 */
typedef struct gb_territory_options {
    size_t size;
    int32_t objective;      /* gb_territory_objective */
    double barrier_weight;  /* per share of all soft barrier length that lies
                               within territories; 0 = 0.1; < 0: none */
    double travel_weight;   /* per share by which activity-weighted travel
                               exceeds its least; 0 = 0.5; < 0: none */
    const uint32_t *travel_s; /* n_territories rows of n_areas: from the start
                                 of each territory; NULL: not known */
    const uint32_t *previous; /* n_areas; the plan in force to start from, or
                                 GB_GRID_NONE for a new area; a number beyond
                                 n_territories has left; NULL: afresh */
    double stay_price;      /* per share of areas that change hands from
                               `previous`; 0 = 5; < 0: none */
    uint64_t seed;          /* of all chance */
    uint64_t max_iterations; /* proposals a start, twice as many where the
                                tolerance is not met; 0: 200 an area, at
                                least 200,000, or as time_limit_ms allows */
    int64_t time_limit_ms;  /* 0: none; of all starts together */
    uint32_t n_starts;      /* independent searches, the best is taken; 0 = 1 */
    uint32_t n_threads;     /* 0 = 1; at most n_starts are of use */
    uint64_t max_moved;     /* areas that may change hands from `previous`, as
                               a rule that must hold: no plan with more of
                               them is valid.  Areas that had no territory, or
                               whose territory has left, do not count.
                               0: no limit */
    const double *familiarity; /* n_territories rows of n_areas, >= 0: how well
                               its owner knows the area, in units of measure 0
                               (the customers he has served); NULL: not known */
    double familiarity_weight; /* per share of what could be kept of all
                               familiarity, each area going to who knows it
                               best, that is lost; 0 = 0.5; < 0: none */
} gb_territory_options;
#define GB_TERRITORY_OPTIONS_INIT                                             \
    { sizeof(gb_territory_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What may be wrong with a plan, or with what was asked for. */
typedef enum gb_territory_finding_kind {
    /* of a plan */
    GB_FINDING_UNOWNED = 1,    /* `area` belongs to no territory in range */
    GB_FINDING_EMPTY = 2,      /* `territory` has no area */
    GB_FINDING_SPLIT = 3,      /* `territory` falls into `count` parts; `area`
                                  lies in one other than the heaviest, which
                                  has `value` of `limit` areas */
    GB_FINDING_BALANCE = 4,    /* `territory` has `value` of `measure`, the
                                  nearest allowed is `limit`; the tolerance
                                  `mend` would do */
    GB_FINDING_LOCK = 5,       /* `area` is not in `territory`, as locked */
    GB_FINDING_APART = 6,      /* `area` and area `other` are both in
                                  `territory`, and must not be */
    GB_FINDING_BARRED = 7,     /* `area` is in `territory`, and must not be */
    GB_FINDING_MOVED = 8,      /* `value` areas have changed hands, `limit`
                                  are allowed to */
    GB_FINDING_FROZEN = 9,     /* `area` has left `territory`, which is frozen
                                  (count 0), or has come to it (count 1) */
    /* why no plan can keep the rules */
    GB_FINDING_HEAVY_AREA = 11, /* `area` alone has `value` of `measure`, more
                                   than any territory it may be in holds
                                   (`limit`); the tolerance `mend` would do,
                                   or no more than `count` territories of equal
                                   shares (0: that does not apply) */
    GB_FINDING_COMPONENTS = 12, /* the areas fall into `count` unconnected
                                   components, more than there are territories
                                   (`limit`); `area` lies in the smallest */
    GB_FINDING_COMPONENT_LOAD = 13, /* the component of `area` has `value` of
                                   `measure`; with `count` territories it can
                                   have no less or more than `limit`; the
                                   tolerance `mend` would do */
    GB_FINDING_LOCKS_HEAVY = 14, /* what is locked to `territory` has `value`
                                   of `measure`, more than it holds (`limit`);
                                   the tolerance `mend` would do */
    GB_FINDING_LOCKS_APART = 15, /* `area` is locked to `territory` and cannot
                                   be joined to its other locks: free it, or
                                   what lies between */
    GB_FINDING_LOCKS_CONTRADICT = 16, /* `area` must be in `territory` and
                                   also in `other` */
    GB_FINDING_LOCKED_OUT = 17, /* locks tie all `count` territories to other
                                   components than that of `area` */
    GB_FINDING_APART_LOCKED = 18, /* `area` and area `other`, to be apart, are
                                   both locked to `territory` */
    GB_FINDING_APART_CROWD = 19, /* `count` areas are to be apart each from
                                   each, and there are `limit` territories;
                                   `area` and area `other` are two of them */
    GB_FINDING_BARRED_LOCKED = 20, /* `area` is locked to `territory` and
                                   barred from it */
    GB_FINDING_BARRED_OUT = 21, /* `area` is barred from all territories, or
                                   from all that are not frozen */
    GB_FINDING_FROZEN_LOAD = 22, /* frozen `territory` has `value` of
                                   `measure`, the nearest allowed is `limit`;
                                   the tolerance `mend` would do */
    GB_FINDING_FROZEN_SPLIT = 23, /* frozen `territory` has `count` parts: 0 is
                                   none at all; `area` lies in the second */
    GB_FINDING_FROZEN_LOCKED = 24, /* `area` of frozen `territory` is locked to
                                   `other` */
    GB_FINDING_MOVES_SHORT = 25, /* at least `value` areas must change hands,
                                   `limit` are allowed to */
    GB_FINDING_NO_PARTS = 26,   /* the component of `area`, of `count` areas,
                                   cannot be divided into any number of
                                   territories: all ways have been tried; the
                                   tolerance `mend` would do for it, where
                                   that is above 0 */
    GB_FINDING_POCKET = 27,     /* `count` areas, `area` the first of them, hang
                                   on area `other` in stretches that are each
                                   too light for a territory of their own; with
                                   it they have `value` of `measure`, more than
                                   one holds (`limit`); below the tolerance
                                   `mend` nothing helps */
    GB_FINDING_NO_PLAN = 28     /* all partitions have been tried: none keeps
                                   the rules; the tolerance `mend` would do,
                                   for all measures that have less (0: not
                                   known), and nothing less where `count` is
                                   1; if 0, no tolerance would */
} gb_territory_finding_kind;

/** One finding; what a field means depends on the kind. */
typedef struct gb_territory_finding {
    int32_t kind;       /* gb_territory_finding_kind */
    uint32_t territory; /* GB_GRID_NONE where it does not apply, as below */
    uint32_t other;
    uint32_t area;
    uint32_t measure;
    uint32_t count;
    double value;
    double limit;
    double mend; /* a tolerance as a ratio, rounded up to 1e-6 */
} gb_territory_finding;

/** A finished plan with its figures.  Immutable. */
typedef struct gb_territories gb_territories;

/** The figures of a whole plan. */
typedef struct gb_territory_summary {
    size_t size;             /* set by the caller */
    size_t n_areas, n_territories;
    int32_t outcome;         /* gb_outcome */
    bool is_valid;           /* the check found nothing */
    bool is_balanced;        /* each measure within its tolerance */
    double max_deviation;    /* largest |activity / target - 1| */
    double objective;        /* moment: unit of measure 0 times m2; border: m;
                                cut: a count; median: unit times m */
    double moment;           /* of measure 0, unit times m2 */
    double border_m;         /* between territories */
    uint64_t n_cut;          /* adjacencies between territories */
    double barrier_m;        /* soft barrier within territories */
    double travel;           /* mean seconds from the start, weighted by
                                measure 0; 0 where not known */
    double polsby_popper;    /* mean over territories, 0 where not known */
    uint64_t n_moved;        /* areas that were in another territory in
                                `previous` */
    uint64_t n_iterations;   /* moves priced, all starts together */
    double first_valid_s;    /* of the start taken; < 0: none */
    double familiarity_kept; /* share of what could be kept of `familiarity`,
                                each area going to who knows it best; 1 when
                                none was given */
} gb_territory_summary;

/** The figures of one territory. */
typedef struct gb_territory_measure {
    size_t n_areas;
    size_t n_parts;       /* connected parts; 1 is right */
    double area_m2;
    double border_m;      /* with other territories */
    double perimeter_m;   /* that, and the outer boundary */
    double polsby_popper; /* 4 pi area / perimeter^2, 0 to 1; 0: not known */
    double moment;        /* of measure 0 about its mean centre, unit x m2 */
    gb_point centre;      /* mean, weighted by measure 0 */
} gb_territory_measure;

/**
 * Divide basic areas into contiguous territories of near-equal activity.
 *
 * A heuristic: it proves no bound.  A plan that breaks a rule is never
 * handed over silently: gb_territory_summary.is_valid is then false and
 * gb_territories_findings() says what, why and the smallest mend known.  A
 * territory is empty only where rules leave it no area.
 *
 * Where the search finds no valid plan among up to 512 areas, all ways are
 * tried for about as long again: that ends with a valid plan, with the proof
 * that there is none and the tolerance that would do, or undecided.
 *
 * Territory numbers mean something only through locks, seeds, shares, travel
 * or a previous plan; else they are given from west to east.
 *
 * @param areas    See gb_areas; checked whole.
 * @param rules    What must hold.
 * @param options  NULL for all defaults.
 * @param out      The plan, or NULL when the call fails.
 *
 * @return GB_OK, also when the rules cannot be kept or a limit ended the
 *         search: ask gb_territories_summary().
 *         GB_ERR_ARGUMENT    NULL or out of range, in rules or options
 *         GB_ERR_OPTIONS     a struct of no known size
 *         GB_ERR_DATA        a number or the adjacency of `areas` is broken;
 *                            the message names the area
 *         GB_ERR_INFEASIBLE  more territories than areas
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 *
 * Ownership: free *out with gb_territories_free(), before or after `ctx`.
 * Threads: one thread a context; the inputs are only read.
 * Repeatable: equal inputs, options and seed give an equal plan for any
 *   n_threads, unless time_limit_ms ends the search.
 * Cost: O(n + m) memory; O(1) a proposal, some million a second.
 * Method: weighted inertial bisection, or a balanced power diagram
 *   (V. Cohen-Addad, P. Klein, N. Young 2018, doi:10.1145/3274895.3274979),
 *   then simulated annealing by shifts and chains of shifts that keep
 *   territories connected (D. King et al., Math. Program. Comput. 2012,
 *   for the local contiguity test) and recombination of two neighbours.
 * Since: 0.1.
 */
GB_API gb_status gb_territory_build(gb_context *ctx, const gb_areas *areas,
                                    const gb_territory_rules *rules,
                                    const gb_territory_options *options,
                                    gb_territories **out);

GB_API void gb_territories_free(gb_territories *territories); /* takes NULL */

/** The territory of each area, n_areas of them; borrowed.  Any thread. */
GB_API const uint32_t *gb_territories_owners(const gb_territories *territories);

/** Fill the known part of `out`, by out->size.  Any thread. */
GB_API void gb_territories_summary(const gb_territories *territories,
                                   gb_territory_summary *out);

/**
 * What is wrong with the plan, first, and why no plan can do better, after
 * it; borrowed, NULL when there is nothing.  Any thread.
 */
GB_API const gb_territory_finding *
gb_territories_findings(const gb_territories *territories, size_t *n_findings);

/**
 * Write one finding as a sentence in the context's language, with its
 * numbers; areas and territories by their index.
 *
 * @param buffer  May be NULL when capacity is 0.
 * @param needed  Bytes with the final zero; may be NULL.
 * @return GB_OK; GB_ERR_ARGUMENT for an unknown kind; GB_ERR_BUFFER with
 *         `needed` set; GB_ERR_NOMEM.
 */
GB_API gb_status gb_territory_finding_text(gb_context *ctx,
                                           const gb_territory_finding *finding,
                                           char *buffer, size_t capacity,
                                           size_t *needed);

/**
 * Check any plan against the rules, by a way of its own: nothing is shared
 * with the search.
 *
 * @param rules     Without frozen territories, which mean something only
 *                  beside the plan before: gb_territory_check_change().
 * @param owners    n_areas; what is not below n_territories is unowned.
 * @param findings  The first `capacity` of them, by kind, then by id; may be
 *                  NULL when capacity is 0.
 * @param n_found   How many there are in all: 0 for a valid plan.
 * @return GB_OK, whatever was found; GB_ERR_ARGUMENT, GB_ERR_OPTIONS,
 *         GB_ERR_DATA as gb_territory_build(); GB_ERR_NOMEM.
 * Threads: one thread a context.  Cost: O(n + m).  Since: 0.1.
 */
GB_API gb_status gb_territory_check(gb_context *ctx, const gb_areas *areas,
                                    const gb_territory_rules *rules,
                                    const uint32_t *owners,
                                    gb_territory_finding *findings,
                                    size_t capacity, size_t *n_found);

/**
 * As gb_territory_check(), and what the plan before asks of the new one: that
 * its frozen territories are as they were, and that no more areas have changed
 * hands than allowed.
 *
 * @param previous   n_areas, as in gb_territory_options; not NULL.
 * @param max_moved  As in gb_territory_options; 0: no limit.
 */
GB_API gb_status gb_territory_check_change(
    gb_context *ctx, const gb_areas *areas, const gb_territory_rules *rules,
    const uint32_t *previous, uint64_t max_moved, const uint32_t *owners,
    gb_territory_finding *findings, size_t capacity, size_t *n_found);

/**
 * The figures of each territory of any plan.
 *
 * @param owners      n_areas; an unowned area counts nowhere.
 * @param measures    n_territories, filled.
 * @param activity    n_territories rows of n_measures: the sums; or NULL.
 * @param deviation   As activity: activity / target - 1, 0 where the target
 *                    is 0; or NULL.
 * @return as gb_territory_check().
 * Threads: one thread a context.  Cost: O(n + m).  Since: 0.1.
 */
GB_API gb_status gb_territory_measures(gb_context *ctx, const gb_areas *areas,
                                       const gb_territory_rules *rules,
                                       const uint32_t *owners,
                                       gb_territory_measure *measures,
                                       double *activity, double *deviation);

/** How two plans of the same areas differ. */
typedef struct gb_territory_change {
    uint32_t area, from, to; /* GB_GRID_NONE: unowned in that plan */
} gb_territory_change;

/**
 * List the areas whose owner differs between two plans, by area.
 *
 * @param changes    The first `capacity` of them; NULL when capacity is 0.
 * @param n_changes  How many there are in all.
 * @return GB_OK; GB_ERR_ARGUMENT.
 * Cost: O(n).  Since: 0.1.
 */
GB_API gb_status gb_territory_diff(gb_context *ctx, const uint32_t *before,
                                   const uint32_t *after, size_t n_areas,
                                   gb_territory_change *changes,
                                   size_t capacity, size_t *n_changes);

/**
 * Links that would join the components of the adjacency, each the shortest
 * from centre to centre that joins two: for islands, and for areas behind
 * hard barriers.  To accept them, add them to the adjacency with border 0.
 *
 * @param links    The first `capacity` of them as pairs of areas, the lower
 *                 id first: 2 * capacity ids; NULL when capacity is 0.
 * @param n_links  How many there are in all: components - 1.
 * @return GB_OK; GB_ERR_ARGUMENT, GB_ERR_OPTIONS, GB_ERR_DATA, GB_ERR_NOMEM.
 * Cost: O(n^2) time at worst, O(n l) with l areas outside of the largest
 *   component; O(n + m) memory.  Since: 0.1.
 */
GB_API gb_status gb_areas_bridge(gb_context *ctx, const gb_areas *areas,
                                 uint32_t *links, size_t capacity,
                                 size_t *n_links);

/** Which branch owns which area. */
typedef struct gb_catchment_options {
    size_t size;
    const double *shares; /* n_branches; > 0: capacity; NULL: no pull */
    double pull;          /* 0 to 1: from least travel alone to shares alone
                             within the contiguous; needs shares */
    const uint32_t *locks; /* n_areas; GB_GRID_NONE: free; NULL: none */
    int64_t time_limit_ms; /* 0: none */
} gb_catchment_options;
#define GB_CATCHMENT_OPTIONS_INIT                                             \
    { sizeof(gb_catchment_options), 0, 0, 0, 0 }

/**
 * Give each area to one branch: the one with the least travel, corrected so
 * that each branch's areas are connected wherever the adjacency allows it.
 *
 * A multi-source growth: an area is taken by the branch that reaches it
 * first, from the area nearest to the branch or next to one already taken by
 * the same branch.  With a pull, the travel of each branch is scaled, in
 * rounds, until activity (of measure 0) comes near the shares.  A component
 * of the adjacency where no branch has its nearest area is given whole to
 * the branch with the least travel to any of it; that branch is then in
 * parts, as gb_territory_measures() shows.
 *
 * @param n_branches  At least 1.
 * @param travel_s    n_branches rows of n_areas; GB_GRID_UNREACHABLE counts as
 *                    further than all that can be reached.
 * @param options     NULL for all defaults.
 * @param owners      n_areas, filled; untouched when the call fails.
 * @return GB_OK; GB_ERR_ARGUMENT, GB_ERR_OPTIONS, GB_ERR_DATA,
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM.
 * Threads: one thread a context.  Repeatable.
 * Cost: O((n + m) log n) a round, at most 60 rounds.  Since: 0.1.
 */
GB_API gb_status gb_catchment_build(gb_context *ctx, const gb_areas *areas,
                                    size_t n_branches,
                                    const uint32_t *travel_s,
                                    const gb_catchment_options *options,
                                    uint32_t *owners);

/* --- files of areas ------------------------------------------------------ */

/** The text formats of areas that can be read; data/FORMATS.md has them. */
typedef enum gb_area_format {
    GB_AREA_FORMAT_ANY = 0, /* told apart by how the file begins */
    GB_AREA_FORMAT_TG1 = 1, /* header, node lines, edge lines */
    GB_AREA_FORMAT_CTDP = 2, /* commercial territory design: areas on a plane
                               with several measures, edges, tolerances */
    GB_AREA_FORMAT_CPMP = 3 /* capacitated p-median: nodes on a plane with
                               capacity and demand, no adjacency */
} gb_area_format;

/** Areas read from a file.  Immutable. */
typedef struct gb_area_file gb_area_file;

/** What a file says beside the areas themselves. */
typedef struct gb_area_facts {
    size_t size;          /* set by the caller */
    int32_t format;       /* gb_area_format; never ANY */
    size_t n_areas, n_edges; /* each adjacency once */
    size_t n_components;  /* of the adjacency */
    size_t n_territories; /* as many as the file asks for; 0: it does not */
    bool has_places;      /* the areas have longitude and latitude; else their
                             centres are drawn from the adjacency alone: good
                             to begin a search from, no metres */
    bool is_counted;      /* measure 0 is 1 for each area: distances count
                             alike, and no tolerance is meant to bind it */
    bool has_borders;     /* shared borders have a length; else each is 1 */
    bool is_scaled;       /* lengths and sizes came in degrees and were scaled
                             to metres by the land of all areas: the sum is
                             right, one border may be off by a third */
    bool has_familiarity; /* gb_area_file_familiarity() and _distances() */
} gb_area_facts;

/**
 * Read areas, their adjacency and their activity from the bytes of a file.
 *
 * TG1: measure 0 is the column `pop`.  Centres are in metres on a conic
 * projection about the middle of the data.  CTDP: measure 0 is 1 for each area,
 * measures 1 on are the columns; the file's plane is taken to be in metres.
 * CPMP: measure 0 is the demand; the areas have no neighbours, so they are for
 * gb_location_solve(), not for gb_territory_build().
 *
 * @param name    Of the file, for messages: FILE:LINE stands before each.
 * @param bytes   UTF-8; may be NULL when n_bytes is 0.
 * @param format  gb_area_format.
 * @param out     The file, or NULL when the call fails.
 *
 * @return GB_OK
 *         GB_ERR_ARGUMENT  NULL, or no such format
 *         GB_ERR_PARSE     not of the format: the message has the line, what
 *                          stands there, and what should
 *         GB_ERR_DATA      well-formed, and contradicts itself
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 *
 * Ownership: free *out with gb_area_file_free(), before or after `ctx`.
 * Threads: one thread a context.  Cost: O(n + m log m).  Since: 0.1.
 */
GB_API gb_status gb_areas_read(gb_context *ctx, const char *name,
                               const void *bytes, size_t n_bytes,
                               int32_t format, gb_area_file **out);

GB_API void gb_area_file_free(gb_area_file *file); /* takes NULL */

/** The areas, as gb_territory_build() takes them; borrowed.  Any thread. */
GB_API const gb_areas *gb_area_file_areas(const gb_area_file *file);

/** Where the areas lie, n_areas of them; borrowed; NULL where the file has no
 * places.  Any thread. */
GB_API const gb_lonlat *gb_area_file_places(const gb_area_file *file);

/** The tolerance of each measure, n_measures of them; borrowed; NULL where the
 * file gives none.  Any thread. */
GB_API const double *gb_area_file_tolerances(const gb_area_file *file);

/** What each node of a CPMP file holds, n_areas of them, whole numbers;
 * borrowed; NULL where the file gives none.  Any thread. */
GB_API const double *gb_area_file_capacities(const gb_area_file *file);

/** How familiar the areas are to whoever has a territory: n_territories rows
 * of n_areas, the lower the more; borrowed; NULL where the file gives none.
 * Any thread. */
GB_API const double *gb_area_file_familiarity(const gb_area_file *file);

/** Distances, n_areas rows of n_areas; borrowed; NULL where the file gives
 * none and they are those of the centres.  Any thread. */
GB_API const double *gb_area_file_distances(const gb_area_file *file);

/** The file's own name of an area; borrowed; NULL where it gives none, or
 * there is no such area.  Any thread. */
GB_API const char *gb_area_file_ref(const gb_area_file *file, size_t area);

/** Fill the known part of `out`, by out->size.  Any thread. */
GB_API void gb_area_file_facts(const gb_area_file *file, gb_area_facts *out);

/**
 * The moment of a plan about the best of each territory's own areas: sum over
 * areas of measure 0 times the squared distance to that area, on the ellipsoid
 * GRS80 (as S. W. Hess et al., Oper. Res. 1965, locate territories).
 *
 * Unlike gb_territory_summary.moment, which is about mean centres on the
 * plane, this is what published plans are compared by.
 *
 * @param places   n_areas; degrees.  NULL: distances are those of the areas'
 *                 centres on the plane.
 * @param owners   n_areas; what is not below n_territories counts nowhere.
 * @param centres  n_territories: the best area of each, GB_GRID_NONE where
 *                 the territory is empty; may be NULL.
 * @param moment   Unit of measure 0 times km2, or m2 on the plane.  Distances
 *                 on the ellipsoid of up to 1000 km are right to 2e-5.
 * @return GB_OK; GB_ERR_ARGUMENT, GB_ERR_OPTIONS, GB_ERR_DATA,
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM.
 * Threads: one thread a context.
 * Cost: O(n^2 / n_territories) at worst.  Since: 0.1.
 */
GB_API gb_status gb_territory_moment(gb_context *ctx, const gb_areas *areas,
                                     const gb_lonlat *places,
                                     size_t n_territories,
                                     const uint32_t *owners,
                                     uint32_t *centres, double *moment);

/**
 * As gb_territory_moment(), by distances that are not squared: the p-median of
 * a plan.  Unit of measure 0 times km, or m on the plane.
 */
GB_API gb_status gb_territory_median(gb_context *ctx, const gb_areas *areas,
                                     const gb_lonlat *places,
                                     size_t n_territories,
                                     const uint32_t *owners,
                                     uint32_t *centres, double *median);

#ifdef __cplusplus
}
#endif
#endif
