/*
 * store_segment_clause.h - one clause's text: what it may say, checked before
 * SQLite sees it.
 *
 * A clause is held to a whitelist of words, operators and functions, so what
 * is refused is refused by name, with the nearest allowed one; and it cannot
 * reach beyond its own parentheses, so clauses can be put side by side.  This
 * is the first of two locks: the second is the authorizer of
 * store_segment_facts.c, on a connection that can only read.
 *
 * Functions of a customer are rewritten on the way: has_tag('x') becomes
 * gbi_has_tag(customer_id, 'x').  "text" in double quotes is taken as a
 * string, as people write it; names are written without quotes.
 */
#ifndef STORE_SEGMENT_CLAUSE_H
#define STORE_SEGMENT_CLAUSE_H

#include "base_context.h"
#include "base_text.h"

/* A column of customer_facts. */
typedef struct store_fact {
    const char *name, *type, *unit; /* type: text, integer, date, flag */
    const char *title_en, *title_zh;
    const char *sql;    /* what it is in the view */
    uint32_t joins;     /* STORE_JOIN_... that it needs */
} store_fact;

enum {
    STORE_JOIN_BRANCH = 1,
    STORE_JOIN_ORG = 2,
    STORE_JOIN_MANAGER = 4,
    STORE_JOIN_PLACE = 8,
    STORE_JOIN_VALUE = 16
};

/* A function that a clause may call. */
typedef struct store_function {
    const char *name;
    const char *becomes;   /* NULL: as it is; else "gbi_x(customer_id," */
    int32_t min_args, max_args;
    bool is_literal;       /* takes string literals only */
    bool is_hidden;        /* SQLite's own plain ones: not documented */
    const char *usage, *title_en, *title_zh;
} store_function;

#define STORE_MAX_CLAUSE 4000  /* bytes */
#define STORE_MAX_CLAUSES 96   /* in one scan */
#define STORE_MAX_RULES 32     /* clauses of one rule set */

extern const store_fact store_facts_table[];
extern const size_t store_n_facts; /* at most 64 */
extern const store_function store_functions_table[];
extern const size_t store_n_functions;

/*
 * Check `sql` and append it, rewritten, to `out` (borrowed, begun by the
 * caller).  `name` is the clause's, for the message.  Sets in *mentions the
 * bit of every fact that it names.  GB_ERR_DATA, or GB_ERR_NOMEM.
 */
gb_status store_clause_check(gb_context *ctx, const char *name,
                             const char *sql, base_text *out,
                             uint64_t *mentions);

/* The nearest of `n` names by edit distance, or NULL when none is near. */
const char *store_nearest(const char *word, const char *const *names,
                          size_t n);

#endif
