// SPDX-License-Identifier: MIT
/*
 * Clients that have lost their mind: threads call the device, its consumers and
 * shared descriptors with whatever comes, made of numbers that mean something to
 * another. Any errno will do. The kernel's checkers have to be silent, the screen
 * has to go on, and nothing may be left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <xf86drm.h>

#include <drm/vprime_drm.h>

#include "igt_api.h"
#include "lib/dmabuf_count.h"
#include "lib/scene.h"
#include "matrix.h"
#include "race.h"

#define POOL 24
#define CALLS_OF_A_LIFE 200

/* Whose file a call is made on. */
enum where { CLIENT,
	     MASTER,
	     POOLED };

union argument {
	uint32_t words[256];
	struct drm_mode_create_dumb dumb;
	struct drm_vprime_gem_create gem;
	struct drm_vprime_consumer_acquire acquire;
	struct drm_syncobj_array syncobjs;
	struct drm_mode_crtc_page_flip flip;
	struct sync_file_info sync_file;
	char name[DMA_BUF_NAME_LEN];
};

/**
 * struct call - something to ask for
 * @where: a descriptor that takes it
 * @command: the ioctl
 * @mend: takes out of the argument what would harm the test: more memory than
 *	there is, its own addresses, waiting for ever
 * @fd: where in the argument a descriptor comes back; 0: nowhere
 */
struct call {
	enum where where;
	unsigned long command;
	void (*mend)(union argument *argument);
	size_t fd;
};

static struct screen screen;
static uint32_t shown[2];
static atomic_int pool[POOL];
static atomic_uint accepted;

/* Small, or more than any machine has. */
static void mend_dumb(union argument *argument)
{
	argument->dumb.width %= argument->dumb.width >> 31 ? ~0u : 256;
	argument->dumb.height %= argument->dumb.height >> 31 ? ~0u : 256;
	argument->dumb.bpp %= 64;
}

static void mend_gem(union argument *argument)
{
	if (!(argument->gem.size >> 62))
		argument->gem.size %= 1 << 20;
}

static void mend_acquire(union argument *argument)
{
	argument->acquire.timeout_ms = (uint32_t)argument->acquire.timeout_ms % 4;
}

static void mend_syncobjs(union argument *argument)
{
	static uint32_t handles[4] = { 1, 2, 3, 0 };

	argument->syncobjs.handles = (uintptr_t)handles;
	argument->syncobjs.count_handles %= 5;
}

/* Frames for the consumers: most flips are right. */
static void mend_flip(union argument *argument)
{
	if (argument->words[0] % 4)
		argument->flip = (struct drm_mode_crtc_page_flip){
			.crtc_id = screen.kms.crtc.id,
			.fb_id = shown[argument->words[0] % 2],
		};
}

static void mend_sync_file(union argument *argument)
{
	argument->sync_file.num_fences = 0;
}

static void mend_name(union argument *argument)
{
	argument->name[DMA_BUF_NAME_LEN - 1] = '\0';
}

#define FD_OF(type, member) offsetof(struct type, member)

static const struct call calls[] = {
	{ CLIENT, DRM_IOCTL_MODE_CREATE_DUMB, mend_dumb, 0 },
	{ CLIENT, DRM_IOCTL_MODE_MAP_DUMB, NULL, 0 },
	{ CLIENT, DRM_IOCTL_MODE_DESTROY_DUMB, NULL, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_GEM_CREATE, mend_gem, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_GEM_INFO, NULL, 0 },
	{ CLIENT, DRM_IOCTL_GEM_CLOSE, NULL, 0 },
	{ CLIENT, DRM_IOCTL_GEM_FLINK, NULL, 0 },
	{ CLIENT, DRM_IOCTL_GEM_OPEN, NULL, 0 },
	{ CLIENT, DRM_IOCTL_PRIME_HANDLE_TO_FD, NULL, FD_OF(drm_prime_handle, fd) },
	{ CLIENT, DRM_IOCTL_PRIME_FD_TO_HANDLE, NULL, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_FENCE_ATTACH, NULL, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_FENCE_SIGNAL, NULL, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_TIMELINE_CREATE, NULL, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_TIMELINE_DESTROY, NULL, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_TIMELINE_FENCE, NULL, FD_OF(drm_vprime_timeline_fence, fd) },
	{ CLIENT, DRM_IOCTL_VPRIME_TIMELINE_SIGNAL, NULL, 0 },
	{ CLIENT, DRM_IOCTL_VPRIME_CONSUMER_OPEN, NULL, FD_OF(drm_vprime_consumer_open, fd) },
	{ CLIENT, DRM_IOCTL_SYNCOBJ_CREATE, NULL, 0 },
	{ CLIENT, DRM_IOCTL_SYNCOBJ_DESTROY, NULL, 0 },
	{ CLIENT, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, NULL, FD_OF(drm_syncobj_handle, fd) },
	{ CLIENT, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, NULL, 0 },
	{ CLIENT, DRM_IOCTL_SYNCOBJ_SIGNAL, mend_syncobjs, 0 },
	{ CLIENT, DRM_IOCTL_SYNCOBJ_RESET, mend_syncobjs, 0 },
	{ MASTER, DRM_IOCTL_MODE_ADDFB2, NULL, 0 },
	{ MASTER, DRM_IOCTL_MODE_CURSOR2, NULL, 0 },
	{ MASTER, DRM_IOCTL_MODE_PAGE_FLIP, mend_flip, 0 },
	{ MASTER, DRM_IOCTL_PRIME_FD_TO_HANDLE, NULL, 0 },
	{ MASTER, DRM_IOCTL_VPRIME_CONSUMER_OPEN, NULL, FD_OF(drm_vprime_consumer_open, fd) },
	{ POOLED, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, mend_acquire, 0 },
	{ POOLED, DRM_IOCTL_VPRIME_CONSUMER_RELEASE, NULL, 0 },
	{ POOLED, DRM_IOCTL_VPRIME_CONSUMER_EVENTFD, NULL, 0 },
	{ POOLED, DMA_BUF_SET_NAME_B, mend_name, 0 },
	{ POOLED, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, NULL, FD_OF(dma_buf_export_sync_file, fd) },
	{ POOLED, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, NULL, 0 },
	{ POOLED, SYNC_IOC_MERGE, NULL, FD_OF(sync_merge_data, fence) },
	{ POOLED, SYNC_IOC_FILE_INFO, mend_sync_file, 0 },
};

/* Marsaglia's xorshift: rand_r() repeats itself too soon in its lower bits. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* For others to use; it takes the place of one that is closed. */
static void pool_put(int fd, uint32_t *seed)
{
	int old = atomic_exchange(&pool[next_random(seed) % POOL], fd);

	if (old >= 0)
		close(old);
}

/* The wilder, 0 to 7, the less of it is zero as it has to be. */
static uint32_t junk(uint32_t *seed, unsigned int wildness)
{
	unsigned int number = next_random(seed), kind = next_random(seed) % 16;

	if (next_random(seed) % 8 > wildness)
		return number % 4 ? 0 : number / 4 % 4;

	switch (kind) {
	case 0:
		return ~0u;
	case 1:
		return number * 2654435761u;
	case 2:
		return 1u << number % 32;
	case 3:
	case 4:
		return pool[number % POOL];
	case 5:
		return screen.kms.crtc.id;
	case 6:
		return shown[number % 2];
	case 7:
	case 8:
		return 0;
	default:
		return number % 8;
	}
}

/* What an acquired frame is made of is to be closed; some of it is tried first. */
static void keep_frame(const struct drm_vprime_consumer_acquire *frame, uint32_t *seed)
{
	if (frame->kind != VPRIME_CONSUMER_FRAME)
		return;
	if (frame->fence_fd >= 0)
		pool_put(frame->fence_fd, seed);
	for (uint32_t i = 0; i < 4; i++)
		if (frame->planes[i].fd >= 0)
			pool_put(frame->planes[i].fd, seed);
	if (frame->flags & VPRIME_CONSUMER_CURSOR_VISIBLE && frame->cursor.plane.fd >= 0)
		pool_put(frame->cursor.plane.fd, seed);
}

static bool random_call(int client, uint32_t *seed)
{
	const struct call *call = &calls[next_random(seed) % (sizeof(calls) / sizeof(calls[0]))];
	const int files[] = { client, screen.kms.fd, pool[next_random(seed) % POOL] };
	const unsigned int wildness = next_random(seed) % 8;
	union argument argument;

	for (size_t i = 0; i < sizeof(argument.words) / sizeof(argument.words[0]); i++)
		argument.words[i] = junk(seed, wildness);
	if (call->mend)
		call->mend(&argument);
	if (ioctl(files[call->where], call->command, &argument) < 0)
		return false;
	if (call->fd && (int)argument.words[call->fd / 4] >= 0)
		pool_put(argument.words[call->fd / 4], seed);
	if (call->command == DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE)
		keep_frame(&argument.acquire, seed);
	return true;
}

/* A life ends with whatever was made in it. */
static int life(const char *node, unsigned int round)
{
	uint32_t seed = (round * 4096u + gettid()) * 2654435761u | 1;
	int client = open(node, O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (client < 0)
		return errno;
	for (int i = 0; i < CALLS_OF_A_LIFE; i++)
		accepted += random_call(client, &seed);
	close(client);
	return 0;
}

static int render_client(unsigned int round)
{
	char *node = drmGetRenderDeviceNameFromFd(screen.kms.fd);
	int error = node ? life(node, round) : ENODEV;

	free(node);
	return error;
}

static int card_client(unsigned int round)
{
	char *node = drmGetPrimaryDeviceNameFromFd(screen.kms.fd);
	int error = node ? life(node, round) : ENODEV;

	free(node);
	return error;
}

static const struct action actions[] = {
	{ "render", render_client, {} },
	{ "card", card_client, {} },
};

static void check_screen(void)
{
	struct kms_fb *fb = screen_picture_fb(&screen, "XRGB8888");
	struct layer layer = layer_new(&screen.kms.primary, fb, 0, 0);

	scene_check(&screen, &layer, 1, "XRGB8888", 0);
}

void race_random(void)
{
	static const char *const names[RACE_THREADS] = { "render", "render", "render", "render",
							 "render", "render", "card", "card" };
	int before = dmabuf_count(), fd;
	struct layer layer;

	igt_require_f(!strcmp(share_driver(), "vprime"), "calls of vprime\n");
	screen_open(&screen, 0);
	for (int i = 0; i < 2; i++) {
		struct kms_fb *fb = screen_picture_fb(&screen, "XRGB8888");

		shown[i] = fb->id;
		layer = layer_new(&screen.kms.primary, fb, 0, 0);
	}
	scene_show(&screen, &layer, 1);
	for (int i = 0; i < POOL; i++)
		pool[i] = -1;
	accepted = 0;
	race_run(actions, sizeof(actions) / sizeof(actions[0]), names);
	/* Arguments that are all refused test nothing. */
	igt_info("%u calls were accepted\n", accepted);
	igt_assert(accepted > 100);
	for (int i = 0; i < POOL; i++) {
		fd = atomic_exchange(&pool[i], -1);
		if (fd >= 0)
			close(fd);
	}
	check_screen();
	screen_close(&screen);
	dmabuf_assert_count(before);
}
