/*
 * store_import_json.h - the rows of a .json, .jsonl or .geojson file.
 *
 * An array of objects, one object a line, or the features of a collection,
 * whose properties are the columns.  The columns of the file are all names
 * that any object uses, in the order of their first use; so lines are read
 * twice.  A value becomes the text that a CSV field would have: numbers as
 * they are, true and false as 1 and 0, null as empty, a list of texts joined
 * by ';'.  The line of an array's object is its number.
 */
#ifndef STORE_IMPORT_JSON_H
#define STORE_IMPORT_JSON_H

#include "store_import_csv.h"

typedef struct import_json import_json;

/* GB_ERR_PARSE with jansson's words and the line. */
gb_status import_json_open(gb_context *ctx, const char *path, bool is_lines,
                           import_encoding encoding, import_json **out);
/* The same from bytes that are an array or a collection: for the fuzzer. */
gb_status import_json_read(gb_context *ctx, const char *bytes, size_t n,
                           import_json **out);
void import_json_close(import_json *json); /* takes NULL */
size_t import_json_n_names(const import_json *json);
const char *import_json_name(const import_json *json, size_t i);
/* No row at all, as far as that is known beforehand: not of lines. */
bool import_json_is_empty(const import_json *json);
/* raw->fields are in the order of the names. */
gb_status import_json_next(import_json *json, import_raw *raw);
void import_json_progress(const import_json *json, int64_t *done,
                          int64_t *total);

#endif
