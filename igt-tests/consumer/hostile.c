// SPDX-License-Identifier: MIT
/*
 * Consumers that are used as nobody means to: from several threads, closed while one waits,
 * released by fences that wait for themselves or for each other, told into memory that is
 * only half there.
 */
#include "consumer_subtests.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/sync_file.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/subtests.h"

#define THREADS 4
#define FLIPS 40
#define PAGE 4096
#define DEADLINE_MS 200

/* What a thread does until its call fails, and what came of it. */
struct taker {
	pthread_t thread;
	int consumer;
	int timeout_ms;
	int error;
	unsigned int frames;
	atomic_int tid;
	atomic_bool last; /* there is nothing to come that is worth waiting for */
};

static void *take(void *data)
{
	struct drm_vprime_consumer_acquire frame;
	struct taker *taker = data;

	taker->tid = gettid();
	for (;;) {
		bool last = taker->last;

		taker->error = __consumer_acquire(taker->consumer, &frame, taker->timeout_ms);
		if (taker->error == -ETIME && !last)
			continue;
		if (taker->error)
			break;
		if (frame.kind != VPRIME_CONSUMER_FRAME)
			continue;
		taker->frames++;
		if (frame.fence_fd >= 0)
			close(frame.fence_fd);
		close(frame.planes[0].fd);
		taker->error = consumer_release(taker->consumer, frame.id, -1);
		if (taker->error)
			break;
	}
	return NULL;
}

static void start(struct taker *taker, int consumer, int timeout_ms)
{
	taker->consumer = consumer;
	taker->timeout_ms = timeout_ms;
	igt_assert_eq(pthread_create(&taker->thread, NULL, take, taker), 0);
}

/* Until it sleeps in its call. */
static void wait_for_call(struct taker *taker)
{
	char path[64];
	long call = -1;

	while (call != SYS_ioctl) {
		FILE *file;

		usleep(1000);
		snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", (int)taker->tid);
		file = fopen(path, "re");
		if (file && fscanf(file, "%ld", &call) != 1)
			call = -1;
		if (file)
			fclose(file);
	}
}

static void two_at_once(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	struct taker takers[THREADS] = { 0 };
	unsigned int frames = 0;
	int consumer;

	show_only(screen, fb[0]);
	consumer = consumer_queue(screen, 4, 1000);
	for (int i = 0; i < THREADS; i++)
		start(&takers[i], consumer, FLIP_MS / 4);
	for (int i = 1; i <= FLIPS; i++) {
		flip(screen, fb[i & 1]);
		flip_done(screen);
	}
	for (int i = 0; i < THREADS; i++)
		takers[i].last = true;
	for (int i = 0; i < THREADS; i++) {
		igt_assert_eq(pthread_join(takers[i].thread, NULL), 0);
		igt_assert_eq(takers[i].error, -ETIME);
		frames += takers[i].frames;
	}
	/* Each frame to one of them. */
	igt_assert_eq(frames, FLIPS + 1);
	close(consumer);
}

/* The call that waits has the consumer until it is done. */
static void closed_while_waiting(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	struct taker taker = { 0 };
	int consumer;

	show_only(screen, fb);
	consumer = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	start(&taker, consumer, SCREEN_PATIENCE_MS);
	wait_for_call(&taker);
	close(consumer);
	flip(screen, fb);
	flip_done(screen);
	igt_assert_eq(pthread_join(taker.thread, NULL), 0);
	igt_assert_eq(taker.frames, 1);
	igt_assert_eq(taker.error, -EBADF);
}

/* All that the frame's buffer has to be waited for, our own reader fence among it. */
static int all_fences(const struct drm_vprime_consumer_acquire *frame)
{
	struct dma_buf_export_sync_file args = { .flags = DMA_BUF_SYNC_RW, .fd = -1 };

	igt_assert_errno(ioctl(frame->planes[0].fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &args), 0);
	return args.fd;
}

static int merged(int one, int other)
{
	struct sync_merge_data args = { .fd2 = other };

	igt_assert_errno(ioctl(one, SYNC_IOC_MERGE, &args), 0);
	return args.fence;
}

/* One frame does, some time after its deadline. */
static void assert_expires(struct screen *screen, int consumer, const struct kms_fb *fb)
{
	struct drm_vprime_consumer_acquire frame = { 0 };

	for (int tries = 0; !frame.expired && tries < SCREEN_PATIENCE_MS / DEADLINE_MS; tries++) {
		usleep(DEADLINE_MS * 1000);
		flip(screen, fb);
		flip_done(screen);
		frame = consumer_acquire(consumer);
		frame_done(consumer, &frame);
	}
	igt_assert_eq(frame.expired, 1);
}

/* Two consumers release by what waits for both of them: the deadline ends it. */
static void crossed(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame[2];
	int consumer[2], fence[2], both;

	show_only(screen, fb);
	for (int i = 0; i < 2; i++) {
		consumer[i] = consumer_latest(screen, 0, DEADLINE_MS);
		frame[i] = consumer_acquire(consumer[i]);
		fence[i] = all_fences(&frame[i]);
	}
	both = merged(fence[0], fence[1]);
	for (int i = 0; i < 2; i++) {
		igt_assert_eq(consumer_release(consumer[i], frame[i].id, both), 0);
		igt_assert_eq(consumer_release(consumer[i], frame[i].id, both), -ENOENT);
		frame_close(&frame[i]);
	}
	for (int i = 0; i < 2; i++) {
		close(fence[i]);
		assert_expires(screen, consumer[i], fb);
		close(consumer[i]);
	}
	close(both);
}

/* Its first @there bytes are readable and writable, no more. */
static void assert_fault(int consumer, unsigned long call, size_t there)
{
	uint8_t *memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);

	igt_assert(memory != MAP_FAILED);
	igt_assert_errno(mprotect(memory + PAGE, PAGE, PROT_NONE), 0);
	igt_assert_errno(ioctl(consumer, call, memory + PAGE - there), EFAULT);
	munmap(memory, 2 * PAGE);
}

static void half_there(struct screen *screen)
{
	static const size_t there[] = { 0, 4, 7, 8, 24, 500,
					sizeof(struct drm_vprime_consumer_acquire) - 1 };
	struct drm_vprime_consumer_acquire frame;
	int consumer, lowest, after;

	show_only(screen, screen_picture_fb(screen, "XRGB8888"));
	consumer = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	lowest = dup(consumer);
	close(lowest);
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		assert_fault(consumer, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, there[i]);
	assert_fault(consumer, DRM_IOCTL_VPRIME_CONSUMER_RELEASE, 15);
	assert_fault(consumer, DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, 7);
	after = dup(consumer);
	close(after);
	igt_assert_eq(after, lowest);
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.dropped + frame.expired, 0);
	frame_done(consumer, &frame);
	close(consumer);
}

/* The consumer's own descriptor, its card, a dma-buf, a closed one are not what is asked for. */
static void wrong_descriptors(struct screen *screen)
{
	struct drm_vprime_consumer_eventfd event = { 0 };
	struct drm_vprime_consumer_acquire frame;
	int consumer, plain = eventfd(0, EFD_CLOEXEC);

	show_only(screen, screen_picture_fb(screen, "XRGB8888"));
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	const int fds[] = { consumer, screen->kms.fd, frame.planes[0].fd, INT_MAX };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		event.fd = fds[i];
		igt_assert_eq(consumer_release(consumer, frame.id, fds[i]), -EINVAL);
		igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, &event),
				 fds[i] == INT_MAX ? EBADF : EINVAL);
	}
	igt_assert_eq(consumer_release(consumer, frame.id, plain), -EINVAL);
	igt_assert_eq(__consumer_acquire(consumer, &frame, INT_MIN), -EINVAL);
	close(plain);
	close(frame.planes[0].fd);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "threads", "Each frame goes to one of several threads.", two_at_once },
	{ "threads-close", "A consumer that is closed ends with the call that waits.",
	  closed_while_waiting },
	{ "release-fence-crossed", "Fences that wait for each other end by the deadline.",
	  crossed },
	{ "arguments-half-there", "An answer that can't be written whole loses nothing.",
	  half_there },
	{ "arguments-descriptors", "A descriptor of another kind is refused.", wrong_descriptors },
};

void hostile_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
