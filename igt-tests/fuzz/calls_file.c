// SPDX-License-Identifier: MIT
/*
 * Calls: descriptors whatever is behind them: copied, sent to other processes, waited
 * for, read, closed.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "call.h"
#include "run.h"

static int64_t fd_close(struct step *step, const uint64_t *args)
{
	(void)step;
	return close(args[0]);
}

static int64_t fd_dup(struct step *step, const uint64_t *args)
{
	(void)step;
	return dup(args[0]);
}

static int64_t fd_read(struct step *step, const uint64_t *args)
{
	struct pollfd file = { .fd = args[0], .events = POLLIN };
	char data[512];

	(void)step;
	if (poll(&file, 1, 0) <= 0)
		return 0;
	return read(args[0], data, args[1] % sizeof(data));
}

static int64_t fd_write(struct step *step, const uint64_t *args)
{
	uint64_t data[2] = { args[1] };

	(void)step;
	return write(args[0], data, 8);
}

static int64_t fd_poll(struct step *step, const uint64_t *args)
{
	struct pollfd files[2] = { { .fd = args[0], .events = args[2] },
				   { .fd = args[1], .events = args[2] >> 4 } };

	(void)step;
	return poll(files, 2, args[3] % 30);
}

static int64_t event_new(struct step *step, const uint64_t *args)
{
	(void)step;
	return eventfd(args[0], EFD_CLOEXEC | EFD_NONBLOCK | (args[1] ? EFD_SEMAPHORE : 0));
}

static int64_t epoll_new(struct step *step, const uint64_t *args)
{
	(void)step;
	(void)args;
	return epoll_create1(EPOLL_CLOEXEC);
}

static int64_t epoll_change(struct step *step, const uint64_t *args)
{
	struct epoll_event event = { .events = args[3] };

	(void)step;
	if (args[2] & 1)
		event.events |= EPOLLET;
	return epoll_ctl(args[0], args[2] > 5 ? EPOLL_CTL_DEL : EPOLL_CTL_ADD, args[1], &event);
}

static int64_t epoll_take(struct step *step, const uint64_t *args)
{
	struct epoll_event events[4];

	(void)step;
	return epoll_wait(args[0], events, 4, args[1] % 30);
}

/* To whoever looks into the box next, this process or another. */
static int64_t fd_send(struct step *step, const uint64_t *args)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte = 0;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fd = args[0];

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(step->thread->runner->mailbox[0], &message, MSG_DONTWAIT);
}

static int64_t fd_receive(struct step *step, const uint64_t *args)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	int fd = -1;

	(void)args;
	if (recvmsg(step->thread->runner->mailbox[1], &message,
		    MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

const struct call file_calls[] = {
	CALL("fd_close", MODE_ALL | MODE_ENDS, 6, fd_close, MAKES(KIND_NONE), ANY(FD)),
	CALL("close_drm", MODE_ALL | MODE_ENDS, 2, fd_close, MAKES(KIND_NONE), ANY(DRM)),
	CALL("close_buf", MODE_ALL | MODE_ENDS, 8, fd_close, MAKES(KIND_NONE), ANY(DMABUF)),
	CALL("close_consumer", MODE_SCREEN | MODE_ENDS, 3, fd_close, MAKES(KIND_NONE),
	     ANY(CONSUMER)),
	CALL("dup_drm", MODE_ALL | MODE_PASSED, 1, fd_dup, MAKES(KIND_RENDER), ANY(DRM)),
	CALL("dup_card", MODE_SCREEN | MODE_PASSED, 1, fd_dup, MAKES(KIND_CARD), ANY(CARD)),
	CALL("dup_buf", MODE_ALL | MODE_PASSED, 2, fd_dup, MAKES(KIND_DMABUF), ANY(DMABUF)),
	CALL("dup_consumer", MODE_SCREEN | MODE_PASSED, 1, fd_dup, MAKES(KIND_CONSUMER),
	     ANY(CONSUMER)),
	CALL("fd_read", MODE_ALL, 3, fd_read, MAKES(KIND_NONE), ANY(FD), MOST(NUMBER, 511)),
	CALL("fd_write", MODE_ALL, 1, fd_write, MAKES(KIND_NONE), ANY(FD), MOST(NUMBER, 3)),
	CALL("fd_poll", MODE_ALL, 8, fd_poll, MAKES(KIND_NONE), ANY(FD), ANY(DMABUF),
	     MOST(FLAGS, 0xff), ANY(MS)),
	CALL("event_new", MODE_ALL, 2, event_new, MAKES(KIND_EVENTFD), MOST(NUMBER, 3),
	     MOST(NUMBER, 1)),
	CALL("epoll_new", MODE_ALL, 2, epoll_new, MAKES(KIND_EPOLL)),
	CALL("epoll_change", MODE_ALL, 5, epoll_change, MAKES(KIND_NONE), ANY(EPOLL), ANY(FD),
	     MOST(NUMBER, 7), MOST(FLAGS, 0x1f)),
	CALL("epoll_take", MODE_ALL, 3, epoll_take, MAKES(KIND_NONE), ANY(EPOLL), ANY(MS)),
	CALL("send_drm", MODE_ALL, 2, fd_send, MAKES(KIND_NONE), ANY(DRM)),
	CALL("send_buf", MODE_ALL, 3, fd_send, MAKES(KIND_NONE), ANY(DMABUF)),
	CALL("send_sync", MODE_ALL, 2, fd_send, MAKES(KIND_NONE), ANY(SYNC_FILE)),
	CALL("send_consumer", MODE_SCREEN, 1, fd_send, MAKES(KIND_NONE), ANY(CONSUMER)),
	CALL("receive_drm", MODE_ALL | MODE_PASSED, 1, fd_receive, MAKES(KIND_RENDER)),
	CALL("receive_buf", MODE_ALL | MODE_PASSED, 3, fd_receive, MAKES(KIND_DMABUF)),
	CALL("receive_sync", MODE_ALL | MODE_PASSED, 2, fd_receive, MAKES(KIND_SYNC_FILE)),
	CALL_END,
};
