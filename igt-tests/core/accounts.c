// SPDX-License-Identifier: MIT
/*
 * What the own core tells programs of every buffer: who made it, who is attached
 * and maps it, what is pending. Skips where another core runs.
 */
#include "core_subtests.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "account.h"
#include "fences.h"
#include "igt_api.h"
#include "proc_files.h"

static void about(const struct exporter *exporter)
{
	struct buffer buffer;
	struct record record;
	char value[64];
	ino_t inode;

	require_own_core();
	buffer = buffer_new(exporter);
	inode = dmabuf_inode(buffer.fd);
	record = buffer_record(inode);
	igt_assert_eq(record_number(&record, "size"), buffer.size);
	igt_assert_eq(record_number(&record, "refs"), fdinfo_read(buffer.fd).count);
	record_text(&record, "exporter", value, sizeof(value));
	igt_assert(!strcmp(value, exporter->export_name));
	igt_assert_eq(*record_text(&record, "name", value, sizeof(value)), '\0');
	igt_assert_eq(record_number(&record, "vmaps"), 0);
	igt_assert_eq(record_number(&record, "fences"), 0);
	igt_assert_eq(record_number(&record, "adopted"), 0);
	igt_assert_eq(record_number(&record, "revoked"), 0);
	buffer_free(&buffer);
	igt_assert(!buffer_exists(inode));
}

/* The control group's id is the inode number of its directory. */
static ino_t own_cgroup(void)
{
	FILE *file = fopen("/proc/self/cgroup", "r");
	char line[256], path[512];
	struct stat st;

	igt_assert(file);
	while (fgets(line, sizeof(line), file) && strncmp(line, "0::", 3))
		;
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	snprintf(path, sizeof(path), "/sys/fs/cgroup%s", line + 3);
	igt_assert_f(!stat(path, &st), "%s: %s\n", path, strerror(errno));
	return st.st_ino;
}

static void creator(const struct exporter *exporter)
{
	struct buffer buffer;
	struct record record;
	char comm[32], value[64];

	require_own_core();
	buffer = buffer_new(exporter);
	record = buffer_record(dmabuf_inode(buffer.fd));
	igt_assert_eq(record_number(&record, "pid"), getpid());
	igt_assert_errno(prctl(PR_GET_NAME, comm), 0);
	record_text(&record, "comm", value, sizeof(value));
	igt_assert_f(!strcmp(value, comm), "comm=%s\n", value);
	igt_assert_eq(record_number(&record, "cgroup"), own_cgroup());
	buffer_free(&buffer);
}

static void age(void)
{
	struct buffer buffer;
	struct record record;
	long long start, young;
	ino_t inode;

	require_own_core();
	buffer = buffer_new_vgem();
	inode = dmabuf_inode(buffer.fd);
	start = now_ms();
	record = buffer_record(inode);
	young = record_number(&record, "age_ms");
	igt_assert(young >= 0 && young < 5000);
	usleep(300 * 1000);
	record = buffer_record(inode);
	igt_assert(record_number(&record, "age_ms") - young >= 280);
	igt_assert(record_number(&record, "age_ms") - young <= now_ms() - start + 20);
	buffer_free(&buffer);
}

static void attachment(const struct exporter *exporter)
{
	struct buffer buffer;
	struct record record;
	char value[64];
	uint32_t handle;
	ino_t inode;

	require_own_core();
	igt_require_f(cards.second >= 0, "needs two cards of vprime\n");
	buffer = buffer_new(exporter);
	inode = dmabuf_inode(buffer.fd);
	igt_assert_eq(attachment_record(inode, &record), 0);
	handle = prime_import(cards.second, buffer.fd);
	igt_assert_eq(attachment_record(inode, &record), 1);
	record_text(&record, "device", value, sizeof(value));
	igt_assert_f(!strcmp(value, "vprime.1"), "device=%s\n", value);
	igt_assert_eq(record_number(&record, "dynamic"), 1);
	igt_assert_eq(record_number(&record, "adopted"), 0);
	/* vprime maps what it imports as long as it has it. */
	igt_assert_eq(record_number(&record, "maps"), 1);
	igt_assert(record_number(&record, "mappings") >= 1);
	record_text(&record, "caller", value, sizeof(value));
	igt_assert_f(strstr(value, "vprime"), "caller=%s\n", value);
	gem_close(cards.second, handle);
	igt_assert_eq(attachment_record(inode, &record), 0);
	buffer_free(&buffer);
}

static void cpu_access(void)
{
	struct buffer buffer;
	struct record record;

	require_own_core();
	buffer = buffer_new_vgem();
	for (int i = 1; i <= 6; i++) {
		bool end = i > 3;
		uint64_t flags = end ? DMA_BUF_SYNC_END : DMA_BUF_SYNC_START;

		igt_assert_eq(buffer_sync(buffer.fd, flags | DMA_BUF_SYNC_READ), 0);
		record = buffer_record(dmabuf_inode(buffer.fd));
		igt_assert_eq(record_number(&record, "cpu_access"), end ? 6 - i : i);
	}
	buffer_free(&buffer);
}

static void fences(void)
{
	uint32_t one, other;
	struct buffer buffer;
	struct record record;

	require_own_core();
	buffer = buffer_new_vgem();
	one = fence_attach(&buffer, false);
	other = fence_attach(&buffer, false);
	record = buffer_record(dmabuf_inode(buffer.fd));
	igt_assert_eq(record_number(&record, "fences"), 2);
	fence_signal(&buffer, one);
	fence_signal(&buffer, other);
	record = buffer_record(dmabuf_inode(buffer.fd));
	igt_assert_eq(record_number(&record, "fences"), 0);
	buffer_free(&buffer);
}

/* A name can't make another line, nor another key. */
static void hostile_name(void)
{
	struct buffer buffer;
	struct record record;
	char value[64];

	require_own_core();
	buffer = buffer_new_vgem();
	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_SET_NAME_B, "a\nbuffer\tino=1\tpid=1\\\033[2J"),
			 0);
	record = buffer_record(dmabuf_inode(buffer.fd));
	record_text(&record, "name", value, sizeof(value));
	igt_assert_f(!strcmp(value, "a\\nbuffer\\tino=1\\tpid=1\\\\\\e[2J"), "name=%s\n",
		     value);
	igt_assert_eq(record_number(&record, "pid"), getpid());
	buffer_free(&buffer);
}

/* Polling in vain keeps nothing of a buffer: it goes before its fence does. */
static void poll_holds_nothing(void)
{
	struct buffer buffer;
	uint32_t fence;
	ino_t inode;

	require_own_core();
	buffer = buffer_new_vgem();
	fence = fence_attach(&buffer, true);
	inode = dmabuf_inode(buffer.fd);
	igt_assert_eq(poll_one(buffer.fd, POLLIN, 0), 0);
	close(buffer.fd);
	buffer.fd = -1;
	gem_close(buffer.dumb.card, buffer.dumb.handle);
	buffer.dumb.handle = 0;
	igt_assert(!buffer_exists(inode));
	fence_signal(&buffer, fence);
	buffer_free(&buffer);
}

#define SOURCES 12
#define FENCES 100
#define PENDING_MAX 1024

/* A buffer of vgem's with fences, and a file of them all. */
struct source {
	struct buffer buffer;
	uint32_t fences[FENCES];
	unsigned int count;
	int file;
};

static void source_new(struct source *source, unsigned int count)
{
	struct dma_buf_export_sync_file export = { .flags = DMA_BUF_SYNC_RW };

	source->buffer = buffer_new_vgem();
	source->count = count;
	for (unsigned int i = 0; i < count; i++)
		source->fences[i] = fence_attach(&source->buffer, false);
	igt_assert_errno(ioctl(source->buffer.fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export), 0);
	source->file = export.fd;
}

static int import_errno(const struct buffer *to, const struct source *source)
{
	struct dma_buf_import_sync_file import = {
		.flags = DMA_BUF_SYNC_READ,
		.fd = source->file,
	};

	return ioctl(to->fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import) ? errno : 0;
}

static void source_signal(struct source *source)
{
	for (unsigned int i = 0; i < source->count; i++)
		fence_signal(&source->buffer, source->fences[i]);
}

static void source_free(struct source *source)
{
	close(source->file);
	buffer_free(&source->buffer);
}

/*
 * Whoever has a descriptor can import fences, but not without end: 1024 at a time,
 * all of which can be had, and not one more.
 */
static void import_bound(void)
{
	struct source sources[SOURCES], *last = &sources[SOURCES - 1];
	const unsigned int full = PENDING_MAX / FENCES;
	struct record record;
	struct buffer to;

	require_own_core();
	to = buffer_new_vgem();
	for (unsigned int i = 0; i < full; i++) {
		source_new(&sources[i], FENCES);
		igt_assert_eq(import_errno(&to, &sources[i]), 0);
	}
	source_new(&sources[full], PENDING_MAX % FENCES);
	source_new(last, 1);
	igt_assert_eq(import_errno(&to, &sources[full]), 0);
	igt_assert_eq(import_errno(&to, last), ENOSPC);
	record = buffer_record(dmabuf_inode(to.fd));
	igt_assert_eq(record_number(&record, "fences"), PENDING_MAX);
	source_signal(&sources[0]);
	igt_assert_eq(import_errno(&to, last), 0);
	for (int i = 1; i < SOURCES; i++)
		source_signal(&sources[i]);
	igt_assert_eq(poll_one(to.fd, POLLOUT, 0), POLLOUT);
	for (int i = 0; i < SOURCES; i++)
		source_free(&sources[i]);
	buffer_free(&to);
}

static const struct core_subtest subtests[] = {
	{ "buffers-about", "Size, exporter, references.", NULL, about },
	{ "buffers-creator", "Process and control group of who made it.", NULL, creator },
	{ "buffers-age", "How old it is.", age, NULL },
	{ "buffers-attachment", "Devices, and how often they map it.", NULL, attachment },
	{ "buffers-cpu-access", "CPU access that has not ended.", cpu_access, NULL },
	{ "buffers-fences", "Fences that are pending.", fences, NULL },
	{ "buffers-hostile-name", "A name is escaped.", hostile_name, NULL },
	{ "poll-holds-nothing", "A buffer goes before the fence it was polled for.",
	  poll_holds_nothing, NULL },
	{ "import-sync-file-bound", "Fences can't be imported without end.", import_bound, NULL },
};

void account_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
