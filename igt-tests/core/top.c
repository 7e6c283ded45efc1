// SPDX-License-Identifier: MIT
/*
 * tools/dmabuf-top, on any core: what others named is told as it was given, and who
 * has a buffer is found wherever the descriptor is.
 */
#include "core_subtests.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "igt_api.h"

#define TOP "/vprime/bin/dmabuf-top"

/* Whether the line of JSON about that buffer holds the text. */
static bool top_tells(ino_t inode, const char *expected)
{
	char *text = NULL, key[40];
	bool found = false;
	size_t size = 0;
	FILE *top;

	igt_require_f(!access(TOP, X_OK), "needs dmabuf-top\n");
	snprintf(key, sizeof(key), "\"inode\": %llu,", (unsigned long long)inode);
	top = popen(TOP " --json", "r");
	igt_assert(top);
	while (getline(&text, &size, top) > 0)
		found |= strstr(text, key) && strstr(text, expected);
	igt_assert_eq(pclose(top), 0);
	free(text);
	return found;
}

static void hostile_name(void)
{
	struct buffer buffer = buffer_new_vgem();

	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_SET_NAME_B, "a\nbuffer\tino=1\\"), 0);
	igt_assert(top_tells(dmabuf_inode(buffer.fd), "\"a\\u000abuffer\\u0009ino=1\\\\\""));
	buffer_free(&buffer);
}

static void hostile_comm(void)
{
	struct buffer buffer;
	char before[16];
	bool told;

	igt_assert_errno(prctl(PR_GET_NAME, before), 0);
	igt_assert_errno(prctl(PR_SET_NAME, "a\nb\tc\\"), 0);
	buffer = buffer_new_vgem();
	told = top_tells(dmabuf_inode(buffer.fd), "\"comm\": \"a\\u000ab\\u0009c\\\\\"");
	prctl(PR_SET_NAME, before);
	igt_assert(told);
	buffer_free(&buffer);
}

/* A thread that has descriptors of its own, among them the only one of a buffer. */
struct keeper {
	pthread_barrier_t barrier;
	int fd;
};

static void *keep(void *data)
{
	struct keeper *keeper = data;
	int unshared = unshare(CLONE_FILES);

	pthread_barrier_wait(&keeper->barrier); /* it has its own, the others close theirs */
	pthread_barrier_wait(&keeper->barrier); /* it was looked for */
	if (!unshared)
		close(keeper->fd);
	return NULL;
}

static void other_table(void)
{
	struct buffer buffer = buffer_new_vgem();
	ino_t inode = dmabuf_inode(buffer.fd);
	struct keeper keeper = { .fd = buffer.fd };
	char expected[64];
	pthread_t thread;
	bool told;

	igt_assert_eq(pthread_barrier_init(&keeper.barrier, NULL, 2), 0);
	igt_assert_eq(pthread_create(&thread, NULL, keep, &keeper), 0);
	pthread_barrier_wait(&keeper.barrier);
	close(buffer.fd);
	buffer.fd = -1;
	snprintf(expected, sizeof(expected), "{ \"pid\": %d, ", getpid());
	told = top_tells(inode, "\"fds\": 1") && top_tells(inode, expected);
	pthread_barrier_wait(&keeper.barrier);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&keeper.barrier);
	igt_assert(told);
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "top-hostile-name", "A buffer's name is told as it was given.", hostile_name, NULL },
	{ "top-hostile-comm", "So is a process's.", hostile_comm, NULL },
	{ "top-other-table", "A thread's own descriptors are found.", other_table, NULL },
};

void top_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
