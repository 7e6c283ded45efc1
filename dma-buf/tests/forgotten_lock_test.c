// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of calls that want the reservation lock held and are made without it, while
 * somebody else holds it: reported, and not let in between. That they are reported
 * with the lock free is misuse_test.c's.
 */

#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/dma-resv.h>
#include <linux/iosys-map.h>
#include <linux/workqueue.h>

#include "../misuse.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

#define SHORT (HZ / 20)
#define LONG (10 * HZ)

/* A call that another task makes. */
struct call {
	struct work_struct work;
	struct completion done;
	void (*what)(struct call *call);
	struct mock_exporter *exporter;
	struct mock_importer *importer;
	struct sg_table *table;
	struct iosys_map address;
	int ret;
};

static void do_map(struct call *call)
{
	call->table = dma_buf_map_attachment(call->importer->attach, DMA_TO_DEVICE);
	call->ret = PTR_ERR_OR_ZERO(call->table);
}

static void do_unmap(struct call *call)
{
	dma_buf_unmap_attachment(call->importer->attach, call->table, DMA_TO_DEVICE);
}

static void do_pin(struct call *call)
{
	call->ret = dma_buf_pin(call->importer->attach);
}

static void do_unpin(struct call *call)
{
	dma_buf_unpin(call->importer->attach);
}

static void do_invalidate(struct call *call)
{
	dma_buf_invalidate_mappings(call->exporter->dmabuf);
}

static void do_vmap(struct call *call)
{
	call->ret = dma_buf_vmap(call->exporter->dmabuf, &call->address);
}

static void do_vunmap(struct call *call)
{
	dma_buf_vunmap(call->exporter->dmabuf, &call->address);
}

static void make_call(struct work_struct *work)
{
	struct call *call = container_of(work, struct call, work);

	call->ret = 0;
	call->what(call);
	complete(&call->done);
}

static void begin_call(struct call *call, void (*what)(struct call *call))
{
	call->what = what;
	reinit_completion(&call->done);
	queue_work(system_dfl_wq, &call->work);
}

static void init_call(struct kunit *test, struct call *call)
{
	*call = (struct call){ .exporter = mock_movable_buffer(test) };
	call->importer = mock_attach_dynamic(test, call->exporter);
	init_completion(&call->done);
	INIT_WORK_ONSTACK(&call->work, make_call);
}

static void end_call(struct kunit *test, struct call *call)
{
	flush_work(&call->work);
	destroy_work_on_stack(&call->work);
	mock_detach_importer(call->importer);
	mock_release(test, call->exporter);
}

static void calls_without_the_lock_wait_for_it(struct kunit *test)
{
	static void (*const calls[])(struct call *call) = {
		do_map,
		do_unmap,
		do_pin,
		do_unpin,
		do_invalidate,
		do_vmap,
		do_vunmap,
	};
	u64 before = dmabuf_misuse_total(DMABUF_NOT_LOCKED);
	struct dma_resv *resv;
	struct call call;
	unsigned int i;

	init_call(test, &call);
	resv = call.exporter->dmabuf->resv;
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		dma_resv_lock(resv, NULL);
		begin_call(&call, calls[i]);
		KUNIT_EXPECT_EQ_MSG(test, wait_for_completion_timeout(&call.done, SHORT),
				    0, "call %u", i);
		dma_resv_unlock(resv);
		flush_work(&call.work);
		KUNIT_EXPECT_EQ(test, call.ret, 0);
	}
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_NOT_LOCKED),
			before + ARRAY_SIZE(calls));
	KUNIT_EXPECT_FALSE(test, dma_resv_is_locked(resv));
	KUNIT_EXPECT_EQ(test, call.exporter->calls[MOCK_MAP], 1);
	KUNIT_EXPECT_EQ(test, call.exporter->calls[MOCK_PIN], 1);
	KUNIT_EXPECT_EQ(test, call.exporter->calls[MOCK_UNPIN], 1);
	KUNIT_EXPECT_EQ(test, call.exporter->calls[MOCK_VUNMAP], 1);
	end_call(test, &call);
}

/* Whoever holds the lock may be waiting for what the caller of vmap has locked. */
static void a_vmap_without_the_lock_does_not_wait_for_ever(struct kunit *test)
{
	struct dma_resv *resv;
	struct call call;

	init_call(test, &call);
	resv = call.exporter->dmabuf->resv;
	dma_resv_lock(resv, NULL);
	begin_call(&call, do_vmap);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&call.done, LONG), 0);
	KUNIT_EXPECT_EQ(test, call.ret, 0);
	begin_call(&call, do_vunmap);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&call.done, LONG), 0);
	KUNIT_EXPECT_TRUE(test, dma_resv_is_locked(resv));
	dma_resv_unlock(resv);
	KUNIT_EXPECT_EQ(test, call.exporter->calls[MOCK_VUNMAP], 1);
	end_call(test, &call);
}

/* Of several holders it is the caller that counts: no report, and no deadlock. */
static void the_callers_own_lock_is_known(struct kunit *test)
{
	u64 before = dmabuf_misuse_total(DMABUF_NOT_LOCKED);
	struct ww_acquire_ctx context;
	struct dma_resv *resv;
	struct call call;

	init_call(test, &call);
	resv = call.exporter->dmabuf->resv;
	ww_acquire_init(&context, &reservation_ww_class);
	KUNIT_ASSERT_EQ(test, dma_resv_lock(resv, &context), 0);
	do_map(&call);
	KUNIT_EXPECT_EQ(test, call.ret, 0);
	do_unmap(&call);
	dma_resv_unlock(resv);
	ww_acquire_fini(&context);

	KUNIT_ASSERT_TRUE(test, dma_resv_trylock(resv));
	do_pin(&call);
	do_unpin(&call);
	dma_resv_unlock(resv);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_NOT_LOCKED), before);
	end_call(test, &call);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(calls_without_the_lock_wait_for_it),
	KUNIT_CASE(a_vmap_without_the_lock_does_not_wait_for_ever),
	KUNIT_CASE(the_callers_own_lock_is_known),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-forgotten-lock",
	.test_cases = cases,
};

kunit_test_suite(suite);
