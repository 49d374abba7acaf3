/*
 * base_check.h - what the engine asserts of itself.
 *
 * assert() is for errors of our own.  ALWAYS and NEVER mark branches that a
 * correct engine cannot take but a release build still guards: they assert in
 * debug builds, and coverage builds see constants (SQLite's habit).
 */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#include <assert.h>

#if defined(GB_COVERAGE)
#define ALWAYS(x) 1
#define NEVER(x) 0
#elif defined(NDEBUG)
#define ALWAYS(x) (x)
#define NEVER(x) (x)
#else
#define ALWAYS(x) ((x) ? 1 : (assert(0 && #x), 0))
#define NEVER(x) ((x) ? (assert(0 && #x), 1) : 0)
#endif

/* The number of elements of an array whose size the compiler knows. */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
