// SPDX-License-Identifier: MIT
/*
 * Calls: dma-bufs, whoever makes them: PRIME of the devices, heaps, udmabuf; and what a
 * dma-buf can be asked.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <drm/drm.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>

#include "call.h"
#include "run.h"
#include "text.h"

/* The heap takes all memory there is for a larger one, or says no to what is 0 in pages. */
#define MAX_HEAP_SIZE (1024 << 10)
#define MEMFD_SIZE (256 << 10)

static int64_t prime_export(struct step *step, const uint64_t *args)
{
	struct drm_prime_handle prime = { .handle = args[1], .flags = args[2] | DRM_CLOEXEC };

	return STEP_MAKE(step, args[0], DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime, prime.fd);
}

static int64_t prime_import(struct step *step, const uint64_t *args)
{
	struct drm_prime_handle prime = { .fd = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime, prime.handle);
}

/* Somebody else's, to be read only. */
static int64_t canary(struct step *step, const uint64_t *args)
{
	(void)args;
	step->idle = step->thread->runner->canary < 0;
	return step->idle ? -1 : dup(step->thread->runner->canary);
}

static int64_t buf_sync(struct step *step, const uint64_t *args)
{
	struct dma_buf_sync sync = { .flags = args[1] };

	return STEP_IOCTL(step, args[0], DMA_BUF_IOCTL_SYNC, &sync);
}

static int64_t buf_name(struct step *step, const uint64_t *args)
{
	char name[DMA_BUF_NAME_LEN + 1] = "";

	for (unsigned int i = 0; i < args[1] % sizeof(name); i++)
		name[i] = args[1] >> i;
	return step_ioctl(step, args[0], DMA_BUF_SET_NAME_B, name, sizeof(name));
}

static int64_t buf_export_fences(struct step *step, const uint64_t *args)
{
	struct dma_buf_export_sync_file export = { .flags = args[1], .fd = -1 };

	return STEP_MAKE(step, args[0], DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export, export.fd);
}

static int64_t buf_import_fences(struct step *step, const uint64_t *args)
{
	struct dma_buf_import_sync_file import = { .flags = args[2], .fd = args[1] };

	return STEP_IOCTL(step, args[0], DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import);
}

static int64_t buf_seek(struct step *step, const uint64_t *args)
{
	(void)step;
	return lseek(args[0], args[1], args[2]);
}

static int64_t heap_open(struct step *step, const uint64_t *args)
{
	static const char *const heaps[] = { "system", "default_cma_region", "reserved" };
	char path[64];

	(void)step;
	snprintf(path, sizeof(path), "/dev/dma_heap/%s", heaps[args[0] % 3]);
	return open(path, O_RDWR | O_CLOEXEC);
}

static int64_t heap_alloc(struct step *step, const uint64_t *args)
{
	uint64_t size = args[1] > -4096ull ? args[1] : args[1] % MAX_HEAP_SIZE;
	struct dma_heap_allocation_data data = { .len = size,
						 .fd_flags = args[2] | O_CLOEXEC,
						 .heap_flags = args[3] };

	return STEP_MAKE(step, args[0], DMA_HEAP_IOCTL_ALLOC, &data, (int)data.fd);
}

static int64_t memfd(struct step *step, const uint64_t *args)
{
	int huge = args[0] ? MFD_HUGETLB : 0;
	int fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING | huge);

	(void)step;
	if (fd < 0)
		return -1;
	if (!ftruncate(fd, MEMFD_SIZE) && args[1])
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK);
	return fd;
}

static int64_t memfd_truncate(struct step *step, const uint64_t *args)
{
	(void)step;
	return ftruncate(args[0], args[1] % (1 << 20));
}

static int64_t memfd_seal(struct step *step, const uint64_t *args)
{
	(void)step;
	return fcntl(args[0], F_ADD_SEALS, args[1]);
}

static int64_t udmabuf_open(struct step *step, const uint64_t *args)
{
	(void)step;
	(void)args;
	return open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
}

static int64_t udmabuf_create(struct step *step, const uint64_t *args)
{
	struct udmabuf_create create = { .memfd = args[1],
					 .flags = args[2],
					 .offset = args[3],
					 .size = args[4] };

	return STEP_IOCTL(step, args[0], UDMABUF_CREATE, &create);
}

static int64_t udmabuf_list(struct step *step, const uint64_t *args)
{
	struct {
		struct udmabuf_create_list list;
		struct udmabuf_create_item items[2];
	} create = {
		.list = { .flags = UDMABUF_FLAGS_CLOEXEC, .count = args[5] },
		.items = { { .memfd = args[1], .offset = args[3], .size = 4096 },
			   { .memfd = args[2], .offset = args[4], .size = 8192 } },
	};

	return step_ioctl(step, args[0], UDMABUF_CREATE_LIST, &create, sizeof(create));
}

/* What /proc tells of a descriptor, and of who holds it. */
static int64_t read_fdinfo(struct step *step, const uint64_t *args)
{
	char path[48];

	(void)step;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", (int)args[0]);
	return text_read(path);
}

const struct call prime_calls[] = {
	CALL("prime_export", MODE_ALL, 24, prime_export, MAKES(KIND_DMABUF), ANY(DRM), ANY(HANDLE),
	     MOST(FLAGS, DRM_RDWR)),
	CALL("prime_import", MODE_ALL, 24, prime_import, MAKES(KIND_HANDLE), ANY(DRM),
	     ANY(DMABUF)),
	CALL("canary", MODE_ALL | MODE_PASSED, 4, canary, MAKES(KIND_DMABUF)),
	CALL("buf_sync", MODE_ALL, 16, buf_sync, MAKES(KIND_NONE), ANY(DMABUF), MOST(FLAGS, 7)),
	CALL("buf_name", MODE_ALL, 2, buf_name, MAKES(KIND_NONE), ANY(DMABUF), ANY(SEED)),
	CALL("buf_export_fences", MODE_ALL, 10, buf_export_fences, MAKES(KIND_SYNC_FILE),
	     ANY(DMABUF), MOST(FLAGS, 3)),
	CALL("buf_import_fences", MODE_ALL, 12, buf_import_fences, MAKES(KIND_NONE), ANY(DMABUF),
	     ANY(SYNC_FILE), MOST(FLAGS, 3)),
	CALL("buf_seek", MODE_ALL, 2, buf_seek, MAKES(KIND_NONE), ANY(DMABUF), MOST(NUMBER, 2),
	     MOST(NUMBER, 4)),
	CALL("heap_open", MODE_ALL, 2, heap_open, MAKES(KIND_HEAP), MOST(NUMBER, 1)),
	CALL("heap_alloc", MODE_ALL, 5, heap_alloc, MAKES(KIND_DMABUF), ANY(HEAP), ANY(SIZE),
	     MOST(FLAGS, O_RDWR), MOST(NUMBER, 0)),
	CALL("memfd", MODE_ALL, 3, memfd, MAKES(KIND_MEMFD), MOST(NUMBER, 0), MOST(NUMBER, 1)),
	CALL("memfd_truncate", MODE_ALL, 2, memfd_truncate, MAKES(KIND_NONE), ANY(MEMFD),
	     ANY(SIZE)),
	CALL("memfd_seal", MODE_ALL, 1, memfd_seal, MAKES(KIND_NONE), ANY(MEMFD),
	     MOST(FLAGS, 0x1f)),
	CALL("udmabuf_open", MODE_ALL, 2, udmabuf_open, MAKES(KIND_UDMABUF)),
	CALL("udmabuf_create", MODE_ALL, 5, udmabuf_create, MAKES(KIND_DMABUF), ANY(UDMABUF),
	     ANY(MEMFD), MOST(FLAGS, 1), MOST(NUMBER, 0), ANY(SIZE)),
	CALL("udmabuf_list", MODE_ALL, 3, udmabuf_list, MAKES(KIND_DMABUF), ANY(UDMABUF),
	     ANY(MEMFD), ANY(MEMFD), MOST(NUMBER, 0), MOST(NUMBER, 0), MOST(NUMBER, 2)),
	CALL("fdinfo", MODE_ALL, 3, read_fdinfo, MAKES(KIND_NONE), ANY(FD)),
	CALL_END,
};
