// SPDX-License-Identifier: MIT
/*
 * The files of the device, its buffers and its slots below /sys: each has to be known,
 * to have the mode that is written here, and to let nobody do more than that. debugfs,
 * which only root may enter, is opened to all meanwhile: a file must not rely on the
 * directory above it.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "igt_api.h"
#include "permissions.h"

#define MAX_FILES 1024
#define DEBUGFS "/sys/kernel/debug"

static const char *const trees[] = {
	"/sys/kernel/debug/dri/vprime.0",
	"/sys/kernel/debug/dma_buf",
	"/sys/kernel/config/vprime",
	"/sys/kernel/livepatch/dmabuf_live",
	"/sys/module/vprime/parameters",
	"/sys/module/dmabuf_live/parameters",
	"/sys/devices/platform/vprime.0",
};

/* The first that fits counts; an asterisk goes beyond a slash. */
const struct file_rule file_rules[] = {
	{ "kernel/debug/dri/vprime.*/vprime_buffers", 0400, "native buffers, with inodes" },
	{ "kernel/debug/dri/vprime.*/vprime_move", 0200, "moves buffers" },
	{ "kernel/debug/dri/vprime.*/fences", 0444, "how many fences of each kind; DRM's mode" },
	{ "kernel/debug/dri/vprime.*/copied", 0444, "bytes copied; DRM's mode" },
	{ "kernel/debug/dri/vprime.*/crtc-*/crc/control", 0644, "DRM: where CRCs come from" },
	{ "kernel/debug/dri/vprime.*/crtc-*/crc/data", 0444, "DRM: CRCs of the screen" },
	{ "kernel/debug/dri/vprime.*/*-*/edid_override", 0644, "DRM" },
	{ "kernel/debug/dri/vprime.*/*-*/force", 0644, "DRM" },
	{ "kernel/debug/dri/vprime.*", AT_MOST | 0444, "the rest of DRM's" },
	{ "kernel/debug/dma_buf/bufinfo", 0444, "all buffers; the stock core's mode" },
	{ "kernel/debug/dma_buf/buffers", 0400, "our core: all buffers, with who made them" },
	{ "kernel/debug/dma_buf/misuse", 0400, "our core: who used it wrongly" },
	{ "kernel/debug/dma_buf/fault", 0600, "our core: which calls fail" },
	{ "kernel/debug/dma_buf/strict", 0600, "our core: whether misuse is checked" },
	{ "kernel/config/vprime/vprime.*/contiguous", 0644, "limit of a device" },
	{ "kernel/config/vprime/vprime.*/cpu_access", 0644, "limit of a device" },
	{ "kernel/config/vprime/vprime.*/dma_mask_bits", 0644, "limit of a device" },
	{ "kernel/config/vprime/vprime.*/max_segment_size", 0644, "limit of a device" },
	{ "kernel/config/vprime/vprime.*/max_segments", 0644, "limit of a device" },
	{ "kernel/config/vprime/vprime.*/plugged", 0644, "whether there is a device" },
	{ "kernel/livepatch/dmabuf_live/force", 0200, "livepatch" },
	{ "kernel/livepatch/dmabuf_live/*", AT_MOST | 0644, "livepatch" },
	{ "module/vprime/parameters/*", 0444, "what the module was loaded with" },
	{ "devices/platform/vprime.*", AT_MOST | 0644, "what each device of Linux has" },
};

const size_t num_file_rules = sizeof(file_rules) / sizeof(file_rules[0]);

/* Of a file: what nobody got. */
struct tried {
	int read;
	int write;
};

static char *paths[MAX_FILES];
static size_t num_paths;

static int add_path(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	if (num_paths == MAX_FILES)
		return -1;
	paths[num_paths++] = strdup(path);
	return 0;
}

static void find_files(void)
{
	num_paths = 0;
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		igt_assert_f(!nftw(trees[i], add_path, 16, FTW_PHYS) || errno == ENOENT,
			     "%s: %s\n", trees[i], strerror(errno));
	igt_assert(num_paths);
}

static const struct file_rule *find_rule(const char *path)
{
	for (size_t i = 0; i < num_file_rules; i++)
		if (!fnmatch(file_rules[i].pattern, path + strlen("/sys/"), 0))
			return &file_rules[i];
	return NULL;
}

static int try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static void try_as_nobody(struct tried *tried)
{
	pid_t child = fork();
	int status = -1;

	if (!child) {
		if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
			_exit(1);
		for (size_t i = 0; i < num_paths; i++) {
			tried[i].read = try_open(paths[i], O_RDONLY);
			tried[i].write = try_open(paths[i], O_WRONLY);
		}
		_exit(0);
	}
	if (child > 0)
		waitpid(child, &status, 0);
	igt_assert_eq(status, 0);
}

static unsigned int count_wrong(const char *path, const struct tried *tried)
{
	const struct file_rule *rule = find_rule(path);
	unsigned int wrong = 0;
	struct stat st;
	mode_t mode;

	/* It may be gone again. */
	if (stat(path, &st))
		return 0;
	mode = st.st_mode & 07777;
	if (!rule) {
		igt_info("%s (%04o) is in no row of the table\n", path, mode);
		return 1;
	}
	if (rule->mode & AT_MOST ? mode & ~rule->mode : mode != rule->mode) {
		igt_info("%s has mode %04o, not %04o\n", path, mode, rule->mode & ~AT_MOST);
		wrong++;
	}
	if (st.st_uid || st.st_gid) {
		igt_info("%s is not root's\n", path);
		wrong++;
	}
	if (!(rule->mode & 0004) && tried->read != EACCES) {
		igt_info("nobody can read %s: %s\n", path, strerror(tried->read));
		wrong++;
	}
	if (tried->write != EACCES) {
		igt_info("nobody can write %s: %s\n", path, strerror(tried->write));
		wrong++;
	}
	return wrong;
}

void files_try(void)
{
	size_t size = MAX_FILES * sizeof(struct tried);
	struct tried *tried = mmap(NULL, size, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int wrong = 0;
	struct stat debugfs;

	igt_assert(tried != MAP_FAILED);
	find_files();
	igt_assert_errno(stat(DEBUGFS, &debugfs), 0);
	igt_assert_errno(chmod(DEBUGFS, 0755), 0);
	try_as_nobody(tried);
	igt_assert_errno(chmod(DEBUGFS, debugfs.st_mode & 07777), 0);
	for (size_t i = 0; i < num_paths; i++) {
		wrong += count_wrong(paths[i], &tried[i]);
		free(paths[i]);
	}
	munmap(tried, size);
	igt_assert_f(!wrong, "%u wrong of %zu files\n", wrong, num_paths);
	igt_info("%zu files\n", num_paths);
}
