// SPDX-License-Identifier: MIT
/*
 * Who may do what: each ioctl and each file, as everybody that somebody can be to the
 * device. The tables are in permissions/; Documentation/permissions.rst is written from
 * them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/screen.h"
#include "permissions/permissions.h"

IGT_TEST_DESCRIPTION("Who may call and read what, of a device, its buffers and its slots.");

static struct screen screen;
static struct stage stage;

int call_expected(const struct call *call, enum role role)
{
	int error = EACCES;

	if (call->may & MAY(role))
		error = 0;
	else if (call->hidden & MAY(role))
		error = ENOENT;
	else if (call->refused & MAY(role))
		error = EPERM;
	return error;
}

int call_outcome(const struct call *call, const struct stage *on, int fd)
{
	static char zeros[1 << _IOC_SIZEBITS];

	if (call->probe)
		return call->probe(on, fd);
	memset(zeros, 0, sizeof(zeros));
	if (!ioctl(fd, call->request, zeros))
		return 0;
	return errno == EACCES || errno == EPERM ? errno : 0;
}

static const struct {
	const struct call *calls;
	const size_t *count;
} tables[] = {
	/* The last rows of the last one change what the caller is. */
	{ probes, &num_probes },
	{ own_calls, &num_own_calls },
	{ core_calls, &num_core_calls },
};

#define NUM_TABLES (sizeof(tables) / sizeof(tables[0]))

static void try_calls(const struct stage *on, int fd, int *results)
{
	for (size_t t = 0; t < NUM_TABLES; t++)
		for (size_t i = 0; i < *tables[t].count; i++)
			*results++ = call_outcome(&tables[t].calls[i], on, fd);
}

static void check_role(enum role role)
{
	int results[256], *result = results;
	unsigned int wrong = 0;

	role_run(role, &stage, try_calls, results);
	for (size_t t = 0; t < NUM_TABLES; t++) {
		for (size_t i = 0; i < *tables[t].count; i++, result++) {
			const struct call *call = &tables[t].calls[i];
			int expected = call_expected(call, role);

			if (*result == expected)
				continue;
			wrong++;
			igt_info("%s: %s, not %s\n", call->name, strerror(*result),
				 strerror(expected));
		}
	}
	igt_assert_f(!wrong, "%s: %u cells are wrong\n", role_title(role), wrong);
}

/* The argument can't be read: a number that is there says EFAULT, or did all it does. */
static void try_numbers(const struct stage *on, int fd, int *results)
{
	(void)on;
	for (unsigned int number = 0; number < 256; number++) {
		unsigned int request = _IOC(_IOC_READ | _IOC_WRITE, DRM_IOCTL_BASE, number, 8);

		results[number] = ioctl(fd, request, (void *)8) ? errno : 0;
	}
}

static void check_numbers(void)
{
	bool known[256] = { false };
	unsigned int wrong = 0;
	int results[256];

	for (size_t t = 0; t < NUM_TABLES; t++)
		for (size_t i = 0; i < *tables[t].count; i++)
			if (tables[t].calls[i].request)
				known[_IOC_NR(tables[t].calls[i].request)] = true;
	role_run(CARD, &stage, try_numbers, results);
	for (unsigned int number = 0; number < 256; number++) {
		bool there = results[number] != EINVAL;

		if (known[number] == there)
			continue;
		wrong++;
		igt_info("ioctl %#x is %s\n", number,
			 known[number] ? "in a table and not there" : "there and in no table");
	}
	igt_assert_eq(wrong, 0);
}

static int open_as_nobody(const char *path)
{
	pid_t child = fork();
	int status = -1;

	if (!child) {
		if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
			_exit(255);
		_exit(open(path, O_RDWR | O_CLOEXEC) < 0 ? errno : 0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

/* In the groups of its parent, of which root's are none of the nodes'. */
static void check_no_node(void)
{
	igt_assert_eq(open_as_nobody(stage.card), EACCES);
	igt_assert_eq(open_as_nobody(stage.render), EACCES);
}

/* What others must not get at: a picture on the screen, a name, a blob, an offset. */
static void set_stage(void)
{
	const struct kms_device *kms = &screen.kms;
	struct kms_fb *fb = screen_picture_fb(&screen, "XRGB8888");
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	struct drm_gem_flink flink = { .handle = fb->handle };
	struct drm_mode_map_dumb map = { .handle = fb->handle };

	igt_assert_eq(kms_enable(request, kms, screen.mode, &screen.mode_blob), 0);
	igt_assert_eq(kms_show(request, kms, &kms->primary, fb, 0, 0), 0);
	igt_assert_eq(drmModeAtomicCommit(kms->fd, request, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
		      0);
	drmModeAtomicFree(request);
	igt_assert_errno(drmIoctl(kms->fd, DRM_IOCTL_GEM_FLINK, &flink), 0);
	igt_assert_errno(drmIoctl(kms->fd, DRM_IOCTL_MODE_MAP_DUMB, &map), 0);
	stage = (struct stage){
		.card = drmGetDeviceNameFromFd2(kms->fd),
		.render = drmGetRenderDeviceNameFromFd(kms->fd),
		.owner = kms->fd,
		.crtc = kms->crtc.id,
		.connector = kms->connector.id,
		.writeback = kms->writeback.id,
		.primary = kms->primary.id,
		.overlay = { kms->overlay[0].id, kms->overlay[1].id },
		.fb = fb->id,
		.blob = screen.mode_blob,
		.name = flink.name,
		.offset = map.offset,
	};
}

static int option(int opt, int index, void *data)
{
	(void)index;
	(void)data;
	if (opt != 'T')
		return IGT_OPT_HANDLER_ERROR;
	permissions_write(stdout);
	exit(0);
}

static const struct option options[] = {
	{ "table", no_argument, NULL, 'T' },
	{},
};

igt_main_args("", options, "  --table\tThe tables, as reStructuredText\n", option, NULL)
{
	igt_fixture
	{
		screen_open(&screen, 0);
		set_stage();
	}

	igt_describe("Who is in no group of the nodes opens none.");
	igt_subtest("no-node")
	{
		check_no_node();
	}
	for (enum role role = 0; role < ROLES; role++) {
		igt_describe("Every call gives what the tables say, to one role.");
		igt_subtest(role_name(role))
		{
			check_role(role);
		}
	}
	igt_describe("There are no ioctls but those of the tables.");
	igt_subtest("numbers")
	{
		check_numbers();
	}
	igt_describe("Every file is in the table, and nobody can do more with it.");
	igt_subtest("files")
	{
		files_try();
	}
	igt_describe("Descriptors are not handed to other programs unless that is wanted.");
	igt_subtest("inherited")
	{
		inherited_check(&stage);
	}

	igt_fixture
	{
		free(stage.card);
		free(stage.render);
		screen_close(&screen);
	}
}
