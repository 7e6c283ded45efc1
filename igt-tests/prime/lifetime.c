// SPDX-License-Identifier: MIT
/*
 * How long a shared buffer lives: as long as anybody has it, and no longer.
 */
#include "prime_subtests.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/subtests.h"

static void handle_closed_before_import(struct screen *screen)
{
	int exporters[] = { cards.vgem, cards.second, screen->kms.fd };

	for (int i = 0; i < 3; i++) {
		struct dumb dumb = dumb_new(exporters[i], SHARED_SIZE);
		int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
		uint32_t handle;

		pattern_noise(dumb.map, dumb.size, 4);
		dumb_free(&dumb);
		handle = prime_import(screen->kms.fd, dmabuf);
		igt_assert_eq(handle_inode(screen->kms.fd, handle), dmabuf_inode(dmabuf));
		dmabuf_assert_noise(dmabuf, SHARED_SIZE, 4);
		gem_close(screen->kms.fd, handle);
		close(dmabuf);
	}
}

/* Neither file of the exchange is open any more when the bytes are looked at. */
static void device_closed(struct screen *screen)
{
	int card = drm_open_card("vprime", 0), other = drm_open_card("vgem", 0);
	struct dumb dumb = dumb_new(card, SHARED_SIZE);
	int dmabuf = prime_export(card, dumb.handle, DRM_CLOEXEC);
	uint32_t handle;
	int again;

	(void)screen;
	pattern_noise(dumb.map, dumb.size, 5);
	handle = prime_import(other, dmabuf);
	close(dmabuf);
	dumb_free(&dumb);
	close(card);
	again = prime_export(other, handle, DRM_CLOEXEC);
	close(other);
	dmabuf_assert_noise(again, SHARED_SIZE, 5);
	close(again);
}

static void send_descriptor(int socket, int fd)
{
	char byte = 0, space[CMSG_SPACE(sizeof(fd))] = {};
	struct iovec iov = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = space,
		.msg_controllen = sizeof(space),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(socket, &message, 0) != 1)
		_exit(1);
}

static int receive_descriptor(int socket)
{
	char byte, space[CMSG_SPACE(sizeof(int))] = {};
	struct iovec iov = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = space,
		.msg_controllen = sizeof(space),
	};
	int fd;

	igt_assert_eq(recvmsg(socket, &message, 0), 1);
	igt_assert(CMSG_FIRSTHDR(&message));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* Runs in a process of its own, so an assertion would not reach the test. */
static _Noreturn void export_and_exit(int socket)
{
	int card = drm_open_card("vprime", 0);
	uint8_t bytes[SHARED_SIZE];
	struct dumb dumb = dumb_new(card, SHARED_SIZE);
	int dmabuf = prime_export(card, dumb.handle, DRM_CLOEXEC | DRM_RDWR);

	pattern_noise(bytes, sizeof(bytes), 6);
	memcpy(dumb.map, bytes, sizeof(bytes));
	send_descriptor(socket, dmabuf);
	_exit(0);
}

static void process_gone(struct screen *screen)
{
	int sockets[2], dmabuf, status;
	uint32_t handle;
	pid_t child;

	igt_assert_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	child = fork();
	igt_assert(child >= 0);
	if (!child)
		export_and_exit(sockets[1]);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq(status, 0);

	dmabuf = receive_descriptor(sockets[0]);
	close(sockets[0]);
	close(sockets[1]);
	handle = prime_import(screen->kms.fd, dmabuf);
	dmabuf_assert_noise(dmabuf, SHARED_SIZE, 6);
	gem_close(screen->kms.fd, handle);
	close(dmabuf);
}

/* The last line of bufinfo: "Total <n> objects, <bytes> bytes". */
static int count_dmabufs(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");
	char line[512];
	int count = -1;

	igt_require_f(file, "no bufinfo in debugfs\n");
	while (fgets(line, sizeof(line), file))
		sscanf(line, "Total %d objects", &count);
	fclose(file);
	igt_assert(count >= 0);
	return count;
}

static void exchange_and_forget(int exporter, int importer)
{
	struct dumb dumb = dumb_new(exporter, SHARED_SIZE);
	int dmabuf = prime_export(exporter, dumb.handle, DRM_CLOEXEC);
	uint32_t handle = prime_import(importer, dmabuf);

	close(dmabuf);
	dumb_free(&dumb);
	gem_close(importer, handle);
}

static void nothing_left(struct screen *screen)
{
	int before = count_dmabufs();

	for (int i = 0; i < 50; i++) {
		exchange_and_forget(cards.vgem, screen->kms.fd);
		exchange_and_forget(screen->kms.fd, cards.vgem);
		exchange_and_forget(screen->kms.fd, cards.second);
		exchange_and_forget(screen->kms.fd, cards.again);
	}
	/* A dma-buf whose last descriptor is gone is freed when the task returns. */
	igt_assert_eq(count_dmabufs(), before);
}

/* The file of the card is closed with everything in it still open. */
static void nothing_left_behind_file(struct screen *screen)
{
	int before = count_dmabufs();

	(void)screen;
	for (int i = 0; i < 10; i++) {
		int card = drm_open_card("vprime", 0);
		struct dumb own = dumb_new(card, SHARED_SIZE);
		struct dumb foreign = dumb_new(cards.vgem, SHARED_SIZE);
		int one = prime_export(card, own.handle, DRM_CLOEXEC);
		int other = prime_export(cards.vgem, foreign.handle, DRM_CLOEXEC);

		prime_import(card, other);
		close(one);
		close(other);
		dumb_free(&foreign);
		own.handle = 0;
		close(card);
		dumb_free(&own);
	}
	igt_assert_eq(count_dmabufs(), before);
}

static const struct subtest subtests[] = {
	{ "import-after-close", "A buffer whose handle is closed can still be imported.",
	  handle_closed_before_import },
	{ "device-closed", "A buffer outlives the files of both devices.", device_closed },
	{ "process-gone", "A buffer outlives the process that made it.", process_gone },
	{ "nothing-left", "After many exchanges there are as many dma-bufs as before.",
	  nothing_left },
	{ "nothing-left-behind-file", "Closing the card's file frees what it held.",
	  nothing_left_behind_file },
};

void lifetime_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
