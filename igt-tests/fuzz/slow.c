// SPDX-License-Identifier: MIT
/*
 * Slow memory: pages that userfaultfd protects from writing. A thread sees that somebody
 * wants to write, lets him wait, and lets him go on. What is written is not known here.
 */
#include "slow.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "run.h"

#define PAGE 4096
#define PAGES (PROGRAM_MAX_THREADS + 1)
#define PATIENCE_US 3000

static int uffd = -1;
static char *memory;
static atomic_uint taken;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void protect(char *page, bool on)
{
	struct uffdio_writeprotect range = {
		.range = { .start = (uintptr_t)page, .len = PAGE },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	ioctl(uffd, UFFDIO_WRITEPROTECT, &range);
}

static void *serve(void *unused)
{
	struct uffd_msg message;

	while (read(uffd, &message, sizeof(message)) == sizeof(message)) {
		uintptr_t address = message.arg.pagefault.address;

		usleep(PATIENCE_US);
		protect((char *)(address & ~(uintptr_t)(PAGE - 1)), false);
	}
	return unused;
}

static void init(void)
{
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP };
	struct uffdio_register pages = { .mode = UFFDIO_REGISTER_MODE_WP };
	pthread_t thread;

	memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	uffd = run_own_fd(syscall(SYS_userfaultfd, O_CLOEXEC));
	if (memory == MAP_FAILED || uffd < 0 || ioctl(uffd, UFFDIO_API, &api))
		goto none;
	memset(memory, 0, PAGES * PAGE);
	pages.range.start = (uintptr_t)memory;
	pages.range.len = PAGES * PAGE;
	if (!ioctl(uffd, UFFDIO_REGISTER, &pages) &&
	    !pthread_create(&thread, NULL, serve, NULL))
		return;
none:
	memory = NULL;
}

char *slow_page(void)
{
	unsigned int page;

	pthread_once(&once, init);
	if (!memory)
		return NULL;
	page = taken++;
	return page < PAGES ? memory + page * PAGE : NULL;
}

void slow_begin(char *page)
{
	protect(page, true);
}

void slow_end(char *page)
{
	protect(page, false);
}
