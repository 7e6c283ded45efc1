// SPDX-License-Identifier: MIT
/*
 * Who may open a consumer, what is no valid argument, and that the descriptor
 * itself is the permission.
 */
#include "consumer_subtests.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xf86drm.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/subtests.h"

#define NOBODY 65534

static struct drm_vprime_consumer_open good(const struct screen *screen)
{
	return (struct drm_vprime_consumer_open){
		.crtc_id = screen->kms.crtc.id,
		.policy = VPRIME_CONSUMER_LATEST,
		.deadline_ms = 100,
	};
}

/* What somebody without any privilege gets; -1 if it lost its life. */
static int open_as_nobody(struct screen *screen, int card)
{
	pid_t child = fork();
	int status;

	if (!child) {
		struct drm_vprime_consumer_open args = good(screen);
		int ret;

		if (setresuid(NOBODY, NOBODY, NOBODY))
			_exit(255);
		ret = __consumer_open(card, &args);
		_exit(ret < 0 ? -ret : 0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void master(struct screen *screen)
{
	igt_assert_eq(open_as_nobody(screen, screen->kms.fd), 0);
}

static void not_master(struct screen *screen)
{
	struct drm_vprime_consumer_open args = good(screen);
	int again = drm_open_card("vprime", 0);
	int fd;

	igt_assert_eq(open_as_nobody(screen, again), EACCES);
	/* The administrator may. */
	fd = __consumer_open(again, &args);
	igt_assert_f(fd >= 0, "root: %d\n", fd);
	close(fd);
	/* Nobody is master any more, not even who was. */
	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	igt_assert_eq(open_as_nobody(screen, screen->kms.fd), EACCES);
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
	close(again);
}

static void render_node(struct screen *screen)
{
	char *path = drmGetRenderDeviceNameFromFd(screen->kms.fd);
	struct drm_vprime_consumer_open args = good(screen);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	igt_assert_f(fd >= 0, "%s\n", path);
	igt_assert_eq(__consumer_open(fd, &args), -EACCES);
	close(fd);
	free(path);
}

static void lessee(struct screen *screen)
{
	const struct kms_device *kms = &screen->kms;
	uint32_t objects[] = { kms->crtc.id, kms->connector.id, kms->primary.id };
	uint32_t id;
	int lease = drmModeCreateLease(kms->fd, objects, 3, O_CLOEXEC, &id);

	igt_assert_f(lease >= 0, "no lease: %d\n", lease);
	igt_assert_eq(open_as_nobody(screen, lease), 0);
	igt_assert_errno(drmModeRevokeLease(kms->fd, id), 0);
	igt_assert_f(open_as_nobody(screen, lease), "a revoked lease still shows the screen\n");
	close(lease);
}

static void bad_arguments(struct screen *screen)
{
	static const struct {
		int error;
		struct drm_vprime_consumer_open args;
	} cases[] = {
		{ -EINVAL, { .deadline_ms = 0 } },
		{ -EINVAL, { .deadline_ms = 1001 } },
		{ -EINVAL, { .deadline_ms = 10, .flags = 1u << 5 } },
		{ -EINVAL, { .deadline_ms = 10, .flags = 1u << 31 } },
		{ -EINVAL, { .deadline_ms = 10, .policy = 2 } },
		{ -EINVAL, { .deadline_ms = 10, .queue = 1 } },
		{ -EINVAL, { .deadline_ms = 10, .policy = VPRIME_CONSUMER_QUEUE } },
		{ -EINVAL, { .deadline_ms = 10, .policy = VPRIME_CONSUMER_QUEUE, .queue = 9 } },
		{ -EINVAL, { .deadline_ms = 10, .pad = 1 } },
	};
	struct drm_vprime_consumer_open args;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		args = cases[i].args;
		args.crtc_id = screen->kms.crtc.id;
		igt_assert_eq(__consumer_open(screen->kms.fd, &args), cases[i].error);
	}
	args = good(screen);
	args.crtc_id = screen->kms.connector.id;
	igt_assert_eq(__consumer_open(screen->kms.fd, &args), -ENOENT);
}

/* The most of what can be. */
static void largest_arguments(struct screen *screen)
{
	struct drm_vprime_consumer_open args = good(screen);
	int consumer;

	args.policy = VPRIME_CONSUMER_QUEUE;
	args.queue = VPRIME_CONSUMER_MAX_QUEUE;
	args.deadline_ms = VPRIME_CONSUMER_MAX_DEADLINE_MS;
	consumer = __consumer_open(screen->kms.fd, &args);
	igt_assert_f(consumer >= 0, "%d\n", consumer);
	close(consumer);
}

static void bad_calls(struct screen *screen)
{
	struct drm_vprime_consumer_release release = { .id = 1, .fence_fd = -1, .pad = 1 };
	struct drm_vprime_consumer_eventfd eventfd = { .fd = -1, .pad = 1 };
	struct drm_vprime_consumer_acquire frame = { .in_flags = 1 };
	int consumer;

	show_only(screen, screen_picture_fb(screen, "XRGB8888"));
	consumer = consumer_latest(screen, 0, 100);
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, &frame), EINVAL);
	igt_assert_eq(__consumer_acquire(consumer, &frame, -2), -EINVAL);
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, NULL), EFAULT);
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_RELEASE, &release), EINVAL);
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, &eventfd), EINVAL);
	igt_assert_errno(ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_OPEN, &release), ENOTTY);
	igt_assert_eq(consumer_release(consumer, 1, -1), -ENOENT);
	igt_assert_eq(consumer_release(consumer, 0, -1), -ENOENT);

	/* All that lost nothing. */
	frame = consumer_acquire(consumer);
	igt_assert_eq(consumer_release(consumer, frame.id, screen->kms.fd), -EINVAL);
	igt_assert_eq(consumer_release(consumer, frame.id, -2), -EINVAL);
	igt_assert_eq(consumer_release(consumer, frame.id + 1, -1), -ENOENT);
	frame_done(consumer, &frame);
	igt_assert_eq(consumer_release(consumer, frame.id, -1), -ENOENT);
	close(consumer);
}

static void send_fd(int socket, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	igt_assert_eq(sendmsg(socket, &message, 0), 1);
}

/* In the child: nothing of IGT's. */
static int receive_and_grab(int socket)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct drm_vprime_consumer_acquire frame;
	int consumer, ret;

	if (setresuid(NOBODY, NOBODY, NOBODY) || recvmsg(socket, &message, 0) != 1)
		return 255;
	memcpy(&consumer, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(consumer));
	ret = __consumer_acquire(consumer, &frame, SCREEN_PATIENCE_MS);
	if (!ret && frame.kind != VPRIME_CONSUMER_FRAME)
		return 254;
	return -(ret ? ret : consumer_release(consumer, frame.id, -1));
}

static void handed_over(struct screen *screen)
{
	int consumer, sockets[2], status;
	pid_t child;

	show_only(screen, screen_picture_fb(screen, "XRGB8888"));
	igt_assert_errno(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	child = fork();
	if (!child)
		_exit(receive_and_grab(sockets[1]));
	consumer = consumer_latest(screen, 0, 100);
	send_fd(sockets[0], consumer);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFEXITED(status));
	igt_assert_eq(WEXITSTATUS(status), 0);
	close(sockets[0]);
	close(sockets[1]);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "access-master", "DRM master may look, without privileges.", master },
	{ "access-others", "Others may not, but for the administrator.", not_master },
	{ "access-render-node", "Nobody may by a render node.", render_node },
	{ "access-lessee", "A lessee may look at the CRTC in its lease, while it lasts.", lessee },
	{ "access-handed-over", "Who is given the descriptor may look.", handed_over },
	{ "arguments-open", "What cannot be meant is refused.", bad_arguments },
	{ "arguments-largest", "The longest queue and deadline are taken.", largest_arguments },
	{ "arguments-calls", "Wrong calls get their errno and lose no frame.", bad_calls },
};

void access_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
