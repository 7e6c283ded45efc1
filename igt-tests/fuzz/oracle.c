// SPDX-License-Identifier: MIT
/*
 * What must be true whatever programs do, besides a silent kernel log: all buffers are
 * gone when their owners are, a buffer that others may only read stays as it is, and
 * somebody who wants to run at all times gets to run. The parent of the processes asks.
 */
#include "oracle.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <drm/vprime_drm.h>

#include "parts.h"
#include "run.h"

#define CANARY_SIZE (640u * 480 * 4)

/* A fence of a client that is gone lives as long, and holds what it is of. */
#define PATIENCE_MS 25000

#define BEAT_MS 5

/* More than an emulated machine is away by itself. */
#define MAX_STALL_MS 10000

/* What there is: dma-bufs, and native buffers of each device. */
struct census {
	int dmabufs;
	int buffers[2];
};

static struct census before;
static int canary = -1;
static const uint32_t *content;
static _Atomic unsigned int longest;
static _Atomic bool beating;
static pthread_t heart;

static int count_dmabufs(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "re");
	char line[512];
	int count = 0;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "Total %d objects", &count);
	if (file)
		fclose(file);
	return count;
}

static int count_buffers(unsigned int device)
{
	char path[64], line[256];
	int count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/vprime.%u/vprime_buffers", device);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		count++;
	if (file)
		fclose(file);
	return count;
}

static void take_census(struct census *census)
{
	census->dmabufs = count_dmabufs();
	for (unsigned int i = 0; i < 2; i++)
		census->buffers[i] = count_buffers(i);
}

static uint32_t word(unsigned int index)
{
	return index * 2654435761u ^ 0x5eed;
}

static bool fill(int card, uint64_t offset)
{
	uint32_t *map = mmap(NULL, CANARY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, card, offset);

	if (map == MAP_FAILED)
		return false;
	for (unsigned int i = 0; i < CANARY_SIZE / 4; i++)
		map[i] = word(i);
	munmap(map, CANARY_SIZE);
	return true;
}

static bool make_canary_on(int card)
{
	struct drm_vprime_gem_create create = { .size = CANARY_SIZE };
	struct drm_vprime_gem_info info = {};
	struct drm_prime_handle prime = { .flags = DRM_CLOEXEC };

	if (ioctl(card, DRM_IOCTL_VPRIME_GEM_CREATE, &create))
		return false;
	info.handle = create.handle;
	prime.handle = create.handle;
	if (ioctl(card, DRM_IOCTL_VPRIME_GEM_INFO, &info) || !fill(card, info.offset) ||
	    ioctl(card, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime))
		return false;
	canary = prime.fd;
	content = mmap(NULL, CANARY_SIZE, PROT_READ, MAP_SHARED, canary, 0);
	return content != MAP_FAILED;
}

/*
 * The file that made it is closed, so that nobody is left who may write, and the card
 * has its last close when the processes have ended: then DRM takes a cursor that one of
 * them left on the screen.
 */
static bool make_canary(void)
{
	char path[64];
	bool made;
	int card;

	if (!parts_node(0, "renderD", path, sizeof(path)))
		return false;
	card = open(path, O_RDWR | O_CLOEXEC);
	made = card >= 0 && make_canary_on(card);
	close(card);
	return made;
}

/* As urgent as a process can be: what keeps it waiting keeps all waiting. */
static void *beat(void *unused)
{
	struct sched_param first = { .sched_priority = 50 };

	pthread_setschedparam(pthread_self(), SCHED_FIFO, &first);
	while (beating) {
		uint64_t began = run_now();
		unsigned int late;

		usleep(BEAT_MS * 1000);
		late = (run_now() - began) / 1000000 - BEAT_MS;
		if (late < 1u << 31 && late > longest)
			longest = late;
	}
	return unused;
}

bool oracle_begin(void)
{
	if (!make_canary()) {
		fprintf(stderr, "fuzz: no buffer to watch\n");
		return false;
	}
	take_census(&before);
	beating = true;
	longest = 0;
	return !pthread_create(&heart, NULL, beat, NULL);
}

int oracle_canary(void)
{
	return canary;
}

static void print_buffers(unsigned int device)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/vprime.%u/vprime_buffers", device);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		printf("vprime.%u: %s", device, line);
	if (file)
		fclose(file);
}

static bool nothing_left(void)
{
	struct census now;

	for (int ms = 0; ms < PATIENCE_MS; ms += 50) {
		take_census(&now);
		if (now.dmabufs <= before.dmabufs && now.buffers[0] <= before.buffers[0] &&
		    now.buffers[1] <= before.buffers[1])
			return true;
		usleep(50000);
	}
	printf("FOUND: left behind: %d dma-bufs, buffers %d %d; before: %d, %d %d\n", now.dmabufs,
	       now.buffers[0], now.buffers[1], before.dmabufs, before.buffers[0],
	       before.buffers[1]);
	print_buffers(0);
	print_buffers(1);
	return false;
}

static bool canary_lives(void)
{
	for (unsigned int i = 0; i < CANARY_SIZE / 4; i++)
		if (content[i] != word(i)) {
			printf("FOUND: a buffer that could only be read was written at byte %u\n",
			       i * 4);
			return false;
		}
	return true;
}

bool oracle_clean(void)
{
	bool clean = canary_lives();

	if (!nothing_left())
		clean = false;
	if (longest > MAX_STALL_MS) {
		printf("FOUND: nothing ran for %u ms\n", longest);
		clean = false;
	}
	return clean;
}

unsigned int oracle_longest_stall(void)
{
	return longest;
}

void oracle_end(void)
{
	beating = false;
	pthread_join(heart, NULL);
	munmap((void *)content, CANARY_SIZE);
	close(canary);
	canary = -1;
}
