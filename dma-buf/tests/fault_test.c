// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of fault.c: rules are read, and make the right calls fail. Every rule
 * here names its exporter, so that nobody else on the machine fails.
 */

#include <kunit/device.h>
#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "../fault.h"
#include "misuse_book.h"
#include "mock_exporter.h"
#include "mock_importer.h"

#define ME "mock_fault"

static int set(const char *rule)
{
	char text[256];

	strscpy(text, rule);
	return dmabuf_fault_set(text);
}

static void fault_test_exit(struct kunit *test)
{
	set("off");
}

static struct mock_exporter *my_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);

	exporter->name = ME;
	mock_exporter_add_pin(exporter);
	mock_export(test, exporter);
	return exporter;
}

static int begin(struct mock_exporter *exporter)
{
	int ret = dma_buf_begin_cpu_access(exporter->dmabuf, DMA_TO_DEVICE);

	if (!ret)
		dma_buf_end_cpu_access(exporter->dmabuf, DMA_TO_DEVICE);
	return ret;
}

static void rules_that_make_no_sense_are_refused(struct kunit *test)
{
	static const char *const rules[] = {
		"",
		" ",
		"nowhere",
		"MAP",
		"map on",
		"map nth",
		"map nth=",
		"map nth=0",
		"map nth=-1",
		"map nth=x",
		"map every=0",
		"map times=0",
		"map errno=0",
		"map errno=4096",
		"map pid=0",
		"map pid=self",
		"map exporter=",
		"map device=",
		"map nth=1  times=1",
		"map colour=1",
		"map nth=1 off",
		"map nth=99999999999",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		KUNIT_EXPECT_EQ_MSG(test, set(rules[i]), -EINVAL, "rule '%s'", rules[i]);
	KUNIT_EXPECT_FALSE(test, static_key_enabled(&dmabuf_faults));
}

static int show_rules(struct seq_file *m, void *unused)
{
	dmabuf_fault_show(m);
	return 0;
}

static void rules_are_shown_with_what_they_did(struct kunit *test)
{
	struct mock_exporter *exporter = my_buffer(test);
	char *text;

	KUNIT_EXPECT_EQ(test, set("begin_cpu_access every=2 errno=5 exporter=" ME), 0);
	KUNIT_EXPECT_TRUE(test, static_key_enabled(&dmabuf_faults));
	begin(exporter);
	begin(exporter);
	begin(exporter);
	text = show_text(test, show_rules, NULL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "begin_cpu_access nth=0 every=2 times=0 "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " errno=5 exporter=" ME " device= pid=0 "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " seen=3 failed=1\n"));
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, '\n'), strrchr(text, '\n'));
	set("off");
	KUNIT_EXPECT_STREQ(test, show_text(test, show_rules, NULL), "");
	KUNIT_EXPECT_FALSE(test, static_key_enabled(&dmabuf_faults));
	mock_release(test, exporter);
}

static void there_is_room_for_so_many_rules(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, set("map exporter=" ME), 0);
	KUNIT_EXPECT_EQ(test, set("map exporter=" ME), -ENOSPC);
	KUNIT_EXPECT_EQ(test, set("pin off"), 0);
	KUNIT_EXPECT_EQ(test, set("map exporter=" ME), -ENOSPC);
	KUNIT_EXPECT_EQ(test, set("map off"), 0);
	KUNIT_EXPECT_EQ(test, set("map exporter=" ME), 0);
}

static void nth_every_and_times_count_matching_calls(struct kunit *test)
{
	struct mock_exporter *exporter = my_buffer(test), *other = mock_buffer(test);
	static const struct {
		const char *rule;
		unsigned int fails; /* bit n: the call n */
	} rules[] = {
		{ "begin_cpu_access exporter=" ME, 0xff },
		{ "begin_cpu_access nth=3 exporter=" ME, 0x04 },
		{ "begin_cpu_access every=3 exporter=" ME, 0x24 },
		{ "begin_cpu_access times=2 exporter=" ME, 0x03 },
		{ "begin_cpu_access every=2 times=3 exporter=" ME, 0x2a },
		{ "begin_cpu_access nth=9 exporter=" ME, 0x00 },
	};
	unsigned int i, n, fails;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		KUNIT_EXPECT_EQ(test, set(rules[i].rule), 0);
		for (n = 0, fails = 0; n < 8; n++) {
			KUNIT_EXPECT_EQ(test, begin(other), 0);
			if (begin(exporter) == -EINTR)
				fails |= BIT(n);
		}
		KUNIT_EXPECT_EQ_MSG(test, fails, rules[i].fails, "rule '%s'",
				    rules[i].rule);
		set("off");
	}
	mock_release(test, exporter);
	mock_release(test, other);
}

static void pid_must_match(struct kunit *test)
{
	struct mock_exporter *exporter = my_buffer(test);
	struct mock_importer *importer = mock_importer_create(test);
	struct mock_importer *other = mock_attach_static(test, exporter);
	struct dma_buf_attachment *attach;
	char rule[128];

	snprintf(rule, sizeof(rule), "begin_cpu_access pid=%d exporter=" ME,
		 task_tgid_nr(current) + 1);
	KUNIT_EXPECT_EQ(test, set(rule), 0);
	KUNIT_EXPECT_EQ(test, begin(exporter), 0);
	snprintf(rule, sizeof(rule), "begin_cpu_access pid=%d exporter=" ME,
		 task_tgid_nr(current));
	KUNIT_EXPECT_EQ(test, set(rule), 0);
	KUNIT_EXPECT_EQ(test, begin(exporter), -EINTR);
	set("off");

	mock_detach_importer(other);
	KUNIT_EXPECT_EQ(test, set("attach device=nobody exporter=" ME), 0);
	attach = dma_buf_attach(exporter->dmabuf, importer->dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	dma_buf_detach(exporter->dmabuf, attach);
	/* A call without a device is not the device's. */
	snprintf(rule, sizeof(rule), "begin_cpu_access device=%s",
		 dev_name(importer->dev));
	KUNIT_EXPECT_EQ(test, set(rule), 0);
	KUNIT_EXPECT_EQ(test, begin(exporter), 0);
	mock_release(test, exporter);
}

static void device_must_match(struct kunit *test)
{
	struct mock_exporter *exporter = my_buffer(test);
	struct mock_importer *importer = mock_importer_create(test);
	struct dma_buf_attachment *attach;
	char rule[128];

	snprintf(rule, sizeof(rule), "attach device=%s", dev_name(importer->dev));
	KUNIT_ASSERT_EQ(test, set(rule), 0);
	attach = dma_buf_attach(exporter->dmabuf, importer->dev);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(attach), -ENOMEM);
	mock_release(test, exporter);
}

static int attach(struct mock_exporter *exporter, struct device *dev)
{
	struct dma_buf_attachment *attach = dma_buf_attach(exporter->dmabuf, dev);

	if (IS_ERR(attach))
		return PTR_ERR(attach);
	dma_buf_detach(exporter->dmabuf, attach);
	return 0;
}

/* Two names that differ in their last character only, and have spaces. */
static void names_may_be_long_and_odd(struct kunit *test)
{
	char name[200], rule[320], shown[320];
	struct mock_exporter *exporter = my_buffer(test);
	struct device *first, *second;

	memset(name, 'n', sizeof(name));
	strscpy(name + sizeof(name) - 8, "a b\\c 1", 8);
	first = kunit_device_register(test, name);
	name[sizeof(name) - 2] = '2';
	second = kunit_device_register(test, name);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);

	strscpy(name + sizeof(name) - 8, "a", 8);
	/* KUnit puts the test's name before a device's. */
	snprintf(rule, sizeof(rule), "attach device=%s.%s\\040b\\134c\\0401", test->name,
		 name);
	snprintf(shown, sizeof(shown), " device=%s.%s\\040b\\134c\\0401 ", test->name,
		 name);
	KUNIT_ASSERT_EQ(test, set(rule), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(show_text(test, show_rules, NULL), shown));
	KUNIT_EXPECT_EQ(test, attach(exporter, first), -ENOMEM);
	KUNIT_EXPECT_EQ(test, attach(exporter, second), 0);
	set("off");
	/* The last one said counts, and none is lost. */
	KUNIT_EXPECT_EQ(test, set("attach device=x device=y exporter=" ME " exporter=z"), 0);
	KUNIT_EXPECT_EQ(test, set("attach device=x exporter=y colour=1"), -EINVAL);
	KUNIT_EXPECT_EQ(test, attach(exporter, first), 0);
	mock_release(test, exporter);
}

static void export_and_fd_fail(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct dma_buf_export_info info;

	exporter->name = ME;
	info = mock_export_info(exporter);
	set("export exporter=" ME);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_export(&info)), -ENOMEM);
	set("export off");
	set("export errno=23 exporter=" ME);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_export(&info)), -ENFILE);
	set("off");
	mock_export(test, exporter);
	set("fd exporter=" ME);
	KUNIT_EXPECT_EQ(test, dma_buf_fd(exporter->dmabuf, 0), -EMFILE);
	mock_release(test, exporter);
}

static void attach_pin_map_and_vmap_fail(struct kunit *test)
{
	struct mock_exporter *exporter = my_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);
	struct dma_buf_attachment *attach;
	struct iosys_map address;
	struct sg_table *table;
	int ret;

	set("attach exporter=" ME);
	set("pin exporter=" ME);
	set("map exporter=" ME);
	set("vmap exporter=" ME);
	attach = dma_buf_attach(exporter->dmabuf, importer->dev);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(attach), -ENOMEM);
	dma_resv_lock(exporter->dmabuf->resv, NULL);
	ret = dma_buf_pin(importer->attach);
	dma_resv_unlock(exporter->dmabuf->resv);
	KUNIT_EXPECT_EQ(test, ret, -EBUSY);
	table = dma_buf_map_attachment_unlocked(importer->attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -ENOMEM);
	KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(exporter->dmabuf, &address), -ENOMEM);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_ATTACH], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VMAP], 0);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(rules_that_make_no_sense_are_refused),
	KUNIT_CASE(rules_are_shown_with_what_they_did),
	KUNIT_CASE(there_is_room_for_so_many_rules),
	KUNIT_CASE(nth_every_and_times_count_matching_calls),
	KUNIT_CASE(pid_must_match),
	KUNIT_CASE(device_must_match),
	KUNIT_CASE(names_may_be_long_and_odd),
	KUNIT_CASE(export_and_fd_fail),
	KUNIT_CASE(attach_pin_map_and_vmap_fail),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-fault",
	.exit = fault_test_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
