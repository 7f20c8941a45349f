package studio

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"ombud/bot/script"
	"ombud/chat"
)

// Changes are files laid over a draft: path to the new text, nil to take the file away.
type Changes map[string]*string

// maxScript bounds a script's files together, in bytes.
const maxScript = 16 << 20

// over gives the files with the changes laid over them. A path or a text that no script may have is
// *chat.InvalidError.
func (c Changes) over(files script.Files) (script.Files, error) {
	out := maps.Clone(files)
	for path, text := range c {
		switch {
		case !script.FileAllowed(path):
			return nil, &chat.InvalidError{Field: "files", Code: "path", Hint: fmt.Sprintf("A script has no file %q.", path)}
		case text == nil:
			delete(out, path)
		case !utf8.ValidString(*text) || strings.IndexByte(*text, 0) >= 0:
			return nil, &chat.InvalidError{Field: "files", Code: "utf8", Hint: path + " is not plain text in UTF-8."}
		default:
			out[path] = *text
		}
	}
	total := 0
	for _, text := range out {
		total += len(text)
	}
	if total > maxScript {
		return nil, &chat.InvalidError{Field: "files", Code: "too_large", Hint: "All files together may have 16 MiB."}
	}
	return out, nil
}

// Overview is what there is: live here, published, drafted.
type Overview struct {
	Live   int64              `json:"live" doc:"version that decides on the node that answers"`
	Newest int64              `json:"newest" doc:"newest published version; 0 for the one that is built in"`
	Next   Progress           `json:"next" doc:"how far this node is in taking up the newest version"`
	Draft  chat.ScriptVersion `json:"draft" doc:"revision 0: nothing is drafted"`
	Files  []File             `json:"files" doc:"of the draft, in order of path"`
}

// File is one file of a script.
type File struct {
	Path  string `json:"path"`
	Bytes int    `json:"bytes"`
	// Changed is set where the draft differs from the version that it was made from.
	Changed bool `json:"changed,omitempty"`
	Removed bool `json:"removed,omitempty"`
}

// Overview tells what there is.
func (s *Studio) Overview(ctx context.Context) (Overview, error) {
	draft, files, err := s.Draft(ctx)
	if err != nil {
		return Overview{}, err
	}
	newest, err := s.newest(ctx)
	if err != nil {
		return Overview{}, err
	}
	base, err := s.Files(ctx, draft.Base)
	if err != nil {
		return Overview{}, err
	}
	s.mu.Lock()
	out := Overview{Live: s.o.Engine.ScriptVersion(), Newest: newest, Next: s.live, Draft: draft}
	s.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		was, had := base[path]
		out.Files = append(out.Files, File{Path: path, Bytes: len(files[path]), Changed: !had || was != files[path]})
	}
	for _, path := range slices.Sorted(maps.Keys(base)) {
		if _, has := files[path]; !has {
			out.Files = append(out.Files, File{Path: path, Changed: true, Removed: true})
		}
	}
	return out, nil
}

// Edit lays changes over the draft that is at revision (0: there is none yet) and was made from base, and stores it. chat.ErrConflict
// says that somebody else saved or published meanwhile. A draft need not be sound: only publishing asks for that.
func (s *Studio) Edit(ctx context.Context, by string, revision, base int64, c Changes) (chat.ScriptVersion, error) {
	draft, files, err := s.Draft(ctx)
	if err != nil {
		return draft, err
	}
	if draft.Revision != revision || draft.Base != base {
		return draft, fmt.Errorf("edit the draft of version %d at revision %d, which is of %d at %d: %w", base, revision, draft.Base, draft.Revision, chat.ErrConflict)
	}
	files, err = c.over(files)
	if err != nil {
		return draft, err
	}
	draft.Author, draft.At = by, s.o.Now()
	return s.o.Store.SaveScriptDraft(ctx, draft, files)
}

// Renew makes the draft at revision one of the newest version, over which an older one could not be published: after a rollback,
// above all. What only one of the two changed is taken from there. What both changed stays as it is drafted, and its paths are given,
// in order, for somebody to look at.
func (s *Studio) Renew(ctx context.Context, by string, revision int64) (draft chat.ScriptVersion, both []string, err error) {
	draft, files, err := s.Draft(ctx)
	if err != nil {
		return draft, nil, err
	}
	if revision == 0 || draft.Revision != revision {
		return draft, nil, fmt.Errorf("renew the draft at revision %d, which is at %d: %w", revision, draft.Revision, chat.ErrConflict)
	}
	newest, err := s.newest(ctx)
	if err != nil {
		return draft, nil, err
	}
	was, err := s.Files(ctx, draft.Base)
	if err != nil {
		return draft, nil, err
	}
	now, err := s.Files(ctx, newest)
	if err != nil {
		return draft, nil, err
	}
	files, both = merged(was, files, now)
	draft.Base, draft.Author, draft.At = newest, by, s.o.Now()
	draft, err = s.o.Store.SaveScriptDraft(ctx, draft, files)
	return draft, both, err
}

// merged gives the drafted files with what is new in now; was is what both were made from.
func merged(was, drafted, now script.Files) (out script.Files, both []string) {
	out = maps.Clone(drafted)
	paths := map[string]bool{}
	for _, files := range []script.Files{was, drafted, now} {
		for path := range files {
			paths[path] = true
		}
	}
	same := func(a, b script.Files, path string) bool {
		x, inA := a[path]
		y, inB := b[path]
		return inA == inB && x == y
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		text, there := now[path]
		switch {
		case same(was, now, path), same(drafted, now, path):
		case !same(was, drafted, path):
			both = append(both, path)
		case there:
			out[path] = text
		default:
			delete(out, path)
		}
	}
	return out, both
}

// Discard forgets the draft that is at revision.
func (s *Studio) Discard(ctx context.Context, revision int64) error {
	return s.o.Store.DropScriptDraft(ctx, revision)
}

// Check tells all that is wrong with the draft, with changes that are not saved laid over it, or could be better.
func (s *Studio) Check(ctx context.Context, c Changes) ([]script.Finding, error) {
	_, files, err := s.Draft(ctx)
	if err != nil {
		return nil, err
	}
	if files, err = c.over(files); err != nil {
		return nil, err
	}
	return s.check(ctx, files)
}

// check runs one at a time: what somebody types must not take the processors from the turns.
func (s *Studio) check(ctx context.Context, files script.Files) ([]script.Finding, error) {
	select {
	case s.checked <- struct{}{}:
		defer func() { <-s.checked }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return script.Check(files), nil
}

// UnsoundError says why a draft cannot be published.
type UnsoundError struct{ Findings []script.Finding }

func (e *UnsoundError) Error() string {
	return fmt.Sprintf("the script is not sound: %s", script.Findings(e.Findings).Error())
}

// Publish makes the draft at revision the next version. An unsound one is *UnsoundError; chat.ErrConflict says that the
// draft moved on, or that somebody published meanwhile. Every node takes the version up by Refresh.
func (s *Studio) Publish(ctx context.Context, by string, revision int64, reason string) (chat.ScriptVersion, error) {
	draft, files, err := s.Draft(ctx)
	if err != nil {
		return draft, err
	}
	if revision == 0 || draft.Revision != revision {
		return draft, fmt.Errorf("publish the draft at revision %d, which is at %d: %w", revision, draft.Revision, chat.ErrConflict)
	}
	newest, err := s.newest(ctx)
	if err != nil {
		return draft, err
	}
	if draft.Base != newest {
		return draft, fmt.Errorf("publish a draft of version %d over version %d: %w", draft.Base, newest, chat.ErrConflict)
	}
	if err := s.sound(ctx, files); err != nil {
		return draft, err
	}
	v := chat.ScriptVersion{Version: newest + 1, Base: draft.Base, Revision: revision, Author: by, Reason: reason, At: s.o.Now()}
	return v, s.o.Store.SaveScript(ctx, v, files)
}

// sound refuses a script with an error, and one without anything to learn from.
func (s *Studio) sound(ctx context.Context, files script.Files) error {
	found, err := s.check(ctx, files)
	if err != nil {
		return err
	}
	wrong := slices.DeleteFunc(slices.Clone(found), func(f script.Finding) bool { return f.Severity != script.SeverityError })
	if len(wrong) > 0 {
		return &UnsoundError{wrong}
	}
	loaded, err := script.Load(files)
	if err != nil {
		return err
	}
	if len(loaded.Examples) == 0 {
		return &UnsoundError{[]script.Finding{{
			File: "examples", Severity: script.SeverityError, Code: "no_examples", Message: "the script has no examples", Hint: "the bot learns from them: write some",
		}}}
	}
	return nil
}

// RollBack makes an old version, or the one that is built in (0), the next one. A draft stays as it is, until Renew.
func (s *Studio) RollBack(ctx context.Context, by string, version int64, reason string) (chat.ScriptVersion, error) {
	files, err := s.Files(ctx, version)
	if err != nil {
		return chat.ScriptVersion{}, err
	}
	if err := s.sound(ctx, files); err != nil {
		var unsound *UnsoundError
		if !errors.As(err, &unsound) {
			return chat.ScriptVersion{}, err
		}
		// What was sound when it was published may lack a text that a newer program asks for.
		if _, err := script.LoadStored(files); err != nil {
			return chat.ScriptVersion{}, unsound
		}
	}
	newest, err := s.newest(ctx)
	if err != nil {
		return chat.ScriptVersion{}, err
	}
	v := chat.ScriptVersion{Version: newest + 1, Base: version, Author: by, Reason: reason, At: s.o.Now()}
	return v, s.o.Store.SaveScript(ctx, v, files)
}

// Versions lists the published versions, newest first.
func (s *Studio) Versions(ctx context.Context, limit int) ([]chat.ScriptVersion, error) {
	return s.o.Store.ScriptVersions(ctx, limit)
}
