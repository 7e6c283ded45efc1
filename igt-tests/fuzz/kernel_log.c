// SPDX-License-Identifier: MIT
/*
 * Looks into the kernel's log for reports while programs run, so that the program is
 * known that was running. What fails a guest is lab/log-reports.
 */
#include "kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const signs[] = {
	"WARNING: ",
	"BUG: ",
	"kernel BUG at",
	"Oops: ",
	"general protection fault",
	"KASAN: ",
	"UBSAN: ",
	"refcount_t: ",
	"rcu: INFO: ",
	"soft lockup",
	"blocked for more than",
	"possible circular locking",
	"possible recursive locking",
	"inconsistent lock state",
	"suspicious RCU usage",
	"sleeping function called",
	"ODEBUG: ",
	"possible irq lock inversion",
	"DMA-API: ",
	"corruption",
};

static int log_fd = -1;

bool kernel_log_begin(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return log_fd >= 0 && lseek(log_fd, 0, SEEK_END) >= 0;
}

bool kernel_log_reports(void)
{
	bool found = false;
	char record[2048];
	ssize_t length;

	/* EPIPE: some was overwritten; the next is the oldest there is. */
	for (;;) {
		length = read(log_fd, record, sizeof(record) - 1);
		if (length < 0 && errno == EPIPE)
			continue;
		if (length <= 0)
			break;
		record[length] = '\0';
		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]) && !found; i++) {
			const char *text = strchr(record, ';');

			if (!text || !strstr(text, signs[i]))
				continue;
			printf("FOUND: the kernel says: %.*s\n", (int)strcspn(text + 1, "\n"),
			       text + 1);
			found = true;
		}
	}
	return found;
}

void kernel_log_end(void)
{
	close(log_fd);
	log_fd = -1;
}
