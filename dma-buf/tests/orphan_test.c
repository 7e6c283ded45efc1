// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of hold.h and of those who go by it: the last reference to a buffer is
 * dropped while a device, which has none, detaches. Both orders are held where they
 * meet, and then the two run against each other as they come.
 */

#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/trace_events.h>
#include <linux/workqueue.h>

#include "../misuse.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

#define ROUNDS 400
/* To see that somebody waits. Nobody waits for so long. */
#define A_WHILE (HZ / 10)
#define TOO_LONG (20 * HZ)

/**
 * struct meeting - the two sides, each a work item
 * @exporter: of the buffer
 * @importer: who is attached
 * @table: mapped, or NULL
 * @release: drops the last reference
 * @detach: gives @table back and detaches
 * @released: done when @release is
 * @detached: done when @detach is
 * @entered: done when the exporter's detach is called
 * @leave: lets it go on
 * @left: it went on
 * @in_order: release was called after it went on
 * @ready: sides that have started
 * @delay: of @detach behind @release, in turns
 */
struct meeting {
	struct mock_exporter *exporter;
	struct mock_importer *importer;
	struct sg_table *table;
	struct work_struct release;
	struct work_struct detach;
	struct completion released;
	struct completion detached;
	struct completion entered;
	struct completion leave;
	bool left;
	bool in_order;
	atomic_t ready;
	unsigned int delay;
};

/* The exporter's operations have no room for more. One test runs at a time. */
static struct meeting *current_meeting;

static void meet(struct meeting *meeting)
{
	atomic_inc(&meeting->ready);
	while (atomic_read(&meeting->ready) < 2)
		cpu_relax();
}

static void release_work(struct work_struct *work)
{
	struct meeting *meeting = container_of(work, struct meeting, release);

	meet(meeting);
	dma_buf_put(meeting->exporter->dmabuf);
	flush_delayed_fput();
	complete(&meeting->released);
}

static void detach_work(struct work_struct *work)
{
	struct meeting *meeting = container_of(work, struct meeting, detach);
	unsigned int i;

	meet(meeting);
	for (i = 0; i < meeting->delay; i++)
		cpu_relax();
	if (meeting->table)
		mock_unmap(meeting->importer, meeting->table, DMA_TO_DEVICE);
	mock_detach_importer(meeting->importer);
	complete(&meeting->detached);
}

static void begin_meeting(struct meeting *meeting, struct mock_exporter *exporter,
			  struct mock_importer *importer)
{
	memset(meeting, 0, sizeof(*meeting));
	meeting->exporter = exporter;
	meeting->importer = importer;
	INIT_WORK_ONSTACK(&meeting->release, release_work);
	INIT_WORK_ONSTACK(&meeting->detach, detach_work);
	init_completion(&meeting->released);
	init_completion(&meeting->detached);
	init_completion(&meeting->entered);
	init_completion(&meeting->leave);
	current_meeting = meeting;
}

static void end_meeting(struct kunit *test, struct meeting *meeting)
{
	flush_work(&meeting->release);
	flush_work(&meeting->detach);
	destroy_work_on_stack(&meeting->release);
	destroy_work_on_stack(&meeting->detach);
	mock_await_release(test, meeting->exporter);
}

static void stopping_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct mock_exporter *exporter = dmabuf->priv;

	exporter->calls[MOCK_DETACH]++;
	complete(&current_meeting->entered);
	wait_for_completion(&current_meeting->leave);
	current_meeting->left = true;
}

static void noting_release(struct dma_buf *dmabuf)
{
	struct mock_exporter *exporter = dmabuf->priv;

	current_meeting->in_order = current_meeting->left;
	exporter->calls[MOCK_RELEASE]++;
	complete(&exporter->released);
}

static void make_stopping_buffer(struct kunit *test, struct meeting *meeting)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);

	exporter->ops.detach = stopping_detach;
	exporter->ops.release = noting_release;
	mock_export(test, exporter);
	begin_meeting(meeting, exporter, mock_attach_static(test, exporter));
	/* Nobody waits for the other to start. */
	atomic_set(&meeting->ready, 2);
}

/* The exporter must not be told to let go while it is in a call. */
static void a_release_waits_for_a_detach(struct kunit *test)
{
	u64 before = dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED);
	struct meeting meeting;

	make_stopping_buffer(test, &meeting);
	queue_work(system_dfl_long_wq, &meeting.detach);
	wait_for_completion(&meeting.entered);
	queue_work(system_dfl_long_wq, &meeting.release);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&meeting.exporter->released, A_WHILE), 0);
	complete(&meeting.leave);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&meeting.detached, TOO_LONG), 0);
	end_meeting(test, &meeting);
	KUNIT_EXPECT_TRUE(test, meeting.in_order);
	KUNIT_EXPECT_EQ(test, meeting.exporter->calls[MOCK_DETACH], 1);
	/* It was off the list before anybody looked. */
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED), before);
}

/* References of kernel threads are dropped by one worker, which must not be kept. */
static void a_stuck_detach_keeps_no_other_release(struct kunit *test)
{
	struct mock_exporter *other = mock_buffer(test);
	struct meeting meeting;
	unsigned long in_time;

	make_stopping_buffer(test, &meeting);
	queue_work(system_dfl_long_wq, &meeting.detach);
	wait_for_completion(&meeting.entered);
	meeting.exporter->held = false;
	dma_buf_put(meeting.exporter->dmabuf);
	schedule_timeout_uninterruptible(A_WHILE);
	other->held = false;
	dma_buf_put(other->dmabuf);
	in_time = wait_for_completion_timeout(&other->released, TOO_LONG / 4);
	KUNIT_EXPECT_NE(test, in_time, 0);
	KUNIT_EXPECT_FALSE(test, completion_done(&meeting.exporter->released));
	complete(&meeting.leave);
	end_meeting(test, &meeting);
	if (!in_time)
		mock_await_release(test, other);
}

static void events_off(void *unused)
{
	trace_set_clr_event("dma_buf", "dma_buf_detach", 0);
}

/* The stock core's event looks at an inode that is gone by then. */
static void a_late_detach_is_not_told_of(struct kunit *test)
{
	if (trace_set_clr_event("dma_buf", "dma_buf_detach", 1))
		kunit_skip(test, "no trace events");
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, events_off, NULL), 0);
	a_release_waits_for_a_detach(test);
}

/* The release detaches for the importer, which must not go on, nor do it again. */
static void a_detach_waits_for_a_release(struct kunit *test)
{
	u64 before = dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED);
	struct meeting meeting;

	make_stopping_buffer(test, &meeting);
	queue_work(system_dfl_long_wq, &meeting.release);
	wait_for_completion(&meeting.entered);
	queue_work(system_dfl_long_wq, &meeting.detach);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&meeting.detached, A_WHILE), 0);
	complete(&meeting.leave);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&meeting.detached, TOO_LONG), 0);
	end_meeting(test, &meeting);
	KUNIT_EXPECT_TRUE(test, meeting.in_order);
	KUNIT_EXPECT_EQ(test, meeting.exporter->calls[MOCK_DETACH], 1);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED), before + 1);
}

/* Frees the reservation object: whoever still uses it is told so by KASAN. */
static void freeing_release(struct dma_buf *dmabuf)
{
	struct mock_exporter *exporter = dmabuf->priv;
	struct dma_resv *resv = exporter->private;

	exporter->calls[MOCK_RELEASE]++;
	dma_resv_fini(resv);
	kfree(resv);
	complete(&exporter->released);
}

static struct mock_exporter *resv_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct dma_resv *resv = kzalloc_obj(*resv);
	struct dma_buf_export_info info;

	KUNIT_ASSERT_NOT_NULL(test, resv);
	dma_resv_init(resv);
	mock_exporter_add_pin(exporter);
	exporter->ops.release = freeing_release;
	exporter->private = resv;
	info = mock_export_info(exporter);
	info.resv = resv;
	exporter->dmabuf = dma_buf_export(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, exporter->dmabuf);
	exporter->held = true;
	return exporter;
}

static void race_once(struct kunit *test, struct mock_importer *importer,
		      unsigned int delay)
{
	struct mock_exporter *exporter = resv_buffer(test);
	struct meeting meeting;

	importer->attach = dma_buf_attach(exporter->dmabuf, importer->dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
	begin_meeting(&meeting, exporter, importer);
	meeting.table = mock_map(importer, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, meeting.table);
	meeting.delay = delay;
	queue_work(system_dfl_long_wq, &meeting.release);
	queue_work(system_dfl_long_wq, &meeting.detach);
	end_meeting(test, &meeting);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_DETACH], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], exporter->calls[MOCK_PIN]);
}

/*
 * The table is told of twice at most: unmapped by its importer, or by the release.
 * How often each won is printed, as a run in which one always did shows little.
 */
static void expect_races_to_end(struct kunit *test, bool strict)
{
	struct mock_importer *importer = mock_importer_create(test);
	u64 before = dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED);
	unsigned int round;

	mock_user_strict(test, strict);
	for (round = 0; round < ROUNDS; round++)
		race_once(test, importer, (round * 37) % 6000);
	kunit_info(test, "%u rounds, the release came first in %llu", ROUNDS,
		   dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED) - before);
}

static void detach_and_release_race_when_lax(struct kunit *test)
{
	expect_races_to_end(test, false);
}

static void detach_and_release_race_when_strict(struct kunit *test)
{
	expect_races_to_end(test, true);
}

/* Two orphans' detaches: neither frees what the other still uses. */
static void orphans_detach_at_once(struct kunit *test)
{
	struct mock_importer *first = mock_importer_create(test);
	struct mock_importer *second = mock_importer_create(test);
	struct mock_exporter *exporter;
	struct meeting meetings[2];
	unsigned int round;

	mock_user_strict(test, false);
	for (round = 0; round < ROUNDS / 4; round++) {
		exporter = resv_buffer(test);
		first->attach = dma_buf_attach(exporter->dmabuf, first->dev);
		second->attach = dma_buf_attach(exporter->dmabuf, second->dev);
		mock_release(test, exporter);
		begin_meeting(&meetings[0], exporter, first);
		begin_meeting(&meetings[1], exporter, second);
		atomic_inc(&meetings[0].ready);
		atomic_inc(&meetings[1].ready);
		queue_work(system_dfl_long_wq, &meetings[0].detach);
		queue_work(system_dfl_long_wq, &meetings[1].detach);
		flush_work(&meetings[0].detach);
		flush_work(&meetings[1].detach);
		destroy_work_on_stack(&meetings[0].detach);
		destroy_work_on_stack(&meetings[1].detach);
		destroy_work_on_stack(&meetings[0].release);
		destroy_work_on_stack(&meetings[1].release);
		KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_DETACH], 2);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_release_waits_for_a_detach),
	KUNIT_CASE(a_stuck_detach_keeps_no_other_release),
	KUNIT_CASE(a_late_detach_is_not_told_of),
	KUNIT_CASE(a_detach_waits_for_a_release),
	KUNIT_CASE_SLOW(detach_and_release_race_when_lax),
	KUNIT_CASE_SLOW(detach_and_release_race_when_strict),
	KUNIT_CASE(orphans_detach_at_once),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-orphan",
	.test_cases = cases,
};

kunit_test_suite(suite);
