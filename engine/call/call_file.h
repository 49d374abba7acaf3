/*
 * call_file.h - whole files in and out.
 */
#ifndef CALL_FILE_H
#define CALL_FILE_H

#include "call_door.h"

/* All of a file, at the end of a text.  GB_ERR_NOT_FOUND, GB_ERR_IO. */
gb_status call_file_read(call *c, const char *path, base_text *out);

/* The same of the file that a parameter names, to be freed with base_free();
 * *out NULL where it names none. */
gb_status call_file_text(call *c, const char *name, char **out);

/*
 * A document that is asked for with "out": written there, whole or not at
 * all, else put into the result as "document", for the console.
 */
gb_status call_file_give(call *c, json_t *result, const base_text *text);

#endif
