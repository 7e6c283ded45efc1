// SPDX-License-Identifier: MIT
/*
 * Calls that anybody with the node may make, and what they give to whom: objects of
 * another client, objects that are not in a lease, the screen's picture. Run in a
 * process of its own as one role: nothing here asserts.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include <drm/vprime_drm.h>

#include "permissions.h"

static int errno_of(int ret)
{
	return ret < 0 ? errno : 0;
}

static int open_consumer(const struct stage *stage, int fd)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = stage->crtc,
		.flags = VPRIME_CONSUMER_CLOEXEC,
		.policy = VPRIME_CONSUMER_LATEST,
		.deadline_ms = 10,
	};
	int ret = errno_of(ioctl(fd, DRM_IOCTL_VPRIME_CONSUMER_OPEN, &args));

	if (!ret)
		close(args.fd);
	return ret;
}

/* Everybody is told size and pitch; the buffer is in the handle. */
static int get_fb(const struct stage *stage, int fd)
{
	struct drm_mode_fb_cmd args = { .fb_id = stage->fb };
	int ret = errno_of(ioctl(fd, DRM_IOCTL_MODE_GETFB, &args));

	return ret ? ret : args.handle ? 0 :
					 EACCES;
}

static int get_fb2(const struct stage *stage, int fd)
{
	struct drm_mode_fb_cmd2 args = { .fb_id = stage->fb };
	int ret = errno_of(ioctl(fd, DRM_IOCTL_MODE_GETFB2, &args));

	return ret ? ret : args.handles[0] ? 0 :
					     EACCES;
}

static int remove_fb(const struct stage *stage, int fd)
{
	uint32_t id = stage->fb;

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_RMFB, &id));
}

static int close_fb(const struct stage *stage, int fd)
{
	struct drm_mode_closefb args = { .fb_id = stage->fb };

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_CLOSEFB, &args));
}

static int read_blob(const struct stage *stage, int fd)
{
	struct drm_mode_get_blob args = { .blob_id = stage->blob };

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_GETPROPBLOB, &args));
}

static int destroy_blob(const struct stage *stage, int fd)
{
	struct drm_mode_destroy_blob args = { .blob_id = stage->blob };

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_DESTROYPROPBLOB, &args));
}

static int open_name(const struct stage *stage, int fd)
{
	struct drm_gem_open args = { .name = stage->name };

	return errno_of(ioctl(fd, DRM_IOCTL_GEM_OPEN, &args));
}

static int map_offset(const struct stage *stage, int fd)
{
	void *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, stage->offset);

	if (map == MAP_FAILED)
		return errno;
	munmap(map, 4096);
	return 0;
}

static int set_plane(int fd, uint32_t plane)
{
	struct drm_mode_set_plane args = { .plane_id = plane };

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_SETPLANE, &args));
}

static int set_leased_plane(const struct stage *stage, int fd)
{
	return set_plane(fd, stage->overlay[0]);
}

static int set_other_plane(const struct stage *stage, int fd)
{
	return set_plane(fd, stage->overlay[1]);
}

/* An object in the request, with no property. */
static int commit(int fd, uint32_t object)
{
	uint32_t count = 0;
	struct drm_mode_atomic args = {
		.flags = DRM_MODE_ATOMIC_TEST_ONLY,
		.count_objs = 1,
		.objs_ptr = (uintptr_t)&object,
		.count_props_ptr = (uintptr_t)&count,
	};

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_ATOMIC, &args));
}

static int commit_leased_plane(const struct stage *stage, int fd)
{
	return commit(fd, stage->overlay[0]);
}

static int commit_other_plane(const struct stage *stage, int fd)
{
	return commit(fd, stage->overlay[1]);
}

static int commit_writeback(const struct stage *stage, int fd)
{
	return commit(fd, stage->writeback);
}

static int get_connector(const struct stage *stage, int fd)
{
	struct drm_mode_get_connector args = { .connector_id = stage->writeback };

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_GETCONNECTOR, &args));
}

static int get_leased_plane(const struct stage *stage, int fd)
{
	struct drm_mode_get_plane args = { .plane_id = stage->overlay[0] };

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_GETPLANE, &args));
}

static int get_other_plane(const struct stage *stage, int fd)
{
	struct drm_mode_get_plane args = { .plane_id = stage->overlay[1] };

	return errno_of(ioctl(fd, DRM_IOCTL_MODE_GETPLANE, &args));
}

static int wait_for_frame(const struct stage *stage, int fd)
{
	struct drm_crtc_get_sequence args = { .crtc_id = stage->crtc };

	return errno_of(ioctl(fd, DRM_IOCTL_CRTC_GET_SEQUENCE, &args));
}

/* The first is tried before another gives a handle of the same buffer. */
const struct call probes[] = {
	{ .name = "mmap: where another maps a buffer", .probe = map_offset },
	{ .name = "VPRIME_CONSUMER_OPEN: see the screen",
	  .request = DRM_IOCTL_VPRIME_CONSUMER_OPEN,
	  .probe = open_consumer,
	  .may = MAY(MASTER) | MAY(LESSEE) | ADMINS,
	  .hidden = MAY(REVOKED) },
	{ .name = "MODE_GETFB: a handle of the buffer shown",
	  .probe = get_fb,
	  .may = MASTERS | MAY(ADMIN) },
	{ .name = "MODE_GETFB2: the same",
	  .probe = get_fb2,
	  .may = MASTERS | MAY(ADMIN) },
	{ .name = "MODE_RMFB: another's", .probe = remove_fb, .hidden = CARDS },
	{ .name = "MODE_CLOSEFB: another's", .probe = close_fb, .hidden = CARDS },
	{ .name = "MODE_GETPROPBLOB: another's", .probe = read_blob, .may = CARDS },
	{ .name = "MODE_DESTROYPROPBLOB: another's", .probe = destroy_blob, .refused = CARDS },
	{ .name = "GEM_OPEN: a name that another gave", .probe = open_name, .may = TRUSTED },
	{ .name = "CRTC_GET_SEQUENCE: of a CRTC",
	  .probe = wait_for_frame,
	  .may = CARDS & ~MAY(REVOKED),
	  .hidden = MAY(REVOKED) },
	{ .name = "MODE_GETPLANE: a plane",
	  .probe = get_leased_plane,
	  .may = CARDS & ~MAY(REVOKED),
	  .hidden = MAY(REVOKED) },
	{ .name = "MODE_GETPLANE: one that is not leased",
	  .probe = get_other_plane,
	  .may = CARDS & ~LESSEES,
	  .hidden = LESSEES },
	{ .name = "MODE_GETCONNECTOR: one that is not leased",
	  .probe = get_connector,
	  .may = CARDS & ~LESSEES,
	  .hidden = LESSEES },
	{ .name = "MODE_SETPLANE: a plane",
	  .probe = set_leased_plane,
	  .may = MASTERS & ~MAY(REVOKED),
	  .hidden = MAY(REVOKED) },
	{ .name = "MODE_SETPLANE: one that is not leased",
	  .probe = set_other_plane,
	  .may = MASTERS & ~LESSEES,
	  .hidden = LESSEES },
	{ .name = "MODE_ATOMIC: a plane",
	  .probe = commit_leased_plane,
	  .may = MASTERS & ~MAY(REVOKED),
	  .hidden = MAY(REVOKED) },
	{ .name = "MODE_ATOMIC: one that is not leased",
	  .probe = commit_other_plane,
	  .may = MASTERS & ~LESSEES,
	  .hidden = LESSEES },
	{ .name = "MODE_ATOMIC: the writeback connector, not leased",
	  .probe = commit_writeback,
	  .may = MASTERS & ~LESSEES,
	  .hidden = LESSEES },
};

const size_t num_probes = sizeof(probes) / sizeof(probes[0]);
