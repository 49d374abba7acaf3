/*
 * store_where.h - is a condition true of a row of a table outside the
 * workspace?
 *
 * The condition is a boolean expression of SQLite over the row's columns.  No
 * table is made: each row is bound to a statement that has the columns as
 * names, on an empty database in memory, prepared under an authorizer that
 * allows expressions and plain functions and nothing else.
 */
#ifndef STORE_WHERE_H
#define STORE_WHERE_H

#include "base_context.h"

typedef struct store_where store_where;

/*
 * `names` are borrowed for the call.  Beside them `rowid` is the number of the
 * row, unless a column has that name.  GB_ERR_DATA with SQLite's words, or
 * what the authorizer refused; GB_ERR_NOMEM.
 */
gb_status store_where_open(gb_context *ctx, const char *const *names,
                           size_t n, const char *expression,
                           store_where **out);
/*
 * Fields as they stand in the file; "" is NULL, what reads as a number is one.
 * An expression that is NULL does not hold.
 */
gb_status store_where_holds(store_where *where, const char *const *fields,
                            int64_t row, bool *out);
void store_where_close(store_where *where); /* takes NULL */

#endif
