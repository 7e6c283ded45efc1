// SPDX-License-Identifier: MIT
/*
 * Calls that no honest program makes: processes that are killed in the middle, or
 * become another program; ioctls made of anything; an argument that another thread
 * changes while the kernel reads it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <linux/dma-buf.h>
#include <linux/sync_file.h>

#include "call.h"
#include "run.h"
#include "shared.h"

static const unsigned long commands[] = {
	DRM_IOCTL_VPRIME_FENCE_ATTACH,
	DRM_IOCTL_VPRIME_FENCE_SIGNAL,
	DRM_IOCTL_VPRIME_TIMELINE_CREATE,
	DRM_IOCTL_VPRIME_TIMELINE_DESTROY,
	DRM_IOCTL_VPRIME_TIMELINE_FENCE,
	DRM_IOCTL_VPRIME_TIMELINE_SIGNAL,
	DRM_IOCTL_VPRIME_GEM_CREATE,
	DRM_IOCTL_VPRIME_GEM_INFO,
	DRM_IOCTL_VPRIME_CONSUMER_OPEN,
	DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE,
	DRM_IOCTL_VPRIME_CONSUMER_RELEASE,
	DRM_IOCTL_VPRIME_CONSUMER_EVENTFD,
	DRM_IOCTL_MODE_ADDFB2,
	DRM_IOCTL_MODE_SETCRTC,
	DRM_IOCTL_MODE_SETPLANE,
	DRM_IOCTL_MODE_PAGE_FLIP,
	DRM_IOCTL_MODE_CURSOR2,
	DRM_IOCTL_PRIME_FD_TO_HANDLE,
	DRM_IOCTL_PRIME_HANDLE_TO_FD,
	DMA_BUF_IOCTL_SYNC,
	DMA_BUF_IOCTL_EXPORT_SYNC_FILE,
	DMA_BUF_IOCTL_IMPORT_SYNC_FILE,
	SYNC_IOC_MERGE,
	SYNC_IOC_FILE_INFO,
};

/* What a copy of a process does is not told of it. */
static struct box nowhere;

/* The lines behind this one, by a process that is killed on its way. */
static int64_t killed_child(struct step *step, const uint64_t *args)
{
	struct runner *runner = step->thread->runner;
	pid_t child;

	step->idle = runner->child;
	if (runner->child)
		return 0;
	child = fork();
	if (child < 0)
		return -1;
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		runner->child = true;
		runner->box = &nowhere;
		for (unsigned int i = 1; i <= 1 + args[0] % 8; i++)
			if (step->index + i < runner->program->count)
				run_line(step->thread, step->index + i);
		_exit(0);
	}
	usleep(args[1] % 20000);
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* A copy of this process becomes another program, with what it may keep. */
static int64_t exec_child(struct step *step, const uint64_t *args)
{
	pid_t child = step->thread->runner->child ? -1 : fork();

	step->idle = step->thread->runner->child;
	if (child < 0)
		return -1;
	if (!child) {
		fcntl(args[0], F_SETFD, 0);
		execl("/bin/true", "true", NULL);
		_exit(0);
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* The size told may be another than the command's own. */
static int64_t any_ioctl(struct step *step, const uint64_t *args)
{
	unsigned long command = commands[args[1] % (sizeof(commands) / sizeof(commands[0]))];
	struct random random = { .state = args[3] };
	uint64_t data[128];

	if (args[2])
		command = _IOC(_IOC_DIR(command), _IOC_TYPE(command), _IOC_NR(command),
			       args[2] % 1000);
	for (unsigned int i = 0; i < 128; i++)
		data[i] = random_chance(&random, 60) ? 0 : value_boundary(&random);
	/* An ACQUIRE must not wait for ever. */
	if (_IOC_NR(command) == DRM_COMMAND_BASE + DRM_VPRIME_CONSUMER_ACQUIRE)
		data[0] &= ~0x80000000ull;
	return step_ioctl(step, args[0], command, data, sizeof(data));
}

static int64_t interrupted(struct step *step, const uint64_t *args)
{
	struct runner *runner = step->thread->runner;

	step->idle = true;
	if (!runner->child && args[0] < runner->num_threads)
		pthread_kill(runner->threads[args[0]].thread, SIGUSR1);
	return 0;
}

static int64_t pause_us(struct step *step, const uint64_t *args)
{
	step->idle = true;
	return usleep(args[0] % 20000);
}

const struct call attack_calls[] = {
	CALL("killed_child", MODE_ALL | MODE_RARE, 1, killed_child, MAKES(KIND_NONE),
	     MOST(NUMBER, 7), ANY(US)),
	CALL("exec_child", MODE_ALL | MODE_RARE, 1, exec_child, MAKES(KIND_NONE), ANY(FD)),
	CALL("any_ioctl", MODE_ALL, 6, any_ioctl, MAKES(KIND_NONE), ANY(FD), MOST(NUMBER, 23),
	     MOST(NUMBER, 0), ANY(SEED)),
	CALL("any_drm_ioctl", MODE_ALL, 6, any_ioctl, MAKES(KIND_NONE), ANY(DRM), MOST(NUMBER, 18),
	     MOST(NUMBER, 0), ANY(SEED)),
	CALL("any_consumer_ioctl", MODE_SCREEN, 3, any_ioctl, MAKES(KIND_NONE), ANY(CONSUMER),
	     MOST(NUMBER, 11), MOST(NUMBER, 0), ANY(SEED)),
	CALL("interrupted", MODE_ALL, 2, interrupted, MAKES(KIND_NONE), MOST(NUMBER, 3)),
	CALL("pause", MODE_ALL, 2, pause_us, MAKES(KIND_NONE), ANY(US)),
	CALL_END,
};
