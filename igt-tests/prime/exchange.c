// SPDX-License-Identifier: MIT
/*
 * Who gets what: handles and inodes on both sides of a PRIME exchange. The bytes
 * are the business of vprime_share.
 */
#include "prime_subtests.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/subtests.h"

static void capabilities(struct screen *screen)
{
	uint64_t value;

	igt_assert_errno(drmGetCap(screen->kms.fd, DRM_CAP_PRIME, &value), 0);
	igt_assert_eq(value, DRM_PRIME_CAP_IMPORT | DRM_PRIME_CAP_EXPORT);
	igt_assert_errno(drmGetCap(screen->kms.fd, DRM_CAP_DUMB_BUFFER, &value), 0);
	igt_assert_eq(value, 1);
}

static void self_import(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);

	igt_assert_eq(prime_import(dumb.card, dmabuf), dumb.handle);
	close(dmabuf);
	dumb_free(&dumb);
}

/* Another file of the card has a handle of its own for the very same object. */
static void self_import_other_file(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	uint32_t handle = prime_import(cards.again, dmabuf);
	uint64_t offset;
	uint8_t *map;

	igt_assert_eq(handle_inode(cards.again, handle), dmabuf_inode(dmabuf));
	/* An imported object could not be mapped like this: it is the own one. */
	igt_assert_errno(drmModeMapDumbBuffer(cards.again, handle, &offset), 0);
	map = mmap(NULL, dumb.size, PROT_READ, MAP_SHARED, cards.again, offset);
	igt_assert(map != MAP_FAILED);
	pattern_noise(dumb.map, dumb.size, 1);
	igt_assert(!memcmp(map, dumb.map, dumb.size));
	munmap(map, dumb.size);

	close(dmabuf);
	gem_close(cards.again, handle);
	dumb_free(&dumb);
}

/* By way of a third device the first one gets its own object back. */
static void round_trip(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	uint32_t handle = prime_import(cards.vgem, dmabuf);
	int back = prime_export(cards.vgem, handle, DRM_CLOEXEC);

	close(dmabuf);
	igt_assert_eq(prime_import(screen->kms.fd, back), dumb.handle);
	close(back);
	gem_close(cards.vgem, handle);
	dumb_free(&dumb);
}

static void import_twice(struct screen *screen)
{
	struct dumb dumb = dumb_new(cards.vgem, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	uint32_t handle = prime_import(screen->kms.fd, dmabuf);

	igt_assert_eq(prime_import(screen->kms.fd, dmabuf), handle);
	gem_close(screen->kms.fd, handle);
	/* It was one handle, however often it was asked for. */
	igt_assert_errno(drmCloseBufferHandle(screen->kms.fd, handle), EINVAL);
	close(dmabuf);
	dumb_free(&dumb);
}

static void export_twice(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int one = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	int other = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);

	igt_assert(one != other);
	igt_assert_eq(dmabuf_inode(one), dmabuf_inode(other));
	close(one);
	close(other);
	dumb_free(&dumb);
}

static void different_buffers(struct screen *screen)
{
	struct dumb one = dumb_new(screen->kms.fd, SHARED_SIZE);
	struct dumb other = dumb_new(screen->kms.fd, SHARED_SIZE);

	igt_assert(handle_inode(one.card, one.handle) != handle_inode(other.card, other.handle));
	dumb_free(&one);
	dumb_free(&other);
}

static void render_node(struct screen *screen)
{
	char *path = drmGetRenderDeviceNameFromFd(screen->kms.fd);
	struct dumb dumb = dumb_new(cards.vgem, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	uint32_t handle;
	int render;

	igt_assert_f(path, "no render node\n");
	render = open(path, O_RDWR | O_CLOEXEC);
	igt_assert_f(render >= 0, "%s: %s\n", path, strerror(errno));
	free(path);
	handle = prime_import(render, dmabuf);
	igt_assert_eq(handle_inode(render, handle), dmabuf_inode(dmabuf));
	close(render);
	close(dmabuf);
	dumb_free(&dumb);
}

static void new_buffers_are_zero(struct screen *screen)
{
	for (int round = 0; round < 4; round++) {
		struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);

		for (size_t i = 0; i < dumb.size; i++)
			igt_assert_f(!dumb.map[i], "byte %zu is %02x\n", i, dumb.map[i]);
		memset(dumb.map, 0xa5, dumb.size);
		dumb_free(&dumb);
	}
}

static const struct subtest subtests[] = {
	{ "capabilities", "The card says that it exports and imports.", capabilities },
	{ "self-import", "An own buffer comes back as the handle it has.", self_import },
	{ "self-import-other-file", "Another file of the card gets the same object.",
	  self_import_other_file },
	{ "round-trip", "By way of vgem a buffer comes back as itself.", round_trip },
	{ "import-twice", "One buffer has one handle in a file.", import_twice },
	{ "export-twice", "One object has one dma-buf.", export_twice },
	{ "different-buffers", "Two objects have two dma-bufs.", different_buffers },
	{ "render-node", "The render node imports and exports too.", render_node },
	{ "zeroed", "A new buffer holds nothing of an older one.", new_buffers_are_zero },
};

void exchange_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
