/*
 * score_order.c - see score_order.h.
 */
#include "score_order.h"

#include <math.h>
#include <string.h>

enum { DIGIT_BITS = 11, N_DIGITS = 6, N_VALUES = 1 << DIGIT_BITS };

typedef struct keyed {
    uint64_t key;
    uint32_t item;
} keyed;

uint64_t score_order_key(double value)
{
    uint64_t bits;

    if (isnan(value))
        return UINT64_MAX;
    value += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint32_t digit_of(uint64_t key, int digit)
{
    return (uint32_t)(key >> (digit * DIGIT_BITS)) & (N_VALUES - 1);
}

/* Of each digit how many keys have each value. */
typedef uint32_t counts[N_DIGITS][N_VALUES];

static void count(const uint64_t *keys, size_t n, counts of)
{
    memset(of, 0, sizeof(counts));
    for (size_t i = 0; i < n; i++)
        for (int digit = 0; digit < N_DIGITS; digit++)
            of[digit][digit_of(keys[i], digit)]++;
}

/* One round; false when all keys have the same digit. */
static bool pass(const keyed *from, keyed *to, size_t n, int digit,
                 uint32_t *begin)
{
    uint32_t sum = 0;

    if (begin[digit_of(from[0].key, digit)] == n)
        return false;
    for (size_t v = 0; v < N_VALUES; v++) {
        const uint32_t n_alike = begin[v];

        begin[v] = sum;
        sum += n_alike;
    }
    for (size_t i = 0; i < n; i++)
        to[begin[digit_of(from[i].key, digit)]++] = from[i];
    return true;
}

gb_status score_order(gb_context *ctx, const uint64_t *keys, size_t n,
                      uint32_t *items)
{
    keyed *one, *other;
    counts of;

    if (n == 0)
        return GB_OK;
    one = base_alloc_array(ctx->mem, n, sizeof *one);
    other = base_alloc_array(ctx->mem, n, sizeof *other);
    for (size_t i = 0; one && other && i < n; i++)
        one[i] = (keyed){ keys[i], (uint32_t)i };
    count(keys, n, of);
    for (int digit = 0; one && other && digit < N_DIGITS; digit++)
        if (pass(one, other, n, digit, of[digit])) {
            keyed *const sorted = other;

            other = one;
            one = sorted;
        }
    for (size_t i = 0; one && other && i < n; i++)
        items[i] = one[i].item;
    base_free(ctx->mem, other);
    if (!one || !other) {
        base_free(ctx->mem, one);
        return base_fail_nomem(ctx);
    }
    base_free(ctx->mem, one);
    return GB_OK;
}
