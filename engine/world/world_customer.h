/*
 * world_customer.h - one customer, out of the bank and a number alone: the
 * same whatever came before, so that a million of them need no memory.
 *
 * What is alike in real banks is alike here.  Rich neighbourhoods hold more;
 * the farther from the branch, the more have fallen asleep; who sleeps has
 * little left but often had much; when somebody is at home goes by the stage
 * of life; merchants want other things than pensioners.
 */
#ifndef WORLD_CUSTOMER_H
#define WORLD_CUSTOMER_H

#include "world_bank.h"

typedef enum world_accuracy {
    WORLD_ACCURACY_EXACT,
    WORLD_ACCURACY_BUILDING,
    WORLD_ACCURACY_COMPOUND,
    WORLD_ACCURACY_STREET,
    WORLD_ACCURACY_DISTRICT,
    WORLD_ACCURACY_NONE
} world_accuracy;

typedef enum world_life {
    WORLD_LIFE_RETIRED,
    WORLD_LIFE_OFFICE,
    WORLD_LIFE_FAMILY,
    WORLD_LIFE_MERCHANT,
    WORLD_LIFE_STUDENT,
    WORLD_LIFE_COUNT
} world_life;

/* Bits of world_customer.tags, in the order of the dictionary.  Rules and
 * score cards that ship name them as they are here. */
typedef enum world_tag {
    WORLD_TAG_POS_PROSPECT,
    WORLD_TAG_BUSY_DINER,
    WORLD_TAG_ALLIANCE,
    WORLD_TAG_VIP,
    WORLD_TAG_REFERRER,
    WORLD_TAG_INTENT,
    WORLD_TAG_LIFE, /* one for each world_life, in its order */
    WORLD_TAG_BEST_TIME = WORLD_TAG_LIFE + WORLD_LIFE_COUNT,
    WORLD_TAG_CHANNEL,
    WORLD_TAG_INTEREST,
    WORLD_TAG_SOURCE,
    WORLD_TAG_COUNT
} world_tag;
extern const char *const world_tag_names[WORLD_TAG_COUNT];
/* The values of a tag, separated by ';'; NULL for a plain one. */
extern const char *const world_tag_values[WORLD_TAG_COUNT];

typedef enum world_product {
    WORLD_PRODUCT_CARD,
    WORLD_PRODUCT_CREDIT_CARD,
    WORLD_PRODUCT_DEPOSIT_3M,
    WORLD_PRODUCT_DEPOSIT_1Y,
    WORLD_PRODUCT_DEPOSIT_3Y,
    WORLD_PRODUCT_WEALTH_90D,
    WORLD_PRODUCT_WEALTH_PREMIUM,
    WORLD_PRODUCT_FUND,
    WORLD_PRODUCT_INSURANCE,
    WORLD_PRODUCT_MORTGAGE,
    WORLD_PRODUCT_BUSINESS_LOAN,
    WORLD_PRODUCT_POS,
    WORLD_PRODUCT_EBANK,
    WORLD_PRODUCT_COUNT
} world_product;
extern const char *const world_product_refs[WORLD_PRODUCT_COUNT];

#define WORLD_NO_DAY INT32_MIN

typedef struct world_holding {
    world_product product;
    int64_t amount_fen;
    int32_t opened_day, matures_day, closed_day; /* or WORLD_NO_DAY */
} world_holding;

/* How a row of the file is spoilt. */
typedef enum world_spoil {
    WORLD_SPOIL_NOT,
    WORLD_SPOIL_SHIFTED, /* a decimal point moved */
    WORLD_SPOIL_SWAPPED, /* latitude first */
    WORLD_SPOIL_TWICE,   /* the reference of the row before */
    WORLD_SPOIL_BRANCH,  /* a branch that does not exist */
    WORLD_SPOIL_BYTES,   /* GB18030 within UTF-8 */
    WORLD_SPOIL_DATE,    /* the 30th of February */
    WORLD_SPOIL_COUNT
} world_spoil;

enum { WORLD_HOLDINGS = 10 };

typedef struct world_customer {
    uint32_t number;
    char ref[12];
    uint32_t branch;
    uint32_t place;   /* WORLD_NONE: nobody knows where */
    uint32_t manager; /* WORLD_NONE: nobody's */
    world_accuracy accuracy;
    gb_point at;      /* of use unless accuracy is NONE */
    world_life life;
    int64_t balance_fen, peak_24m_fen;
    int32_t opened_day, last_txn_day; /* WORLD_NO_DAY: never any */
    bool is_dormant;                  /* six months or more */
    bool do_not_visit, reach_sms;
    int32_t window_from_min, window_to_min; /* equal: no wish */
    int32_t service_s;
    uint32_t tags;          /* bits by world_tag */
    uint8_t tag_values[WORLD_TAG_COUNT];
    uint32_t n_holdings;
    world_holding holdings[WORLD_HOLDINGS];
    world_spoil spoil;
} world_customer;

world_customer world_customer_make(const world_bank *bank, uint32_t number);

/* How row `number` is spoilt: one in each full hundred. */
world_spoil world_customer_spoil(const world_bank *bank, uint32_t number);

/* An opaque reference, another for each number below 2^35. */
void world_customer_ref(const world_bank *bank, uint32_t number,
                        char ref[12]);

#endif
