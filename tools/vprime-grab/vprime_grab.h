/* SPDX-License-Identifier: MIT */
#ifndef VPRIME_GRAB_H
#define VPRIME_GRAB_H

#include <stdint.h>

#include <drm/vprime_consumer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * libvprime-grab: frames of a vprime screen as dma-bufs. A thin layer above the
 * ABI in drm/vprime_consumer.h. All functions that return int return 0 or a
 * negative errno, if nothing else is said, and print nothing. A grab may be used
 * by one thread at a time.
 */
struct vprime_grab;

struct vprime_grab_frame {
	struct drm_vprime_consumer_acquire info; /* fds in it belong to the frame */
	const uint8_t *data[4]; /* by vprime_grab_map() */
	void *map[4];
	uint64_t map_size[4];
};

/*
 * Opens a consumer on an open card; @crtc_id 0: the first CRTC. @queue 0: latest
 * only. @flags: VPRIME_CONSUMER_*. The card is not needed afterwards.
 */
int vprime_grab_open(int card, uint32_t crtc_id, uint32_t flags, uint32_t queue,
		     uint32_t deadline_ms, struct vprime_grab **grab);

/* Takes over a consumer's descriptor that somebody else opened. */
int vprime_grab_from_fd(int fd, struct vprime_grab **grab);

/* Gives all back; frames that are not released yet must not be used any more. */
void vprime_grab_close(struct vprime_grab *grab);

/* For poll(): readable when vprime_grab_next() would not wait. */
int vprime_grab_fd(const struct vprime_grab *grab);

/* The next frame or event, see info.kind. @timeout_ms -1: waits for ever. */
int vprime_grab_next(struct vprime_grab *grab, struct vprime_grab_frame *frame, int timeout_ms);

/* Waits until the picture is there. vprime_grab_map() does it by itself. */
int vprime_grab_wait(struct vprime_grab_frame *frame, int timeout_ms);

/* Maps a frame for reading by the CPU, and opens that access. */
int vprime_grab_map(struct vprime_grab_frame *frame);

/*
 * Gives a frame back and closes its descriptors. @fence: sync_file that signals
 * when it is read, or -1: it is. -ETIMEDOUT: it had been kept too long, what was
 * read last may be of a later picture.
 */
int vprime_grab_release(struct vprime_grab *grab, struct vprime_grab_frame *frame, int fence);

#ifdef __cplusplus
}
#endif

#endif
