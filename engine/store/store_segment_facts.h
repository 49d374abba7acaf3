/*
 * store_segment_facts.h - clauses evaluated over customer_facts.
 *
 * A store_facts is one look at the workspace as of a date: a connection of its
 * own that can only read, without SpatiaLite, in one read transaction; the
 * temporary view customer_facts with the columns of store_segment_words.c;
 * and the functions of rules.  Clauses are prepared under an authorizer that
 * knows the view and those functions and refuses all else by name.
 *
 * What functions need of other tables (holdings, tags, appointments) is read
 * once, when the first function asks, into arrays by customer; so a scan of a
 * million customers is one walk along one table.
 *
 *   status = store_facts_open(ws, as_of, scope, 0, &facts);
 *   status = store_facts_compile(facts, clauses, n);
 *   status = store_facts_scan(facts, row, user);
 *   store_facts_close(facts);
 *
 * Errors go to ws->run->ctx.  One thread.
 */
#ifndef STORE_SEGMENT_FACTS_H
#define STORE_SEGMENT_FACTS_H

#include "store_db.h"
#include "store_load.h"
#include "store_segment_clause.h"

typedef struct store_facts store_facts;

typedef struct store_clause {
    const char *name, *sql; /* borrowed */
} store_clause;

/* What a clause says of a customer. */
enum { STORE_NO = 0, STORE_YES = 1, STORE_UNKNOWN = -1 };

/* `values` has one for each clause.  Anything but GB_OK ends the scan. */
typedef gb_status (*store_facts_fn)(void *user, int64_t customer,
                                    const int8_t *values);
/* The same of clauses that are numbers; NaN is NULL. */
typedef gb_status (*store_numbers_fn)(void *user, int64_t customer,
                                      const double *values);

/* `as_of` as YYYY-MM-DD; `only`: the one customer to look at, 0 for all. */
gb_status store_facts_open(gb_workspace *ws, const char *as_of,
                           store_scope scope, int64_t only,
                           store_facts **out);
void store_facts_close(store_facts *facts); /* takes NULL */

/* At most STORE_MAX_CLAUSES; replaces what was compiled before. */
gb_status store_facts_compile(store_facts *facts, const store_clause *clauses,
                              size_t n);
/*
 * Prepare one expression as it is, without the check of its words: what the
 * authorizer alone makes of it.  For tests, which hold each lock by itself.
 */
gb_status store_facts_compile_unchecked(store_facts *facts,
                                        const char *expression);
gb_status store_facts_scan(store_facts *facts, store_facts_fn row, void *user);
gb_status store_facts_numbers(store_facts *facts, store_numbers_fn row,
                              void *user);

/* Bits of the facts that the compiled clauses mention. */
uint64_t store_facts_mentions(const store_facts *facts);
/* Customers in the scope; an upper bound before a scan. */
int64_t store_facts_n(const store_facts *facts);
/* The text of a fact of the only customer; NULL for SQL's NULL.  The caller
 * frees it with base_free(ws->mem, ...). */
gb_status store_facts_value(store_facts *facts, size_t fact, char **out);

/*
 * Remarks of the scan, in the context's language: tags or products that
 * nobody knows.  JSON strings with commas between; "" when there are none.
 */
const char *store_facts_remarks(const store_facts *facts);

#endif
