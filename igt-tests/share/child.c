// SPDX-License-Identifier: MIT
/*
 * A process that takes one side of an exchange, to be killed or to be given a
 * descriptor; and a fence that is held by a third.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/vgem_fence.h"
#include "matrix.h"

/* An assertion jumps back to the subtest: here that must be the end of the child. */
static _Noreturn void child_run(struct exchange *exchange,
				void (*body)(struct exchange *exchange, int socket), int socket)
{
	if (sigsetjmp(igt_subtest_jmpbuf, 1) || sigsetjmp(igt_dynamic_jmpbuf, 1))
		_exit(1);
	body(exchange, socket);
	_exit(0);
}

void child_start(struct exchange *exchange, void (*body)(struct exchange *exchange, int socket))
{
	struct child *child = &exchange->child;
	int sockets[2];

	igt_assert_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	fflush(NULL);
	child->pid = fork();
	igt_assert_errno(child->pid, 0);
	if (!child->pid) {
		close(sockets[0]);
		child_run(exchange, body, sockets[1]);
	}
	close(sockets[1]);
	child->socket = sockets[0];
}

static int child_end(struct exchange *exchange)
{
	struct child *child = &exchange->child;
	int status = -1;

	igt_assert_eq(waitpid(child->pid, &status, 0), child->pid);
	close(child->socket);
	*child = (struct child){ .socket = -1 };
	return status;
}

void child_join(struct exchange *exchange)
{
	int status = child_end(exchange);

	igt_assert_f(!status, "the other process ended with status %#x\n", status);
}

void child_kill(struct exchange *exchange)
{
	int status;

	kill(exchange->child.pid, SIGKILL);
	status = child_end(exchange);
	igt_assert_f(WIFSIGNALED(status), "the other process ended before with status %#x\n",
		     status);
}

void child_say(int socket)
{
	igt_assert_eq(send(socket, "", 1, MSG_NOSIGNAL), 1);
}

bool child_says(const struct exchange *exchange, int timeout_ms)
{
	struct pollfd pollfd = { .fd = exchange->child.socket, .events = POLLIN };
	char byte;

	return poll(&pollfd, 1, timeout_ms) == 1 && recv(pollfd.fd, &byte, 1, 0) == 1;
}

void child_hear(const struct exchange *exchange)
{
	igt_assert_f(child_says(exchange, SCREEN_PATIENCE_MS), "the other process is silent\n");
}

void child_wait(int socket)
{
	char byte;

	igt_assert_eq(recv(socket, &byte, 1, 0), 1);
}

void hold_begin(struct exchange *exchange, int fd, bool write)
{
	struct hold *hold = &exchange->hold;

	hold->card = drm_open_card("vgem", 0);
	igt_require_f(hold->card >= 0, "needs vgem, whose fences a program can signal\n");
	hold->fence = vgem_fence_attach(hold->card, prime_import(hold->card, fd), write);
}

void hold_end(struct exchange *exchange)
{
	struct hold *hold = &exchange->hold;

	vgem_fence_signal(hold->card, hold->fence);
	close(hold->card);
	hold->card = -1;
}
