/*
 * route_json.h - JSON as a tape: read once, asked by node, no tree.
 *
 * A file of a thousand clients is a million numbers of its matrix; a tree of
 * them would cost ten times the matrix.  Here a node is eight bytes: where its
 * text begins, which kind it is, and the first node behind it, so that a whole
 * value is skipped in one step.  The text stays the caller's; a number is read
 * when it is asked for.
 *
 * Reading is strict: keys must be known (and unique), numbers whole where
 * whole ones are meant and within bounds.  Every refusal begins with the
 * file, line, column and path of what is wrong: "a.json:7:12: jobs[3].skils: ".
 */
#ifndef ROUTE_JSON_H
#define ROUTE_JSON_H

#include "base_array.h"
#include "base_context.h"

#define ROUTE_JSON_NONE UINT32_MAX
enum { ROUTE_JSON_LONGEST_NUMBER = 400 }; /* letters */

typedef enum route_json_kind {
    ROUTE_JSON_OBJECT,
    ROUTE_JSON_ARRAY,
    ROUTE_JSON_STRING,
    ROUTE_JSON_NUMBER,
    ROUTE_JSON_TRUE,
    ROUTE_JSON_FALSE,
    ROUTE_JSON_NULL
} route_json_kind;

typedef struct route_json_node {
    uint32_t at;        /* first byte */
    uint32_t next : 29; /* the first node that is not within this one; that
                           of a key is behind its value too */
    uint32_t kind : 3;
} route_json_node;

typedef struct route_json {
    gb_context *ctx;
    const char *name;  /* of the file, for messages */
    const char *bytes; /* borrowed */
    size_t n;
    BASE_ARRAY(route_json_node) nodes; /* nodes.items[0] is the whole */
} route_json;

/* Does it look like JSON: is the first thing in it an opening brace? */
bool route_json_is_meant(const char *bytes, size_t n);

/* GB_ERR_PARSE with line and column, GB_ERR_NOMEM. */
gb_status route_json_parse(gb_context *ctx, const char *name, const char *bytes,
                           size_t n, route_json *out);
void route_json_clear(route_json *json); /* zeroed is taken */

static inline route_json_kind route_json_kind_of(const route_json *json,
                                                 uint32_t node)
{
    return (route_json_kind)json->nodes.items[node].kind;
}

/* Items of an array in turn, as
 * for (i = route_json_first(json, a); i < route_json_end(json, a);
 *      i = route_json_next(json, i)) */
static inline uint32_t route_json_first(const route_json *json, uint32_t node)
{
    (void)json;
    return node + 1;
}
static inline uint32_t route_json_next(const route_json *json, uint32_t node)
{
    return json->nodes.items[node].next;
}
static inline uint32_t route_json_end(const route_json *json, uint32_t node)
{
    return json->nodes.items[node].next;
}
uint32_t route_json_count(const route_json *json, uint32_t array);

/* ---- what is wrong: puts file, line, column and path before the message */
gb_status route_json_wrong(const route_json *json, uint32_t node,
                           gb_status status);

/* The same with the place of a byte, and no path. */
gb_status route_json_at(const route_json *json, size_t at, gb_status status);

/* ---- taking values, or GB_ERR_DATA ---- */

/*
 * The members of an object: nodes[k] is the value of keys[k], or NONE where it
 * is absent.  Any other key is refused, with what may be meant.
 */
gb_status route_json_members(const route_json *json, uint32_t node,
                             const char *const *keys, size_t n_keys,
                             uint32_t *nodes);
/* The value of a key; NONE where it is absent.  Other keys do not matter. */
uint32_t route_json_get(const route_json *json, uint32_t object,
                        const char *key);
gb_status route_json_need(const route_json *json, uint32_t node,
                          route_json_kind kind);
/* A key that must be there: of the object, which lacks it. */
gb_status route_json_missing(const route_json *json, uint32_t object,
                             const char *key);
/* False, with *out left, where it is none; says nothing. */
bool route_json_try_int(const route_json *json, uint32_t node, int64_t low,
                        int64_t high, int64_t *out);
gb_status route_json_int(const route_json *json, uint32_t node, int64_t low,
                         int64_t high, int64_t *out);
gb_status route_json_int32(const route_json *json, uint32_t node, int64_t low,
                           int64_t high, int32_t *out);
/* Absent (NONE) leaves *out as it is. */
gb_status route_json_opt_int(const route_json *json, uint32_t node, int64_t low,
                             int64_t high, int64_t *out);
gb_status route_json_uint64(const route_json *json, uint32_t node,
                            uint64_t *out);
gb_status route_json_real(const route_json *json, uint32_t node, double low,
                          double high, double *out);
gb_status route_json_bool(const route_json *json, uint32_t node, bool *out);
/* Decoded, from base_alloc; no '\0' within. */
gb_status route_json_string(const route_json *json, uint32_t node, char **out);
/* Is it this string?  Of a text without escapes. */
bool route_json_is(const route_json *json, uint32_t node, const char *text);

/*
 * n rows of n whole numbers in [0, high], into out[n * n].  With `none` both
 * null and what is above high become *none; else they are refused.
 */
gb_status route_json_matrix(const route_json *json, uint32_t node, uint32_t n,
                            int64_t high, const int32_t *none, int32_t *out);

#endif
