/*
 * score_order.h - the order of many keys, in linear time.
 *
 * A radix sort from the lowest digit, so equal keys stay in the order in
 * which they came.  Digits that are the same in all keys cost one look.
 */
#ifndef SCORE_ORDER_H
#define SCORE_ORDER_H

#include "base_context.h"

/* items[i] becomes the place of the i-th smallest of n < 2^32 keys. */
gb_status score_order(gb_context *ctx, const uint64_t *keys, size_t n,
                      uint32_t *items);

/* A key that orders as the number does; -0 as 0.  NaN comes last. */
uint64_t score_order_key(double value);

#endif
