// SPDX-License-Identifier: MIT
/*
 * The own core's rules for failing on purpose: a call fails with the errno asked
 * for, at the time asked for, for the process asked for, and nothing is left of
 * it. Skips where another core runs.
 */
#include "core_subtests.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/udmabuf.h>
#include <xf86drm.h>

#include "account.h"
#include "camera.h"
#include "fences.h"
#include "igt_api.h"
#include "proc_files.h"

/* Sets a rule for this process alone; printf(3) makes what it says. */
static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void fail(const char *format, ...)
{
	char rule[200];
	va_list arguments;
	int length;

	require_own_core();
	va_start(arguments, format);
	length = vsnprintf(rule, sizeof(rule), format, arguments);
	va_end(arguments);
	snprintf(rule + length, sizeof(rule) - length, " pid=%d\n", getpid());
	igt_assert_f(!fault_write(rule), "the rule '%s' was refused\n", rule);
}

static void stop_failing(void)
{
	igt_assert_eq(fault_write("off\n"), 0);
}

static void rules(void)
{
	static const char *const bad[] = {
		"nowhere", "attach nth", "attach nth=", "attach nth=0", "attach nth=x",
		"attach errno=0", "attach errno=4096", "attach errno=-1", "attach colour=red",
		"attach exporter=", "map every=99999999999", "map  nth=1"
	};

	char name[256], rule[600];

	require_own_core();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		igt_assert_f(fault_write(bad[i]) == EINVAL, "rule '%s'\n", bad[i]);
	for (int i = 0; i < 16; i++)
		igt_assert_eq(fault_write("pin nth=4000000000 exporter=nobody"), 0);
	igt_assert_eq(fault_write("pin nth=4000000000 exporter=nobody"), ENOSPC);
	igt_assert_eq(fault_write("map off"), 0);
	igt_assert_eq(fault_write("attach nth=1 exporter=nobody"), ENOSPC);
	igt_assert_eq(fault_write("pin off"), 0);
	igt_assert_eq(fault_write("attach nth=1 exporter=nobody"), 0);
	igt_assert_eq(fault_write("off"), 0);

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(rule, sizeof(rule), "attach exporter=%s device=%s", name, name);
	igt_assert_eq(fault_write(rule), 0);
	igt_assert_eq(fault_write("off"), 0);
}

static int import_errno(int card, int dmabuf)
{
	uint32_t handle = 0;

	if (drmPrimeFDToHandle(card, dmabuf, &handle))
		return errno;
	gem_close(card, handle);
	return 0;
}

/* As many fail as were asked for, no attachment is left, then it works. */
static void check_import(const char *where, int errnum, const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	ino_t inode = dmabuf_inode(buffer.fd);
	struct record record = buffer_record(inode);
	long long refs = record_number(&record, "refs");

	fail("%s times=2 errno=%d exporter=%s", where, errnum, exporter->export_name);
	for (int i = 0; i < 2; i++) {
		igt_assert_eq(import_errno(cards.second, buffer.fd), errnum);
		igt_assert_eq(attachment_record(inode, &record), 0);
		record = buffer_record(inode);
		igt_assert_eq(record_number(&record, "refs"), refs);
	}
	igt_assert_eq(import_errno(cards.second, buffer.fd), 0);
	stop_failing();
	buffer_free(&buffer);
	igt_assert(!buffer_exists(inode));
}

static void attach_fails(const struct exporter *exporter)
{
	require_own_core();
	igt_require_f(cards.second >= 0, "needs two cards of vprime\n");
	check_import("attach", EBUSY, exporter);
	check_import("attach", ENXIO, exporter);
}

static void map_fails(const struct exporter *exporter)
{
	require_own_core();
	igt_require_f(cards.second >= 0, "needs two cards of vprime\n");
	check_import("map", ENOMEM, exporter);
	check_import("map", EIO, exporter);
}

/* vgem attaches by DRM's helper, so as no dynamic importer, and maps later. */
static void static_importer(void)
{
	struct buffer buffer;
	struct record record;
	ino_t inode;

	require_own_core();
	buffer = buffer_new(&exporters[2]);
	inode = dmabuf_inode(buffer.fd);
	fail("attach errno=%d", EDOM);
	igt_assert_eq(import_errno(cards.vgem, buffer.fd), EDOM);
	igt_assert_eq(attachment_record(inode, &record), 0);
	stop_failing();
	igt_assert_eq(import_errno(cards.vgem, buffer.fd), 0);
	buffer_free(&buffer);
	igt_assert(!buffer_exists(inode));
}

static void export_fails(void)
{
	struct dumb dumb;
	int fd = -1;

	require_own_core();
	dumb = dumb_new(cards.vgem, BUFFER_SIZE);
	fail("export errno=%d", ENOSPC);
	igt_assert_errno(drmPrimeHandleToFD(dumb.card, dumb.handle, DRM_CLOEXEC, &fd), ENOSPC);
	igt_assert_eq(fd, -1);
	stop_failing();
	fd = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	igt_assert_eq(lseek(fd, 0, SEEK_END), BUFFER_SIZE);
	close(fd);
	dumb_free(&dumb);
}

/* udmabuf makes a buffer, then its descriptor: the buffer must not be left. */
static void fd_fails(void)
{
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC, .size = BUFFER_SIZE };
	unsigned int before;
	struct record record;
	int device;

	require_own_core();
	device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	igt_require_f(device >= 0, "no udmabuf\n");
	create.memfd = memfd_create("buffer", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	igt_assert_errno(ftruncate(create.memfd, create.size), 0);
	igt_assert_errno(fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	before = records_find("buffers", "buffer\t", "exporter", "udmabuf", &record);

	fail("fd errno=%d exporter=udmabuf", ENFILE);
	for (int i = 0; i < 5; i++)
		igt_assert_errno(ioctl(device, UDMABUF_CREATE, &create), ENFILE);
	stop_failing();
	igt_assert_eq(records_find("buffers", "buffer\t", "exporter", "udmabuf", &record), before);
	close(create.memfd);
	close(device);
}

static int queue_dmabuf(struct camera *camera, int dmabuf)
{
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
		.m.fd = dmabuf,
	};

	return ioctl(camera->fd, VIDIOC_QBUF, &buffer) ? errno : 0;
}

static void start_importing(struct camera *camera)
{
	struct v4l2_requestbuffers request = {
		.count = 2,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
	};

	igt_require_f(!camera_open(camera, "vivid"), "needs vivid\n");
	igt_assert_eq(camera_set_format(camera, pixel_format_by_name("RGB565"), 320, 180), 0);
	igt_assert_errno(ioctl(camera->fd, VIDIOC_REQBUFS, &request), 0);
}

/* The camera vmaps the buffers it is given; its own errno for that is EFAULT. */
static void vmap_fails(void)
{
	struct buffer buffer = { .exporter = &exporters[0] };
	struct record failed, record;
	struct camera camera;
	int first, second;
	ino_t inode;

	require_own_core();
	start_importing(&camera);
	buffer.dumb = dumb_new(cards.vgem, 320 * 180 * 2 + 4096);
	buffer.fd = prime_export(cards.vgem, buffer.dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	inode = dmabuf_inode(buffer.fd);
	fail("vmap");
	first = queue_dmabuf(&camera, buffer.fd);
	failed = buffer_record(inode);
	stop_failing();
	second = queue_dmabuf(&camera, buffer.fd);
	camera_close(&camera);

	igt_assert_eq(first, EFAULT);
	igt_assert_eq(record_number(&failed, "vmaps"), 0);
	igt_assert_eq(second, 0);
	igt_assert_eq(attachment_record(inode, &record), 0);
	buffer_free(&buffer);
	igt_assert(!buffer_exists(inode));
}

static void begin_fails(void)
{
	struct record record;
	struct buffer buffer;

	require_own_core();
	buffer = buffer_new_vgem();
	fail("begin_cpu_access errno=%d", EIO);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), EIO);
	stop_failing();
	record = buffer_record(dmabuf_inode(buffer.fd));
	igt_assert_eq(record_number(&record, "cpu_access"), 0);
	buffer_free(&buffer);
}

static unsigned int failures(struct buffer *buffer, int calls)
{
	unsigned int pattern = 0;

	for (int i = 0; i < calls; i++) {
		int ret = buffer_sync(buffer->fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);

		if (!ret)
			ret = buffer_sync(buffer->fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
		pattern |= (ret != 0) << i;
	}
	return pattern;
}

/* Bit n stands for call n + 1. */
static void conditions(void)
{
	struct buffer buffer;
	char rule[100];

	require_own_core();
	buffer = buffer_new_vgem();
	fail("begin_cpu_access errno=5 nth=3");
	igt_assert_eq(failures(&buffer, 8), 0x04);
	fail("begin_cpu_access errno=5 every=3");
	igt_assert_eq(failures(&buffer, 8), 0x24);
	fail("begin_cpu_access errno=5 every=2 times=2");
	igt_assert_eq(failures(&buffer, 8), 0x0a);
	fail("begin_cpu_access errno=5 exporter=drm");
	igt_assert_eq(failures(&buffer, 2), 0x03);
	fail("begin_cpu_access errno=5 exporter=system");
	igt_assert_eq(failures(&buffer, 2), 0);
	fail("begin_cpu_access errno=5 device=nobody");
	igt_assert_eq(failures(&buffer, 2), 0);
	fail("map errno=5");
	igt_assert_eq(failures(&buffer, 2), 0);
	stop_failing();
	snprintf(rule, sizeof(rule), "begin_cpu_access errno=5 pid=%d", getppid());
	igt_assert_eq(fault_write(rule), 0);
	igt_assert_eq(failures(&buffer, 2), 0);
	stop_failing();
	igt_assert_eq(failures(&buffer, 2), 0);
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "fault-rules", "Rules that say nothing are refused, and too many.", rules, NULL },
	{ "fault-attach", "An import fails at attach.", NULL, attach_fails },
	{ "fault-map", "An import fails at map.", NULL, map_fails },
	{ "fault-static", "So does that of an importer that is not dynamic.", static_importer,
	  NULL },
	{ "fault-export", "A PRIME export fails.", export_fails, NULL },
	{ "fault-fd", "There is no descriptor for a buffer.", fd_fails, NULL },
	{ "fault-vmap", "A camera can't map what it is given.", vmap_fails, NULL },
	{ "fault-begin", "CPU access does not begin.", begin_fails, NULL },
	{ "fault-conditions", "A rule applies when it says so.", conditions, NULL },
};

void fault_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
