// SPDX-License-Identifier: MIT
/*
 * A device that is unplugged under consumers that hold frames, hold a flip back,
 * and wait. The second card is unplugged, and plugged in again.
 */
#include "consumer_subtests.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/slow_page.h"
#include "lib/subtests.h"

static void set_plugged(const char *value)
{
	int fd = open("/sys/kernel/config/vprime/vprime.1/plugged", O_WRONLY | O_CLOEXEC);

	igt_require_f(fd >= 0, "needs configfs and a second card\n");
	igt_assert_eq(write(fd, value, 1), 1);
	close(fd);
}

static void plug_in(void)
{
	int card = -1;

	set_plugged("1");
	for (int tries = 0; card < 0 && tries < 100; tries++) {
		card = drm_open_card("vprime", 1);
		if (card < 0)
			usleep(50000);
	}
	igt_assert(card >= 0);
	close(card);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* In the child: the errno its wait ends with. */
static int wait_for_end(int consumer)
{
	struct drm_vprime_consumer_acquire frame;
	int ret;

	do {
		ret = __consumer_acquire(consumer, &frame, -1);
	} while (!ret);
	return -ret;
}

static void unplugged(struct screen *screen)
{
	struct screen second;
	struct drm_vprime_consumer_acquire frame, next;
	int holder, waiter, status;
	struct kms_fb *fb[2];
	struct pollfd events;
	double start, took;
	pid_t child;

	(void)screen;
	screen_open(&second, 1);
	fb[0] = screen_picture_fb(&second, "XRGB8888");
	fb[1] = screen_picture_fb(&second, "XRGB8888");
	show_only(&second, fb[0]);
	holder = consumer_latest(&second, 0, 1000);
	waiter = consumer_latest(&second, 0, 1000);
	frame = consumer_acquire(holder);
	child = fork();
	if (!child)
		_exit(wait_for_end(waiter));
	flip(&second, fb[1]);
	usleep(100000);

	start = now();
	set_plugged("0");
	took = now() - start;
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFEXITED(status));
	igt_assert_eq(WEXITSTATUS(status), ENODEV);
	events = (struct pollfd){ .fd = holder, .events = POLLIN };
	igt_assert_eq(poll(&events, 1, 0), 1);
	igt_assert(events.revents & POLLHUP);
	igt_assert_eq(__consumer_acquire(holder, &next, 0), -ENODEV);
	igt_assert_eq(consumer_release(holder, frame.id, -1), -ENODEV);
	frame_close(&frame);
	close(holder);
	close(waiter);
	screen_close(&second);
	plug_in();
	igt_assert_f(took < 5, "unplugging took %.1f s\n", took);
}

/* In the child, when it is told to: what ACQUIRE gives whose answer ends in the slow page. */
static int acquire_slowly(int consumer, const struct slow_page *page, int start)
{
	struct drm_vprime_consumer_acquire *frame = (void *)(page->boundary - 8);
	char byte;

	if (read(start, &byte, 1) != 1)
		return 255;
	frame->timeout_ms = SCREEN_PATIENCE_MS;
	frame->in_flags = 0;
	return ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, frame) ? errno : 0;
}

/* It has the picture, but not yet said so, when the device goes. */
static void unplugged_while_told(struct screen *screen)
{
	struct screen second;
	struct slow_page page;
	int consumer, status, start[2];
	pid_t child;

	screen_open(&second, 1);
	show_only(&second, screen_picture_fb(&second, "XRGB8888"));
	consumer = consumer_latest(&second, VPRIME_CONSUMER_COMPOSED, 1000);
	igt_assert_errno(pipe(start), 0);
	page = slow_page_new(screen->kms.fd);
	child = fork();
	if (!child)
		_exit(acquire_slowly(consumer, &page, start[0]));
	slow_page_begin(&page);
	igt_assert_eq(write(start[1], "", 1), 1);
	usleep(200000);
	igt_assert_eq(waitpid(child, &status, WNOHANG), 0);
	set_plugged("0");
	igt_assert_eq(waitpid(child, &status, WNOHANG), 0);
	slow_page_let_go(&page);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFEXITED(status));
	igt_assert_eq(WEXITSTATUS(status), 0);
	slow_page_free(&page);
	close(start[0]);
	close(start[1]);
	close(consumer);
	screen_close(&second);
	plug_in();
}

static const struct subtest subtests[] = {
	{ "unplug", "An unplugged device ends waits and holds, and says so.", unplugged },
	{ "unplug-while-told", "A frame is told of while the device goes.", unplugged_while_told },
};

void gone_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
