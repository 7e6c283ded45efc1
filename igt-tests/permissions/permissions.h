/* SPDX-License-Identifier: MIT */
#ifndef PERMISSIONS_H
#define PERMISSIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define NOBODY 65534

/* What somebody can be to a card. All but the last two have no privileges. */
enum role {
	RENDER,
	CARD,
	AUTHENTICATED,
	MASTER,
	LESSEE,
	REVOKED,
	FORMER,
	ADMIN,
	MASTER_ADMIN,
	ROLES,
};

/* Sets of roles, for struct call. */
#define MAY(role) (1u << (role))
#define EVERYONE (MAY(ROLES) - 1)
#define CARDS (EVERYONE & ~MAY(RENDER))
#define TRUSTED (CARDS & ~MAY(CARD))
#define ADMINS (MAY(ADMIN) | MAY(MASTER_ADMIN))
#define LESSEES (MAY(LESSEE) | MAY(REVOKED))
#define MASTERS (MAY(MASTER) | MAY(MASTER_ADMIN) | LESSEES)

/**
 * struct stage - what there is on the card while somebody tries
 * @card: path of the card's node
 * @render: path of the render node
 * @owner: the tests' own file, by an administrator, master while nobody else has to be
 * @crtc: the only one
 * @connector: the screen's
 * @writeback: the connector that reads the screen back, never in the lease
 * @primary: plane, in the lease
 * @overlay: planes, the first in the lease, the second not
 * @fb: framebuffer of @owner's, shown
 * @blob: of @owner's
 * @name: global name of a buffer of @owner's
 * @offset: where @owner maps the same buffer
 */
struct stage {
	char *card;
	char *render;
	int owner;
	uint32_t crtc;
	uint32_t connector;
	uint32_t writeback;
	uint32_t primary;
	uint32_t overlay[2];
	uint32_t fb;
	uint32_t blob;
	uint32_t name;
	uint64_t offset;
};

/**
 * struct call - one row of the table: a call, and who gets what from it
 * @name: what is called
 * @request: the ioctl, 0 if it is none or stands in another row
 * @probe: makes the call for what is asked, returns 0 or an errno; NULL: the ioctl with
 *	an argument of zeros, which says no more than whether it is forbidden
 * @may: roles that may
 * @hidden: roles for which the object is not there: ENOENT
 * @refused: roles that get EPERM; all that are left get EACCES
 */
struct call {
	const char *name;
	unsigned long request;
	int (*probe)(const struct stage *stage, int fd);
	unsigned int may;
	unsigned int hidden;
	unsigned int refused;
};

extern const struct call core_calls[], own_calls[], probes[];
extern const size_t num_core_calls, num_own_calls, num_probes;

const char *role_name(enum role role);
const char *role_title(enum role role);

/*
 * Runs @body as @role in a process of its own, with its file, and waits for the end of
 * it. Asserts that it came to be what it has to be. @body must not assert.
 */
void role_run(enum role role, const struct stage *stage,
	      void (*body)(const struct stage *stage, int fd, int *results), int *results);

/* What the call should give and gives: 0 or an errno. */
int call_expected(const struct call *call, enum role role);
int call_outcome(const struct call *call, const struct stage *stage, int fd);

/* The permission bits of a file may be fewer. */
#define AT_MOST 010000

/**
 * struct file_rule - files, and what everybody may do with them
 * @pattern: below /sys
 * @mode: permission bits, and AT_MOST
 * @about: what is in it
 */
struct file_rule {
	const char *pattern;
	mode_t mode;
	const char *about;
};

extern const struct file_rule file_rules[];
extern const size_t num_file_rules;

/* Tries all files; asserts. */
void files_try(void);

/* What the device gives is closed at exec; asserts. */
void inherited_check(const struct stage *stage);

/* Documentation/permissions.rst. */
void permissions_write(FILE *file);

#endif
