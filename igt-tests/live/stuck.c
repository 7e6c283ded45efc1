// SPDX-License-Identifier: MIT
/*
 * A device hangs with a buffer's lock while the core is exchanged. Livepatch, which has
 * its mutex then, goes on after ten seconds.
 */
#include "live_subtests.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../dma-buf/bench/dmabuf_bench.h"
#include "core/account.h"
#include "core/buffers.h"
#include "core/fences.h"
#include "igt_api.h"
#include "module.h"

/* For so long the lock is kept, and by then the core has to be there, or gone. */
#define HANG_MS 300000
#define LIMIT_MS 90000

static pid_t hang(int fd)
{
	struct dmabuf_bench_misuse misuse = {
		.fd = fd,
		.what = DMABUF_BENCH_LOCK,
		.ms = HANG_MS,
	};
	int bench = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC);
	pid_t child;

	igt_require_f(bench >= 0, "needs dmabuf_bench\n");
	child = fork();
	igt_assert(child >= 0);
	if (!child)
		_exit(ioctl(bench, DMABUF_BENCH_MISUSE, &misuse) ? 1 : 0);
	close(bench);
	usleep(QUIET_MS * 1000);
	return child;
}

static void end_hang(pid_t child)
{
	int status;

	igt_assert_errno(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, &status, 0), child);
	/* It hung until now. */
	igt_assert(WIFSIGNALED(status));
}

static bool log_names(const char *exporter)
{
	char text[64], line[1024];
	FILE *log = popen("dmesg", "r");
	bool found = false;

	igt_assert(log);
	snprintf(text, sizeof(text), "the first by exporter %s:", exporter);
	while (fgets(line, sizeof(line), log))
		found |= !!strstr(line, text);
	pclose(log);
	return found;
}

static void hang_over_load(void)
{
	struct buffer buffer = buffer_new_vgem(), other = buffer_new_vgem();
	long long start = now_ms();
	struct record record;
	pid_t child;

	child = hang(buffer.fd);
	live_load();
	igt_assert(now_ms() - start < LIMIT_MS);
	igt_assert(log_names("drm"));
	end_hang(child);
	record = buffer_record(dmabuf_inode(buffer.fd));
	igt_assert(!strstr(record.text, "\tadopted="));
	record = buffer_record(dmabuf_inode(other.fd));
	igt_assert_eq(record_number(&record, "adopted"), 1);
	buffer_free(&buffer);
	buffer_free(&other);
	live_unload();
}

static void hang_over_unload(void)
{
	struct buffer buffer;
	long long start;
	uint32_t handle;
	pid_t child;

	live_load();
	buffer = buffer_new_vgem();
	handle = prime_import(cards.second, buffer.fd);
	start = now_ms();
	child = hang(buffer.fd);
	live_disable();
	igt_assert(now_ms() - start < LIMIT_MS);
	igt_assert(log_names("drm"));
	igt_assert_eq(__live_remove(), 0);
	end_hang(child);
	gem_close(cards.second, handle);
	igt_assert_eq(poll_one(buffer.fd, POLLIN, 0), POLLIN);
	buffer_free(&buffer);
}

static const struct live_subtest subtests[] = {
	{ "hang-over-load", "A device has a lock and hangs when the core comes.", hang_over_load },
	{ "hang-over-unload", "The same when the core goes.", hang_over_unload },
};

void stuck_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}
