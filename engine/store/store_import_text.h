/*
 * store_import_text.h - the bytes of a delivery: UTF-8 or GB18030, and
 * whether a text gives a person away.
 *
 * A row is UTF-8 when all of it is; else it is read as GB18030, and when it is
 * not that either it is refused.  In a file whose first part holds more rows
 * of GB18030 than of UTF-8 (beyond ASCII, where both agree) the order is the
 * other way round, as a few Chinese words are valid in both.
 */
#ifndef STORE_IMPORT_TEXT_H
#define STORE_IMPORT_TEXT_H

#include "store_db.h"

#include "base_lines.h"

typedef enum import_encoding {
    IMPORT_BY_CONTENT = 0,
    IMPORT_UTF8 = 1,
    IMPORT_GB18030 = 2
} import_encoding;

bool import_encoding_parse(const char *name, import_encoding *out);

bool import_is_ascii(const char *bytes, size_t n);

/* What the first bytes of a file are by the rule above. */
import_encoding import_detect(const char *bytes, size_t n);
import_encoding import_detect_lines(const base_lines *lines);

typedef struct import_decoder {
    void *iconv; /* an iconv_t; opened when first needed, NULL before */
} import_decoder;

void import_decoder_clear(import_decoder *decoder);
/* GB18030 to UTF-8, appended to `out`; false for bytes that are not. */
bool import_decode(import_decoder *decoder, const char *bytes, size_t n,
                   base_text *out);

/*
 * Does a column's name ask for personal data: a name of a person, telephone,
 * identity, account or card number, address, mail?  Chinese and English.
 */
bool import_is_personal_column(const char *name);
/*
 * Does a value hold a Chinese mobile number, an 18-digit identity number with
 * a right check digit, or a bank card number with a right one?
 */
bool import_is_personal_value(const char *value);

#endif
