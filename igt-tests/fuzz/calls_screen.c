// SPDX-License-Identifier: MIT
/*
 * Calls: showing something as programs did before atomic commits: modes, flips, planes,
 * the cursor; and waiting for vblanks.
 */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/drm_mode.h>

#include "call.h"
#include "mode.h"
#include "parts.h"
#include "run.h"

/* Many frames a second: who waits for one waits shortly. */
#define SHOW_HZ 200

/* Connectors by their place: the first is the screen's. */
static uint32_t screen_connector(void)
{
	return parts_id(KIND_CONNECTOR, 0);
}

static int64_t crtc_set_mode(struct step *step, const uint64_t *args,
			     const struct drm_mode_modeinfo *mode, uint32_t connector)
{
	struct drm_mode_crtc crtc = { .crtc_id = args[1],
				      .fb_id = args[2],
				      .mode_valid = !!mode,
				      .count_connectors = !!mode,
				      .set_connectors_ptr = (uintptr_t)&connector };

	if (mode)
		crtc.mode = *mode;
	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_SETCRTC, &crtc);
}

/* A mode as big as the program's pictures. */
static int64_t crtc_show(struct step *step, const uint64_t *args)
{
	struct drm_mode_modeinfo mode;

	mode_make(&mode, args[3], args[4], SHOW_HZ - 20, 64, 0);
	return crtc_set_mode(step, args, &mode, screen_connector());
}

static int64_t crtc_mode(struct step *step, const uint64_t *args)
{
	struct drm_mode_modeinfo mode;

	mode_make(&mode, args[3], args[4], args[5], args[6], args[7]);
	return crtc_set_mode(step, args, &mode, args[8]);
}

static int64_t crtc_off(struct step *step, const uint64_t *args)
{
	const uint64_t with[] = { args[0], args[1], 0 };

	return crtc_set_mode(step, with, NULL, 0);
}

static int64_t crtc_get(struct step *step, const uint64_t *args)
{
	struct drm_mode_crtc crtc = { .crtc_id = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_GETCRTC, &crtc);
}

static int64_t page_flip(struct step *step, const uint64_t *args)
{
	struct drm_mode_crtc_page_flip flip = { .crtc_id = args[1],
						.fb_id = args[2],
						.flags = args[3],
						.user_data = args[4] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_PAGE_FLIP, &flip);
}

static int64_t cursor_show(struct step *step, const uint64_t *args)
{
	struct drm_mode_cursor2 cursor = { .flags = DRM_MODE_CURSOR_BO,
					   .crtc_id = args[1],
					   .handle = args[2],
					   .width = args[3],
					   .height = args[4],
					   .hot_x = args[5],
					   .hot_y = args[6] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_CURSOR2, &cursor);
}

static int64_t cursor_move(struct step *step, const uint64_t *args)
{
	struct drm_mode_cursor cursor = { .flags = DRM_MODE_CURSOR_MOVE,
					  .crtc_id = args[1],
					  .x = args[2],
					  .y = args[3] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_CURSOR, &cursor);
}

static int64_t plane_set(struct step *step, const uint64_t *args)
{
	struct drm_mode_set_plane set = { .plane_id = args[1],
					  .crtc_id = args[2],
					  .fb_id = args[3],
					  .crtc_x = args[4],
					  .crtc_y = args[5],
					  .crtc_w = args[6],
					  .crtc_h = args[7],
					  .src_x = args[8] << 16,
					  .src_y = args[9] << 16,
					  .src_w = args[6] << 16,
					  .src_h = args[7] << 16 };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_SETPLANE, &set);
}

static int64_t wait_vblank(struct step *step, const uint64_t *args)
{
	union drm_wait_vblank wait = {};

	wait.request.type = args[1];
	wait.request.sequence = args[2];
	wait.request.signal = args[3];
	return STEP_IOCTL(step, args[0], DRM_IOCTL_WAIT_VBLANK, &wait);
}

static int64_t sequence_get(struct step *step, const uint64_t *args)
{
	struct drm_crtc_get_sequence get = { .crtc_id = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_CRTC_GET_SEQUENCE, &get);
}

static int64_t sequence_queue(struct step *step, const uint64_t *args)
{
	struct drm_crtc_queue_sequence queue = { .crtc_id = args[1],
						 .flags = args[2],
						 .sequence = args[3] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_CRTC_QUEUE_SEQUENCE, &queue);
}

/* Takes events, if there are some. */
static int64_t card_events(struct step *step, const uint64_t *args)
{
	struct pollfd card = { .fd = args[0], .events = POLLIN };
	char events[256];

	(void)step;
	if (poll(&card, 1, args[1] % 40) <= 0)
		return 0;
	return read(args[0], events, sizeof(events));
}

#define FLIP_FLAGS (DRM_MODE_PAGE_FLIP_EVENT | DRM_MODE_PAGE_FLIP_ASYNC)

const struct call screen_calls[] = {
	CALL("crtc_show", MODE_SCREEN, 14, crtc_show, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC),
	     ANY(FB), ANY(WIDTH), ANY(HEIGHT)),
	CALL("crtc_mode", MODE_SCREEN, 6, crtc_mode, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC),
	     ANY(FB), ANY(WIDTH), ANY(HEIGHT), MOST(NUMBER, 400), MOST(NUMBER, 16), ANY(SEED),
	     ANY(CONNECTOR)),
	CALL("crtc_off", MODE_SCREEN, 3, crtc_off, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC)),
	CALL("crtc_get", MODE_SCREEN, 1, crtc_get, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC)),
	CALL("page_flip", MODE_SCREEN, 14, page_flip, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC),
	     ANY(FB), MOST(FLAGS, FLIP_FLAGS), ANY(SEED)),
	CALL("cursor_show", MODE_SCREEN, 7, cursor_show, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC),
	     ANY(HANDLE), MOST(NUMBER, 128), MOST(NUMBER, 128), MOST(NUMBER, 16),
	     MOST(NUMBER, 16)),
	CALL("cursor_64", MODE_SCREEN, 6, cursor_show, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC),
	     ANY(HANDLE), ANY(WIDTH), ANY(HEIGHT), MOST(NUMBER, 0), MOST(NUMBER, 0)),
	CALL("cursor_move", MODE_SCREEN, 10, cursor_move, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC),
	     ANY(X), ANY(Y)),
	CALL("plane_set", MODE_SCREEN, 10, plane_set, MAKES(KIND_NONE), ANY(CARD), ANY(PLANE),
	     ANY(CRTC), ANY(FB), ANY(X), ANY(Y), ANY(WIDTH), ANY(HEIGHT),
	     MOST(NUMBER, 0), MOST(NUMBER, 0)),
	CALL("wait_vblank", MODE_SCREEN, 3, wait_vblank, MAKES(KIND_NONE), ANY(CARD),
	     MOST(FLAGS, 0x5c000001), MOST(NUMBER, 2), ANY(SEED)),
	CALL("sequence_get", MODE_SCREEN, 1, sequence_get, MAKES(KIND_NONE), ANY(CARD), ANY(CRTC)),
	CALL("sequence_queue", MODE_SCREEN, 2, sequence_queue, MAKES(KIND_NONE), ANY(CARD),
	     ANY(CRTC), MOST(FLAGS, 3), MOST(NUMBER, 3)),
	CALL("card_events", MODE_SCREEN, 5, card_events, MAKES(KIND_NONE), ANY(CARD), ANY(MS)),
	CALL_END,
};
