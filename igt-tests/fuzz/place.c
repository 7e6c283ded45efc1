// SPDX-License-Identifier: MIT
/*
 * How an ioctl is made: where its argument lies, whether there are descriptors and
 * memory. Slow memory is a page that userfaultfd lets be written only after a while:
 * there the kernel stands in copy_to_user(), and others go on. All arguments are below
 * 4 GiB, for those that are asked as by a 32-bit program.
 */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "slow.h"

#define PAGE 4096
#define IOCTL_OF_32_BITS 54

static struct rlimit descriptors;

void place_init(struct run_thread *thread)
{
	char *memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (memory == MAP_FAILED)
		memory = NULL;
	else
		mprotect(memory + PAGE, PAGE, PROT_NONE);
	thread->place = memory;
	thread->slow = slow_page();
	thread->fail_fd = run_own_fd(open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC));
	if (!thread->index)
		getrlimit(RLIMIT_NOFILE, &descriptors);
}

static void fail_nth(struct run_thread *thread, unsigned int nth)
{
	char text[12];
	int length = 0;

	do
		text[sizeof(text) - ++length] = '0' + nth % 10;
	while (nth /= 10);
	if (pwrite(thread->fail_fd, text + sizeof(text) - length, length, 0) < 0)
		thread->fail_fd = -1;
}

void place_begin(struct step *step)
{
	struct rlimit none = { .rlim_cur = 0, .rlim_max = descriptors.rlim_max };

	if (step->line->how & HOW_FULL)
		setrlimit(RLIMIT_NOFILE, &none);
	step->thread->failing = step->line->how & HOW_FAIL && step->thread->fail_fd >= 0 &&
				!step->thread->runner->child;
	if (step->thread->failing)
		fail_nth(step->thread, step->line->nth);
}

void place_end(struct step *step)
{
	if (step->line->how & HOW_FAIL && step->thread->fail_fd >= 0 &&
	    !step->thread->runner->child)
		fail_nth(step->thread, 0);
	if (step->line->how & HOW_FULL)
		setrlimit(RLIMIT_NOFILE, &descriptors);
}

static int ioctl_of_32_bits(int fd, unsigned long command, void *argument)
{
	long ret = IOCTL_OF_32_BITS;

	__asm__ volatile("int $0x80"
			 : "+a"(ret)
			 : "b"(fd), "c"(command), "d"(argument)
			 : "memory", "r8", "r9", "r10", "r11");
	if (ret >= 0)
		return ret;
	errno = -ret;
	return -1;
}

static int call_at_place(struct step *step, int fd, unsigned long command, void *argument,
			 char *place, size_t size)
{
	int ret, error;

	memcpy(place, argument, size);
	if (step->line->how & HOW_READ_ONLY)
		mprotect(step->thread->place, PAGE, PROT_READ);
	if (step->line->how & HOW_COMPAT)
		ret = ioctl_of_32_bits(fd, command, place);
	else
		ret = ioctl(fd, command, place);
	error = errno;
	if (step->line->how & HOW_READ_ONLY)
		mprotect(step->thread->place, PAGE, PROT_READ | PROT_WRITE);
	memcpy(argument, place, size);
	errno = error;
	return ret;
}

static int call_slowly(struct step *step, int fd, unsigned long command, void *argument,
		       size_t size)
{
	int ret, error;

	memcpy(step->thread->slow, argument, size);
	slow_begin(step->thread->slow);
	ret = ioctl(fd, command, step->thread->slow);
	error = errno;
	slow_end(step->thread->slow);
	memcpy(argument, step->thread->slow, size);
	errno = error;
	return ret;
}

int step_ioctl(struct step *step, int fd, unsigned long command, void *argument, size_t size)
{
	char *place = step->thread->place;

	if (!(step->line->how & (HOW_SLOW | HOW_READ_ONLY | HOW_SHORT | HOW_COMPAT)) || !place ||
	    size > PAGE)
		return ioctl(fd, command, argument);
	if (step->line->how & HOW_SLOW)
		return step->thread->slow && !step->thread->runner->child ?
			       call_slowly(step, fd, command, argument, size) :
			       ioctl(fd, command, argument);
	/* Half of it is there. */
	if (step->line->how & HOW_SHORT)
		return call_at_place(step, fd, command, argument, place + PAGE - size / 2,
				     size / 2);
	return call_at_place(step, fd, command, argument, place, size);
}
