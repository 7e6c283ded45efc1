// SPDX-License-Identifier: MIT
/*
 * How somebody comes to be what he is to a card: a process that drops its privileges,
 * opens a node as a member of the node's group, and is authenticated, made master, or
 * given a lease. The tests' own file gives way to it as master and takes that back.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "permissions.h"

/* Rows of all tables, and numbers of an ioctl. */
#define MAX_RESULTS 256

/* What the process and the tests tell each other; a magic is 0 unless wanted. */
struct message {
	int ready;
	drm_magic_t magic;
};

/*
 * @name: of the subtest
 * @title: in the table
 * @admin: with CAP_SYS_ADMIN
 * @master: the tests' own file can't be master meanwhile
 */
static const struct {
	const char *name;
	const char *title;
	int admin;
	int master;
} roles[ROLES] = {
	[RENDER] = { "render-node", "render node" },
	[CARD] = { "card", "card, not authenticated" },
	[AUTHENTICATED] = { "authenticated", "card, authenticated" },
	[MASTER] = { "master", "master", .master = 1 },
	[LESSEE] = { "lessee", "lessee", .master = 1 },
	[REVOKED] = { "revoked-lessee", "lessee, revoked", .master = 1 },
	[FORMER] = { "former-master", "former master", .master = 1 },
	[ADMIN] = { "admin", "CAP_SYS_ADMIN", .admin = 1 },
	[MASTER_ADMIN] = { "master-admin", "master, CAP_SYS_ADMIN", .admin = 1, .master = 1 },
};

const char *role_name(enum role role)
{
	return roles[role].name;
}

const char *role_title(enum role role)
{
	return roles[role].title;
}

/* Nobody, who is in the groups of both nodes. */
static int drop_privileges(const struct stage *stage)
{
	struct stat card, render;
	gid_t groups[2];

	if (stat(stage->card, &card) || stat(stage->render, &render))
		return -1;
	groups[0] = card.st_gid;
	groups[1] = render.st_gid;
	return setgroups(2, groups) || setresgid(NOBODY, NOBODY, NOBODY) ||
	       setresuid(NOBODY, NOBODY, NOBODY);
}

/* By a render node there is nothing of the kind. */
static void set_caps(int fd)
{
	drmSetClientCap(fd, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1);
	drmSetClientCap(fd, DRM_CLIENT_CAP_ATOMIC, 1);
	drmSetClientCap(fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1);
}

/* With the capabilities, without which a CRTC's lease has its planes in it. */
static int take_lease(const struct stage *stage, int card, int revoke)
{
	uint32_t objects[] = { stage->crtc, stage->connector, stage->primary, stage->overlay[0] };
	uint32_t id;
	int lease;

	set_caps(card);
	lease = drmModeCreateLease(card, objects, 4, O_CLOEXEC, &id);
	if (lease >= 0 && revoke && drmModeRevokeLease(card, id))
		return -1;
	return lease;
}

/* The file, or -1. */
static int become(enum role role, const struct stage *stage, struct message *message)
{
	int fd;

	if (!roles[role].admin && drop_privileges(stage))
		return -1;
	fd = open(role == RENDER ? stage->render : stage->card, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	switch (role) {
	case AUTHENTICATED:
		return drmGetMagic(fd, &message->magic) ? -1 : fd;
	case LESSEE:
	case REVOKED:
		fd = take_lease(stage, fd, role == REVOKED);
		break;
	case FORMER:
		return drmDropMaster(fd) ? -1 : fd;
	default:
		break;
	}
	return fd;
}

/* In the process: it ends here. */
static _Noreturn void role_child(enum role role, const struct stage *stage, int socket,
				 void (*body)(const struct stage *stage, int fd, int *results),
				 int *results)
{
	struct message message = { 0 };
	int fd = become(role, stage, &message);

	message.ready = fd < 0 ? -errno : 1;
	if (write(socket, &message, sizeof(message)) != sizeof(message) || fd < 0 ||
	    read(socket, &message, sizeof(message)) != sizeof(message))
		_exit(1);
	set_caps(fd);
	body(stage, fd, results);
	_exit(0);
}

/* What only the owner can do for it. */
static void help(enum role role, const struct stage *stage, int socket)
{
	struct message message = { 0 };

	igt_assert_eq(read(socket, &message, sizeof(message)), sizeof(message));
	igt_assert_f(message.ready == 1, "%s: not to be had: %s\n", roles[role].title,
		     strerror(-message.ready));
	if (role == AUTHENTICATED)
		igt_assert_errno(drmAuthMagic(stage->owner, message.magic), 0);
	if (role == FORMER)
		igt_assert_errno(drmSetMaster(stage->owner), 0);
	igt_assert_eq(write(socket, &message, sizeof(message)), sizeof(message));
}

void role_run(enum role role, const struct stage *stage,
	      void (*body)(const struct stage *stage, int fd, int *results), int *results)
{
	size_t size = MAX_RESULTS * sizeof(*results);
	int *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int sockets[2], status;
	pid_t child;

	igt_assert(shared != MAP_FAILED);
	igt_assert_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	if (roles[role].master)
		igt_assert_errno(drmDropMaster(stage->owner), 0);
	fflush(NULL);
	child = fork();
	igt_assert_errno(child, 0);
	if (!child) {
		close(sockets[0]);
		role_child(role, stage, sockets[1], body, shared);
	}
	close(sockets[1]);
	help(role, stage, sockets[0]);
	igt_assert_eq(waitpid(child, &status, 0), child);
	if (roles[role].master && role != FORMER)
		igt_assert_errno(drmSetMaster(stage->owner), 0);
	igt_assert_f(!status, "%s: ended with status %#x\n", roles[role].title, status);
	memcpy(results, shared, size);
	munmap(shared, size);
	close(sockets[0]);
}
