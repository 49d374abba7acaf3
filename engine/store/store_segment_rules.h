/*
 * store_segment_rules.h - rule sets: read from JSON, checked, shipped and
 * stored.
 *
 * A rule set is immutable once read.  In force under a name is the highest
 * version that somebody defined, else the one that ships with this library
 * (segments.json, compiled in); the shipped one is stored when it is first
 * used, so that what a run was made with can be read later.
 */
#ifndef STORE_SEGMENT_RULES_H
#define STORE_SEGMENT_RULES_H

#include "store_db.h"
#include "store_segment_facts.h"

typedef enum store_rules_kind {
    STORE_RULES_SEGMENT = 0,
    STORE_RULES_GRADES = 1,
    STORE_RULES_CHANNELS = 2,
    STORE_RULES_MUST = 3
} store_rules_kind;

typedef struct store_rule {
    const char *name, *title_zh, *title_en, *sql;
    const char *grade;            /* of grades, else "" */
    const char *channel, *assist, *suggest; /* of channels, else "" */
} store_rule;

typedef struct store_rules {
    base_arena arena;
    int32_t kind;
    const char *name, *title_zh, *title_en;
    const char *json; /* in one form: equal rules, equal text */
    store_rule *items;
    size_t n;
    int64_t version;    /* 0: not stored yet */
    int64_t version_id; /* row of segment_version; 0: not stored yet */
    bool is_shipped;
} store_rules;

const char *store_rules_kind_name(int32_t kind);

/* Read one rule set; GB_ERR_PARSE or GB_ERR_DATA with the place. */
gb_status store_rules_parse(gb_context *ctx, const char *json,
                            store_rules *out);
void store_rules_clear(store_rules *rules); /* a zeroed struct is taken */

/* Prepare every clause, as of any date: GB_ERR_DATA naming the clause. */
gb_status store_rules_check(gb_workspace *ws, const store_rules *rules);

/*
 * The rule set in force, or with `version` that one.  GB_ERR_NOT_FOUND with
 * the nearest name.
 */
gb_status store_rules_load(gb_workspace *ws, const char *name,
                           uint32_t version, store_rules *out);
/* The same, and it must be of that kind. */
gb_status store_rules_load_kind(gb_workspace *ws, const char *name,
                                int32_t kind, store_rules *out);

/*
 * Store as the next version, unless the last one is equal; sets version and
 * version_id.  Inside a write transaction of the caller.
 */
gb_status store_rules_save(gb_workspace *ws, store_rules *rules);

/* Names of all rule sets, shipped and stored, in byte order, once each. */
typedef struct store_rules_names {
    base_arena arena;
    const char **items;
    size_t n;
} store_rules_names;
gb_status store_rules_list(gb_workspace *ws, store_rules_names *out);
void store_rules_names_clear(store_rules_names *names);

#endif
