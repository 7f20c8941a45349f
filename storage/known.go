package storage

import "ombud/chat"

// knownLimit bounds how many conversations a committer remembers: a few megabytes.
const knownLimit = 4096

// known remembers conversations as they were after their last append, so that the next one need not read the
// whole row. Nothing changes a conversation but an append, and every append raises last_seq: a row that is
// locked at the last_seq we remember is the row we remember, whoever else writes. The time of its last event is compared as well:
// a database that was put back to an earlier state gives seqs a second time.
type known map[string]chat.Conversation

// at gives a conversation if it is known at this very seq.
func (k known) at(id string, lastSeq, updatedAt int64) (chat.Conversation, bool) {
	c, ok := k[id]
	return c, ok && c.LastSeq == lastSeq && toMicros(c.UpdatedAt) == updatedAt
}

// learn remembers what a committed batch has written, and forgets anything else if it gets too much.
func (k known) learn(rows map[string]*change) {
	for id, row := range rows {
		if row.now.LastSeq > 0 {
			k[id] = row.now
		}
	}
	for id := range k {
		if len(k) <= knownLimit {
			return
		}
		delete(k, id)
	}
}
