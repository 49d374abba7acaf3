/*
 * gridbeat/route_reason.h - why a client is served as it is, and reasons as
 * sentences that a manager reads.
 *
 * Why a client is not served stands in the solution itself, see
 * gb_route_reason in route.h.
 */
#ifndef GRIDBEAT_ROUTE_REASON_H
#define GRIDBEAT_ROUTE_REASON_H

#include <gridbeat/route.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Drive routes as they are given, as gb_route_evaluate(), and say of everybody
 * who is not served why not, as gb_route_solve().
 *
 * @return as gb_route_evaluate(); GB_ERR_CANCELLED.
 * Cost: for each client who is not served one walk of a route for each gap and
 *   each run of stops of all routes.
 * Since: 0.1.
 */
GB_API gb_status gb_route_explain(gb_context *ctx,
                                  const gb_route_problem *problem,
                                  const gb_route_order *order,
                                  gb_route_solution **out);

/** Where else a client could be: the best of its kind. */
typedef struct gb_route_alternative {
    bool is_possible;     /* false: nowhere, and all else is 0 */
    uint32_t vehicle, day, slot;
    uint32_t position;    /* before this item of the vehicle's route as it is
                             without the client */
    int32_t start_s;      /* of the service */
    int32_t field_s;      /* field time of all routes, change against now */
    int64_t prize;        /* that it would bring there */
    /* Value of all routes, change against now; above 0 where the plan could be
       better. */
    int64_t change_milli;
} gb_route_alternative;

/** Why this vehicle, this day, this time.  All other clients stay put. */
typedef struct gb_route_served_reason {
    size_t size;
    uint32_t client;
    uint32_t vehicle, item; /* GB_ROUTE_NONE: the client is not served */
    uint32_t day, slot;
    int32_t start_s;
    int64_t prize;
    /* Left out, the value changes by change_milli, field time by field_s;
       is_possible is false only where what is frozen forbids it. */
    gb_route_alternative left_out;
    /* By the same vehicle in another slot or, where there are no slots, with
       the service beginning half an hour or more from now's. */
    gb_route_alternative other_time;
    gb_route_alternative other_vehicle; /* of the same day */
    gb_route_alternative other_day;
} gb_route_served_reason;

/**
 * Explain clients that are served: what the next best places would change, to
 * the unit.
 *
 * @param order    The plan; its n_frozen items are not explained away.
 * @param clients  Client numbers; one entry of `out` each.  out->size of the
 *                 first tells the size of all.
 * @return as gb_route_evaluate(); GB_ERR_ARGUMENT for a client that is none.
 *
 * Cost: for each client one walk of a route for each gap of all routes.
 * Since: 0.1.
 */
GB_API gb_status gb_route_explain_served(gb_context *ctx,
                                         const gb_route_problem *problem,
                                         const gb_route_order *order,
                                         const uint32_t *clients,
                                         size_t n_clients,
                                         gb_route_served_reason *out);

/** What people call a client, a vehicle; NULL: by number. */
typedef struct gb_route_names {
    size_t size;
    const char *(*client)(void *user, uint32_t client);
    const char *(*vehicle)(void *user, uint32_t vehicle);
    void *user;
} gb_route_names;

/**
 * A reason as a sentence: "Wang Li would be there at 14:28; the window closes
 * at 14:00, 28 min too early".
 *
 * @param lang      "en", "zh" and the like.
 * @param names     NULL: "client 7", "manager 2".
 * @param text      Takes `capacity` bytes, the closing 0 included.
 * @param needed    Bytes needed, the closing 0 included.
 * @return GB_OK; GB_ERR_BUFFER with *needed set; GB_ERR_ARGUMENT for another
 *         language; GB_ERR_NOMEM.
 * Since: 0.1.
 */
GB_API gb_status gb_route_reason_text(gb_context *ctx,
                                      const gb_route_reason *reason,
                                      const char *lang,
                                      const gb_route_names *names, char *text,
                                      size_t capacity, size_t *needed);
/** As gb_route_reason_text() for a client that is served. */
GB_API gb_status gb_route_served_text(gb_context *ctx,
                                      const gb_route_served_reason *reason,
                                      const char *lang,
                                      const gb_route_names *names, char *text,
                                      size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif
#endif
