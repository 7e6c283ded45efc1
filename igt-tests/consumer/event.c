// SPDX-License-Identifier: MIT
/*
 * What a consumer is told: that something waits, that the mode is another, that
 * the screen went off and on.
 */
#include "consumer_subtests.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

static int polled(int fd, int timeout_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	poll(&pollfd, 1, timeout_ms);
	return pollfd.revents;
}

/* libdrm's call tries again for as long as it is told to: it has to come back all the same. */
static void assert_no_spin(int consumer)
{
	struct drm_vprime_consumer_acquire frame = { .timeout_ms = 0 };

	alarm(SCREEN_PATIENCE_MS / 1000);
	igt_assert_errno(drmIoctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, &frame), ETIME);
	alarm(0);
}

static void waiting(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	show_only(screen, fb);
	consumer = consumer_latest(screen, VPRIME_CONSUMER_NONBLOCK, 1000);
	igt_assert_eq(polled(consumer, 0), POLLIN);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	igt_assert_eq(polled(consumer, 0), 0);
	igt_assert_eq(__consumer_acquire(consumer, &frame, -1), -ETIME);
	assert_no_spin(consumer);
	flip(screen, fb);
	flip_done(screen);
	igt_assert_eq(polled(consumer, FLIP_MS), POLLIN);
	close(consumer);

	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 0), -ETIME);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 30), -ETIME);
	assert_no_spin(consumer);
	close(consumer);
}

static uint64_t count(int eventfd)
{
	uint64_t value = 0;

	return read(eventfd, &value, sizeof(value)) == sizeof(value) ? value : 0;
}

static void by_eventfd(struct screen *screen)
{
	struct drm_vprime_consumer_eventfd args = { .fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) };
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	int consumer, event = args.fd;

	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 1000);
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, &args), 0);
	igt_assert_eq(count(event), 1);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	flip(screen, fb);
	flip_done(screen);
	igt_assert_eq(polled(event, FLIP_MS), POLLIN);
	igt_assert(count(event) >= 1);
	args.fd = consumer;
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, &args), EINVAL);
	args.fd = -1;
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, &args), 0);
	flip(screen, fb);
	flip_done(screen);
	igt_assert_eq(count(event), 0);
	close(event);
	close(consumer);
}

static void set_active(struct screen *screen, bool on)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	kms_set(request, &screen->kms.crtc, "ACTIVE", on);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
					     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
			 0);
	drmModeAtomicFree(request);
}

static void off_and_on(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame, kept;
	int consumer;

	pattern_noise_fb(fb, 20);
	show_only(screen, fb);
	consumer = consumer_queue(screen, 2, 1000);
	kept = consumer_acquire(consumer);
	set_active(screen, false);
	igt_assert_eq(polled(consumer, FLIP_MS), POLLIN);
	igt_assert_eq(__consumer_acquire(consumer, &frame, FLIP_MS), 0);
	igt_assert_eq(frame.kind, VPRIME_CONSUMER_SCREEN_OFF);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 0), -ETIME);
	/* What it had is still its own. */
	frame_done(consumer, &kept);

	set_active(screen, true);
	do {
		igt_assert_eq(__consumer_acquire(consumer, &frame, FLIP_MS), 0);
	} while (frame.kind == VPRIME_CONSUMER_SCREEN_ON);
	igt_assert_eq(frame.kind, VPRIME_CONSUMER_FRAME);
	igt_assert(frame.flags & VPRIME_CONSUMER_MODE_CHANGED);
	frame_assert_fb(&frame, fb);
	frame_done(consumer, &frame);
	close(consumer);
}

/* A call that can be read (all zero: don't wait), but not answered. */
static void fail_to_acquire(int consumer)
{
	void *args = mmap(NULL, sizeof(struct drm_vprime_consumer_acquire), PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int lowest, after;

	igt_assert(args != MAP_FAILED);
	lowest = dup(consumer);
	close(lowest);
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, args), EFAULT);
	after = dup(consumer);
	close(after);
	igt_assert_eq(after, lowest);
	munmap(args, sizeof(struct drm_vprime_consumer_acquire));
}

static void not_written(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	show_only(screen, fb);
	consumer = consumer_queue(screen, 1, 1000);
	for (int i = 0; i < 3; i++)
		fail_to_acquire(consumer);
	igt_assert_eq(polled(consumer, 0), POLLIN);
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.dropped + frame.expired, 0);
	frame_done(consumer, &frame);

	set_active(screen, false);
	for (int i = 0; i < 3; i++)
		fail_to_acquire(consumer);
	igt_assert_eq(polled(consumer, 0), POLLIN);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 0), 0);
	igt_assert_eq(frame.kind, VPRIME_CONSUMER_SCREEN_OFF);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 0), -ETIME);
	close(consumer);
}

/* Opened while the screen is off, it is told when it goes on. */
static void opened_off(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	show_only(screen, fb);
	set_active(screen, false);
	consumer = consumer_latest(screen, 0, 1000);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 0), -ETIME);
	set_active(screen, true);
	do {
		igt_assert_eq(__consumer_acquire(consumer, &frame, FLIP_MS), 0);
	} while (frame.kind == VPRIME_CONSUMER_SCREEN_ON);
	igt_assert_eq(frame.kind, VPRIME_CONSUMER_FRAME);
	frame_done(consumer, &frame);
	close(consumer);
}

static void mode_change(struct screen *screen)
{
	static const struct {
		uint32_t width, height;
	} modes[] = { { 800, 600 }, { 1024, 768 }, { 640, 480 } };
	struct drm_vprime_consumer_acquire frame, kept;
	struct kms_fb *small = screen_fb(screen, "XRGB8888", 300, 200);
	struct layer layer = layer_new(&screen->kms.primary, small, 10, 10);
	int consumer;

	/* Composed, so that its pictures have to follow. */
	pattern_noise_fb(small, 21);
	scene_show(screen, &layer, 1);
	consumer = consumer_latest(screen, 0, 1000);
	kept = consumer_acquire(consumer);
	for (size_t i = 0; i < 3; i++) {
		struct kms_fb *read_back;

		screen_set_mode(screen, modes[i].width, modes[i].height);
		read_back = screen_picture_fb(screen, "XRGB8888");
		scene_read_back(screen, &layer, 1, read_back);
		do {
			igt_assert_eq(__consumer_acquire(consumer, &frame, FLIP_MS), 0);
		} while (frame.kind != VPRIME_CONSUMER_FRAME);
		igt_assert(frame.flags & VPRIME_CONSUMER_MODE_CHANGED);
		frame_assert_fb(&frame, read_back);
		frame_done(consumer, &frame);
	}
	frame_done(consumer, &kept);
	close(consumer);
}

/* The consumer outlives the master who opened it: another one's picture goes on. */
static void master_gone(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 200);
	frame = consumer_acquire(consumer);
	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	frame_done(consumer, &frame);
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
	flip(screen, fb);
	flip_done(screen);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	close(consumer);
}

/* As without privileges: bound to the master who is there now. */
static int consumer_of_master(struct screen *screen)
{
	int consumer;

	igt_assert_errno(seteuid(65534), 0);
	consumer = consumer_latest(screen, 0, 200);
	igt_assert_errno(seteuid(0), 0);
	return consumer;
}

/* A switch of VTs: what another master shows is not for this one's consumer. */
static void other_master(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888"), theirs;
	struct drm_vprime_consumer_acquire frame;
	int other = drm_open_card("vprime", 0), consumer, root;

	show_only(screen, fb);
	consumer = consumer_of_master(screen);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	root = consumer_latest(screen, 0, 200);
	frame = consumer_acquire(root);
	frame_done(root, &frame);

	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	igt_assert_errno(drmSetMaster(other), 0);
	igt_assert_eq(kms_fb_create(&theirs, other, fb->format, 640, 480), 0);
	igt_assert_errno(drmModePageFlip(other, screen->kms.crtc.id, theirs.id, 0, NULL), 0);
	frame = consumer_acquire(root);
	frame_done(root, &frame);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 0), 0);
	igt_assert_eq(frame.kind, VPRIME_CONSUMER_SCREEN_OFF);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 300), -ETIME);
	igt_assert_errno(drmDropMaster(other), 0);
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);

	flip(screen, fb);
	flip_done(screen);
	do {
		igt_assert_eq(__consumer_acquire(consumer, &frame, FLIP_MS), 0);
	} while (frame.kind == VPRIME_CONSUMER_SCREEN_ON);
	igt_assert_eq(dmabuf_inode(frame.planes[0].fd), handle_inode(screen->kms.fd, fb->handle));
	frame_done(consumer, &frame);
	kms_fb_destroy(&theirs);
	close(other);
	close(consumer);
	close(root);
}

static const struct subtest subtests[] = {
	{ "event-poll", "poll() and ETIME tell whether a frame waits.", waiting },
	{ "event-eventfd", "An eventfd counts what comes.", by_eventfd },
	{ "event-off-on", "The consumer is told that the screen goes off, and goes on.",
	  off_and_on },
	{ "event-not-written", "What could not be written is told by the next call.",
	  not_written },
	{ "event-opened-off", "A consumer may be opened before the screen is on.", opened_off },
	{ "event-mode", "Another mode is told with its first frame.", mode_change },
	{ "event-master", "A consumer lives on when its master drops.", master_gone },
	{ "event-other-master", "But sees nothing of another master's.", other_master },
};

void event_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
