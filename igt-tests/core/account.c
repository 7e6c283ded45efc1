// SPDX-License-Identifier: MIT
/*
 * Reads what the project's own core tells programs in debugfs (buffers, misuse)
 * and writes its rules for failing on purpose. What it ought to say is not known
 * here.
 */
#include "account.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "igt_api.h"

#define DIRECTORY "/sys/kernel/debug/dma_buf/"

void require_own_core(void)
{
	igt_require_f(!access(DIRECTORY "misuse", R_OK), "another dma-buf core runs\n");
	igt_assert_eq(fault_write("off"), 0);
}

static const char *find_value(const struct record *record, const char *key)
{
	char pattern[64];
	const char *found;

	snprintf(pattern, sizeof(pattern), "\t%s=", key);
	found = strstr(record->text, pattern);
	return found ? found + strlen(pattern) : NULL;
}

const char *record_text(const struct record *record, const char *key, char *value, size_t size)
{
	const char *found = find_value(record, key);

	igt_assert_f(found, "no %s= in '%s'\n", key, record->text);
	snprintf(value, size, "%.*s", (int)strcspn(found, "\t\n"), found);
	return value;
}

long long record_number(const struct record *record, const char *key)
{
	char value[64], *end;
	long long number = strtoll(record_text(record, key, value, sizeof(value)), &end, 10);

	igt_assert_f(*value && !*end, "%s=%s is no number\n", key, value);
	return number;
}

static bool record_matches(const struct record *record, const char *kind, const char *key,
			   const char *value)
{
	const char *found = find_value(record, key);

	return !strncmp(record->text, kind, strlen(kind)) && found &&
	       strlen(value) == strcspn(found, "\t\n") && !strncmp(found, value, strlen(value));
}

unsigned int records_find(const char *name, const char *kind, const char *key,
			  const char *value, struct record *record)
{
	unsigned int count = 0;
	struct record line;
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), DIRECTORY "%s", name);
	file = fopen(path, "r");
	igt_assert_f(file, "%s: %s\n", path, strerror(errno));
	while (fgets(line.text, sizeof(line.text), file))
		if (record_matches(&line, kind, key, value) && !count++)
			*record = line;
	fclose(file);
	return count;
}

static unsigned int find_inode(const char *kind, ino_t inode, struct record *record)
{
	char number[32];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)inode);
	return records_find("buffers", kind, "ino", number, record);
}

struct record buffer_record(ino_t inode)
{
	struct record record;

	igt_assert_eq(find_inode("buffer\t", inode, &record), 1);
	return record;
}

unsigned int attachment_record(ino_t inode, struct record *record)
{
	return find_inode("attachment\t", inode, record);
}

bool buffer_exists(ino_t inode)
{
	struct record record;

	return find_inode("buffer\t", inode, &record);
}

long long misuse_total(const char *what)
{
	struct record record;

	igt_assert_eq(records_find("misuse", "total\t", "what", what, &record), 1);
	return record_number(&record, "count");
}

int fault_write(const char *rule)
{
	int file = open(DIRECTORY "fault", O_WRONLY | O_CLOEXEC), ret;

	igt_assert_f(file >= 0, "fault: %s\n", strerror(errno));
	ret = write(file, rule, strlen(rule)) < 0 ? errno : 0;
	close(file);
	return ret;
}
