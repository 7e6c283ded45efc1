// SPDX-License-Identifier: MIT
/*
 * Calls: screen consumers and the frames they acquire.
 */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <drm/vprime_consumer.h>

#include "call.h"
#include "run.h"

static int64_t consumer_open(struct step *step, const uint64_t *args)
{
	struct drm_vprime_consumer_open open = {
		.crtc_id = args[1],
		.flags = args[2],
		.policy = args[3],
		.queue = args[3] ? args[4] : args[4] > 8 ? args[4] :
							   0,
		.deadline_ms = args[5],
	};

	return STEP_MAKE(step, args[0], DRM_IOCTL_VPRIME_CONSUMER_OPEN, &open, open.fd);
}

/* All that comes with it is the program's; the picture's first dma-buf and its fence are told. */
static int64_t consumer_acquire(struct step *step, const uint64_t *args)
{
	struct drm_vprime_consumer_acquire acquire = { .timeout_ms = args[1], .in_flags = args[2] };
	int ret = STEP_IOCTL(step, args[0], DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, &acquire);

	if (ret)
		return ret;
	if (acquire.kind != VPRIME_CONSUMER_FRAME)
		return 0;
	step_made(step, 1, acquire.planes[0].fd);
	step_made(step, 2, acquire.fence_fd);
	return acquire.id;
}

static int64_t consumer_release(struct step *step, const uint64_t *args)
{
	struct drm_vprime_consumer_release release = { .id = args[1], .fence_fd = args[2] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_VPRIME_CONSUMER_RELEASE, &release);
}

/* As most do: it was read by the CPU. */
static int64_t consumer_return(struct step *step, const uint64_t *args)
{
	const uint64_t with[] = { args[0], args[1], -1 };

	return consumer_release(step, with);
}

static int64_t consumer_eventfd(struct step *step, const uint64_t *args)
{
	struct drm_vprime_consumer_eventfd eventfd = { .fd = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, &eventfd);
}

static int64_t consumer_poll(struct step *step, const uint64_t *args)
{
	struct pollfd consumer = { .fd = args[0], .events = args[1] };

	(void)step;
	return poll(&consumer, 1, args[2] % 40);
}

#define OPEN_FLAGS                                            \
	(VPRIME_CONSUMER_NONBLOCK | VPRIME_CONSUMER_CLOEXEC | \
	 VPRIME_CONSUMER_CURSOR_SEPARATE | VPRIME_CONSUMER_YUV | VPRIME_CONSUMER_COMPOSED)

const struct call consumer_calls[] = {
	CALL("consumer_open", MODE_SCREEN, 6, consumer_open, MAKES(KIND_CONSUMER), ANY(CARD),
	     ANY(CRTC), MOST(FLAGS, OPEN_FLAGS), MOST(NUMBER, 1), MOST(NUMBER, 8),
	     MOST(NUMBER, 200)),
	CALL("consumer_acquire", MODE_SCREEN, 16, consumer_acquire,
	     MAKES(KIND_FRAME, KIND_DMABUF, KIND_SYNC_FILE), ANY(CONSUMER), ANY(MS),
	     MOST(NUMBER, 0)),
	CALL("consumer_release", MODE_SCREEN, 8, consumer_release, MAKES(KIND_NONE), ANY(CONSUMER),
	     ANY(FRAME), ANY(SYNC_FILE)),
	CALL("consumer_return", MODE_SCREEN | MODE_ENDS, 8, consumer_return, MAKES(KIND_NONE),
	     ANY(CONSUMER), ANY(FRAME)),
	CALL("consumer_eventfd", MODE_SCREEN, 3, consumer_eventfd, MAKES(KIND_NONE), ANY(CONSUMER),
	     ANY(EVENTFD)),
	CALL("consumer_poll", MODE_SCREEN, 4, consumer_poll, MAKES(KIND_NONE), ANY(CONSUMER),
	     MOST(FLAGS, 0x1f), ANY(MS)),
	CALL_END,
};
