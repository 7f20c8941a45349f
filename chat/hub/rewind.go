package hub

import "ombud/chat"

// A database that was put back to an earlier state while this node ran, or a replica that was behind when it took over, has lost its
// newest events and gives their seqs to others. What this node holds in memory is then another conversation than the one stored.

// sameEvent reports whether two events at one seq are one event, whether or not its words were erased meanwhile.
func sameEvent(a, b chat.Event) bool {
	return a.Seq == b.Seq && a.Kind == b.Kind && a.At.Equal(b.At)
}

// onPolled compares the row as the database has it. Where the poll is not a moment older than this node, a row that stands behind, or at
// the same seq at another time, is that of another log.
func (l *live) onPolled(c chat.Conversation) {
	l.onHint(c.LastSeq)
	if c.LastSeq < l.seq || c.LastSeq == l.conv.LastSeq && !c.UpdatedAt.Equal(l.conv.UpdatedAt) {
		l.reload()
	}
}

// contradicts reports whether an event that was just stored stands where this node knows another.
func (l *live) contradicts(e chat.Event) bool {
	at := e.Seq - (l.seq - int64(len(l.tail)) + 1)
	return at >= 0 && at < int64(len(l.tail)) && !sameEvent(e, l.tail[at])
}

// rewind forgets a log that is not the stored one any more. Who listens is sent away, comes back with what they know, and is told what
// of it counts no longer.
func (l *live) rewind() {
	l.hub.o.Logger.Error("the database has lost events that were stored; its log counts from here on", "conversation", l.id, "seq", l.seq)
	l.disarm()
	l.conv, l.known, l.seq, l.want, l.tail = chat.Conversation{}, false, 0, 0, nil
	l.askSeen = 0
	for s := range l.subs {
		l.drop(s)
	}
	l.hub.board.lookUp(l.id)
	l.reload() // a turn may be due
}
