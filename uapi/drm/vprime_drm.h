/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_VPRIME_DRM_H_
#define _UAPI_VPRIME_DRM_H_

#include <drm/drm.h>
#include <drm/vprime_consumer.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* Numbers up to 0xf are of fences; the first two are vgem's. */
#define DRM_VPRIME_FENCE_ATTACH 0x1
#define DRM_VPRIME_FENCE_SIGNAL 0x2
#define DRM_VPRIME_TIMELINE_CREATE 0x3
#define DRM_VPRIME_TIMELINE_DESTROY 0x4
#define DRM_VPRIME_TIMELINE_FENCE 0x5
#define DRM_VPRIME_TIMELINE_SIGNAL 0x6

/* How long a fence waits to be signalled if nobody says less, and at most. */
#define VPRIME_FENCE_TIMEOUT_MS 10000

/* The fence is a writer's; without it a reader's. */
#define VPRIME_FENCE_WRITE 0x1

/**
 * struct drm_vprime_fence_attach - put a new fence on a buffer
 * @handle: in: GEM handle, native or imported
 * @flags: in: 0 or VPRIME_FENCE_WRITE
 * @out_fence: out: number of the fence in this file
 * @pad: in: 0
 * @timeout_ms: in: milliseconds until the fence expires; 0 for the longest,
 *	VPRIME_FENCE_TIMEOUT_MS
 * @pad2: in: 0
 *
 * The first sixteen bytes are struct drm_vgem_fence_attach.
 */
struct drm_vprime_fence_attach {
	__u32 handle;
	__u32 flags;
	__u32 out_fence;
	__u32 pad;
	__u32 timeout_ms;
	__u32 pad2;
};

/**
 * struct drm_vprime_fence_signal - signal a fence and forget it
 * @fence: in: number that DRM_VPRIME_FENCE_ATTACH gave
 * @flags: in: 0
 * @error: in: 0 if the work was done, otherwise why not: a positive errno
 * @pad: in: 0
 *
 * The first eight bytes are struct drm_vgem_fence_signal.
 */
struct drm_vprime_fence_signal {
	__u32 fence;
	__u32 flags;
	__u32 error;
	__u32 pad;
};

/**
 * struct drm_vprime_timeline_create - make a timeline, which stands at 0
 * @timeline: out: its number in this file
 * @flags: in: 0
 */
struct drm_vprime_timeline_create {
	__u32 timeline;
	__u32 flags;
};

/**
 * struct drm_vprime_timeline_destroy - end a timeline
 * @timeline: in: its number; fences that wait get ECANCELED
 * @flags: in: 0
 */
struct drm_vprime_timeline_destroy {
	__u32 timeline;
	__u32 flags;
};

/* Give a sync file of the fence. */
#define VPRIME_TIMELINE_SYNC_FILE 0x2

/**
 * struct drm_vprime_timeline_fence - make a fence of a point of a timeline
 * @timeline: in: the timeline's number
 * @flags: in: VPRIME_TIMELINE_SYNC_FILE, VPRIME_FENCE_WRITE
 * @point: in: the fence signals when the timeline gets here; more than 0
 * @handle: in: GEM handle of the buffer to put it on; 0 for none
 * @timeout_ms: in: as in &drm_vprime_fence_attach.timeout_ms
 * @fd: out: the sync file, close-on-exec; -1 if none was asked for
 * @pad: in: 0
 */
struct drm_vprime_timeline_fence {
	__u32 timeline;
	__u32 flags;
	__u64 point;
	__u32 handle;
	__u32 timeout_ms;
	__s32 fd;
	__u32 pad;
};

/**
 * struct drm_vprime_timeline_signal - move a timeline on
 * @timeline: in: the timeline's number
 * @flags: in: 0
 * @point: in: where it stands from now on; more than before
 * @error: in: 0, or the positive errno that the points passed now end with
 * @pad: in: 0
 */
struct drm_vprime_timeline_signal {
	__u32 timeline;
	__u32 flags;
	__u64 point;
	__u32 error;
	__u32 pad;
};

#define DRM_IOCTL_VPRIME_FENCE_ATTACH                        \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VPRIME_FENCE_ATTACH, \
		 struct drm_vprime_fence_attach)
#define DRM_IOCTL_VPRIME_FENCE_SIGNAL                       \
	DRM_IOW(DRM_COMMAND_BASE + DRM_VPRIME_FENCE_SIGNAL, \
		struct drm_vprime_fence_signal)
#define DRM_IOCTL_VPRIME_TIMELINE_CREATE                        \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VPRIME_TIMELINE_CREATE, \
		 struct drm_vprime_timeline_create)
#define DRM_IOCTL_VPRIME_TIMELINE_DESTROY                       \
	DRM_IOW(DRM_COMMAND_BASE + DRM_VPRIME_TIMELINE_DESTROY, \
		struct drm_vprime_timeline_destroy)
#define DRM_IOCTL_VPRIME_TIMELINE_FENCE                        \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VPRIME_TIMELINE_FENCE, \
		 struct drm_vprime_timeline_fence)
#define DRM_IOCTL_VPRIME_TIMELINE_SIGNAL                       \
	DRM_IOW(DRM_COMMAND_BASE + DRM_VPRIME_TIMELINE_SIGNAL, \
		struct drm_vprime_timeline_signal)

/* Numbers from 0x10 on are of buffers. */
#define DRM_VPRIME_GEM_CREATE 0x10
#define DRM_VPRIME_GEM_INFO 0x11

/* Memory of a buffer that is made; the default is shmem, cached. */
#define VPRIME_GEM_CONTIGUOUS 0x1
#define VPRIME_GEM_WRITE_COMBINE 0x2

/**
 * struct drm_vprime_gem_create - make a buffer
 * @size: in: bytes, more than 0; out: rounded up to pages
 * @flags: in: VPRIME_GEM_CONTIGUOUS for memory in one piece,
 *	VPRIME_GEM_WRITE_COMBINE to have the CPU write past its caches
 * @handle: out: GEM handle
 * @pad: in: 0
 */
struct drm_vprime_gem_create {
	__u64 size;
	__u32 flags;
	__u32 handle;
	__u64 pad;
};

/* What is true of a buffer when it is asked for. */
#define VPRIME_GEM_IMPORTED 0x1
#define VPRIME_GEM_READ_ONLY 0x2
#define VPRIME_GEM_EXPORTED 0x4
#define VPRIME_GEM_RESIDENT 0x8
#define VPRIME_GEM_PINNED 0x10
#define VPRIME_GEM_NO_CPU 0x20

/**
 * struct drm_vprime_gem_info - ask what a buffer is
 * @handle: in: GEM handle
 * @pad: in: 0
 * @size: out: bytes
 * @offset: out: where the device's file maps it; 0 if the CPU can't reach it
 * @flags: out: those it was made with; 0 for an import
 * @state: out: VPRIME_GEM_IMPORTED, it is another device's;
 *	VPRIME_GEM_READ_ONLY, this client may not write;
 *	VPRIME_GEM_EXPORTED, a native buffer has a dma-buf;
 *	VPRIME_GEM_RESIDENT, its memory is there (import: mapped);
 *	VPRIME_GEM_PINNED, it must not move; VPRIME_GEM_NO_CPU
 * @segments: out: how many pieces a native buffer's memory is in, or how many
 *	an import's exporter gave; 0 if there is none now
 * @moves: out: how often it was moved; import: how often it was mapped
 */
struct drm_vprime_gem_info {
	__u32 handle;
	__u32 pad;
	__u64 size;
	__u64 offset;
	__u32 flags;
	__u32 state;
	__u32 segments;
	__u32 moves;
};

#define DRM_IOCTL_VPRIME_GEM_CREATE                        \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VPRIME_GEM_CREATE, \
		 struct drm_vprime_gem_create)
#define DRM_IOCTL_VPRIME_GEM_INFO                        \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VPRIME_GEM_INFO, \
		 struct drm_vprime_gem_info)

#if defined(__cplusplus)
}
#endif

#endif /* _UAPI_VPRIME_DRM_H_ */
