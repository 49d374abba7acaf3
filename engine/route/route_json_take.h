/*
 * route_json_take.h - what reading our own JSON shares.  Private to
 * route_json_read.c and route_json_row.c.
 */
#ifndef ROUTE_JSON_TAKE_H
#define ROUTE_JSON_TAKE_H

#include "route_json_own.h"

typedef struct own_reader {
    gb_context *ctx;
    gb_route_file *file;
    route_json_file *own;
    const route_json *json;
    bool has_release;
} own_reader;

/* Absent (NONE): *out stays, a list is empty. */
gb_status route_own_take_text(const own_reader *r, uint32_t node,
                              const char **out);
gb_status route_own_take_list(const own_reader *r, uint32_t node, uint32_t *n);
gb_status route_own_need_count(const own_reader *r, uint32_t node, uint32_t n,
                               uint32_t expected);
gb_status route_own_take_numbers(const own_reader *r, uint32_t node,
                                 int64_t low, int64_t high, int64_t *out);
gb_status route_own_take_int64s(const own_reader *r, uint32_t node,
                                uint32_t expected, int64_t low, int64_t high,
                                const int64_t **out);
gb_status route_own_take_bits(const own_reader *r, uint32_t node,
                              uint64_t *bits);
/* The fields and other keys of an object; `others` gets the nodes of those. */
gb_status route_own_take_row(const own_reader *r, uint32_t object,
                             const route_json_fields *fields,
                             const char *const *keys, size_t n_keys, void *row,
                             uint32_t *others);

/* route_json_row.c: vehicles first, whom clients refer to. */
gb_status route_own_take_clients(own_reader *r, uint32_t node);
gb_status route_own_take_vehicles(own_reader *r, uint32_t node);

#endif
