/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_VPRIME_DRM_H_
#define _UAPI_VPRIME_DRM_H_

#include <drm/drm.h>

#if defined(__cplusplus)
extern "C" {
#endif

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
