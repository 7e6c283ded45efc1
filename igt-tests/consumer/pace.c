// SPDX-License-Identifier: MIT
/*
 * How a consumer and the screen's owner wait for each other: what holds a flip's
 * completion back, what lets it go, and the fences that say so.
 */
#include "consumer_subtests.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <drm/vgem_drm.h>
#include <linux/dma-buf.h>
#include <xf86drm.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/subtests.h"

/* Dozens of vblanks, and far from the longest deadline. */
#define HELD_MS 300

struct pair {
	struct kms_fb *fb[2];
};

static struct pair show_first(struct screen *screen)
{
	struct pair pair = { { screen_picture_fb(screen, "XRGB8888"),
			       screen_picture_fb(screen, "XRGB8888") } };

	show_only(screen, pair.fb[0]);
	return pair;
}

static void held_until_release(struct screen *screen)
{
	struct pair pair = show_first(screen);
	int consumer = consumer_latest(screen, 0, 1000);
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer), next;

	flip(screen, pair.fb[1]);
	/* What is on the screen by now can be had, what it retired is still held. */
	next = consumer_acquire(consumer);
	igt_assert_eq(next.sequence, frame.sequence + 1);
	igt_assert_eq(dmabuf_inode(next.planes[0].fd),
		      handle_inode(screen->kms.fd, pair.fb[1]->handle));
	igt_assert_f(flip_waits(screen, HELD_MS), "the flip completed\n");
	frame_done(consumer, &frame);
	flip_done(screen);
	frame_done(consumer, &next);
	close(consumer);
}

/* The same buffer again retires nothing. */
static void same_buffer(struct screen *screen)
{
	struct pair pair = show_first(screen);
	int consumer = consumer_latest(screen, 0, 1000);
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);

	for (int i = 0; i < 3; i++) {
		flip(screen, pair.fb[0]);
		igt_assert(!flip_waits(screen, HELD_MS * 3));
		flip_done(screen);
	}
	frame_done(consumer, &frame);
	igt_assert_eq(consumer_acquire(consumer).expired, 0);
	close(consumer);
}

static void held_until_close(struct screen *screen)
{
	struct pair pair = show_first(screen);
	int consumer = consumer_latest(screen, 0, 1000);
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);

	flip(screen, pair.fb[1]);
	igt_assert(flip_waits(screen, HELD_MS));
	frame_close(&frame);
	close(consumer);
	flip_done(screen);
}

static void deadline(struct screen *screen)
{
	struct pair pair = show_first(screen);
	int consumer = consumer_latest(screen, 0, 200);
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer), next;

	/* As long as nobody waits, no time runs. */
	usleep(500000);
	flip(screen, pair.fb[1]);
	igt_assert_f(flip_waits(screen, 100), "not held\n");
	flip_done(screen);
	igt_assert_eq(consumer_release(consumer, frame.id, -1), -ETIMEDOUT);
	igt_assert_eq(consumer_release(consumer, frame.id, -1), -ENOENT);
	frame_close(&frame);
	next = consumer_acquire(consumer);
	igt_assert_eq(next.expired, 1);
	igt_assert_eq(next.sequence, frame.sequence + 1);
	frame_done(consumer, &next);
	close(consumer);
}

/* Who lets a deadline pass is waited for no more, until it comes back. */
static void late_once(struct screen *screen)
{
	struct pair pair = show_first(screen);
	int consumer = consumer_queue(screen, 4, 1000);
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer), last;

	flip(screen, pair.fb[1]);
	flip_done(screen);
	for (int i = 0; i < 10; i++) {
		flip(screen, pair.fb[i & 1]);
		igt_assert_f(!flip_waits(screen, 700), "flip %d waited again\n", i);
		flip_done(screen);
	}
	igt_assert_eq(consumer_release(consumer, frame.id, -1), -ETIMEDOUT);
	frame_close(&frame);
	last = consumer_acquire(consumer);
	igt_assert_eq(last.sequence, frame.sequence + 11);
	igt_assert_eq(last.dropped, 10);
	/* And then it counts again. */
	flip(screen, pair.fb[0]);
	igt_assert(flip_waits(screen, HELD_MS));
	frame_done(consumer, &last);
	flip_done(screen);
	close(consumer);
}

/* A fence that a program signals: vgem's, taken from the buffer it is attached to. */
static int new_fence(struct dumb *dumb, uint32_t *vgem_fence)
{
	struct drm_vgem_fence_attach attach = { .flags = VGEM_FENCE_WRITE };
	struct dma_buf_export_sync_file sync = { .flags = DMA_BUF_SYNC_READ };
	int dmabuf;

	*dumb = dumb_new(vgem, 4096);
	attach.handle = dumb->handle;
	igt_assert_errno(drmIoctl(vgem, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach), 0);
	dmabuf = prime_export(vgem, dumb->handle, DRM_CLOEXEC);
	igt_assert_errno(ioctl(dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &sync), 0);
	close(dmabuf);
	*vgem_fence = attach.out_fence;
	return sync.fd;
}

static void signal_fence(uint32_t vgem_fence)
{
	struct drm_vgem_fence_signal args = { .fence = vgem_fence };

	igt_assert_errno(drmIoctl(vgem, DRM_IOCTL_VGEM_FENCE_SIGNAL, &args), 0);
}

static void release_with_fence(struct screen *screen)
{
	struct pair pair = show_first(screen);
	struct drm_vprime_consumer_acquire frame;
	struct dumb dumb;
	uint32_t vgem_fence;
	int consumer, fence;

	igt_require_f(vgem >= 0, "needs vgem\n");
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	fence = new_fence(&dumb, &vgem_fence);
	igt_assert_eq(consumer_release(consumer, frame.id, fence), 0);
	close(fence);
	igt_assert_eq(consumer_release(consumer, frame.id, -1), -ENOENT);
	flip(screen, pair.fb[1]);
	igt_assert_f(flip_waits(screen, HELD_MS), "the fence was not waited for\n");
	signal_fence(vgem_fence);
	flip_done(screen);

	/* One that is signalled already is no fence. */
	frame_close(&frame);
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.expired, 0);
	dumb_free(&dumb);
	fence = new_fence(&dumb, &vgem_fence);
	signal_fence(vgem_fence);
	igt_assert_eq(consumer_release(consumer, frame.id, fence), 0);
	close(fence);
	flip(screen, pair.fb[0]);
	igt_assert(!flip_waits(screen, 900));
	flip_done(screen);
	frame_close(&frame);
	dumb_free(&dumb);
	close(consumer);
}

/* A fence that nobody signals ends by the deadline, and is counted. */
static void release_with_dead_fence(struct screen *screen)
{
	struct pair pair = show_first(screen);
	struct drm_vprime_consumer_acquire frame;
	struct dumb dumb;
	uint32_t vgem_fence;
	int consumer, fence;

	igt_require_f(vgem >= 0, "needs vgem\n");
	consumer = consumer_latest(screen, 0, 200);
	frame = consumer_acquire(consumer);
	frame_close(&frame);
	fence = new_fence(&dumb, &vgem_fence);
	igt_assert_eq(consumer_release(consumer, frame.id, fence), 0);
	close(fence);
	flip(screen, pair.fb[1]);
	flip_done(screen);
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.expired, 1);
	frame_done(consumer, &frame);
	signal_fence(vgem_fence);
	dumb_free(&dumb);
	close(consumer);
}

static bool writable(int dmabuf, int timeout_ms)
{
	struct pollfd buffer = { .fd = dmabuf, .events = POLLOUT };

	return poll(&buffer, 1, timeout_ms) == 1;
}

static void read_fence(struct screen *screen)
{
	struct dma_buf_export_sync_file sync = { .flags = DMA_BUF_SYNC_WRITE };
	struct pair pair = show_first(screen);
	int consumer = consumer_latest(screen, 0, 1000), buffer;
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);
	struct pollfd readers;

	/* The owner's own view of its buffer, before a flip whose fence would be seen too. */
	buffer = prime_export(screen->kms.fd, pair.fb[0]->handle, DRM_CLOEXEC);
	igt_assert(!writable(buffer, 0));
	flip(screen, pair.fb[1]);
	igt_assert(!writable(buffer, 0));
	igt_assert_errno(ioctl(buffer, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &sync), 0);
	readers = (struct pollfd){ .fd = sync.fd, .events = POLLIN };
	igt_assert_eq(poll(&readers, 1, 50), 0);
	frame_done(consumer, &frame);
	igt_assert_eq(poll(&readers, 1, FLIP_MS), 1);
	igt_assert(writable(buffer, FLIP_MS));
	flip_done(screen);
	close(sync.fd);
	close(buffer);
	close(consumer);
}

/* Whoever waits for the fence starts the deadline, with no flip in sight. */
static void read_fence_deadline(struct screen *screen)
{
	struct dma_buf_export_sync_file sync = { .flags = DMA_BUF_SYNC_WRITE };
	struct pair pair = show_first(screen);
	int consumer = consumer_latest(screen, VPRIME_CONSUMER_CURSOR_SEPARATE, 200), buffer;
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);
	struct pollfd readers;

	(void)pair;
	buffer = dup(frame.planes[0].fd);
	igt_assert_errno(ioctl(buffer, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &sync), 0);
	readers = (struct pollfd){ .fd = sync.fd, .events = POLLIN };
	igt_assert_eq(poll(&readers, 1, 0), 0);
	usleep(FLIP_MS * 1000);
	igt_assert_eq(consumer_release(consumer, frame.id, -1), -ETIMEDOUT);
	frame_close(&frame);
	close(sync.fd);
	close(buffer);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "held-until-release", "A flip that retires a held buffer completes on release.",
	  held_until_release },
	{ "held-until-close", "Or when the consumer closes.", held_until_close },
	{ "held-not-same", "A flip to the same buffer retires nothing.", same_buffer },
	{ "deadline", "Or at the deadline, of which the consumer is told.", deadline },
	{ "deadline-once", "A consumer that sleeps is waited for once.", late_once },
	{ "release-fence", "A fence given with the release ends the hold.", release_with_fence },
	{ "release-fence-dead", "Or the deadline does.", release_with_dead_fence },
	{ "read-fence", "The buffer's dma_resv has a reader until the release.", read_fence },
	{ "read-fence-deadline", "Which ends by the deadline.", read_fence_deadline },
};

void pace_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
