// SPDX-License-Identifier: MIT
/*
 * How many consumers there may be, whose place goes when there are too many, and who pays
 * for what is composed for them.
 */
#include "consumer_subtests.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xf86drm.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/fd_passing.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define NOBODY 65534
#define OF_MASTER VPRIME_CONSUMER_MAX_OF_MASTER
#define MASTERS (VPRIME_CONSUMER_MAX / OF_MASTER)
#define CGROUP "/sys/fs/cgroup/vprime_consumer"
#define QUEUE 4
#define DEADLINE_MS 1000
#define PICTURE (640 * 480 * 4)

/* As without privileges: the consumer is the master's who has @card open. */
static int open_as_master(const struct screen *screen, int card)
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
	return consumer;
}

static void fill(const struct screen *screen, int card, int consumers[OF_MASTER])
{
	for (int i = 0; i < OF_MASTER; i++) {
		consumers[i] = open_as_master(screen, card);
		igt_assert_f(consumers[i] >= 0, "%d: %s\n", i, strerror(-consumers[i]));
	}
}

static void close_all(const int *consumers, int count)
{
	for (int i = 0; i < count; i++)
		close(consumers[i]);
}

static void of_master(struct screen *screen)
{
	int consumers[OF_MASTER], administrator;

	show_only(screen, screen_picture_fb(screen, "XRGB8888"));
	fill(screen, screen->kms.fd, consumers);
	igt_assert_eq(open_as_master(screen, screen->kms.fd), -ENOSPC);
	/* The administrator's are counted apart. */
	administrator = consumer_latest(screen, 0, 200);
	close(administrator);
	close(consumers[3]);
	consumers[3] = open_as_master(screen, screen->kms.fd);
	igt_assert(consumers[3] >= 0);
	close_all(consumers, OF_MASTER);
}

static unsigned int count_ended(const int *consumers, int count)
{
	struct drm_vprime_consumer_acquire frame;
	unsigned int ended = 0;

	for (int i = 0; i < count; i++) {
		struct pollfd event = { .fd = consumers[i], .events = POLLIN };

		igt_assert(poll(&event, 1, 0) >= 0);
		if (!(event.revents & POLLHUP))
			continue;
		ended++;
		igt_assert_eq(__consumer_acquire(consumers[i], &frame, -1), -ENODEV);
		igt_assert_eq(consumer_release(consumers[i], 1, -1), -ENODEV);
	}
	return ended;
}

/* Who has been master keeps all places; who is master now gets one. */
static void of_card(struct screen *screen)
{
	int consumers[MASTERS][OF_MASTER], cards[MASTERS], mine, ended = 0;
	struct drm_vprime_consumer_acquire frame;

	show_only(screen, screen_picture_fb(screen, "XRGB8888"));
	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	for (int i = 0; i < MASTERS; i++) {
		cards[i] = drm_open_card("vprime", 0);
		igt_assert_errno(drmSetMaster(cards[i]), 0);
		fill(screen, cards[i], consumers[i]);
		igt_assert_errno(drmDropMaster(cards[i]), 0);
	}
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
	igt_assert_eq(count_ended(consumers[0], MASTERS * OF_MASTER), 0);
	mine = open_as_master(screen, screen->kms.fd);
	igt_assert_f(mine >= 0, "open: %s\n", strerror(-mine));
	frame = consumer_acquire(mine);
	frame_done(mine, &frame);
	for (int i = 0; i < MASTERS; i++) {
		ended += count_ended(consumers[i], OF_MASTER);
		close_all(consumers[i], OF_MASTER);
		close(cards[i]);
	}
	igt_assert_eq(ended, 1);
	close(mine);
}

static long charged(void)
{
	FILE *file = fopen(CGROUP "/memory.current", "re");
	long bytes = -1;

	igt_assert(file);
	igt_assert_eq(fscanf(file, "%ld", &bytes), 1);
	fclose(file);
	return bytes;
}

/* In the child, in a cgroup of its own. */
static int open_and_send(const struct screen *screen, int socket)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = screen->kms.crtc.id,
		.flags = VPRIME_CONSUMER_CLOEXEC | VPRIME_CONSUMER_COMPOSED,
		.policy = VPRIME_CONSUMER_QUEUE,
		.queue = QUEUE,
		.deadline_ms = DEADLINE_MS,
	};
	FILE *file = fopen(CGROUP "/cgroup.procs", "we");
	int consumer;

	if (!file || fprintf(file, "%d\n", getpid()) < 0 || fclose(file))
		return 1;
	consumer = __consumer_open(screen->kms.fd, &args);
	return consumer < 0 || send_fd(socket, consumer);
}

static int open_in_cgroup(struct screen *screen)
{
	int sockets[2], consumer, status;
	FILE *control = fopen("/sys/fs/cgroup/cgroup.subtree_control", "we");
	pid_t child;

	igt_require_f(control, "no cgroups\n");
	fputs("+memory\n", control);
	igt_require_f(!fclose(control), "no memory controller\n");
	igt_assert(!mkdir(CGROUP, 0755) || errno == EEXIST);
	igt_assert_errno(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	child = fork();
	if (!child)
		_exit(open_and_send(screen, sockets[1]));
	consumer = receive_fd(sockets[0]);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq(status, 0);
	igt_assert(consumer >= 0);
	close(sockets[0]);
	close(sockets[1]);
	return consumer;
}

/*
 * What waits in the queue is composed by nobody in particular; one is taken by us. False
 * if its deadline may have been over before all was there.
 */
static bool queue_is_charged(struct screen *screen, int consumer, struct kms_fb *const fb[2])
{
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);
	long bytes = charged();
	int64_t start = now_ms();
	bool in_time;

	igt_assert_f(bytes >= PICTURE, "%ld bytes are charged\n", bytes);
	for (int i = 1; i < QUEUE; i++) {
		flip(screen, fb[i & 1]);
		flip_done(screen);
	}
	do {
		bytes = charged();
		in_time = now_ms() - start < DEADLINE_MS;
	} while (bytes < QUEUE * PICTURE && in_time && !usleep(20000));
	frame_close(&frame);
	igt_assert(!consumer_release(consumer, frame.id, -1) || now_ms() - start >= DEADLINE_MS);
	return bytes >= QUEUE * PICTURE;
}

static void opener_pays(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	int consumer, tries = 0;

	show_only(screen, fb[0]);
	while (consumer = open_in_cgroup(screen), !queue_is_charged(screen, consumer, fb)) {
		close(consumer);
		igt_assert_f(++tries < LATE_TRIES, "a queue of %d is not charged\n", QUEUE);
	}
	/* They go with it, also that of what stays on the screen. */
	close(consumer);
	for (tries = 0; charged() >= PICTURE && tries < 100; tries++)
		usleep(20000);
	igt_assert_f(tries < 100, "%ld bytes are left\n", charged());
	rmdir(CGROUP);
}

static const struct subtest subtests[] = {
	{ "limit-master", "A master has no more consumers than it may.", of_master },
	{ "limit-card", "Former masters' keep nobody out.", of_card },
	{ "charged", "Who opens a consumer pays for its pictures, as long as it is there.",
	  opener_pays },
};

void limits_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
