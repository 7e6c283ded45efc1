// SPDX-License-Identifier: MIT
/*
 * Reads what the kernel tells of dma-bufs in files for people: fdinfo and the
 * links of descriptors in /proc, bufinfo in debugfs. What it ought to say is not
 * known here.
 */
#include "proc_files.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "igt_api.h"

static void read_line(struct fdinfo *info, char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "ino: %llu", &info->ino) == 1)
		return;
	info->lines += sscanf(line, "size: %llu", &info->size) == 1;
	info->lines += sscanf(line, "count: %ld", &info->count) == 1;
	info->lines += sscanf(line, "exp_name: %63s", info->exporter) == 1;
	if (strncmp(line, "name:\t", 6))
		return;
	info->named = true;
	snprintf(info->name, sizeof(info->name), "%.63s", line + 6);
}

struct fdinfo fdinfo_read(int fd)
{
	struct fdinfo info = {};
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	igt_assert_f(file, "%s: %s\n", path, strerror(errno));
	while (fgets(line, sizeof(line), file))
		read_line(&info, line);
	fclose(file);
	return info;
}

/* The lines of a buffer behind its first, up to "Total <n> devices attached". */
static void read_attachments(FILE *file, struct bufinfo *info)
{
	bool devices = false;
	char line[512];

	info->total = UINT_MAX;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Total %u devices attached", &info->total) == 1)
			return;
		info->attachments += devices && line[0] == '\t';
		devices |= !strncmp(line, "\tAttached Devices:", 18);
	}
}

bool bufinfo_find(ino_t inode, struct bufinfo *info)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");
	unsigned long long ino;
	bool found = false;
	char line[512];

	igt_require_f(file, "no bufinfo in debugfs\n");
	while (!found && fgets(line, sizeof(line), file)) {
		*info = (struct bufinfo){};
		found = sscanf(line, "%zu\t%*x\t%*x\t%ld\t%63s\t%llu\t%63[^\n]", &info->size,
			       &info->count, info->exporter, &ino, info->name) == 5 &&
			ino == inode;
	}
	if (found)
		read_attachments(file, info);
	fclose(file);
	return found;
}

void fd_link(int fd, char *link, size_t size)
{
	char path[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, link, size - 1);
	igt_assert_errno(length, 0);
	link[length] = '\0';
}
