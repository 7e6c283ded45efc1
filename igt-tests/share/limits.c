// SPDX-License-Identifier: MIT
/*
 * Many buffers, many imports, and no descriptors left: what does not fit is
 * refused with its errno and leaves nothing behind.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/dmabuf_count.h"
#include "lib/dumb.h"
#include "lib/huge_pages.h"
#include "lib/pattern.h"
#include "matrix.h"

#define PAGE 4096
#define MANY_BUFFERS 10000
#define MANY_IMPORTS 1000
#define SPARE 64

static const char file_max[] = "/proc/sys/fs/file-max";

static int open_ours(void)
{
	int card = drm_open_card(share_driver(), 0);

	igt_require_f(card >= 0, "no card of %s\n", share_driver());
	/* A test that fails leaves it open, and the next one may want the screen. */
	drmDropMaster(card);
	return card;
}

static int open_vgem(void)
{
	int card = drm_open_card("vgem", 0);

	igt_require_f(card >= 0, "needs vgem\n");
	return card;
}

static rlim_t limit_files(rlim_t files)
{
	struct rlimit limit;
	rlim_t before;

	igt_assert_errno(getrlimit(RLIMIT_NOFILE, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = files;
	if (limit.rlim_max < files)
		limit.rlim_max = files;
	igt_assert_errno(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return before;
}

/* Exports until there are no descriptors; the errno, and how many there were. */
static int export_all(int card, uint32_t handle, int *fds, int *count)
{
	for (*count = 0; *count < SPARE; ++*count)
		if (drmPrimeHandleToFD(card, handle, DRM_CLOEXEC, &fds[*count]))
			return errno;
	return 0;
}

static void no_descriptors(void)
{
	int cards[] = { open_ours(), open_vgem() }, fds[SPARE], before = dmabuf_count();

	for (int i = 0; i < 2; i++) {
		struct dumb dumb = dumb_new(cards[i], PAGE);
		int lowest = fcntl(cards[i], F_DUPFD_CLOEXEC, 0), count, ret;
		rlim_t limit;

		close(lowest);
		limit = limit_files(lowest + SPARE / 2);
		ret = export_all(cards[i], dumb.handle, fds, &count);
		limit_files(limit);
		igt_assert_eq(ret, EMFILE);
		igt_assert(count > 0 && count <= SPARE / 2);
		while (count--)
			close(fds[count]);
		close(prime_export(cards[i], dumb.handle, DRM_CLOEXEC));
		/* The handle keeps one; who failed has taken none. */
		dmabuf_assert_count(before + 1);
		dumb_free(&dumb);
		dmabuf_assert_count(before);
		close(cards[i]);
	}
	dmabuf_assert_count(before);
}

static void write_number(const char *path, const char *number)
{
	FILE *file = fopen(path, "w");

	igt_require_f(file, "%s: %s\n", path, strerror(errno));
	fputs(number, file);
	igt_assert_eq(fclose(file), 0);
}

/* Root may go over the limit, so somebody else tries. */
static int export_as_nobody(int card, uint32_t handle)
{
	int status, fd = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	igt_assert_errno(child, 0);
	if (!child) {
		if (setresuid(65534, 65534, 65534))
			_exit(255);
		_exit(drmPrimeHandleToFD(card, handle, DRM_CLOEXEC, &fd) ? errno : 0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void no_files(void)
{
	int card = open_ours(), before = dmabuf_count(), full, freed;
	struct dumb dumb = dumb_new(card, PAGE);
	char number[32] = "";
	FILE *file = fopen(file_max, "r");

	igt_require_f(file && fgets(number, sizeof(number), file), "%s: %s\n", file_max,
		      strerror(errno));
	fclose(file);
	write_number(file_max, "1");
	full = export_as_nobody(card, dumb.handle);
	write_number(file_max, number);
	freed = export_as_nobody(card, dumb.handle);
	igt_assert_eq(full, ENFILE);
	igt_assert_eq(freed, 0);
	dmabuf_assert_count(before + 1);
	dumb_free(&dumb);
	dmabuf_assert_count(before);
	close(card);
}

static void import_all(int card, const int *fds, uint32_t *handles, int count)
{
	for (int i = 0; i < count; i++) {
		handles[i] = prime_import(card, fds[i]);
		/* Handles are numbered from one: none has come twice. */
		igt_assert_eq(handles[i], i + 1);
	}
}

static void create_all(int card, int *fds, int count)
{
	uint32_t handle, pitch;
	uint64_t size;

	for (int i = 0; i < count; i++) {
		igt_assert_errno(drmModeCreateDumbBuffer(card, 64, 16, 32, 0, &handle, &pitch,
							 &size),
				 0);
		fds[i] = prime_export(card, handle, DRM_CLOEXEC | DRM_RDWR);
	}
}

/* Each object that is made and freed costs kmemleak a hundred times what it costs others. */
static void require_fast_kernel(void)
{
	igt_require_f(access("/sys/kernel/debug/kmemleak", F_OK),
		      "takes a quarter of an hour under kmemleak\n");
}

/* Ten thousand at once, each with its own inode, all gone with the files. */
static void many_buffers(int exporter, int importer)
{
	rlim_t limit = limit_files(MANY_BUFFERS + 1000);
	int *fds = calloc(MANY_BUFFERS, sizeof(*fds)), before = dmabuf_count();
	uint32_t *handles = calloc(MANY_BUFFERS, sizeof(*handles));

	igt_assert(fds && handles);
	create_all(exporter, fds, MANY_BUFFERS);
	import_all(importer, fds, handles, MANY_BUFFERS);
	igt_assert_eq(dmabuf_count(), before + MANY_BUFFERS);
	for (int i = 0; i < MANY_BUFFERS; i += MANY_BUFFERS / 100) {
		igt_assert_eq(handle_inode(importer, handles[i]), dmabuf_inode(fds[i]));
		dmabuf_fill_noise(fds[i], PAGE, i);
	}
	for (int i = 0; i < MANY_BUFFERS; i++)
		close(fds[i]);
	close(exporter);
	for (int i = 0; i < MANY_BUFFERS; i += MANY_BUFFERS / 100) {
		int fd = prime_export(importer, handles[i], DRM_CLOEXEC | DRM_RDWR);

		dmabuf_assert_noise(fd, PAGE, i);
		close(fd);
	}
	close(importer);
	dmabuf_assert_count(before);
	limit_files(limit);
	free(handles);
	free(fds);
}

/* A buffer of one page is one page, be it a huge one. */
static void require_memory(void)
{
	bool huge = huge_pages_by("force") || huge_pages_by("always");
	unsigned long long pages = sysconf(_SC_PHYS_PAGES);

	igt_require_f(pages * PAGE / 2 > MANY_BUFFERS * (huge ? HUGE_PAGE : PAGE),
		      "the smallest buffers are too large for this machine\n");
}

static void many_of_vgem(void)
{
	require_fast_kernel();
	require_memory();
	many_buffers(open_vgem(), open_ours());
}

static void many_of_ours(void)
{
	require_fast_kernel();
	require_memory();
	many_buffers(open_ours(), open_vgem());
}

/* As many files of the card, each with its own handle for the one buffer. */
static void many_imports(void)
{
	rlim_t limit = limit_files(MANY_IMPORTS + 1000);
	int *cards = calloc(MANY_IMPORTS, sizeof(*cards)), vgem = open_vgem();
	int before = dmabuf_count(), fd;
	struct dumb dumb = dumb_new(vgem, PAGE);
	uint32_t handle;

	igt_assert(cards);
	pattern_noise(dumb.map, PAGE, 1);
	fd = prime_export(vgem, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	for (int i = 0; i < MANY_IMPORTS; i++) {
		cards[i] = open_ours();
		igt_assert_eq(prime_import(cards[i], fd), 1);
	}
	igt_assert_eq(dmabuf_count(), before + 1);
	dumb_free(&dumb);
	close(vgem);
	close(fd);
	for (int i = 0; i < MANY_IMPORTS - 1; i++)
		close(cards[i]);
	/* The last one has it still. */
	handle = 1;
	fd = prime_export(cards[MANY_IMPORTS - 1], handle, DRM_CLOEXEC | DRM_RDWR);
	dmabuf_assert_noise(fd, PAGE, 1);
	close(fd);
	close(cards[MANY_IMPORTS - 1]);
	dmabuf_assert_count(before);
	limit_files(limit);
	free(cards);
}

/* A child shares its parent's file: what it imports there is the parent's too. */
static void across_fork(void)
{
	int card = open_ours(), vgem = open_vgem(), before = dmabuf_count(), status, fd;
	struct dumb dumb = dumb_new(vgem, PAGE);
	uint32_t handle;
	pid_t child;

	pattern_noise(dumb.map, PAGE, 2);
	fd = prime_export(vgem, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	fflush(NULL);
	child = fork();
	igt_assert_errno(child, 0);
	if (!child)
		_exit(drmPrimeFDToHandle(card, fd, &handle) || handle > 200 ? 255 : handle);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFEXITED(status) && WEXITSTATUS(status) < 255);
	handle = WEXITSTATUS(status);
	igt_assert_eq(prime_import(card, fd), handle);
	close(fd);
	dumb_free(&dumb);
	fd = prime_export(card, handle, DRM_CLOEXEC | DRM_RDWR);
	dmabuf_assert_noise(fd, PAGE, 2);
	close(fd);
	gem_close(card, handle);
	dmabuf_assert_count(before);
	close(vgem);
	close(card);
}

static void imported_again(void)
{
	int card = open_ours(), vgem = open_vgem(), before = dmabuf_count(), fd;
	struct dumb dumb = dumb_new(vgem, PAGE);

	fd = prime_export(vgem, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	for (int i = 0; i < 100; i++) {
		uint32_t handle = prime_import(card, fd);
		int again = prime_export(card, handle, DRM_CLOEXEC | DRM_RDWR);

		dmabuf_fill_noise(fd, PAGE, i);
		dmabuf_assert_noise(again, PAGE, i);
		close(again);
		gem_close(card, handle);
		/* It is gone: the number stands for nothing. */
		igt_assert_errno(drmPrimeHandleToFD(card, handle, DRM_CLOEXEC, &again), ENOENT);
	}
	close(fd);
	dumb_free(&dumb);
	dmabuf_assert_count(before);
	close(vgem);
	close(card);
}

static const struct {
	const char *name;
	const char *about;
	void (*run)(void);
} subtests[] = {
	{ "no-descriptors", "EMFILE, and nothing is lost.", no_descriptors },
	{ "no-files", "ENFILE, and nothing is lost.", no_files },
	{ "10000-of-vgem", "Ten thousand buffers of vgem's are imported at once.", many_of_vgem },
	{ "10000-of-ours", "Ten thousand buffers are imported by vgem at once.", many_of_ours },
	{ "1000-imports", "A thousand files import one buffer.", many_imports },
	{ "import-across-fork", "An import of a child's is its parent's.", across_fork },
	{ "import-again", "What was closed is imported again, as new.", imported_again },
};

void limit_subtests(void)
{
	for (size_t i = 0; i < sizeof(subtests) / sizeof(subtests[0]); i++) {
		igt_describe(subtests[i].about);
		igt_subtest(subtests[i].name)
			subtests[i]
				.run();
	}
}
