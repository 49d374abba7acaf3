/*
 * store_import_codes.h - why a row, or a file, is refused: error E31xx.
 *
 * A number is never given another meaning.  Each has a sentence that says
 * what was expected and, where one can be told, the mend; `%s` in either is
 * what the finder adds (a bound, the nearest name, the other line).
 */
#ifndef STORE_IMPORT_CODES_H
#define STORE_IMPORT_CODES_H

#include "base_lang.h"

#include <stddef.h>

typedef enum import_code {
    IMPORT_OK = 0,
    IMPORT_UNKNOWN_COLUMN = 3101,
    IMPORT_MISSING_COLUMN = 3102,
    IMPORT_DOUBLE_COLUMN = 3103,
    IMPORT_PERSONAL_COLUMN = 3104,
    IMPORT_FIELD_COUNT = 3105,
    IMPORT_NOT_CSV = 3106,
    IMPORT_LONGITUDE = 3107,
    IMPORT_LATITUDE = 3108,
    IMPORT_SWAPPED = 3109,
    IMPORT_EMPTY = 3110,
    IMPORT_REFERENCE = 3111,
    IMPORT_UNKNOWN = 3112,
    IMPORT_DUPLICATE = 3113,
    IMPORT_DATE = 3114,
    IMPORT_NUMBER = 3115,
    IMPORT_TIME = 3116,
    IMPORT_FLAG = 3117,
    IMPORT_WORD = 3118,
    IMPORT_TAG = 3119,
    IMPORT_TAG_VALUE = 3120,
    IMPORT_PERSONAL_VALUE = 3121,
    IMPORT_ENCODING = 3122,
    IMPORT_HALF_POINT = 3123,
    IMPORT_GEOMETRY = 3124,
    IMPORT_ORDER = 3125,
    IMPORT_HALF_SPAN = 3126,
    IMPORT_CIRCLE = 3127,
    IMPORT_NOT_JSON = 3128,
    IMPORT_TOO_LONG = 3129,
    IMPORT_DELIVERY = 3130,
    IMPORT_TWO_LEADS = 3131
} import_code;

typedef struct import_code_text {
    import_code code;
    const char *reason; /* with at most one %s */
    const char *mend;   /* with at most one %s; "" where there is none */
} import_code_text;

extern const import_code_text store_import_codes[];
extern const size_t store_n_import_codes;

/* Never NULL for a code of this list. */
const import_code_text *import_code_find(import_code code);

#endif
