/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an importer and the core may do with one attachment, and in which order: the
 * steps that happen under the reservation lock. sharing.pml takes them in all orders
 * that its processes can come to; trace.pml takes them in the order in which a kernel
 * did. Each step is one of the core's trace events and has its name.
 */

typedef attachment {
	bool listed;	/* on the buffer's list of attachments */
	byte maps;	/* in use */
	bool stale;	/* what is in use was made before the buffer moved */
	byte idle;	/* unmapped, kept by the core */
	byte pins;
}

attachment at[ATTACHMENTS];
bool revoked;

inline dma_buf_attach(a)
{
	d_step {
		assert(!at[a].listed);
		at[a].listed = true
	}
}

/* No mapping outlives its attachment, and no pin. */
inline dma_buf_detach(a)
{
	d_step {
		assert(at[a].listed && !at[a].maps && !at[a].pins);
		at[a].listed = false;
		at[a].idle = 0
	}
}

/* The exporter makes a mapping: those that were idle have ended. */
inline dmabuf_map_new(a)
{
	d_step {
		assert(at[a].listed && !revoked);
		at[a].idle = 0;
		at[a].maps++;
		at[a].stale = false
	}
}

/* Only what nobody uses, and what is where the buffer is now, is given out again. */
inline dmabuf_map_again(a)
{
	d_step {
		assert(at[a].listed && !revoked && at[a].idle > 0);
		at[a].idle--;
		at[a].maps++;
		at[a].stale = false
	}
}

/* kept: the core may give it out again */
inline dmabuf_unmap(a, kept)
{
	d_step {
		assert(at[a].listed && at[a].maps > 0);
		at[a].maps--;
		if
		:: kept && !at[a].stale -> at[a].idle++
		:: else -> skip
		fi
	}
}

inline dmabuf_pin(a)
{
	d_step {
		assert(at[a].listed && !revoked);
		at[a].pins++
	}
}

inline dmabuf_unpin(a)
{
	d_step {
		assert(at[a].listed && at[a].pins > 0);
		at[a].pins--
	}
}

/* One attachment's part of it; the exporter goes through the list. */
inline dmabuf_invalidate(a)
{
	d_step {
		at[a].idle = 0;
		at[a].stale = (at[a].maps > 0)
	}
}
