package studio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// Rehearsal is the draft as the sandbox has it.
type Rehearsal struct {
	Progress
	// Before and After are cross-validated: how often the examples' topics are told rightly by a model that has not
	// learnt them, by language, in the live script and in the draft. Both are empty until they are known.
	Before map[string]nlu.Held `json:"before"`
	After  map[string]nlu.Held `json:"after"`
}

// rehearsal is what the sandbox's bot works by.
type rehearsal struct {
	key string // of the files
	now Progress
	old map[string]nlu.Held
	new map[string]nlu.Held
}

// Rehearse has the sandbox's bot take up the draft, beside all else, and tells how far that is; it is asked again and
// again while it is not. sandbox may be nil: then the draft is only measured.
func (s *Studio) Rehearse(ctx context.Context, sandbox Engine) (Rehearsal, error) {
	draft, files, err := s.Draft(ctx)
	if err != nil {
		return Rehearsal{}, err
	}
	key := fingerprint(files)
	s.mu.Lock()
	defer s.mu.Unlock()
	busy := s.trial.now.Stage == Reading || s.trial.now.Stage == Learning
	if s.trial.key != key && !busy && !s.closed {
		s.trial = rehearsal{key: key, now: Progress{Version: draft.Revision, Stage: Reading}}
		s.wg.Go(func() { s.rehearse(files, draft.Revision, sandbox) })
	}
	out := Rehearsal{Progress: s.trial.now, Before: s.trial.old, After: s.trial.new}
	if s.trial.key != key { // the one before is still being learnt
		out = Rehearsal{Progress: Progress{Version: draft.Revision, Stage: Reading}}
	}
	if out.Before == nil && s.model != nil {
		out.Before = s.model.CrossValidated()
	}
	return out, nil
}

func (s *Studio) rehearse(files script.Files, revision int64, sandbox Engine) {
	s.mu.Lock()
	live := s.model
	s.mu.Unlock()
	loaded, err := script.Load(files)
	var model *nlu.Model
	if err == nil {
		s.tell(func() { s.trial.now.Stage = Learning })
		model, err = s.o.Learn(loaded, func(share float64) {
			s.tell(func() { s.trial.now.Share = max(s.trial.now.Share, share) })
		})
	}
	if err == nil && sandbox != nil {
		err = sandbox.UseScript(loaded, model, DraftVersion)
	}
	s.tell(func() {
		if err != nil {
			s.trial.now = Progress{Version: revision, Stage: Failed, Error: err.Error()}
			return
		}
		s.trial.now, s.trial.new = Progress{Version: revision, Stage: Ready, Share: 1}, model.CrossValidated()
		if live != nil {
			s.trial.old = live.CrossValidated()
		}
	})
}

// fingerprint names a set of files by what is in them.
func fingerprint(files script.Files) string {
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n", path, len(files[path]))
		io.WriteString(h, files[path]) // a hash does not fail
	}
	return hex.EncodeToString(h.Sum(nil))
}
