/*
 * store_segment_sets.h - what the functions of rules know of customers, read
 * once a look: holdings, tags, appointments, areas, the org tree.
 *
 * Arrays go by slot: the customer's row number, or 0 when only one customer
 * is looked at.
 */
#ifndef STORE_SEGMENT_SETS_H
#define STORE_SEGMENT_SETS_H

#include "geo_codec.h"
#include "store_db.h"
#include "store_date.h"

/*
 * Customers of a tag, or of a tag with one value; value_of is 0 for others,
 * else 1 + an index of values, the lowest where a customer has many.
 */
typedef struct store_tag_set {
    char *tag, *value; /* value: NULL for any */
    bool is_tiers;     /* `tag` is the name of a tiering */
    uint32_t *value_of;
    BASE_ARRAY(char *) values;
    struct store_tag_set *next;
} store_tag_set;

/* The polygons of a name; degrees as x and y. */
typedef struct store_area_set {
    char *name;
    BASE_ARRAY(geo_geometry) shapes;
    BASE_ARRAY(gb_box) boxes;
    struct store_area_set *next;
} store_area_set;

/* Which products a list of names means; names joined by 0x1f. */
typedef struct store_product_set {
    char *names;
    uint64_t *mask; /* n_words */
    struct store_product_set *next;
} store_product_set;

typedef struct store_sets {
    gb_workspace *reader;
    gb_context *ctx;
    base_mem *mem;
    char as_of[16];
    int32_t as_of_day;
    int64_t only;     /* customer, or 0 */
    size_t n_slots;
    base_text remarks;

    bool has_holdings;
    size_t n_products, n_words;
    int64_t *products;          /* rows, rising */
    uint64_t *ever, *now;       /* n_words a slot */
    int32_t *next_maturity_on;  /* STORE_NO_DAY: none */
    int64_t *next_maturity_fen;

    int32_t *appointment_on;    /* NULL until asked for */

    uint32_t *grade_of;         /* 0: none, else 1 + an index of grades */
    BASE_ARRAY(char *) grades;

    store_tag_set *tags;
    store_area_set *areas;
    store_product_set *product_sets;
    BASE_ARRAY(char *) org_paths; /* by org row; NULL where there is none */
    bool has_orgs;
} store_sets;

gb_status store_sets_init(store_sets *sets, gb_workspace *reader,
                          const char *as_of, int64_t only);
void store_sets_clear(store_sets *sets);

/* SIZE_MAX for a row that did not exist when the look began. */
size_t store_sets_slot(const store_sets *sets, int64_t customer);

gb_status store_sets_need_holdings(store_sets *sets);
gb_status store_sets_need_appointments(store_sets *sets);
gb_status store_sets_need_orgs(store_sets *sets);
gb_status store_sets_need_grades(store_sets *sets);
gb_status store_sets_tag(store_sets *sets, const char *tag,
                         const char *value, bool is_tiers,
                         store_tag_set **out);
gb_status store_sets_products(store_sets *sets, const char *const *names,
                              size_t n, store_product_set **out);
/* GB_ERR_NOT_FOUND for a name that neither an area nor an outlined place has */
gb_status store_sets_area(store_sets *sets, const char *name,
                          store_area_set **out);

/* Inside or on the edge (within 1e-9 degrees, a tenth of a millimetre). */
bool store_area_contains(const store_area_set *area, gb_point at);

#endif
