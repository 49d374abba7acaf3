/*
 * gridbeat/plan.h - the nightly steps: from the rows of a workspace to
 * scores, basic areas, territories and the routes of a day.
 *
 * Each step reads the workspace, computes, and writes its result in one
 * transaction: a reader sees what was there before or all of what is new, and
 * a step that fails leaves the workspace as it was.  gb_plan_night() does all
 * of them in order.
 *
 * The steps make no use of the clock of the machine: equal workspace, roads,
 * date and options give equal rows, for any number of threads.
 */
#ifndef GRIDBEAT_PLAN_H
#define GRIDBEAT_PLAN_H

#include <gridbeat/base.h>
#include <gridbeat/roads.h>
#include <gridbeat/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What all steps may be told; each looks at what concerns it. */
typedef struct gb_plan_options {
    size_t size;
    const char *date;        /* YYYY-MM-DD, must be given: the day of the plan,
                                and the day as of which customers are looked
                                at */
    const char *segment;     /* whom to look at; NULL = "dormant_6m" */
    const char *card;        /* JSON of a score card; NULL = the shipped one */
    double density_radius_m; /* kernel radius of the density; 0 = 500 */
    double density_step_m;   /* step of its raster; 0 = 100 */
    double tolerance;        /* of expected workload between the territories
                                of a branch, as a ratio; 0 = 0.10 */
    int32_t rebuild;         /* 1: new cells and territories, whatever there
                                is */
    int32_t service_s;       /* of a visit whose customer has none; 0 = 900 */
    int64_t cost_per_h;      /* points that an hour in the field must bring;
                                0 = 6 */
    uint64_t grid_iterations; /* proposals a branch; 0 = the module's own */
    uint64_t max_iterations; /* of the routes of a manager; 0 = 4000 */
    int64_t time_limit_ms;   /* of all routes; 0 = none */
    uint64_t seed;
    uint32_t n_threads;      /* 0 = 1 */
    uint32_t max_candidates; /* targets that a manager's routes choose from:
                                the best by points; 0 = 600 */
    /* Of territories alone.  All texts are borrowed. */
    uint32_t grids_per_manager; /* 0 = 1 */
    uint32_t grids_per_branch;  /* at most 1000; 0: by grids_per_manager */
    const char *measures; /* what is shared out, the first also for being
                             compact: "workload=10%,targets=15%", out of
                             workload, targets, value, customers, each with
                             its tolerance or else `tolerance`; NULL =
                             "workload" */
    const char *branch;   /* divide the cells of this one alone; NULL: all */
    const char *left;     /* references of managers who own none any more,
                             with commas; NULL: none */
    const char *borders;  /* imported areas, with commas, or "all", whose
                             borders are soft barriers; NULL: none */
    double pull;          /* which branch owns which cell: from 0, by travel
                             time alone, to 1, work in proportion to its
                             managers' hours; 0 = 1; < 0: none */
    double barrier_weight, travel_weight, familiarity_weight, stay_price;
                          /* as gb_territory_options */
    int64_t from_version; /* the version to start from; 0: that in force */
    double max_moved;     /* of gb_plan_rebuild(): the share of cells that may
                             change hands; 0: no limit */
    uint32_t n_days;      /* working days that routes are planned for at once,
                             the date the first; at most 20; 0 = 10; 1: that
                             day alone */
    int32_t activation_days; /* a visit at which the customer was met counts
                                when he starts a transaction within so many
                                days, that of the visit included; 0: as the
                                workspace was last told, else 30; at most
                                366 */
    int32_t card_presence; /* 1: customers are met as the card supposes,
                              whatever visits taught */
    double held_out_share; /* of those free for a visit, how many are left
                              alone at random for as long, to measure what
                              visits bring; 0: as the workspace was last told,
                              else 0.05; < 0: nobody; at most 0.5 */
    double cluster_radius_m; /* 0 = 50 */
    double spot_level;       /* the rate of false discoveries among hot
                                spots; 0 = 0.05 */
    uint32_t cluster_min_points; /* targets within cluster_radius_m, itself
                                    included, that make a target the core of
                                    a cluster; 0 = 20 */
    const char *grades; /* the rule set that grades customers; NULL = "abc" */
} gb_plan_options;
#define GB_PLAN_OPTIONS_INIT                                                  \
    { sizeof(gb_plan_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  \
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** The answer of a step: a JSON object, and the counts wanted most. */
typedef struct gb_plan_result gb_plan_result;

/** The whole answer.  Borrowed from the result.  Any thread. */
GB_API const char *gb_plan_result_json(const gb_plan_result *result);
/** Musts that no route could serve; each has its reason in the plan. */
GB_API int64_t gb_plan_result_musts_missed(const gb_plan_result *result);
/** NULL is taken. */
GB_API void gb_plan_result_free(gb_plan_result *result);

/**
 * Settle what came of visits and of trials, as far as a date knows it: did
 * the customer start a transaction within options->activation_days?  Visits
 * of before the date that are new are taken in.  What is settled is never
 * changed again, so that later nights learn from the same outcomes.
 *
 * @param out  `visits` and `trials`, each with `settled`, `active`, `unknown`
 *             (the last transaction known is too late to tell) and `open`.
 * @return as gb_plan_score().
 */
GB_API gb_status gb_plan_settle(gb_context *ctx, gb_workspace *workspace,
                                const gb_plan_options *options,
                                gb_plan_result **out);

/**
 * Score the targets of a date (gb_segment_select() made them) by a card, and
 * lay their kernel density on a raster and on the cells.
 *
 * @param out  targets, scored, points (sum), highest; card name and version;
 *             density: radius, points, highest a km2.
 * @return GB_OK; GB_ERR_OPTIONS, GB_ERR_ARGUMENT (a date that is none),
 *         GB_ERR_PARSE and GB_ERR_DATA (the card), GB_ERR_STATE for a
 *         read-only workspace, GB_ERR_BUSY, GB_ERR_CANCELLED, GB_ERR_NOMEM,
 *         GB_ERR_LIBRARY.
 *
 * Ownership: free *out with gb_plan_result_free(); NULL after a failure.
 * Threads: one thread a context and a workspace.  Since: 0.1.
 */
GB_API gb_status gb_plan_score(gb_context *ctx, gb_workspace *workspace,
                               const gb_plan_options *options,
                               gb_plan_result **out);

/**
 * Make basic areas: from the bank's own cells where it delivered some, else
 * blocks cut out of the lines of the road index, compounds never cut, none
 * heavier than a share of the tolerance.  Says which customers lie in which.
 *
 * @param roads  The index beside the workspace; may be NULL with given cells.
 * @return as gb_plan_score(); GB_ERR_STATE without roads or cells;
 *         GB_ERR_GEOMETRY; GB_ERR_CRS.
 */
GB_API gb_status gb_plan_cells(gb_context *ctx, gb_workspace *workspace,
                               const gb_roads *roads,
                               const gb_plan_options *options,
                               gb_plan_result **out);

/**
 * Divide the cells among branches by travel time, and each branch's among its
 * managers in proportion to their hours; a draft version.  The version in
 * force, if it rests on the same cells, is the start, and moving away from it
 * has its price.  Locks and forbidden pairs of the workspace hold.
 *
 * Expected work counts visits, access to places, the way between them and the
 * way from the branch and back (data/TRAVEL.md has how good that is).  Targets
 * are those of the date, or else of the last day before that had some.
 *
 * @param out  `version`; its territories with each measure, the largest
 *             deviation, and what cannot be kept, in words.
 * @return as gb_plan_cells(); GB_ERR_NOT_FOUND for a branch, manager, area or
 *         version that is not there; GB_ERR_STATE when `branch` is given and
 *         no territories are there to keep, or when there are no targets, and
 *         more than customers is to be shared out.
 */
GB_API gb_status gb_plan_territories(gb_context *ctx,
                                     gb_workspace *workspace,
                                     const gb_roads *roads,
                                     const gb_plan_options *options,
                                     gb_plan_result **out);

/**
 * Bring territories back within their tolerance while moving least: after a
 * manager has left (options->left) or joined (who has none and was hired), or
 * when demand has drifted; a draft version.  What a manager who left had goes
 * to neighbours; who joins gets one connected territory.
 *
 * @param out  As gb_plan_territories(), and `moves`: each cell that changes
 *             hands with from, to, customers, work and the reason; `forced`
 *             and `chosen` counts.  Where options->max_moved does not suffice,
 *             the best within it, and `enough`, the smallest share known to
 *             do, or null.
 * @return as gb_plan_territories(); GB_ERR_STATE without a version to start
 *         from.  What was left without an owner does not count to max_moved.
 */
GB_API gb_status gb_plan_rebuild(gb_context *ctx, gb_workspace *workspace,
                                 const gb_roads *roads,
                                 const gb_plan_options *options,
                                 gb_plan_result **out);

/**
 * Plan the routes of a date: for each manager at work, within the territories
 * that he owns on that day.  Every target ends in exactly one state, with its
 * reason; the counts add up or nothing is stored.
 *
 * options->n_days working days are looked at.  Those after the date are
 * tentative: they say of a target that is `deferred` as "planned_later" on
 * which day and at what time.  Who has an appointment on one of them is
 * "promised" to it.  A share of those free for a visit is `set_aside` as
 * "held_out", by a hash of seed, customer and the day on which he was drawn;
 * options->activation_days nobody visits them, so that what became of them
 * tells what visits bring.  Musts and appointments are never held out.  A
 * visit today counts for less where a later day offers
 * more and there will be room: plan_horizon.h in the sources has the formula.
 *
 * @param out  Counts of targets by state, visits, value, value an hour in the
 *             field, the same for a list walked down by balance, and the same
 *             stops in nearest-neighbour order.
 * @return as gb_plan_cells(); GB_ERR_STATE when no territories are in force.
 *         A must that cannot be met is GB_OK: gb_plan_result_musts_missed().
 */
GB_API gb_status gb_plan_day(gb_context *ctx, gb_workspace *workspace,
                             const gb_roads *roads,
                             const gb_plan_options *options,
                             gb_plan_result **out);

typedef struct gb_plan_presence_options {
    size_t size;
    const char *date;        /* YYYY-MM-DD: visits before it; NULL: all */
    const char *card;        /* JSON of a score card; NULL = the shipped one */
    const char *scope;       /* "org:REF", "branch:REF", "manager:REF"; NULL:
                                everything */
    const char *customer;    /* a reference: tell of him; NULL: of all */
    const char *check_after; /* YYYY-MM-DD: visits up to it foretell those
                                behind it; NULL: the last fifth is foretold */
    double half_life_days;   /* as gb_presence_options; 0 = 365 */
} gb_plan_presence_options;
#define GB_PLAN_PRESENCE_OPTIONS_INIT                                         \
    { sizeof(gb_plan_presence_options), 0, 0, 0, 0, 0, 0 }

/**
 * When customers are met: learnt from the visits of the last four years that
 * have an hour and an outcome, with the card's profiles as what was supposed
 * before (gridbeat/presence.h).  The same as gb_plan_day() learns for a plan
 * of that date.  Nothing is written.
 *
 * @param out  visits, customers, met (share), untimed, outside, strengths;
 *             and of all: `profiles` (by profile and slot: what the card says,
 *             what was learnt for workdays and days off), `by_attempt` (the
 *             share met at the first, second, ... try since the last meeting,
 *             with an interval of 95 %), `check` (Brier score and log loss of
 *             visits foretold from earlier ones, beside those of the card and
 *             of the plain share).  Of a customer: `of`, with each level's
 *             chance by slot, his visits, and the slot of the best chance.
 *             In a scope, visits to its customers alone count, unless a
 *             customer is asked about: then all count and nothing else of
 *             them is told.
 * @return GB_OK; GB_ERR_OPTIONS; GB_ERR_ARGUMENT; GB_ERR_PARSE and GB_ERR_DATA
 *         (the card); GB_ERR_NOT_FOUND (customer, scope); GB_ERR_BUSY;
 *         GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Ownership: free *out with gb_plan_result_free(); NULL after a failure.
 * Threads: one thread a context and a workspace.  Cost: O(n log n) of the
 * visits.  Since: 0.1.
 */
GB_API gb_status gb_plan_presence(gb_context *ctx, gb_workspace *workspace,
                                  const gb_plan_presence_options *options,
                                  gb_plan_result **out);

/** A tiering of customers, under a name. */
typedef struct gb_plan_tier_options {
    size_t size;
    const char *date;  /* YYYY-MM-DD, must be given */
    const char *name;  /* NULL = "score", which every night runs */
    const char *by;    /* "score", the points of the targets of the date; or a
                          number over the columns of customer_facts
                          (data/RULES.md), of all customers */
    const char *tiers; /* as in gridbeat/tier.h */
    const char *rules; /* instead: a rule set of kind "grades" */
    const char *where; /* whom to look at; NULL: all; not with "score" */
    double keep;       /* as gb_tiers_options; 0 = none */
    const char *since; /* of gb_plan_tier_drift(): the earlier date */
    const char *tier;  /* of gb_plan_tier_show(): this one alone; NULL: all */
    const char *scope; /* of the two that read; as gb_segment_options */
    uint32_t limit;    /* customers listed at most; 0: counts only */
} gb_plan_tier_options;
#define GB_PLAN_TIER_OPTIONS_INIT                                             \
    { sizeof(gb_plan_tier_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * Give customers their tiers as of a date, and keep them by date.
 *
 * Where none of by, tiers, rules, where and keep is given, what was given last
 * under that name holds on; of "score" first A=20%,B=30%,C by points.  A run
 * of the same date is replaced, and runs may come in any order.
 *
 * @param out  name, date, `definition`, customers looked at, `none` (in no
 *             tier), `tiers` from the highest: customers, kept, at_least,
 *             highest, lowest, mean; of rules `clauses` with counts; and where
 *             an earlier run is there `since` with entered, left, stayed, up,
 *             down, and `otherwise`: from tiers that are no more.
 * @return GB_OK; GB_ERR_PARSE for the tiers, GB_ERR_DATA for an expression or
 *         rules, GB_ERR_STATE when there are no points, or the workspace is
 *         read-only; GB_ERR_NOT_FOUND for a name of which nothing is known, or
 *         rules that are not there; GB_ERR_ARGUMENT, GB_ERR_OPTIONS,
 *         GB_ERR_BUSY, GB_ERR_CANCELLED, GB_ERR_NOMEM, GB_ERR_LIBRARY.
 *
 * Ownership and threads as gb_plan_score().  Cost: one scan, and O(n log n).
 * Since: 0.1.
 */
GB_API gb_status gb_plan_tiers(gb_context *ctx, gb_workspace *workspace,
                               const gb_plan_tier_options *options,
                               gb_plan_result **out);

/**
 * Compare two runs of a tiering: who entered, left, stayed, went up or down.
 *
 * @param options  date, the later one, and since must be given; scope, limit.
 * @param out  Counts, `psi` (gb_tiers_drift()), `redefined` where the two were
 *             not made by the same definition, `moves` (from, to, kind,
 *             customers; "" is no tier), and up to `limit` `movers` by
 *             reference, each with the reason of where he is now.
 * @return GB_ERR_NOT_FOUND when there is no run for one of the dates; else as
 *         gb_plan_tiers().
 */
GB_API gb_status gb_plan_tier_drift(gb_context *ctx, gb_workspace *workspace,
                                    const gb_plan_tier_options *options,
                                    gb_plan_result **out);

/**
 * Tell what a run said: the tiers with their counts in the scope, and up to
 * `limit` members by rank, each with the reason.
 *
 * @return as gb_plan_tier_drift().
 */
GB_API gb_status gb_plan_tier_show(gb_context *ctx, gb_workspace *workspace,
                                   const gb_plan_tier_options *options,
                                   gb_plan_result **out);

/** List the tierings: name, runs, first and last date, the last definition. */
GB_API gb_status gb_plan_tier_list(gb_context *ctx, gb_workspace *workspace,
                                   gb_plan_result **out);

/**
 * One night: settle, select, score, tiers, territories (where none are in force,
 * or those in force do not check), plan, check.
 *
 * @param out  The plan's figures, the steps with their counts, and under
 *             "timing" the seconds of each and the peak memory, which alone
 *             differ between runs.
 * @return as the steps; the steps before one that failed stay done.
 */
GB_API gb_status gb_plan_night(gb_context *ctx, gb_workspace *workspace,
                               const gb_roads *roads,
                               const gb_plan_options *options,
                               gb_plan_result **out);

#ifdef __cplusplus
}
#endif
#endif
