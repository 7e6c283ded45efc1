/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a buffer is shared, as dma-buf/ does it: one exporter that moves and revokes it,
 * one importer that follows moves and keeps its reference (as drm/vprime_import.c), one
 * that can't follow and may drop its reference while it is attached (a fault of drivers
 * that dma-buf/hold.h bears), the shrinker, the release. Programs may die at any step:
 * what an importer has is then given back by the same functions.
 *
 * Checked for all orders: nothing freed is touched, no mapping is lost, no exporter is
 * called after its release, no device reads memory that was given to somebody else,
 * and nobody waits for ever. Each FAULT_* plants a fault that SPIN has to find.
 */

#define ATTACHMENTS 2
#ifndef MOVES
#define MOVES 1
#endif
#define FOLLOWER 0	/* the importer that follows moves */
#define STATIC 1	/* the one that can't */

#include "rules.pml"

/* struct dmabuf_state and what the file counts */
byte refs = 1;		/* of the file: the exporting program's fd */
byte holds = 1;
byte calls = 1;
bool orphaned;
bool freed;		/* the memory of struct dma_buf */

/* Who has the lock; which of them is dmabuf->resv. 0: nobody. */
byte exporter_resv, own_resv;
bool is_own;

/* The exporter. */
bool released;		/* dma_buf_ops.release has been called */
bool knows = true;	/* gem->dma_buf: its way from its object to the buffer */
bool unplugged;		/* it gives out no more mappings */
byte generation;	/* which memory the buffer has */
bool given_away[MOVES + 1];
byte tables;		/* made by map_dma_buf, not ended by unmap_dma_buf */

/* The importers' devices, and the fences that tell when they are done. */
bool fence[ATTACHMENTS];
byte mapped[ATTACHMENTS];	/* the memory that the mapping leads to */
byte reads[ATTACHMENTS];	/* the memory that a device works on */
bool over[ATTACHMENTS];		/* nobody gives it more work */

#define alive() assert(!freed)
#define exporter() assert(!released && !freed)

/* The pointer is read first, then its lock is waited for. */
inline resv_lock(own)
{
	own = is_own;
	if
	:: atomic { !own && !exporter_resv -> exporter(); exporter_resv = _pid }
	:: atomic { own && !own_resv -> alive(); own_resv = _pid }
	fi
}

inline resv_unlock(own)
{
	if
	:: own -> own_resv = 0
	:: else -> exporter_resv = 0
	fi
}

/* hold.h */
inline dmabuf_call_begin(in)
{
	d_step {
		alive();
#ifdef FAULT_NO_CALLS
		in = true;
#else
		in = (calls > 0);
#endif
		calls = calls + in
	}
}

inline dmabuf_call_end()
{
	d_step { alive(); calls-- }
}

inline dmabuf_drop()
{
	d_step {
		alive();
		holds--;
		if
		:: !holds ->
			assert(!tables && !at[0].listed && !at[1].listed);
			freed = true
		:: else -> skip
		fi
	}
}

/* mapping_list.c and pinned.c, under the lock */
inline map_attachment(a, pins_it)
{
	exporter();
	if
	:: pins_it -> dmabuf_pin(a)
	:: else -> skip
	fi;
	if
	:: at[a].idle > 0 -> dmabuf_map_again(a)
	:: else -> dmabuf_map_new(a); d_step { tables++; mapped[a] = generation }
	fi
}

inline end_mappings(a, pins_it)
{
	d_step {
		tables = tables - at[a].idle;
		at[a].idle = 0
	}
	do
	:: at[a].maps > 0 ->
		dmabuf_unmap(a, false);
		tables--;
		if
		:: pins_it -> dmabuf_unpin(a)
		:: else -> skip
		fi
	:: else -> break
	od;
	skip
}

inline unmap_attachment(a, pins_it)
{
	exporter();
	if
	:: dmabuf_unmap(a, true);
	   if
	   :: at[a].idle > 0 -> skip
	   :: else -> tables--
	   fi
	:: dmabuf_unmap(a, false); tables--
	fi;
	if
	:: pins_it -> dmabuf_unpin(a)
	:: else -> skip
	fi
}

/* An importer: a program that shares the buffer with its device. */
proctype importer(byte a; bool follows; bool keeps)
{
	bool own, in, has = true;

	/* dma_buf_get(): from a descriptor that the exporting program sent */
	atomic {
		if
		:: refs > 0 -> refs++
		:: else -> over[a] = true; goto end
		fi
	}

	/* dma_buf_dynamic_attach() */
	exporter();
	d_step { alive(); holds++ }
	resv_lock(own);
	dma_buf_attach(a);
	resv_unlock(own);

	do
	:: !keeps && has -> d_step { has = false; refs-- }
	:: goto detach		/* it is done, or it dies */
	:: !fence[a] ->		/* gives its device work */
		in = true;
		if
		:: follows -> skip
		:: else -> dmabuf_call_begin(in)
		fi;
		if
		:: in ->
			resv_lock(own);
			if
			:: revoked -> skip
			:: else ->
				if
				:: at[a].maps -> skip
				:: else -> map_attachment(a, !follows)
				fi;
				d_step { fence[a] = true; reads[a] = mapped[a] }
			fi;
			resv_unlock(own);
			if
			:: follows -> skip
			:: else -> dmabuf_call_end()
			fi
		:: else -> goto detach
		fi
	:: !fence[a] && at[a].maps ->	/* takes its mapping back */
		in = true;
		if
		:: follows -> skip
		:: else -> dmabuf_call_begin(in)
		fi;
		if
		:: in ->
			resv_lock(own);
			if
			:: at[a].maps -> unmap_attachment(a, !follows)
			:: else -> skip
			fi;
			resv_unlock(own);
			if
			:: follows -> skip
			:: else -> dmabuf_call_end()
			fi
		:: else -> goto detach
		fi
	od;

detach:
	/* Its device is stopped first. */
	!fence[a];
	over[a] = true;
	dmabuf_call_begin(in);
	if
	:: in ->
		resv_lock(own);
		alive();
		end_mappings(a, !follows);
		dma_buf_detach(a);
		resv_unlock(own);
		exporter();	/* dma_buf_ops.detach */
		dmabuf_call_end()
	:: else ->
		orphaned;	/* dmabuf_orphan_wait() */
		alive();
		resv_lock(own);
		assert(own);
		dma_buf_detach(a);
		resv_unlock(own)
	fi;
	dmabuf_drop();
	if
	:: has -> d_step { has = false; refs-- }
	:: else -> skip
	fi;
end:
	skip
}

/* What an importer's device does until its fence signals. */
proctype device(byte a)
{
	do
	:: fence[a] ->
		assert(!given_away[reads[a]]);
		fence[a] = false
	:: over[a] && !fence[a] -> break
	od
}

/* dma_buf_invalidate_mappings(), the exporter's lock held */
inline invalidate()
{
	alive();
	assert(!is_own);
	d_step {
		tables = tables - at[FOLLOWER].idle - at[STATIC].idle;
		dmabuf_invalidate(STATIC);
		dmabuf_invalidate(FOLLOWER)
	}
#ifndef FAULT_NOT_TOLD
	/* vprime_import_invalidate() */
	if
	:: at[FOLLOWER].maps -> dmabuf_unmap(FOLLOWER, false); tables--
	:: else -> skip
	fi
#endif
}

/* The exporting driver: moves the buffer, takes it back. Its object may outlive it. */
proctype mover()
{
	byte moves;
	bool own;

	do
	:: moves < MOVES ->
		/* It locks its own reservation object, which lives as long as it. */
		atomic { !exporter_resv -> exporter_resv = _pid };
		if
		:: knows && !unplugged && !at[FOLLOWER].pins && !at[STATIC].pins ->
			/* vprime_move_locked(): all fences, the lock held */
#ifndef FAULT_NO_WAIT
			!fence[FOLLOWER] && !fence[STATIC];
#endif
			invalidate();
			d_step { given_away[generation] = true; generation++ }
		:: else -> skip
		fi;
		moves++;
		exporter_resv = 0
	:: !unplugged ->
		/* dmabuf_revoke(): what is mapped stays where it is */
		atomic { !exporter_resv -> exporter_resv = _pid };
		if
		:: knows -> revoked = true; unplugged = true; invalidate()
		:: else -> skip
		fi;
		exporter_resv = 0;
		break
	:: break
	od
}

/* The program that exported it closes its descriptor, whatever its driver does. */
proctype closer()
{
	refs--
}

/* reclaim.c: takes a reference, and a lock only if nobody has it */
proctype shrinker()
{
	bool in;

	atomic {
		in = (refs > 0);
		refs = refs + in
	}
	if
	:: in ->
		if
		:: atomic { !exporter_resv -> exporter_resv = _pid };
			exporter();
			d_step {
				tables = tables - at[FOLLOWER].idle - at[STATIC].idle;
				at[FOLLOWER].idle = 0;
				at[STATIC].idle = 0
			};
			exporter_resv = 0
		:: skip
		fi;
		refs--
	:: else -> skip
	fi
}

inline end_attachment(a, pins_it)
{
	if
	:: at[a].listed -> end_mappings(a, pins_it)
	:: else -> skip
	fi
}

/* dmabuf_dentry_release() */
proctype release()
{
	bool own;

	refs == 0;
	alive();
	/* dmabuf_calls_end() */
	calls--;
	calls == 0;

	if
	:: at[FOLLOWER].listed || at[STATIC].listed ->
		/* dmabuf_attachments_orphan() */
		resv_lock(own);
		revoked = true;
		end_attachment(FOLLOWER, false);
		end_attachment(STATIC, true);
		resv_unlock(own);
		exporter();	/* dma_buf_ops.detach of each */
#ifdef FAULT_ORPHAN_FIRST
		is_own = true;
		orphaned = true
#endif
	:: else -> skip
	fi;

	/* dma_buf_ops.release: from now on the exporter does not know the buffer */
	exporter();
	atomic { !exporter_resv -> exporter_resv = _pid };
	knows = false;
	exporter_resv = 0;
	released = true;

#ifndef FAULT_ORPHAN_FIRST
	is_own = true;
	orphaned = true;
#endif
	dmabuf_drop()
}

init
{
	atomic {
		run importer(FOLLOWER, true, true);
		run importer(STATIC, false, false);
		run device(FOLLOWER);
		run device(STATIC);
		run mover();
		run closer();
		run shrinker();
		run release()
	}
	_nr_pr == 1;
	assert(freed && !tables)
}
