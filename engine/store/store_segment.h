/*
 * store_segment.h - what is done with rule sets: preview, run, diff, grade,
 * select, reasons.
 *
 * Each call looks at the facts on a connection of its own (one scan), and
 * writes what it found in one transaction on the workspace's.  The answer is
 * a JSON object, written as the call goes.
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include <gridbeat/segment.h>

#include "base_array.h"
#include "base_text.h"
#include "store_query.h"
#include "store_segment_rules.h"

typedef struct store_ask {
    const char *as_of, *name, *where; /* NULL where not given */
    store_scope scope;
    uint32_t limit;
    const char *grades, *channels, *must; /* names of rule sets */
} store_ask;

typedef struct store_answer {
    base_text json;
    int64_t seen, kept, unknown;
} store_answer;

/* The result of a public call, which takes the JSON over. */
gb_status store_answer_give(gb_context *ctx, store_answer *answer,
                            gb_segment_result **out);

gb_status store_segment_list(gb_workspace *ws, store_answer *answer);
gb_status store_segment_facts(gb_context *ctx, store_answer *answer);
gb_status store_segment_show(gb_workspace *ws, const char *name,
                             uint32_t version, store_answer *answer);
gb_status store_segment_define(gb_workspace *ws, const char *json,
                               store_answer *answer);
gb_status store_segment_preview(gb_workspace *ws, const store_ask *ask,
                                store_answer *answer);
gb_status store_segment_run(gb_workspace *ws, const store_ask *ask,
                            store_answer *answer);
gb_status store_segment_diff(gb_workspace *ws, const store_ask *ask,
                             const char *from, const char *to,
                             store_answer *answer);
gb_status store_segment_grade(gb_workspace *ws, const store_ask *ask,
                              store_answer *answer);
gb_status store_segment_select(gb_workspace *ws, const store_ask *ask,
                               store_answer *answer);
gb_status store_segment_reasons(gb_workspace *ws, const store_ask *ask,
                                const char *customer_ref,
                                store_answer *answer);

/* For the files of store_segment: pieces that several of them need. */

/* One customer chosen, with what the first holding clause of up to three
 * rule sets was (STORE_NONE: none). */
typedef struct store_pick {
    int64_t customer;
    bool is_member;
    uint32_t grade, channel, must;
} store_pick;
typedef BASE_ARRAY(store_pick) store_picks;

/* The clauses of a segment counted in order. */
typedef struct store_waterfall {
    const store_rules *rules; /* may be NULL */
    const char *where;        /* one more clause; may be NULL */
    size_t n;                 /* clauses, `where` among them */
    int64_t kept[STORE_MAX_RULES + 1], unknown[STORE_MAX_RULES + 1];
    int64_t dropped[STORE_MAX_RULES + 1], alone[STORE_MAX_RULES + 1];
    int64_t n_seen;
} store_waterfall;

/* Counts one customer; STORE_YES, STORE_NO or STORE_UNKNOWN of the whole. */
int8_t store_waterfall_count(store_waterfall *waterfall, const int8_t *values);
int64_t store_waterfall_kept(const store_waterfall *waterfall);
int64_t store_waterfall_unknown(const store_waterfall *waterfall);
/* A JSON array of objects. */
void store_waterfall_json(const store_waterfall *waterfall, base_text *json);

/* Writes members for the as-of date; inside a transaction of the caller. */
gb_status store_members_write(gb_workspace *ws, const char *as_of,
                              const store_rules *rules,
                              const store_waterfall *waterfall,
                              const store_picks *members, int64_t *n_entered,
                              int64_t *n_left);
/* Appends `, "key": ["ref", ...]` of a query for refs, bound by the caller. */
gb_status store_refs_json(gb_workspace *ws, store_statement *st,
                          const char *key, base_text *json);

#endif
