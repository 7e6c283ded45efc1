// SPDX-License-Identifier: MIT
/*
 * The ioctls as a 32-bit program calls them. A 64-bit one can, too: by int 0x80
 * the kernel takes it for one, and DMA_BUF_SET_NAME has another number then.
 * Pointers must fit into 32 bits.
 */
#include "core_subtests.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "fences.h"
#include "igt_api.h"
#include "proc_files.h"

#define PAGE 4096

#ifdef __x86_64__

#define NR32_GETPID 20
#define NR32_IOCTL 54

/* A return value as the kernel gives it: negative errno or result. */
static int syscall32(unsigned int number, unsigned int a, unsigned int b, unsigned int c)
{
	long ret = number;

	asm volatile("int $0x80"
		     : "+a"(ret)
		     : "b"((unsigned long)a), "c"((unsigned long)b), "d"((unsigned long)c)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

static int ioctl32(int fd, unsigned long request, const void *argument)
{
	igt_assert_eq((unsigned long)argument >> 32, 0);
	return syscall32(NR32_IOCTL, fd, request, (unsigned long)argument);
}

/* Memory that a 32-bit pointer reaches. Without the emulation int 0x80 is fatal. */
static void *low_page(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	pid_t child = fork();
	int status;

	igt_assert(page != MAP_FAILED && child >= 0);
	if (!child)
		_exit(syscall32(NR32_GETPID, 0, 0, 0) == getpid() ? 0 : 1);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_require_f(!status, "the kernel runs no 32-bit programs\n");
	return page;
}

static void check_sync(void)
{
	struct dma_buf_sync *sync = low_page();
	struct buffer buffer = buffer_new_vgem();

	for (int i = DMA_BUF_SYNC_READ; i <= DMA_BUF_SYNC_RW; i++) {
		sync->flags = DMA_BUF_SYNC_START | i;
		igt_assert_eq(ioctl32(buffer.fd, DMA_BUF_IOCTL_SYNC, sync), 0);
		sync->flags = DMA_BUF_SYNC_END | i;
		igt_assert_eq(ioctl32(buffer.fd, DMA_BUF_IOCTL_SYNC, sync), 0);
	}
	sync->flags = 0;
	igt_assert_eq(ioctl32(buffer.fd, DMA_BUF_IOCTL_SYNC, sync), -EINVAL);
	igt_assert_eq(ioctl32(buffer.fd, DMA_BUF_IOCTL_SYNC, NULL), -EFAULT);
	igt_assert_eq(ioctl32(buffer.fd, _IO(DMA_BUF_BASE, 9), sync), -ENOTTY);
	munmap(sync, PAGE);
	buffer_free(&buffer);
}

static void check_name(void)
{
	char *text = low_page();
	struct buffer buffer = buffer_new_vgem();

	memcpy(text, "thirty-two", sizeof("thirty-two"));
	/* A char * of 32 bits makes it number A, for programs of old as well. */
	igt_assert_eq(ioctl32(buffer.fd, DMA_BUF_SET_NAME_A, text), 0);
	igt_assert(!strcmp(fdinfo_read(buffer.fd).name, "thirty-two"));
	memcpy(text, "sixty-four", sizeof("sixty-four"));
	igt_assert_eq(ioctl32(buffer.fd, DMA_BUF_SET_NAME_B, text), 0);
	igt_assert(!strcmp(fdinfo_read(buffer.fd).name, "sixty-four"));
	memset(text, 'x', 32);
	text[32] = '\0';
	igt_assert_eq(ioctl32(buffer.fd, DMA_BUF_SET_NAME_A, text), -EINVAL);
	munmap(text, PAGE);
	buffer_free(&buffer);
}

static void check_sync_file(void)
{
	struct dma_buf_export_sync_file *export = low_page();
	struct dma_buf_import_sync_file *import = (void *)(export + 1);
	struct buffer from = buffer_new_vgem(), to = buffer_new_vgem();
	uint32_t fence = fence_attach(&from, true);

	*export = (struct dma_buf_export_sync_file){ .flags = DMA_BUF_SYNC_RW, .fd = -1 };
	igt_assert_eq(ioctl32(from.fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, export), 0);
	igt_assert_eq(poll_one(export->fd, POLLIN, 0), 0);
	*import = (struct dma_buf_import_sync_file){ .flags = DMA_BUF_SYNC_READ,
						     .fd = export->fd };
	igt_assert_eq(ioctl32(to.fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, import), 0);
	igt_assert_eq(poll_one(to.fd, POLLIN | POLLOUT, 0), POLLIN);
	fence_signal(&from, fence);
	igt_assert_eq(poll_one(to.fd, POLLOUT, PATIENCE_MS), POLLOUT);
	close(export->fd);
	munmap(export, PAGE);
	buffer_free(&to);
	buffer_free(&from);
}

#else

static void no_32_bit(void)
{
	igt_require_f(false, "known for x86-64 only\n");
}

#define check_sync no_32_bit
#define check_name no_32_bit
#define check_sync_file no_32_bit

#endif

static const struct core_subtest subtests[] = {
	{ "compat-sync", "DMA_BUF_IOCTL_SYNC of a 32-bit program.", check_sync, NULL },
	{ "compat-name", "DMA_BUF_SET_NAME of a 32-bit program.", check_name, NULL },
	{ "compat-sync-file", "Sync files of a 32-bit program.", check_sync_file, NULL },
};

void compat_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
