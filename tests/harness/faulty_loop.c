/*
 * faulty_loop.c - see faulty_loop.h.
 */
#include "faulty_loop.h"

#include "test.h"

static void call_once(gb_context *ctx, faulty_call call, faulty_alloc *mem,
                      bool is_again)
{
    const gb_status status = call(ctx);

    ck_assert_msg(status == (mem->failures ? GB_ERR_NOMEM : GB_OK),
                  "request %ld: %s: %s", mem->fail_at, gb_status_name(status),
                  gb_last_error(ctx));
    mem->fail_at = -1;
    if (status && is_again)
        assert_ok(ctx, call(ctx));
}

void faulty_loop(faulty_call call, faulty_way way, long again)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(
            k, way == FAULTY_LASTING || (way == FAULTY_BY_TURNS && k % 2));
        gb_context *ctx = faulty_context(&mem);

        if (ctx)
            call_once(ctx, call, &mem, again > 0 && k % again == 0);
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
