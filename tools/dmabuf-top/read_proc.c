// SPDX-License-Identifier: MIT
/*
 * Finds in /proc which processes have dma-bufs open or mapped. A file is a dma-buf
 * when it lives on the dmabuf file system, whatever it is called; which buffer
 * it is, its inode number says.
 */
#include "read_proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#define LINK_START "/dmabuf:"

/**
 * struct scan - a walk through the processes
 * @snapshot: what is filled
 * @pid: the process
 * @comm: its name
 * @dir: its directory in /proc, open
 * @device: of the dmabuf file system, 0 until a buffer was found there
 */
struct scan {
	struct snapshot *snapshot;
	pid_t pid;
	char comm[TEXT_LEN];
	int dir;
	dev_t device;
};

static FILE *open_in(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* What @path in the process's directory leads to, when that is a dma-buf. */
static bool stat_dmabuf(const struct scan *scan, const char *path, struct stat *st)
{
	char whole[64];
	struct statfs fs;

	/* There is no statfs() from a directory. */
	snprintf(whole, sizeof(whole), "/proc/%d/%s", scan->pid, path);
	return !fstatat(scan->dir, path, st, 0) && !statfs(whole, &fs) &&
	       fs.f_type == DMA_BUF_MAGIC;
}

static struct holder *hold(struct scan *scan, struct buffer *buffer)
{
	struct holder *holder = buffer_holder(buffer, scan->pid);

	memcpy(holder->comm, scan->comm, sizeof(holder->comm));
	return holder;
}

static void read_fdinfo(const struct scan *scan, const char *fd, struct buffer *buffer)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "fdinfo/%.20s", fd);
	file = open_in(scan->dir, path);
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "count:\t%ld", &buffer->refs) == 1 ||
		    sscanf(line, "exp_name:\t%63[^\n]", buffer->exporter) == 1)
			continue;
		/* The name comes last and can have lines of its own. */
		if (!strncmp(line, "name:\t", 6))
			break;
	}
	fclose(file);
}

/* The snapshot's buffer, made when it has no better source. */
static struct buffer *find_buffer(struct scan *scan, uint64_t inode)
{
	struct buffer *buffer = snapshot_find(scan->snapshot, inode);

	if (buffer || scan->snapshot->source != SOURCE_PROC)
		return buffer;
	return snapshot_add(scan->snapshot, inode);
}

static void look_at_fd(struct scan *scan, const char *fd)
{
	char path[32], link[sizeof(LINK_START) + TEXT_LEN] = "";
	struct buffer *buffer;
	struct stat st;

	snprintf(path, sizeof(path), "fd/%.20s", fd);
	if (readlinkat(scan->dir, path, link, sizeof(link) - 1) < 0 ||
	    strncmp(link, LINK_START, strlen(LINK_START)) || !stat_dmabuf(scan, path, &st))
		return;
	scan->device = st.st_dev;
	buffer = find_buffer(scan, st.st_ino);
	if (!buffer)
		return;
	if (scan->snapshot->source == SOURCE_PROC) {
		buffer->size = st.st_size;
		read_fdinfo(scan, fd, buffer);
	}
	/* Here the name is whole, and nothing else. */
	if (scan->snapshot->source != SOURCE_BUFFERS)
		snprintf(buffer->name, TEXT_LEN, "%.*s", TEXT_LEN - 1, link + strlen(LINK_START));
	hold(scan, buffer)->fds++;
}

static void read_fds(struct scan *scan)
{
	int fd = openat(scan->dir, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		scan->snapshot->denied += errno == EACCES || errno == EPERM;
		return;
	}
	while ((entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			look_at_fd(scan, entry->d_name);
	closedir(dir);
}

/* A mapping's device, learnt from the mapping itself when no fd told it. */
static bool is_dmabuf_mapping(struct scan *scan, const char *range, dev_t device)
{
	char path[64];
	struct stat st;

	if (scan->device)
		return device == scan->device;
	snprintf(path, sizeof(path), "map_files/%.40s", range);
	if (!stat_dmabuf(scan, path, &st))
		return false;
	scan->device = st.st_dev;
	return true;
}

static void look_at_mapping(struct scan *scan, const char *line)
{
	unsigned long start, end, offset;
	unsigned int major, minor;
	unsigned long long inode;
	struct buffer *buffer;
	struct holder *holder;
	char range[41];
	int path = 0;

	if (sscanf(line, "%lx-%lx %*s %lx %x:%x %llu %n", &start, &end, &offset, &major, &minor,
		   &inode, &path) != 6 ||
	    !path || strncmp(line + path, LINK_START, strlen(LINK_START)))
		return;
	snprintf(range, sizeof(range), "%lx-%lx", start, end);
	if (!is_dmabuf_mapping(scan, range, makedev(major, minor)))
		return;
	buffer = find_buffer(scan, inode);
	if (!buffer)
		return;
	/* Until a descriptor tells the size, it is at least this. */
	if (scan->snapshot->source == SOURCE_PROC && offset + (end - start) > buffer->size)
		buffer->size = offset + (end - start);
	holder = hold(scan, buffer);
	holder->maps++;
	holder->mapped += end - start;
}

static void read_maps(struct scan *scan)
{
	FILE *file = open_in(scan->dir, "maps");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0)
		look_at_mapping(scan, line);
	free(line);
	fclose(file);
}

static void read_comm(struct scan *scan)
{
	FILE *file = open_in(scan->dir, "comm");

	scan->comm[0] = '\0';
	if (!file)
		return;
	if (fgets(scan->comm, sizeof(scan->comm), file))
		scan->comm[strcspn(scan->comm, "\n")] = '\0';
	fclose(file);
}

void read_proc(struct snapshot *snapshot)
{
	struct scan scan = { .snapshot = snapshot };
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return;
	while ((entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		scan.pid = atoi(entry->d_name);
		scan.dir = openat(dirfd(proc), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (scan.dir < 0)
			continue;
		read_comm(&scan);
		read_fds(&scan);
		read_maps(&scan);
		close(scan.dir);
	}
	closedir(proc);
}
