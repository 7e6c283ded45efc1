// SPDX-License-Identifier: MIT
/*
 * A lease whose lessor stops being master while DRM makes it: the file of the lease is
 * opened when there is no master, becomes it, and DRM forgets that when it gives the file
 * its lease. Whoever is master for a moment could so keep all others from it for ever.
 */
#include "kms_subtests.h"

#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/screen.h"
#include "lib/slow_page.h"
#include "lib/subtests.h"

struct lessor {
	int card;
	struct drm_mode_create_lease lease;
	int error;
};

static void *make_lease(void *data)
{
	struct lessor *lessor = data;

	lessor->error =
		ioctl(lessor->card, DRM_IOCTL_MODE_CREATE_LEASE, &lessor->lease) ? errno : 0;
	return NULL;
}

/* Gives the lease, which is left with nothing of its lessor's. */
static int lease_without_master(struct screen *screen, struct slow_page *page)
{
	uint32_t objects[] = { screen->kms.crtc.id, screen->kms.connector.id,
			       screen->kms.primary.id };
	struct lessor lessor = {
		.card = screen->kms.fd,
		.lease = { .object_ids = (uintptr_t)page->boundary, .object_count = 3 },
	};
	pthread_t thread;

	slow_page_write(page, objects, sizeof(objects));
	slow_page_begin(page);
	igt_assert_eq(pthread_create(&thread, NULL, make_lease, &lessor), 0);
	/* Until it waits for the names of what is leased. */
	usleep(200000);
	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	slow_page_let_go(page);
	igt_assert_eq(pthread_join(thread, NULL), 0);
	igt_assert_eq(lessor.error, 0);
	return lessor.lease.fd;
}

static void lost_master(struct screen *screen)
{
	struct slow_page page = slow_page_new(screen->kms.fd);
	int lease = lease_without_master(screen, &page), other;

	slow_page_free(&page);
	other = drm_open_card("vprime", 0);
	igt_assert(drmSetMaster(other));
	close(other);
	close(lease);
	other = drm_open_card("vprime", 0);
	igt_assert_errno(drmSetMaster(other), 0);
	igt_assert_errno(drmDropMaster(other), 0);
	close(other);
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
}

static const struct subtest subtests[] = {
	{ "lease-lost-master", "A lease keeps nobody from being master when it is gone.",
	  lost_master },
};

void lease_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
