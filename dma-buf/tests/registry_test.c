// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of registry.c: whoever walks the list meets every buffer, and none that
 * is gone. With it, bufinfo of debugfs.c, which walks it.
 */

#include <kunit/test.h>

#include <linux/cpumask.h>
#include <linux/dma-buf.h>
#include <linux/sched.h>

#include "../debugfs.h"
#include "misuse_book.h"
#include "mock_exporter.h"
#include "mock_importer.h"

#define BUFFERS 12

static unsigned int times_seen(const struct dma_buf *wanted)
{
	struct dma_buf *dmabuf;
	unsigned int count = 0;

	for (dmabuf = dma_buf_iter_begin(); dmabuf; dmabuf = dma_buf_iter_next(dmabuf))
		count += dmabuf == wanted;
	return count;
}

/* Buffers of every CPU: which list a buffer is on goes by that. */
static void make_buffers(struct kunit *test, struct mock_exporter **exporters)
{
	unsigned int cpu = cpumask_first(cpu_online_mask), i;

	for (i = 0; i < BUFFERS; i++) {
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		exporters[i] = mock_buffer(test);
		cpu = cpumask_next_wrap(cpu, cpu_online_mask);
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

static void every_buffer_is_seen_once(struct kunit *test)
{
	struct mock_exporter *exporters[BUFFERS];
	unsigned int i;

	make_buffers(test, exporters);
	for (i = 0; i < BUFFERS; i++)
		KUNIT_EXPECT_EQ(test, times_seen(exporters[i]->dmabuf), 1);
	for (i = 0; i < BUFFERS; i++)
		KUNIT_EXPECT_EQ(test, file_count(exporters[i]->dmabuf->file), 1);
	for (i = 0; i < BUFFERS; i++)
		mock_release(test, exporters[i]);
}

static void a_buffer_without_references_is_not_seen(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_buf *dmabuf = exporter->dmabuf;

	KUNIT_EXPECT_EQ(test, times_seen(dmabuf), 1);
	/* The release itself is a work item's, so most likely still to come. */
	exporter->held = false;
	dma_buf_put(dmabuf);
	KUNIT_EXPECT_EQ(test, times_seen(dmabuf), 0);
	mock_await_release(test, exporter);
	KUNIT_EXPECT_EQ(test, times_seen(dmabuf), 0);
}

/* The walker's own reference is the last one when it goes on. */
static void the_walk_goes_on_from_a_released_buffer(struct kunit *test)
{
	struct mock_exporter *exporters[BUFFERS];
	unsigned int i, seen = 0;
	struct dma_buf *dmabuf;

	make_buffers(test, exporters);
	for (dmabuf = dma_buf_iter_begin(); dmabuf; dmabuf = dma_buf_iter_next(dmabuf)) {
		for (i = 0; i < BUFFERS; i++) {
			if (exporters[i]->dmabuf != dmabuf || !exporters[i]->held)
				continue;
			exporters[i]->held = false;
			dma_buf_put(dmabuf);
			seen++;
		}
	}
	KUNIT_EXPECT_EQ(test, seen, BUFFERS);
	for (i = 0; i < BUFFERS; i++)
		mock_await_release(test, exporters[i]);
}

static void bufinfo_lists_buffer_and_devices(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 2);
	struct mock_importer *importer;
	char *text, *line;

	exporter->name = "mock_bufinfo";
	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	text = show_text(test, dmabuf_bufinfo_show, NULL);
	mock_detach_importer(importer);

	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "\nDma-buf Objects:\n"));
	line = strstr(text, "\tmock_bufinfo\t");
	KUNIT_ASSERT_NOT_NULL(test, line);
	/* The reference count stands before it, the size at the line's start. */
	KUNIT_EXPECT_EQ(test, strncmp(line - 8, "00000001", 8), 0);
	while (line > text && line[-1] != '\n')
		line--;
	KUNIT_EXPECT_EQ(test, strncmp(line, "00008192\t", 9), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(line, dev_name(importer->dev)));
	KUNIT_EXPECT_NOT_NULL(test, strstr(line, "Total 1 devices attached\n"));
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_buffer_is_seen_once),
	KUNIT_CASE(a_buffer_without_references_is_not_seen),
	KUNIT_CASE(the_walk_goes_on_from_a_released_buffer),
	KUNIT_CASE(bufinfo_lists_buffer_and_devices),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-registry",
	.test_cases = cases,
};

kunit_test_suite(suite);
