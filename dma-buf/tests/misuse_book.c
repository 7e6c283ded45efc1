// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the book of misuse, and the kernel's log, for tests that did something
 * wrong on purpose. What is compared is what people get to see.
 */

#include <kunit/test.h>

#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/kmsg_dump.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "misuse_book.h"

#define TEXT_SIZE (64 * 1024)
#define LINE_SIZE 512

/* Tools read these words, so they are said a second time here. */
static const char *const words[] = {
	[DMABUF_BAD_EXPORT] = "export without what every buffer needs",
	[DMABUF_BAD_ARGUMENT] = "call without a buffer, a device or an attachment",
	[DMABUF_BAD_DIRECTION] = "mapping in a direction that is none",
	[DMABUF_MAP_DETACHED] = "map after detach",
	[DMABUF_UNMAP_UNMAPPED] = "unmap of what was not mapped",
	[DMABUF_UNMAP_DIRECTION] = "unmap in another direction than map",
	[DMABUF_PAGE_TOUCHED] = "use of a mapping's memory through its pages",
	[DMABUF_DETACH_MAPPED] = "detach while mapped",
	[DMABUF_DETACH_PINNED] = "detach while pinned",
	[DMABUF_DETACH_TWICE] = "detach of what is not attached",
	[DMABUF_PIN_STATIC] = "pin by an importer that is not dynamic",
	[DMABUF_PIN_BUSY] = "static importer kept out by the exporter's own pin",
	[DMABUF_UNPIN_UNPINNED] = "unpin without pin",
	[DMABUF_VMAP_NOTHING] = "exporter's vmap gave no address",
	[DMABUF_VUNMAP_UNMAPPED] = "vunmap of what was not vmapped",
	[DMABUF_END_UNBEGUN] = "end of CPU access that was not begun",
	[DMABUF_NOT_LOCKED] = "call without the reservation lock",
	[DMABUF_RELEASE_ATTACHED] = "last reference dropped while attached",
	[DMABUF_RELEASE_MAPPED] = "last reference dropped while mapped",
	[DMABUF_RELEASE_VMAPPED] = "last reference dropped while vmapped",
	[DMABUF_RELEASE_CPU_ACCESS] = "last reference dropped amid CPU access",
};

static_assert(ARRAY_SIZE(words) == DMABUF_MISUSE_COUNT);

char *show_text(struct kunit *test, int (*show)(struct seq_file *m, void *unused),
		void *private)
{
	struct seq_file m = { .size = TEXT_SIZE, .private = private };

	mutex_init(&m.lock);
	m.buf = kunit_kzalloc(test, TEXT_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	KUNIT_ASSERT_EQ(test, show(&m, NULL), 0);
	KUNIT_ASSERT_FALSE(test, seq_has_overflowed(&m));
	m.buf[m.count] = '\0';
	return m.buf;
}

static int show_book(struct seq_file *m, void *unused)
{
	dmabuf_misuse_show(m);
	return 0;
}

static bool has(const char *line, const char *key, const char *value,
		const char *end)
{
	char field[LINE_SIZE];

	snprintf(field, sizeof(field), "\t%s=%s%s", key, value, end);
	return strstr(line, field);
}

static bool matches(const char *line, const struct expectation *entry)
{
	const char *what = strstr(line, "\twhat=");
	char device[32] = "";

	if (!what || strcmp(what + strlen("\twhat="), words[entry->what]))
		return false;
	if (entry->dev)
		strscpy(device, dev_name(entry->dev));
	if (!has(line, "exporter", entry->exporter, "\t") ||
	    !has(line, "device", device, "\t"))
		return false;
	return entry->caller ? has(line, "caller", entry->caller, "+") :
			       !strstr(line, "\tcaller=");
}

static u64 count_entered(struct kunit *test, const struct expectation *entry)
{
	char *text = show_text(test, show_book, NULL), *rest = text, *line;
	u64 count, sum = 0;

	while ((line = strsep(&rest, "\n")))
		if (sscanf(line, "report\tcount=%llu", &count) == 1 &&
		    matches(line, entry))
			sum += count;
	kunit_kfree(test, text);
	return sum;
}

/* Lines of the kernel's log with both words. */
static unsigned int count_printed(struct kunit *test, const char *first,
				  const char *second)
{
	char *line = kunit_kzalloc(test, LINE_SIZE + 1, GFP_KERNEL);
	struct kmsg_dump_iter cursor;
	unsigned int count = 0;
	size_t length;

	KUNIT_ASSERT_NOT_NULL(test, line);
	kmsg_dump_rewind(&cursor);
	while (kmsg_dump_get_line(&cursor, false, line, LINE_SIZE, &length)) {
		line[length] = '\0';
		count += strstr(line, first) && strstr(line, second);
	}
	kunit_kfree(test, line);
	return count;
}

void book_expect(struct kunit *test, struct expectation *expected,
		 enum dmabuf_misuse what, const char *exporter,
		 struct device *dev, const char *caller)
{
	expected->what = what;
	expected->exporter = exporter;
	expected->dev = dev;
	expected->caller = caller;
	expected->total = dmabuf_misuse_total(what);
	expected->entered = count_entered(test, expected);
}

void book_check(struct kunit *test, const struct expectation *expected,
		unsigned int times)
{
	/* Where no exporter is known its name can't be looked for. */
	const char *by = expected->exporter[0] ? expected->exporter : expected->caller;

	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(expected->what), expected->total + times);
	KUNIT_EXPECT_EQ(test, count_entered(test, expected), expected->entered + times);
	KUNIT_EXPECT_EQ(test, count_printed(test, words[expected->what], by),
			expected->caller ? 1 : 0);
}
