// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of what misuse.c and cpu_access.c make of programs' mistakes: never printed,
 * never a driver's, a line each and no more. Runs after the suite of misuse_test.c,
 * while the book has room.
 */

#include <kunit/test.h>

#include <linux/dma-direction.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../cpu_access.h"
#include "misuse_book.h"
#include "mock_exporter.h"

static struct dma_buf *named_buffer(struct kunit *test, struct mock_exporter **exporter)
{
	*exporter = mock_exporter_create(test, 1);
	(*exporter)->name = test->name;
	return mock_export(test, *exporter);
}

/* With no place in code, and not printed; each buffer once. */
static void an_end_without_begin_counts_once_for_a_buffer(struct kunit *test)
{
	struct expectation expected;
	struct mock_exporter *exporter;
	struct dma_buf *dmabuf;
	unsigned int i, ends;

	book_expect(test, &expected, DMABUF_END_UNBEGUN, test->name, NULL, NULL);
	for (i = 0; i < 2; i++) {
		dmabuf = named_buffer(test, &exporter);
		for (ends = 0; ends < 3; ends++)
			dmabuf_end_program_access(dmabuf, DMA_TO_DEVICE);
		mock_release(test, exporter);
	}
	book_check(test, &expected, 2);
}

static const enum dma_data_direction both_ways[] = { DMA_FROM_DEVICE, DMA_TO_DEVICE };

static void an_access_may_end_in_two_steps(struct kunit *test)
{
	u64 ends = dmabuf_misuse_total(DMABUF_END_UNBEGUN);
	u64 releases = dmabuf_misuse_total(DMABUF_RELEASE_CPU_ACCESS);
	struct mock_exporter *exporter;
	struct dma_buf *dmabuf = named_buffer(test, &exporter);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, dmabuf_begin_program_access(dmabuf, DMA_BIDIRECTIONAL), 0);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, dmabuf_end_program_access(dmabuf, both_ways[i]), 0);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, dmabuf_begin_program_access(dmabuf, both_ways[i]), 0);
	KUNIT_EXPECT_EQ(test, dmabuf_end_program_access(dmabuf, DMA_BIDIRECTIONAL), 0);
	mock_release(test, exporter);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_END_UNBEGUN), ends);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_RELEASE_CPU_ACCESS), releases);
}

/* A program that ends too often would have the driver named, and printed. */
static void a_program_does_not_end_a_drivers_access(struct kunit *test)
{
	struct mock_exporter *exporter;
	struct dma_buf *dmabuf = named_buffer(test, &exporter);
	u64 before;

	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL), 0);
	dmabuf_end_program_access(dmabuf, DMA_BIDIRECTIONAL);
	before = dmabuf_misuse_total(DMABUF_END_UNBEGUN);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL), 0);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_END_UNBEGUN), before);
	mock_release(test, exporter);
}

static int show_book(struct seq_file *m, void *unused)
{
	dmabuf_misuse_show(m);
	return 0;
}

static void a_processs_name_makes_no_line(struct kunit *test)
{
	static const char hostile[] = "a\nreport\tb\\";
	char before[TASK_COMM_LEN], *text, *rest, *line;
	struct mock_exporter *exporter;
	unsigned int strange = 0;

	strscpy(before, current->comm);
	strscpy(current->comm, hostile);
	dmabuf_end_program_access(named_buffer(test, &exporter), DMA_TO_DEVICE);
	strscpy(current->comm, before);
	mock_release(test, exporter);

	text = show_text(test, show_book, NULL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "\tcomm=a\\nreport\\tb\\\\\twhat="));
	rest = text;
	while ((line = strsep(&rest, "\n")))
		strange += *line && strncmp(line, "total\tcount=", 12) &&
			   strncmp(line, "report\tcount=", 13);
	KUNIT_EXPECT_EQ(test, strange, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(an_end_without_begin_counts_once_for_a_buffer),
	KUNIT_CASE(an_access_may_end_in_two_steps),
	KUNIT_CASE(a_program_does_not_end_a_drivers_access),
	KUNIT_CASE(a_processs_name_makes_no_line),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-misuse-program",
	.test_cases = cases,
};

kunit_test_suite(suite);
