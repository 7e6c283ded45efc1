// SPDX-License-Identifier: MIT
/*
 * Misuse by programs, in the own core's book: counted by kind, and told with
 * exporter, process and how often. Skips where another core runs.
 */
#include "core_subtests.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "account.h"
#include "fences.h"
#include "igt_api.h"

#define END_UNBEGUN "end of CPU access that was not begun"
#define RELEASED_AMID "last reference dropped amid CPU access"

static long long unbegun(const struct buffer *buffer)
{
	struct record record = buffer_record(dmabuf_inode(buffer->fd));

	return record_number(&record, "unbegun");
}

/* In the book each buffer counts once, else a counter that desktops raise is noise. */
static void end_unbegun(const struct exporter *exporter)
{
	struct buffer buffer;
	long long before;

	require_own_core();
	buffer = buffer_new(exporter);
	before = misuse_total(END_UNBEGUN);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), 0);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ), 0);
	igt_assert_eq(misuse_total(END_UNBEGUN), before);
	buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	igt_assert_eq(misuse_total(END_UNBEGUN), before + 1);
	buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	igt_assert_eq(misuse_total(END_UNBEGUN), before + 1);
	igt_assert_eq(unbegun(&buffer), 2);
	buffer_free(&buffer);
}

/* Begun in one step and ended in two, or the other way round, as some programs do. */
static void in_steps(const struct exporter *exporter)
{
	static const uint64_t steps[][3] = {
		{ DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ,
		  DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE },
		{ DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ,
		  DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW },
	};
	long long ends, releases;
	struct buffer buffer;

	require_own_core();
	ends = misuse_total(END_UNBEGUN);
	releases = misuse_total(RELEASED_AMID);
	for (int i = 0; i < 2; i++) {
		struct record record;

		buffer = buffer_new(exporter);
		for (int step = 0; step < 3; step++)
			buffer_sync(buffer.fd, steps[i][step]);
		record = buffer_record(dmabuf_inode(buffer.fd));
		igt_assert_eq(record_number(&record, "cpu_access"), 0);
		igt_assert_eq(record_number(&record, "unbegun"), 0);
		buffer_free(&buffer);
	}
	igt_assert_eq(misuse_total(END_UNBEGUN), ends);
	igt_assert_eq(misuse_total(RELEASED_AMID), releases);
}

static void released_amid(const struct exporter *exporter)
{
	struct buffer buffer;
	long long before;

	require_own_core();
	buffer = buffer_new(exporter);
	before = misuse_total(RELEASED_AMID);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE), 0);
	igt_assert_eq(misuse_total(RELEASED_AMID), before);
	buffer_free(&buffer);
	igt_assert_eq(misuse_total(RELEASED_AMID), before + 1);
}

/* Rightly used, a buffer leaves no trace in the book. */
static void nothing_wrong(const struct exporter *exporter)
{
	long long ends, releases;
	struct buffer buffer;
	void *map;

	require_own_core();
	ends = misuse_total(END_UNBEGUN);
	releases = misuse_total(RELEASED_AMID);
	buffer = buffer_new(exporter);
	map = buffer_map(&buffer, PROT_READ);
	for (int i = 0; i < 10; i++)
		igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	for (int i = 0; i < 10; i++)
		igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
	munmap(map, buffer.size);
	buffer_free(&buffer);
	igt_assert_eq(misuse_total(END_UNBEGUN), ends);
	igt_assert_eq(misuse_total(RELEASED_AMID), releases);
}

/* The report with that exporter and no importer: how often so far. */
static long long reported(const char *what, const char *exporter)
{
	struct record record;
	char value[64];

	if (!records_find("misuse", "report\t", "what", what, &record))
		return 0;
	record_text(&record, "exporter", value, sizeof(value));
	return strcmp(value, exporter) ? 0 : record_number(&record, "count");
}

#define HOSTILE_COMM "a\nreport\tb\\"
#define ESCAPED_COMM "a\\nreport\\tb\\\\"

/* A line that begins with none of the two words is one that somebody else made. */
static unsigned int strange_lines(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/misuse", "r");
	unsigned int strange = 0;
	char line[1024];

	igt_assert(file);
	while (fgets(line, sizeof(line), file))
		strange += strncmp(line, "total\tcount=", 12) &&
			   strncmp(line, "report\tcount=", 13);
	fclose(file);
	return strange;
}

/* A process is remembered by the name that it gave itself, whatever that is. */
static void hostile_comm(void)
{
	struct record record;
	struct buffer buffer;
	char before[16], value[64];

	require_own_core();
	igt_assert_errno(prctl(PR_GET_NAME, before), 0);
	igt_assert_errno(prctl(PR_SET_NAME, HOSTILE_COMM), 0);
	/* Of the system heap, whose report this is the first of if it runs in time. */
	buffer = buffer_new(&exporters[2]);
	buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	record = buffer_record(dmabuf_inode(buffer.fd));
	record_text(&record, "comm", value, sizeof(value));
	buffer_free(&buffer);
	prctl(PR_SET_NAME, before);
	igt_assert_f(!strcmp(value, ESCAPED_COMM), "comm=%s\n", value);
	igt_assert_eq(strange_lines(), 0);
	igt_assert(records_find("misuse", "report\t", "comm", ESCAPED_COMM, &record) ||
		   records_find("misuse", "report\t", "exporter", buffer.exporter->export_name,
				&record));
}

/* The first one of a kind is remembered with its process; later ones count. */
static void report(void)
{
	struct buffer buffer;
	struct record record;
	long long before;
	char value[64];

	require_own_core();
	buffer = buffer_new_vgem();
	buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	igt_assert(records_find("misuse", "report\t", "exporter", "drm", &record));
	before = reported(END_UNBEGUN, "drm");
	igt_require_f(before, "another exporter was reported first\n");
	buffer_free(&buffer);
	buffer = buffer_new_vgem();
	buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	igt_assert_eq(reported(END_UNBEGUN, "drm"), before + 1);
	igt_assert_eq(records_find("misuse", "report\t", "what", END_UNBEGUN, &record) > 0, 1);
	igt_assert(record_number(&record, "pid") > 0);
	igt_assert(*record_text(&record, "comm", value, sizeof(value)));
	igt_assert_eq(*record_text(&record, "device", value, sizeof(value)), '\0');
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "misuse-hostile-comm", "A process's name makes no line.", hostile_comm, NULL },
	{ "misuse-end-unbegun", "END without START is counted.", NULL, end_unbegun },
	{ "misuse-in-steps", "Ends in other steps than begins are none.", NULL, in_steps },
	{ "misuse-released-amid", "So is a buffer that goes amid CPU access.", NULL,
	  released_amid },
	{ "misuse-none", "What is right is not counted.", NULL, nothing_wrong },
	{ "misuse-report", "Exporter and process are told, each kind once.", report, NULL },
};

void misuse_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
