// SPDX-License-Identifier: MIT
/*
 * A dma-buf's descriptor handed on: copied, inherited, sent to another process,
 * and closed at exec.
 */
#include "core_subtests.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fences.h"
#include "igt_api.h"
#include "lib/fd_passing.h"
#include "proc_files.h"

static void copied(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	ino_t inode = dmabuf_inode(buffer.fd);
	int copy = fcntl(buffer.fd, F_DUPFD_CLOEXEC, 100);
	struct bufinfo info;

	igt_assert(copy >= 100);
	dmabuf_fill_noise(buffer.fd, buffer.size, 41);
	buffer_free(&buffer);
	igt_assert_eq(dmabuf_inode(copy), inode);
	dmabuf_assert_noise(copy, buffer.size, 41);
	igt_assert(bufinfo_find(inode, &info));
	close(copy);
	igt_assert(!bufinfo_find(inode, &info));
}

/* The child writes through the parent's mapping and its own. */
static void inherited(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	uint8_t *map = buffer_map(&buffer, PROT_READ | PROT_WRITE);
	pid_t child;

	map[0] = 0;
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		uint8_t *own = mmap(NULL, buffer.size, PROT_READ | PROT_WRITE, MAP_SHARED,
				    buffer.fd, 0);

		if (own == MAP_FAILED)
			_exit(1);
		map[0] = 0x77;
		own[1] = 0x88;
		_exit(0);
	}
	child_join(child);
	igt_assert_eq(map[0], 0x77);
	igt_assert_eq(map[1], 0x88);
	munmap(map, buffer.size);
	buffer_free(&buffer);
}

/* To another process, which writes into it and sends it back. */
static void sent(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	const ino_t inode = dmabuf_inode(buffer.fd);
	const size_t size = buffer.size;
	int sockets[2], fd;
	pid_t child;

	igt_assert_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		fd = receive_fd(sockets[1]);
		uint8_t *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		if (map == MAP_FAILED)
			_exit(1);
		map[size - 1] = 0x99;
		_exit(send_fd(sockets[1], fd) ? 1 : 0);
	}
	igt_assert_errno(send_fd(sockets[0], buffer.fd), 0);
	/* In flight it is nobody's, and alive. */
	buffer_free(&buffer);
	child_join(child);
	fd = receive_fd(sockets[0]);
	igt_assert_eq(dmabuf_inode(fd), inode);
	buffer.fd = fd;
	igt_assert_eq(((uint8_t *)buffer_map(&buffer, PROT_READ))[size - 1], 0x99);
	buffer_free(&buffer);
	close(sockets[0]);
	close(sockets[1]);
}

/* Nobody receives it: with the socket the buffer goes. */
static void lost(void)
{
	struct buffer buffer = buffer_new_vgem();
	ino_t inode = dmabuf_inode(buffer.fd);
	struct bufinfo info;
	int sockets[2];

	igt_assert_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	igt_assert_errno(send_fd(sockets[0], buffer.fd), 0);
	buffer_free(&buffer);
	igt_assert(bufinfo_find(inode, &info));
	close(sockets[0]);
	close(sockets[1]);
	igt_assert(!bufinfo_find(inode, &info));
}

/* Whether a program that was started sees a descriptor of that number. */
static bool survives_exec(int fd)
{
	char path[64];
	int status;
	pid_t child;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		execlp("readlink", "readlink", "-q", path, NULL);
		_exit(2);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return !WEXITSTATUS(status);
}

static void closed_at_exec(void)
{
	struct dumb dumb = dumb_new(cards.vgem, BUFFER_SIZE);
	int fd = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);

	igt_assert_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	igt_assert(!survives_exec(fd));
	close(fd);
	fd = prime_export(dumb.card, dumb.handle, 0);
	igt_assert_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	igt_assert(survives_exec(fd));
	close(fd);
	dumb_free(&dumb);
}

static const struct core_subtest subtests[] = {
	{ "dup", "A copied descriptor keeps the buffer.", NULL, copied },
	{ "fork", "Parent and child have the same buffer.", NULL, inherited },
	{ "scm-rights", "A descriptor goes through a socket and back.", NULL, sent },
	{ "scm-rights-lost", "One that nobody receives is no leak.", lost, NULL },
	{ "cloexec", "It is closed at exec if that was asked for.", closed_at_exec, NULL },
};

void sharing_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
