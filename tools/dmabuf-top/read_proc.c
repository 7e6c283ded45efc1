// SPDX-License-Identifier: MIT
/*
 * Finds in /proc which processes have dma-bufs open or mapped, also those whose
 * threads have descriptors of their own. A file is a dma-buf when it lives on the
 * dmabuf file system, whatever it is called; which buffer it is, its inode number says.
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
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/kcmp.h>
#include <linux/magic.h>

#define LINK_START "/dmabuf:"

/**
 * struct scan - a walk through the processes
 * @snapshot: what is filled
 * @pid: the process
 * @comm: its name
 * @dir: its directory in /proc, open
 * @table: where in it the descriptors are that are looked at: "", or "task/TID/"
 * @device: of the dmabuf file system, 0 until a buffer was found there
 */
struct scan {
	struct snapshot *snapshot;
	pid_t pid;
	char comm[TEXT_LEN];
	int dir;
	char table[32];
	dev_t device;
};

/* Threads of one process that each have other descriptors, as far as they are told apart. */
#define TABLES_MAX 64

static FILE *open_in(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static DIR *open_dir(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *opened = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !opened)
		close(fd);
	return opened;
}

/* What @path in the process's directory leads to, when that is a dma-buf. */
static bool stat_dmabuf(const struct scan *scan, const char *path, struct stat *st)
{
	char whole[128];
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

	snprintf(path, sizeof(path), "%sfdinfo/%.20s", scan->table, fd);
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
	char path[64], link[sizeof(LINK_START) + TEXT_LEN] = "";
	struct buffer *buffer;
	struct stat st;

	snprintf(path, sizeof(path), "%sfd/%.20s", scan->table, fd);
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
	struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "%sfd", scan->table);
	dir = open_dir(scan->dir, path);
	if (!dir) {
		scan->snapshot->denied += errno == EACCES || errno == EPERM;
		return;
	}
	while ((entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			look_at_fd(scan, entry->d_name);
	closedir(dir);
}

/* The kernel may not tell: then they have the same, as nearly all threads do. */
static bool same_table(pid_t one, pid_t other)
{
	return syscall(SYS_kcmp, one, other, KCMP_FILES, 0, 0) <= 0;
}

/* Adds a thread with descriptors that none of the others has. */
static bool add_table(pid_t *threads, size_t *count, pid_t thread)
{
	for (size_t i = 0; i < *count; i++)
		if (same_table(threads[i], thread))
			return false;
	if (*count == TABLES_MAX)
		return false;
	threads[(*count)++] = thread;
	return true;
}

static void read_tables(struct scan *scan)
{
	pid_t threads[TABLES_MAX] = { scan->pid };
	DIR *dir = open_dir(scan->dir, "task");
	struct dirent *entry;
	size_t count = 1;

	scan->table[0] = '\0';
	read_fds(scan);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		pid_t thread = atoi(entry->d_name);

		if (thread <= 0 || thread == scan->pid || !add_table(threads, &count, thread))
			continue;
		snprintf(scan->table, sizeof(scan->table), "task/%d/", thread);
		read_fds(scan);
	}
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

	size_t length;

	scan->comm[0] = '\0';
	if (!file)
		return;
	/* The newline behind it is the kernel's, others are the process's. */
	length = fread(scan->comm, 1, sizeof(scan->comm) - 1, file);
	scan->comm[length ? length - 1 : 0] = '\0';
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
		read_tables(&scan);
		read_maps(&scan);
		close(scan.dir);
	}
	closedir(proc);
}
