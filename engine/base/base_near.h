/*
 * base_near.h - the nearest known word, for "did you mean".
 *
 *   size_t best = SIZE_MAX;
 *   for (each known word)
 *       if (base_is_nearer(word, known, &best))
 *           nearest = known;
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many letters apart; SIZE_MAX: too long to tell. */
size_t base_distance(const char *a, const char *b);
/* The same up to `limit`; limit + 1 beyond it. */
size_t base_edits(const char *a, const char *b, size_t limit);

/* Is `candidate` near enough to be meant, and nearer than *best?  Then
 * lowers *best. */
bool base_is_nearer(const char *word, const char *candidate, size_t *best);

#endif
