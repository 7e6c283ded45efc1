/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which buffers and attachments the live form keeps states of, from begin to
 * end. Looking a state up is form.h's.
 */
#ifndef DMABUF_LIVE_STATE_H
#define DMABUF_LIVE_STATE_H

/**
 * dmabuf_live_begin - keep states, and adopt the buffers that there are
 *
 * From here on every new buffer and attachment has a state; those that exist
 * get one that says they were adopted; one that stays locked for ten seconds has none,
 * which is printed. To be called when no task runs stock code any more. Sleeps.
 */
void dmabuf_live_begin(void);

/**
 * dmabuf_live_end - keep no states any more
 *
 * When it returns dmabuf_state() and dmabuf_attach_state() give NULL for all, no
 * mapping is idle, no fence has a callback of ours and every poller was woken to
 * poll again. Of a buffer that stays locked for ten seconds the idle mappings stay:
 * that is printed. To be called before any task goes back to stock code. Sleeps.
 */
void dmabuf_live_end(void);

/**
 * dmabuf_live_free - free what was kept for tasks still in the middle of a call
 *
 * To be called after dmabuf_live_end(), when no task runs our code any more.
 */
void dmabuf_live_free(void);

#endif
