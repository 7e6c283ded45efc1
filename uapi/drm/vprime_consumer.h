/* SPDX-License-Identifier: MIT */
/*
 * Screen consumers: what is on a screen of vprime, frame by frame, as dma-bufs.
 * Documentation/consumer.rst says what each call promises.
 */
#ifndef _UAPI_VPRIME_CONSUMER_H_
#define _UAPI_VPRIME_CONSUMER_H_

#include <drm/drm.h>
#include <drm/drm_mode.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* Numbers from 0x20 on. The first is for a card, the others for a consumer. */
#define DRM_VPRIME_CONSUMER_OPEN 0x20
#define DRM_VPRIME_CONSUMER_ACQUIRE 0x21
#define DRM_VPRIME_CONSUMER_RELEASE 0x22
#define DRM_VPRIME_CONSUMER_EVENTFD 0x23

/* Flags of DRM_IOCTL_VPRIME_CONSUMER_OPEN. */
#define VPRIME_CONSUMER_CLOEXEC 0x1
#define VPRIME_CONSUMER_NONBLOCK 0x2
#define VPRIME_CONSUMER_CURSOR_SEPARATE 0x4
#define VPRIME_CONSUMER_YUV 0x8
#define VPRIME_CONSUMER_COMPOSED 0x10

/* What happens to frames that the consumer is too slow for. */
#define VPRIME_CONSUMER_LATEST 0
#define VPRIME_CONSUMER_QUEUE 1

/* How many there are on a card at most, and how many are one master's. */
#define VPRIME_CONSUMER_MAX 64
#define VPRIME_CONSUMER_MAX_OF_MASTER 16

#define VPRIME_CONSUMER_MAX_QUEUE 8
#define VPRIME_CONSUMER_MAX_DEADLINE_MS 1000
#define VPRIME_CONSUMER_MAX_DAMAGE 16

/**
 * struct drm_vprime_consumer_open - open a consumer of a CRTC
 * @crtc_id: in: CRTC
 * @flags: in: VPRIME_CONSUMER_CLOEXEC and VPRIME_CONSUMER_NONBLOCK are of @fd;
 *	VPRIME_CONSUMER_CURSOR_SEPARATE, the picture is without the cursor;
 *	VPRIME_CONSUMER_YUV, a picture may be handed out as Y'CbCr;
 *	VPRIME_CONSUMER_COMPOSED, it always is XRGB8888, linear
 * @policy: in: VPRIME_CONSUMER_LATEST or VPRIME_CONSUMER_QUEUE
 * @queue: in: frames queued and acquired at most, 1 to
 *	VPRIME_CONSUMER_MAX_QUEUE; 0 with VPRIME_CONSUMER_LATEST
 * @deadline_ms: in: how long the screen's owner may be kept waiting,
 *	milliseconds, 1 to VPRIME_CONSUMER_MAX_DEADLINE_MS
 * @fd: out: the consumer
 * @pad: in: 0
 */
struct drm_vprime_consumer_open {
	__u32 crtc_id;
	__u32 flags;
	__u32 policy;
	__u32 queue;
	__u32 deadline_ms;
	__s32 fd;
	__u64 pad;
};

/* What an ACQUIRE gives. */
#define VPRIME_CONSUMER_FRAME 0
#define VPRIME_CONSUMER_SCREEN_OFF 1
#define VPRIME_CONSUMER_SCREEN_ON 2

/* True of a frame. */
#define VPRIME_CONSUMER_DIRECT 0x1
#define VPRIME_CONSUMER_MODE_CHANGED 0x2
#define VPRIME_CONSUMER_CURSOR_VISIBLE 0x4

#define VPRIME_CONSUMER_HDR_NONE 0
#define VPRIME_CONSUMER_HDR_STATIC 1

#define VPRIME_CONSUMER_COLORSPACE_DEFAULT 0
#define VPRIME_CONSUMER_COLORSPACE_BT2020_RGB 1

/**
 * struct drm_vprime_consumer_plane - where one plane of a picture is
 * @fd: dma-buf, the caller's to close; -1: no such plane
 * @offset: first byte
 * @pitch: bytes from a line to the next
 * @pad: 0
 */
struct drm_vprime_consumer_plane {
	__s32 fd;
	__u32 offset;
	__u32 pitch;
	__u32 pad;
};

/**
 * struct drm_vprime_consumer_cursor - the cursor, when it is separate
 * @x: left edge on the screen, pixels; may be outside
 * @y: upper edge
 * @width: of the image, pixels
 * @height: of the image, lines
 * @hot_x: column of the hot spot; 0, as the screen does not know it
 * @hot_y: line of the hot spot; 0
 * @format: fourcc of the image
 * @pad: 0
 * @plane: the image
 */
struct drm_vprime_consumer_cursor {
	__s32 x;
	__s32 y;
	__u32 width;
	__u32 height;
	__s32 hot_x;
	__s32 hot_y;
	__u32 format;
	__u32 pad;
	struct drm_vprime_consumer_plane plane;
};

/**
 * struct drm_vprime_consumer_acquire - take the next frame, or event
 * @timeout_ms: in: how long to wait, milliseconds; 0, or VPRIME_CONSUMER_NONBLOCK:
 *	not; -1: for ever. ETIME: nothing came in that time
 * @in_flags: in: 0
 * @kind: out: VPRIME_CONSUMER_FRAME, _SCREEN_OFF or _SCREEN_ON; the rest is set
 *	for a frame only
 * @id: out: for DRM_IOCTL_VPRIME_CONSUMER_RELEASE
 * @flags: out: VPRIME_CONSUMER_DIRECT, the buffers are those that the screen's
 *	owner shows; VPRIME_CONSUMER_MODE_CHANGED, this frame is the first of
 *	another mode; VPRIME_CONSUMER_CURSOR_VISIBLE, @cursor is set
 * @fence_fd: out: sync_file, the caller's to close: nothing may be read before
 *	it signals; -1: the picture is there
 * @sequence: out: number of the frame, one more with each that was shown
 * @time_ns: out: CLOCK_MONOTONIC of the vblank that first showed it
 * @dropped: out: frames this consumer lost so far
 * @expired: out: frames it kept beyond its deadline so far
 * @modifier: out: DRM format modifier
 * @format: out: fourcc
 * @width: out: pixels across, of the picture
 * @height: out: lines
 * @num_planes: out: entries of @planes
 * @encoding: out: of Y'CbCr: 0 BT.601, 1 BT.709, 2 BT.2020
 * @range: out: of Y'CbCr: 0 limited, 1 full
 * @hdr: out: VPRIME_CONSUMER_HDR_NONE, or VPRIME_CONSUMER_HDR_STATIC: @metadata is
 *	set
 * @num_damage: out: entries of @damage; 0: nothing changed
 * @planes: out: the picture
 * @cursor: out: the cursor
 * @damage: out: what changed since the consumer's last frame, pixels
 * @metadata: out: the connector's HDR_OUTPUT_METADATA, as the screen's owner gave it
 * @colorspace: out: the connector's Colorspace, VPRIME_CONSUMER_COLORSPACE_DEFAULT or
 *	VPRIME_CONSUMER_COLORSPACE_BT2020_RGB
 * @pad: 0
 */
struct drm_vprime_consumer_acquire {
	__s32 timeout_ms;
	__u32 in_flags;
	__u32 kind;
	__u32 id;
	__u32 flags;
	__s32 fence_fd;
	__u64 sequence;
	__u64 time_ns;
	__u64 dropped;
	__u64 expired;
	__u64 modifier;
	__u32 format;
	__u32 width;
	__u32 height;
	__u32 num_planes;
	__u32 encoding;
	__u32 range;
	__u32 hdr;
	__u32 num_damage;
	struct drm_vprime_consumer_plane planes[4];
	struct drm_vprime_consumer_cursor cursor;
	struct drm_mode_rect damage[VPRIME_CONSUMER_MAX_DAMAGE];
	struct hdr_output_metadata metadata;
	__u32 colorspace;
	__u32 pad;
};

/**
 * struct drm_vprime_consumer_release - give a frame back
 * @id: in: of the frame
 * @fence_fd: in: sync_file that signals when the caller has read it, or -1:
 *	it has. The caller keeps the descriptor
 * @pad: in: 0
 */
struct drm_vprime_consumer_release {
	__u32 id;
	__s32 fence_fd;
	__u64 pad;
};

/**
 * struct drm_vprime_consumer_eventfd - have an eventfd signalled
 * @fd: in: eventfd that counts what poll() would tell; -1: none any more
 * @pad: in: 0
 */
struct drm_vprime_consumer_eventfd {
	__s32 fd;
	__u32 pad;
};

#define DRM_IOCTL_VPRIME_CONSUMER_OPEN                        \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VPRIME_CONSUMER_OPEN, \
		 struct drm_vprime_consumer_open)
#define DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE                        \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_VPRIME_CONSUMER_ACQUIRE, \
		 struct drm_vprime_consumer_acquire)
#define DRM_IOCTL_VPRIME_CONSUMER_RELEASE                       \
	DRM_IOW(DRM_COMMAND_BASE + DRM_VPRIME_CONSUMER_RELEASE, \
		struct drm_vprime_consumer_release)
#define DRM_IOCTL_VPRIME_CONSUMER_EVENTFD                       \
	DRM_IOW(DRM_COMMAND_BASE + DRM_VPRIME_CONSUMER_EVENTFD, \
		struct drm_vprime_consumer_eventfd)

#if defined(__cplusplus)
}
#endif

#endif /* _UAPI_VPRIME_CONSUMER_H_ */
