// SPDX-License-Identifier: MIT
/*
 * The tables for people: Documentation/permissions.rst, written by `make permissions`
 * from the same rows that the tests try.
 */
#include <errno.h>

#include "permissions.h"

static const char *word(int error)
{
	switch (error) {
	case 0:
		return "yes";
	case ENOENT:
		return "ENOENT";
	case EPERM:
		return "EPERM";
	default:
		return "\u2013";
	}
}

static void write_title(FILE *file, const char *title, char line)
{
	fprintf(file, "\n%s\n", title);
	while (*title++)
		fputc(line, file);
	fprintf(file, "\n\n");
}

static void write_head(FILE *file, const char *first)
{
	fprintf(file, ".. csv-table::\n   :header-rows: 1\n   :stub-columns: 1\n\n");
	fprintf(file, "   \"%s\"", first);
}

static void write_calls(FILE *file, const char *title, const struct call *calls, size_t count)
{
	write_title(file, title, '-');
	write_head(file, "call");
	for (enum role role = 0; role < ROLES; role++)
		fprintf(file, ", \"%s\"", role_title(role));
	fputc('\n', file);
	for (size_t i = 0; i < count; i++) {
		fprintf(file, "   \"%s\"", calls[i].name);
		for (enum role role = 0; role < ROLES; role++)
			fprintf(file, ", %s", word(call_expected(&calls[i], role)));
		fputc('\n', file);
	}
}

static void write_files(FILE *file)
{
	write_title(file, "Files", '-');
	fprintf(file, "Below ``/sys``, all root's. An asterisk stands for anything. *Others* are\n"
		      "those without privileges, if somebody opened debugfs to them.\n\n");
	write_head(file, "file");
	fprintf(file, ", mode, others, what\n");
	for (size_t i = 0; i < num_file_rules; i++) {
		const struct file_rule *rule = &file_rules[i];

		fprintf(file, "   \"``%s``\", %04o%s, %s, \"%s\"\n", rule->pattern,
			rule->mode & ~AT_MOST, rule->mode & AT_MOST ? " or less" : "",
			rule->mode & 0004 ? "read" : "\u2013", rule->about);
	}
}

void permissions_write(FILE *file)
{
	fprintf(file, ".. %s-License-Identifier: GPL-2.0-only\n"
		      ".. Written by igt-tests/vprime_permissions: don't edit, make permissions.\n",
		"SPDX");
	write_title(file, "Who may do what", '=');
	fprintf(file,
		"Each cell is tried by ``igt-tests/vprime_permissions``, in a process without\n"
		"privileges that is in the groups of the nodes, or with ``CAP_SYS_ADMIN`` where\n"
		"that is said. *yes*: the call is not forbidden. A dash: EACCES. ENOENT: there is\n"
		"no such object for the caller. Who can open no node gets EACCES when opening,\n"
		"and none of the calls. An ioctl whose number is in no table is not there.\n\n"
		"A *lessee* has the CRTC, the screen's connector, the primary plane and one\n"
		"overlay; *revoked*: had. A *former master* dropped that, and another is master.\n"
		"What a descriptor allows whoever holds it stands in ``uapi.rst`` and\n"
		"``consumer.rst``.\n");
	write_calls(file, "The device's own ioctls", own_calls, num_own_calls);
	write_calls(file, "What is another's, or not leased", probes, num_probes);
	write_calls(file, "Ioctls of DRM", core_calls, num_core_calls);
	write_files(file);
}
