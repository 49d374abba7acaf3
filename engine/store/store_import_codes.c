#include "store_import_codes.h"

const import_code_text store_import_codes[] = {
    { IMPORT_UNKNOWN_COLUMN, GB_N("no such column in this kind of file%s"),
      GB_N("rename it by --map, or leave it out: --map \"theirs=\"") },
    { IMPORT_MISSING_COLUMN, GB_N("this column must be there"),
      GB_N("add it, or name the column that holds it by --map") },
    { IMPORT_DOUBLE_COLUMN, GB_N("this column is there twice"),
      GB_N("leave one out: --map \"theirs=\"") },
    { IMPORT_PERSONAL_COLUMN,
      GB_N("looks like personal data, which is never stored here"),
      GB_N("take it out of the file, or leave it out: --map \"theirs=\"") },
    { IMPORT_FIELD_COUNT, GB_N("the row has %s"),
      GB_N("a comma inside a field? put the field in quotes") },
    { IMPORT_NOT_CSV, GB_N("the row is not CSV: %s"),
      GB_N("quotes stand round whole fields, and are doubled inside them") },
    { IMPORT_LONGITUDE, GB_N("not a longitude (%s expected here)"),
      GB_N("a shifted decimal point? %s") },
    { IMPORT_LATITUDE, GB_N("not a latitude (%s expected here)"),
      GB_N("a shifted decimal point? %s") },
    { IMPORT_SWAPPED,
      GB_N("longitude and latitude look swapped (%s)"),
      GB_N("write the longitude in column lon, the latitude in lat") },
    { IMPORT_EMPTY, GB_N("must not be empty"), "" },
    { IMPORT_REFERENCE,
      GB_N("not a reference: 1 to 64 of A-Z a-z 0-9 . _ : -"), "" },
    { IMPORT_UNKNOWN, GB_N("there is no such one%s"),
      GB_N("load the file that has it first, or mend the reference") },
    { IMPORT_DUPLICATE, GB_N("the same as in line %s"),
      GB_N("leave one of the two lines") },
    { IMPORT_DATE, GB_N("not a date as 2026-03-02"), GB_N("%s?") },
    { IMPORT_NUMBER, GB_N("not a whole number (%s)"), GB_N("%s?") },
    { IMPORT_TIME, GB_N("not a time of day as 08:30"), "" },
    { IMPORT_FLAG, GB_N("not a flag: 0 or 1"), "" },
    { IMPORT_WORD, GB_N("not one of: %s"), GB_N("%s?") },
    { IMPORT_TAG, GB_N("a tag that tags.csv does not define%s"),
      GB_N("define the tag, or mend its spelling") },
    { IMPORT_TAG_VALUE, GB_N("not a value of this tag: %s"),
      GB_N("the nearest that is allowed: %s") },
    { IMPORT_PERSONAL_VALUE,
      GB_N("looks like a telephone, identity or card number"),
      GB_N("references are opaque: send one that says nothing") },
    { IMPORT_ENCODING, GB_N("bytes that are neither UTF-8 nor GB18030"),
      GB_N("write the file in UTF-8") },
    { IMPORT_HALF_POINT, GB_N("a longitude without a latitude, or back"),
      GB_N("give both or none") },
    { IMPORT_GEOMETRY, GB_N("a broken shape: %s"), "" },
    { IMPORT_ORDER, GB_N("lies before %s"), "" },
    { IMPORT_TWO_LEADS,
      GB_N("the customer has a lead already, in line %s"),
      GB_N("one manager leads, others assist") },
    { IMPORT_HALF_SPAN, GB_N("one end of a span without the other: %s"),
      GB_N("give both or none") },
    { IMPORT_CIRCLE, GB_N("an organisation above itself: %s"), "" },
    { IMPORT_NOT_JSON, GB_N("the row is not a JSON object: %s"), "" },
    { IMPORT_TOO_LONG, GB_N("longer than %s bytes"), "" },
    { IMPORT_DELIVERY, GB_N("not the file that manifest.json tells of: %s"),
      GB_N("deliver the folder again; half a delivery is not loaded") },
};
const size_t store_n_import_codes
    = sizeof store_import_codes / sizeof store_import_codes[0];

const import_code_text *import_code_find(import_code code)
{
    for (size_t i = 0; i < store_n_import_codes; i++)
        if (store_import_codes[i].code == code)
            return &store_import_codes[i];
    return NULL;
}
