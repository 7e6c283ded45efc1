// SPDX-License-Identifier: MIT
/*
 * What the subtests of vprime_gem share: the driver's own ioctls, and its knobs in
 * configfs and debugfs.
 */
#include "gem/buffer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/screen.h"

uint32_t gem_new(int card, uint64_t size, uint32_t flags)
{
	struct drm_vprime_gem_create create = { .size = size, .flags = flags };

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_GEM_CREATE, &create), 0);
	igt_assert(create.handle && create.size >= size);
	igt_assert_eq(create.size % PAGE_BYTES, 0);
	return create.handle;
}

struct drm_vprime_gem_info gem_info(int card, uint32_t handle)
{
	struct drm_vprime_gem_info info = { .handle = handle };

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_GEM_INFO, &info), 0);
	igt_assert_eq(info.handle, handle);
	return info;
}

void *__gem_map(int card, uint32_t handle, size_t size, int protection)
{
	return mmap(NULL, size, protection, MAP_SHARED, card, gem_info(card, handle).offset);
}

void *gem_map(int card, uint32_t handle, size_t size, int protection)
{
	void *map = __gem_map(card, handle, size, protection);

	igt_assert_f(map != MAP_FAILED, "mmap: %s\n", strerror(errno));
	return map;
}

void gem_fill(int card, uint32_t handle, size_t size, uint32_t seed)
{
	void *map = gem_map(card, handle, size, PROT_READ | PROT_WRITE);

	pattern_noise(map, size, seed);
	munmap(map, size);
}

void gem_assert_noise(int card, uint32_t handle, size_t size, uint32_t seed)
{
	void *map = gem_map(card, handle, size, PROT_READ), *expected = malloc(size);
	bool same;

	igt_assert(expected);
	pattern_noise(expected, size, seed);
	same = !memcmp(map, expected, size);
	free(expected);
	munmap(map, size);
	igt_assert_f(same, "the buffer holds something else\n");
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

int gem_move(unsigned int index, int dmabuf)
{
	char path[80], text[32] = "all";

	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/vprime.%u/vprime_move", index);
	if (dmabuf)
		snprintf(text, sizeof(text), "%lu", (unsigned long)dmabuf_inode(dmabuf));
	return write_file(path, text);
}

unsigned int gem_users(unsigned int index, int dmabuf)
{
	unsigned long long wanted = dmabuf_inode(dmabuf), inode = 0;
	unsigned int count = 0;
	char path[64], line[128];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/vprime.%u/vprime_buffers", index);
	file = fopen(path, "re");
	igt_assert(file);
	while (inode != wanted && fgets(line, sizeof(line), file))
		sscanf(line, "%*u %*u %u %*u %*u %llu", &count, &inode);
	fclose(file);
	igt_assert_eq(inode, wanted);
	return count;
}

void gem_wait_unpinned(int card, uint32_t handle)
{
	for (int tries = 0; tries < SCREEN_PATIENCE_MS / 20; tries++) {
		if (!(gem_info(card, handle).state & VPRIME_GEM_PINNED))
			return;
		usleep(20000);
	}
	igt_assert_f(false, "the buffer stays pinned\n");
}

#define SLOT_FILE "/sys/kernel/config/vprime/vprime.%u/%s"

int slot_set(unsigned int index, const char *file, unsigned long long value)
{
	char path[80], text[32];

	snprintf(path, sizeof(path), SLOT_FILE, index, file);
	snprintf(text, sizeof(text), "%llu", value);
	return write_file(path, text);
}

unsigned long long slot_get(unsigned int index, const char *file)
{
	unsigned long long value;
	char path[80];
	FILE *shown;

	snprintf(path, sizeof(path), SLOT_FILE, index, file);
	shown = fopen(path, "re");
	igt_assert_f(shown && fscanf(shown, "%llu", &value) == 1, "%s shows no number\n", path);
	fclose(shown);
	return value;
}

int slot_bind_driver(unsigned int index, bool bind)
{
	char path[64], device[32];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/vprime/%s",
		 bind ? "bind" : "unbind");
	snprintf(device, sizeof(device), "vprime.%u", index);
	return write_file(path, device);
}

int slot_open_card(unsigned int index)
{
	for (int tries = 0; tries < 100; tries++) {
		int card = drm_open_card("vprime", index);

		if (card >= 0)
			return card;
		usleep(50000);
	}
	igt_assert_f(false, "the new card has no node\n");
}

void limits_reset(void)
{
	static const struct {
		const char *file;
		unsigned long long value;
	} defaults[] = {
		{ "dma_mask_bits", 64 },
		{ "max_segment_size", 0xfffff000 },
		{ "max_segments", 0xffffffff },
		{ "contiguous", 0 },
		{ "cpu_access", 1 },
		{ "plugged", 1 },
	};

	for (unsigned int slot = 0; slot < 2; slot++)
		for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
			igt_assert_eq(slot_set(slot, defaults[i].file, defaults[i].value), 0);
}
