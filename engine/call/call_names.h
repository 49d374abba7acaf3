/*
 * call_names.h - names of a file as numbers, 0 and up, as they come.
 */
#ifndef CALL_NAMES_H
#define CALL_NAMES_H

#include "base_array.h"
#include "base_text.h"

typedef struct call_names {
    base_text chars;        /* each name ends in '\0' */
    BASE_ARRAY(size_t) at;  /* where in chars each one begins */
    uint32_t *slots;        /* open addressing: number + 1 */
    size_t n_slots;
} call_names;

enum { CALL_NAMES_MOST = 1 << 30 };

void call_names_init(call_names *names, base_mem *mem);
void call_names_clear(call_names *names);
/* The number of a name, a new one where it is new.  False: no memory, or too
 * many. */
bool call_names_number(call_names *names, const char *name, uint32_t *out);
/* Borrowed until the next new name. */
const char *call_names_name(const call_names *names, uint32_t number);

#endif
