// SPDX-License-Identifier: MIT
/*
 * Calls: mappings, made, changed, touched and looked at from outside. They are all in the
 * arena, so that nothing of the fuzzer's is hit.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "arena.h"
#include "call.h"
#include "run.h"

#define PAGE 4096u

static uint64_t length_of(uint64_t size)
{
	return (size % ARENA_SLOT + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

static int64_t outside(struct step *step)
{
	step->idle = true;
	errno = EFAULT;
	return -1;
}

static int64_t map_at(int fd, uint64_t size, int prot, int flags, uint64_t offset)
{
	void *map = mmap(arena_slot(), length_of(size) ?: PAGE, prot, flags | MAP_FIXED, fd,
			 offset);

	return map == MAP_FAILED ? -1 : (intptr_t)map;
}

static int64_t map_buf(struct step *step, const uint64_t *args)
{
	(void)step;
	return map_at(args[0], args[1], args[2], args[3] ? MAP_PRIVATE : MAP_SHARED,
		      args[4] & ~(uint64_t)(PAGE - 1));
}

static int64_t map_handle(struct step *step, const uint64_t *args)
{
	(void)step;
	return map_at(args[0], args[2], args[3], MAP_SHARED | (args[4] ? MAP_POPULATE : 0),
		      args[1]);
}

static int64_t map_anonymous(struct step *step, const uint64_t *args)
{
	(void)step;
	return map_at(-1, args[0], PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
}

static int64_t unmap(struct step *step, const uint64_t *args)
{
	if (!arena_has(args[0], length_of(args[1])))
		return outside(step);
	step->idle = !length_of(args[1]);
	if (!step->idle)
		arena_drop(args[0], length_of(args[1]));
	return 0;
}

static int64_t remap(struct step *step, const uint64_t *args)
{
	void *map;

	if (!arena_has(args[0], length_of(args[1])) || !arena_has(args[0], length_of(args[2])))
		return outside(step);
	map = mremap((void *)(uintptr_t)args[0], length_of(args[1]), length_of(args[2]),
		     args[3] ? MREMAP_MAYMOVE | MREMAP_FIXED : 0, args[3] ? arena_slot() : NULL);
	if (map == MAP_FAILED)
		return -1;
	if (args[3] && length_of(args[1]))
		arena_drop(args[0], length_of(args[1]));
	return (intptr_t)map;
}

static int64_t protect(struct step *step, const uint64_t *args)
{
	if (!arena_has(args[0], length_of(args[1])))
		return outside(step);
	return mprotect((void *)(uintptr_t)args[0], length_of(args[1]), args[2]);
}

static int64_t advise(struct step *step, const uint64_t *args)
{
	static const int advices[] = { MADV_DONTNEED, MADV_WILLNEED, MADV_HUGEPAGE,
				       MADV_DONTFORK, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
				       MADV_COLD, MADV_PAGEOUT };

	if (!arena_has(args[0], length_of(args[1])))
		return outside(step);
	return madvise((void *)(uintptr_t)args[0], length_of(args[1]), advices[args[2] % 8]);
}

static void read_all(char *memory, size_t size)
{
	for (size_t i = 0; i < size; i += PAGE)
		*(volatile char *)(memory + i);
}

static void write_all(char *memory, size_t size)
{
	for (size_t i = 0; i < size; i += PAGE)
		*(volatile char *)(memory + i) = i >> 12;
}

static int64_t touch(struct step *step, const uint64_t *args)
{
	size_t size = args[1] % (1 << 20);

	if (!arena_has(args[0], size))
		return outside(step);
	return step_touch(step, args[2] ? write_all : read_all, (char *)(uintptr_t)args[0], size) ?
		       0 :
		       -1;
}

/* As a debugger does. */
static int64_t peek(struct step *step, const uint64_t *args)
{
	char text[64] = "fuzz";
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	int64_t ret;

	if (fd < 0)
		return -1;
	if (!arena_has(args[0] + args[1], sizeof(text)))
		ret = outside(step);
	else if (args[2])
		ret = pwrite(fd, text, sizeof(text), args[0] + args[1]);
	else
		ret = pread(fd, text, sizeof(text), args[0] + args[1]);
	close(fd);
	return ret;
}

/* The kernel takes the pages, for as long as the pipe has them. */
static int64_t splice_pages(struct step *step, const uint64_t *args)
{
	struct iovec pages = { .iov_base = (void *)(uintptr_t)args[0], .iov_len = 2 * PAGE };
	int pipes[2];
	int64_t ret;

	if (!arena_has(args[0], 2 * PAGE))
		return outside(step);
	if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK))
		return -1;
	ret = vmsplice(pipes[1], &pages, 1, SPLICE_F_NONBLOCK);
	close(pipes[0]);
	close(pipes[1]);
	return ret;
}

static int64_t process_read(struct step *step, const uint64_t *args)
{
	char text[256];
	struct iovec local = { .iov_base = text, .iov_len = sizeof(text) };
	struct iovec remote = { .iov_base = (void *)(uintptr_t)args[0], .iov_len = sizeof(text) };

	if (!arena_has(args[0], sizeof(text)))
		return outside(step);
	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
}

const struct call memory_calls[] = {
	CALL("map_buf", MODE_ALL, 16, map_buf, MAKES(KIND_MAP), ANY(DMABUF), ANY(SIZE),
	     MOST(FLAGS, 3), MOST(NUMBER, 0), MOST(NUMBER, 8192)),
	CALL("map_handle", MODE_ALL, 16, map_handle, MAKES(KIND_MAP), ANY(DRM), ANY(OFFSET),
	     ANY(SIZE), MOST(FLAGS, 3), MOST(NUMBER, 1)),
	CALL("map_anonymous", MODE_ALL | MODE_PASSED, 1, map_anonymous, MAKES(KIND_MAP),
	     ANY(SIZE)),
	CALL("unmap", MODE_ALL | MODE_ENDS, 6, unmap, MAKES(KIND_NONE), ANY(MAP), ANY(SIZE)),
	CALL("remap", MODE_ALL | MODE_PASSED, 4, remap, MAKES(KIND_MAP), ANY(MAP), ANY(SIZE),
	     ANY(SIZE), MOST(NUMBER, 1)),
	CALL("protect", MODE_ALL, 4, protect, MAKES(KIND_NONE), ANY(MAP), ANY(SIZE),
	     MOST(FLAGS, 7)),
	CALL("advise", MODE_ALL, 4, advise, MAKES(KIND_NONE), ANY(MAP), ANY(SIZE),
	     MOST(NUMBER, 7)),
	CALL("touch", MODE_ALL, 18, touch, MAKES(KIND_NONE), ANY(MAP), ANY(SIZE), MOST(NUMBER, 1)),
	CALL("peek", MODE_ALL, 4, peek, MAKES(KIND_NONE), ANY(MAP), MOST(NUMBER, 8192),
	     MOST(NUMBER, 1)),
	CALL("splice_pages", MODE_ALL, 2, splice_pages, MAKES(KIND_NONE), ANY(MAP)),
	CALL("process_read", MODE_ALL, 2, process_read, MAKES(KIND_NONE), ANY(MAP)),
	CALL_END,
};
