// SPDX-License-Identifier: MIT
/*
 * Screens that change hands under a consumer: its master drops, its lease ends, the
 * compositor is killed and another one starts. It is told, and goes on.
 */
#include "consumer_subtests.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xf86drm.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define NOBODY 65534

/* As without privileges: bound to the master, or the lessee, who has @card open. */
static int consumer_of(const struct screen *screen, int card)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = screen->kms.crtc.id,
		.flags = VPRIME_CONSUMER_CLOEXEC,
		.policy = VPRIME_CONSUMER_LATEST,
		.deadline_ms = 200,
	};
	int consumer;

	igt_assert_errno(seteuid(NOBODY), 0);
	consumer = __consumer_open(card, &args);
	igt_assert_errno(seteuid(0), 0);
	igt_assert_f(consumer >= 0, "open: %s\n", strerror(-consumer));
	return consumer;
}

static void take_one(int consumer)
{
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);

	frame_done(consumer, &frame);
}

static uint32_t next_kind(int consumer)
{
	struct drm_vprime_consumer_acquire frame;

	igt_assert_eq(__consumer_acquire(consumer, &frame, FLIP_MS), 0);
	if (frame.kind == VPRIME_CONSUMER_FRAME)
		frame_done(consumer, &frame);
	return frame.kind;
}

/* The consumer waits in poll(): it is told at once, without any flip. */
static void master_lost(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	struct pollfd event;
	int consumer;

	show_only(screen, fb);
	consumer = consumer_of(screen, screen->kms.fd);
	take_one(consumer);
	event = (struct pollfd){ .fd = consumer, .events = POLLIN };
	igt_assert_eq(poll(&event, 1, 0), 0);
	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	igt_assert_eq(poll(&event, 1, FLIP_MS), 1);
	igt_assert_eq(next_kind(consumer), VPRIME_CONSUMER_SCREEN_OFF);
	igt_assert_eq(poll(&event, 1, 100), 0);

	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
	igt_assert_eq(poll(&event, 1, FLIP_MS), 1);
	igt_assert_eq(next_kind(consumer), VPRIME_CONSUMER_SCREEN_ON);
	/* What is on the screen may be another master's; the next frame is not. */
	igt_assert_eq(poll(&event, 1, 100), 0);
	flip(screen, fb);
	flip_done(screen);
	frame = consumer_acquire(consumer);
	igt_assert_eq(dmabuf_inode(frame.planes[0].fd), handle_inode(screen->kms.fd, fb->handle));
	frame_done(consumer, &frame);
	close(consumer);
}

static void lease_revoked(struct screen *screen)
{
	const struct kms_device *kms = &screen->kms;
	uint32_t objects[] = { kms->crtc.id, kms->connector.id, kms->primary.id };
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	int lease, consumer, root;
	uint32_t id;

	show_only(screen, fb);
	lease = drmModeCreateLease(kms->fd, objects, 3, O_CLOEXEC, &id);
	igt_assert_f(lease >= 0, "no lease: %d\n", lease);
	consumer = consumer_of(screen, lease);
	root = consumer_latest(screen, 0, 200);
	take_one(consumer);
	take_one(root);
	igt_assert_errno(drmModeRevokeLease(kms->fd, id), 0);
	flip(screen, fb);
	flip_done(screen);
	igt_assert_eq(next_kind(root), VPRIME_CONSUMER_FRAME);
	igt_assert_eq(next_kind(consumer), VPRIME_CONSUMER_SCREEN_OFF);
	close(lease);
	close(consumer);
	close(root);
}

/*
 * In the child: a compositor that shows one colour until it is killed. Returns why
 * it could not.
 */
static int be_compositor(uint32_t crtc_id, uint32_t connector_id, drmModeModeInfo mode,
			 uint32_t colour, int ready)
{
	int card = drm_open_card("vprime", 0), ret;
	struct kms_fb fb;

	if (card < 0)
		return -ENODEV;
	if (drmSetMaster(card))
		return -errno;
	ret = kms_fb_create(&fb, card, pixel_format_by_name("XRGB8888"), mode.hdisplay,
			    mode.vdisplay);
	if (ret)
		return ret;
	pattern_plain(&fb, colour);
	/* It has not said that it knows of aspect ratios. */
	mode.flags &= ~DRM_MODE_FLAG_PIC_AR_MASK;
	ret = drmModeSetCrtc(card, crtc_id, fb.id, 0, 0, &connector_id, 1, &mode);
	if (ret || write(ready, "", 1) != 1)
		return ret ? ret : -errno;
	for (;;)
		pause();
}

static pid_t start_compositor(struct screen *screen, uint32_t colour)
{
	int ready[2], status = 0;
	bool started;
	pid_t child;
	char byte;

	igt_assert_errno(pipe(ready), 0);
	child = fork();
	if (!child)
		_exit(-be_compositor(screen->kms.crtc.id, screen->kms.connector.id, *screen->mode,
				     colour, ready[1]));
	close(ready[1]);
	started = read(ready[0], &byte, 1) == 1;
	close(ready[0]);
	if (!started)
		waitpid(child, &status, 0);
	igt_assert_f(started, "the compositor did not start: %s\n", strerror(WEXITSTATUS(status)));
	return child;
}

/* What else is on the screen between, such as a console, is skipped. */
static void wait_for_colour(struct screen *screen, int consumer, uint32_t colour)
{
	struct drm_vprime_consumer_acquire frame;
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");

	pattern_plain(fb, colour);
	do {
		igt_assert_eq(__consumer_acquire(consumer, &frame, SCREEN_PATIENCE_MS), 0);
		if (frame.kind == VPRIME_CONSUMER_FRAME && !(frame.flags & VPRIME_CONSUMER_DIRECT))
			frame_done(consumer, &frame);
	} while (frame.kind != VPRIME_CONSUMER_FRAME || !(frame.flags & VPRIME_CONSUMER_DIRECT) ||
		 frame.width != fb->width);
	frame_assert_fb(&frame, fb);
	frame_done(consumer, &frame);
}

static void restarted(struct screen *screen)
{
	static const uint32_t colours[] = { 0xff204060, 0xff605040, 0xff10f020 };
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	int consumer;

	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 200);
	take_one(consumer);
	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++) {
		pid_t compositor = start_compositor(screen, colours[i]);

		wait_for_colour(screen, consumer, colours[i]);
		kill(compositor, SIGKILL);
		igt_assert_eq(waitpid(compositor, NULL, 0), compositor);
	}
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
	show_only(screen, fb);
	take_one(consumer);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "turn-master-lost", "A master that drops: off at once, and on when it is back.",
	  master_lost },
	{ "turn-lease-revoked", "So it is when a lease ends.", lease_revoked },
	{ "turn-restarted", "A compositor is killed; the next one's pictures come.", restarted },
};

void turns_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
