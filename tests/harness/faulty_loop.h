/*
 * faulty_loop.h - a call with each of its requests for memory refused in turn.
 */
#ifndef FAULTY_LOOP_H
#define FAULTY_LOOP_H

#include "faulty_alloc.h"

typedef enum faulty_way {
    FAULTY_ONCE,    /* that request alone */
    FAULTY_LASTING, /* and all after it */
    FAULTY_BY_TURNS /* the one, then the other */
} faulty_way;

typedef gb_status (*faulty_call)(gb_context *ctx);

/**
 * GB_ERR_NOMEM wherever a request was refused, GB_OK where none was, and
 * nothing left behind.  Every `again`-th call that failed then succeeds on
 * the same context; 0: none is called again.
 */
void faulty_loop(faulty_call call, faulty_way way, long again);

#endif
