package studio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/bot/script"
	"ombud/chat"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// shelf is a Store and Turns in memory.
type shelf struct {
	spent    int64 // the highest revision that a draft had
	mu       sync.Mutex
	versions []chat.ScriptVersion // newest first
	files    map[int64]map[string]string
	draft    *chat.ScriptVersion
	drafted  map[string]string
	turns    []chat.DecidedTurn
}

func (s *shelf) ScriptVersions(_ context.Context, limit int) ([]chat.ScriptVersion, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.versions[:min(limit, len(s.versions))], nil
}

func (s *shelf) Script(_ context.Context, v int64) (chat.ScriptVersion, map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.versions {
		if x.Version == v {
			return x, s.files[v], nil
		}
	}
	return chat.ScriptVersion{}, nil, chat.ErrNotFound
}

func (s *shelf) SaveScript(_ context.Context, v chat.ScriptVersion, files map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.Version != int64(len(s.versions))+1 || v.Revision != 0 && (s.draft == nil || s.draft.Revision != v.Revision) {
		return chat.ErrConflict
	}
	if v.Revision != 0 {
		s.draft = nil
	}
	s.versions = append([]chat.ScriptVersion{v}, s.versions...)
	s.files[v.Version] = files
	return nil
}

func (s *shelf) ScriptDraft(context.Context) (chat.ScriptVersion, map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draft == nil {
		return chat.ScriptVersion{}, nil, chat.ErrNotFound
	}
	return *s.draft, maps.Clone(s.drafted), nil
}

func (s *shelf) SaveScriptDraft(_ context.Context, v chat.ScriptVersion, files map[string]string) (chat.ScriptVersion, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draft == nil && (v.Revision != 0 || v.Base != int64(len(s.versions))) || s.draft != nil && v.Revision != s.draft.Revision {
		return v, chat.ErrConflict
	}
	s.spent++
	v.Revision = s.spent
	s.draft, s.drafted = &v, files
	return v, nil
}

func (s *shelf) DropScriptDraft(_ context.Context, revision int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draft == nil || s.draft.Revision != revision {
		return chat.ErrConflict
	}
	s.draft = nil
	return nil
}

func (s *shelf) DecidedTurns(_ context.Context, _, _ time.Time, limit int, keep func(chat.Decision) bool) ([]chat.DecidedTurn, error) {
	var out []chat.DecidedTurn
	for _, t := range s.turns {
		if keep(t.Decision) && len(out) < limit {
			out = append(out, t)
		}
	}
	return out, nil
}

const examples = `language: en
examples:
  - topic: order_status
    texts: |
      where is my parcel
      where is my order
      has my order been sent yet
      when does my parcel come
  - topic: return_refund
    texts: |
      i want my money back
      how do i return this coat
      can i get a refund
      i would like to send it back
`

// base is the built-in script with hardly any examples, which is learnt in no time.
func base(t testing.TB) script.Files {
	t.Helper()
	files, err := script.ReadFiles(script.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for path := range files {
		if strings.HasPrefix(path, "examples/") {
			delete(files, path)
		}
	}
	files["examples/en.yaml"] = examples
	return files
}

type world struct {
	*Studio
	shelf  *shelf
	engine *bot.Engine
	// hold makes Learn wait for the channel, if it is set.
	hold chan struct{}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{shelf: &shelf{files: map[int64]map[string]string{}}}
	files := base(t)
	loaded, err := script.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	learn := func(s *script.Script, progress func(float64)) (*nlu.Model, error) {
		if w.hold != nil {
			<-w.hold
		}
		return nlu.Train(s.Examples, nlu.Options{Progress: progress})
	}
	model, err := learn(loaded, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.engine, err = bot.New(bot.Options{Script: loaded, Understanding: model, Policy: bot.DefaultPolicy()}); err != nil {
		t.Fatal(err)
	}
	w.Studio = New(Options{Store: w.shelf, Turns: w.shelf, Engine: w.engine, Base: files, Learn: learn, Now: func() time.Time { return noon }}, model)
	t.Cleanup(func() { w.Close() })
	return w
}

// reword gives the change that has the greeting say something else.
func (w *world) reword(t *testing.T, text string) Changes {
	t.Helper()
	_, files, err := w.Draft(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	old := files["texts/en.yaml"]
	at := strings.Index(old, "  greeting:\n    - \"") + len("  greeting:\n    - \"")
	end := at + strings.Index(old[at:], "\"\n")
	changed := old[:at] + text + old[end:]
	if changed == old || at < 20 {
		t.Fatal("the greeting is not where it was")
	}
	return Changes{"texts/en.yaml": &changed}
}

func (w *world) publish(t *testing.T, text string) chat.ScriptVersion {
	t.Helper()
	draft, _, err := w.Draft(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if draft, err = w.Edit(t.Context(), "ann", draft.Revision, draft.Base, w.reword(t, text)); err != nil {
		t.Fatal(err)
	}
	v, err := w.Publish(t.Context(), "ann", draft.Revision, "a better greeting")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) greets(t *testing.T) string { return w.engine.Greeting("en", "").Text }

// settle takes up what was published, and waits for it.
func (w *world) settle(t *testing.T) {
	t.Helper()
	if err := w.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wg.Wait()
}

func TestPublishingIsCheckedAndTakenUp(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	draft, err := w.Edit(ctx, "ann", 0, 0, w.reword(t, "Good day."))
	if err != nil || draft.Revision != 1 {
		t.Fatal(draft, err)
	}
	if _, err := w.Edit(ctx, "bob", 0, 0, w.reword(t, "Hi.")); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("an edit of a draft that moved on: %v", err)
	}
	bad := "language: en\n"
	if draft, err = w.Edit(ctx, "ann", 1, 0, Changes{"texts/hu.yaml": &bad}); err != nil {
		t.Fatal(err)
	}
	var unsound *UnsoundError
	if _, err := w.Publish(ctx, "ann", 2, "r"); !errors.As(err, &unsound) || !strings.Contains(err.Error(), "texts/hu.yaml") {
		t.Errorf("an unsound draft: %v", err)
	}
	if all, err := w.Overview(ctx); err != nil || all.Newest != 0 || all.Draft.Revision != 2 || changed(all) != "texts/en.yaml texts/hu.yaml" {
		t.Errorf("%+v, %v", all, err)
	}
	hu := w.o.Base["texts/hu.yaml"]
	if _, err = w.Edit(ctx, "ann", 2, 0, Changes{"texts/hu.yaml": &hu}); err != nil {
		t.Fatal(err)
	}
	v, err := w.Publish(ctx, "ann", 3, "a better greeting")
	if err != nil || v.Version != 1 || v.Author != "ann" || !v.At.Equal(noon) {
		t.Fatalf("%+v, %v", v, err)
	}
	if w.greets(t) == "Good day." {
		t.Error("live before it was taken up")
	}
	w.settle(t)
	if w.greets(t) != "Good day." || w.engine.ScriptVersion() != 1 {
		t.Errorf("greets %q by version %d", w.greets(t), w.engine.ScriptVersion())
	}
	if _, err = w.RollBack(ctx, "ann", 0, "as it was"); err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	if w.greets(t) == "Good day." || w.engine.ScriptVersion() != 2 {
		t.Errorf("after going back: %q by version %d", w.greets(t), w.engine.ScriptVersion())
	}
	diff, err := w.Diff(ctx, 1, 2)
	if err != nil || len(diff) != 1 || diff[0].Path != "texts/en.yaml" || len(diff[0].Hunks) != 1 || !strings.Contains(diff[0].Hunks[0].Removed[0], "Good day.") {
		t.Errorf("diff %+v, %v", diff, err)
	}
}

// TestAnOldPageOverwritesNoNewerDraft has a page that was loaded before a publish or a discard save after it.
func TestAnOldPageOverwritesNoNewerDraft(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	old, err := w.Edit(ctx, "ann", 0, 0, w.reword(t, "Good day."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Publish(ctx, "ann", old.Revision, "r"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Edit(ctx, "bob", 0, 0, w.reword(t, "Hello.")); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("a page without a draft, from before the publish: %v", err)
	}
	if _, err := w.Edit(ctx, "bob", 0, 1, w.reword(t, "Hello.")); err != nil {
		t.Fatal(err)
	}
	stale := func(what string, then chat.ScriptVersion) {
		t.Helper()
		if _, err := w.Edit(ctx, "ann", then.Revision, then.Base, w.reword(t, "Old.")); !errors.Is(err, chat.ErrConflict) {
			t.Errorf("%s: saved (%v)", what, err)
		}
		if err := w.Discard(ctx, then.Revision); !errors.Is(err, chat.ErrConflict) {
			t.Errorf("%s: discarded (%v)", what, err)
		}
		if _, err := w.Publish(ctx, "ann", then.Revision, "r"); !errors.Is(err, chat.ErrConflict) {
			t.Errorf("%s: published (%v)", what, err)
		}
	}
	stale("a draft that was published", old)
	bobs, _, err := w.Draft(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Discard(ctx, bobs.Revision); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Edit(ctx, "eve", 0, 1, w.reword(t, "Welcome.")); err != nil {
		t.Fatal(err)
	}
	stale("a draft that was discarded", bobs)
}

// TestADraftSurvivesARollback publishes what was drafted when somebody went back to an older version.
func TestADraftSurvivesARollback(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	draft, err := w.Edit(ctx, "ann", 0, 0, w.reword(t, "Good day."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Publish(ctx, "ann", draft.Revision, "r"); err != nil {
		t.Fatal(err)
	}
	hu := strings.Replace(w.o.Base["texts/hu.yaml"], "language: hu", "language: hu # drafted", 1)
	if draft, err = w.Edit(ctx, "ann", 0, 1, Changes{"texts/hu.yaml": &hu}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.RollBack(ctx, "bob", 0, "as it was"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Publish(ctx, "ann", draft.Revision, "r"); !errors.Is(err, chat.ErrConflict) {
		t.Fatalf("what the rollback took back is published again: %v", err)
	}
	if _, _, err := w.Renew(ctx, "ann", draft.Revision-1); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("renewed from an older revision: %v", err)
	}
	draft, both, err := w.Renew(ctx, "ann", draft.Revision)
	if err != nil || draft.Base != 2 || len(both) != 0 {
		t.Fatalf("%+v, %v, %v", draft, both, err)
	}
	if _, err := w.Publish(ctx, "ann", draft.Revision, "r"); err != nil {
		t.Fatal(err)
	}
	files, err := w.Files(ctx, 3)
	if err != nil || files["texts/hu.yaml"] != hu || files["texts/en.yaml"] != w.o.Base["texts/en.yaml"] {
		t.Errorf("the draft or the rollback is lost: %v", err)
	}
}

func TestWhatBothChangedStaysAsDrafted(t *testing.T) {
	was := script.Files{"same": "1", "mine": "1", "theirs": "1", "both": "1", "alike": "1", "gone": "1", "gone-mine": "1"}
	drafted := script.Files{"same": "1", "mine": "2", "theirs": "1", "both": "2", "alike": "9", "gone": "1", "new-mine": "2"}
	now := script.Files{"same": "1", "mine": "1", "theirs": "3", "both": "3", "alike": "9", "gone-mine": "1", "new": "3"}
	out, both := merged(was, drafted, now)
	want := script.Files{"same": "1", "mine": "2", "theirs": "3", "both": "2", "alike": "9", "new-mine": "2", "new": "3"}
	if !maps.Equal(out, want) || !slices.Equal(both, []string{"both"}) {
		t.Errorf("%v, %v", out, both)
	}
}

func changed(all Overview) string {
	var out []string
	for _, f := range all.Files {
		if f.Changed {
			out = append(out, f.Path)
		}
	}
	return strings.Join(out, " ")
}

// TestTurnsGoOnWhileAScriptIsLearnt has a version be learnt for as long as the test wants: meanwhile turns are decided
// by the version before, and the progress says so.
func TestTurnsGoOnWhileAScriptIsLearnt(t *testing.T) {
	w := newWorld(t)
	w.hold = make(chan struct{})
	w.publish(t, "Good evening.")
	if err := w.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Refresh(t.Context()); err != nil { // a second one starts nothing
		t.Fatal(err)
	}
	for range 3 {
		out, err := w.engine.Turn(t.Context(), bot.TurnInput{Conversation: "c", SiteLanguage: "en", Now: noon, Open: true, New: []bot.Line{{Role: "visitor", Text: "where is my parcel"}}})
		if err != nil || out.Script != 0 || len(out.Say) == 0 {
			t.Fatalf("version %d, %v", out.Script, err)
		}
	}
	if all, err := w.Overview(t.Context()); err != nil || all.Live != 0 || all.Newest != 1 || all.Next.Stage == Ready {
		t.Errorf("%+v, %v", all.Next, err)
	}
	w.hold <- struct{}{}
	w.wg.Wait()
	out, err := w.engine.Turn(t.Context(), bot.TurnInput{Conversation: "c", SiteLanguage: "en", Now: noon, Open: true, New: []bot.Line{{Role: "visitor", Text: "where is my parcel"}}})
	if err != nil || out.Script != 1 {
		t.Errorf("decided by version %d, %v", out.Script, err)
	}
	if all, err := w.Overview(t.Context()); err != nil || all.Next != (Progress{Version: 1, Stage: Ready, Share: 1}) {
		t.Errorf("%+v, %v", all.Next, err)
	}
}

func TestAVersionThatCannotBeReadLeavesTheOneBefore(t *testing.T) {
	w := newWorld(t)
	broken := maps.Clone(w.o.Base)
	delete(broken, "texts/zh.yaml")
	if err := w.shelf.SaveScript(t.Context(), chat.ScriptVersion{Version: 1}, broken); err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	all, err := w.Overview(t.Context())
	if err != nil || all.Live != 0 || all.Next.Stage != Failed || !strings.Contains(all.Next.Error, "zh.yaml") {
		t.Errorf("%+v, %v", all, err)
	}
	// One that only lacks what a newer program asks for is used all the same.
	older := maps.Clone(w.o.Base)
	older["texts/hu.yaml"] = strings.Replace(older["texts/hu.yaml"], "  handoff.executive:", "  handoff.unheard_of:", 1)
	if strings.Contains(older["texts/hu.yaml"], "handoff.executive") {
		t.Fatal("nothing was taken away")
	}
	older["texts/hu.yaml"] = cut(older["texts/hu.yaml"], "  handoff.unheard_of:", "  handoff.low_confidence:")
	if err := w.shelf.SaveScript(t.Context(), chat.ScriptVersion{Version: 2}, older); err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	if w.engine.ScriptVersion() != 2 || w.engine.Text("handoff.executive", "hu", nil) == "" {
		t.Errorf("version %d, %q", w.engine.ScriptVersion(), w.engine.Text("handoff.executive", "hu", nil))
	}
}

// cut takes away what stands from one text up to another.
func cut(s, from, to string) string {
	i, j := strings.Index(s, from), strings.Index(s, to)
	return s[:i] + s[j:]
}

func TestWhatWasNotUnderstoodBecomesAnExample(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	turn := func(minute int, action, reason, words string) {
		record, err := json.Marshal(bot.Decision{Turn: &bot.Turn{}})
		if err != nil {
			t.Fatal(err)
		}
		w.shelf.turns = append([]chat.DecidedTurn{{
			Conversation: fmt.Sprint("c", minute), At: noon.Add(time.Duration(minute) * time.Minute), Words: words,
			Decision: chat.Decision{Action: action, Reason: reason, Language: "en", Record: record},
		}}, w.shelf.turns...)
	}
	turn(1, "clarify", "", "do you wrap gifts in paper")
	turn(2, "answer", "", "where is my parcel")
	turn(3, "handoff", "asked_for_human", "a person please")
	turn(4, "handoff", "low_confidence", "gift wrapping in paper please, mine is 0301234567 joe@example.org")
	turn(5, "clarify", "", "opening hours on sunday")
	got, err := w.Unanswered(ctx, noon, noon.Add(time.Hour))
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got[0].Text != "opening hours on sunday" || got[1].Count != 2 || got[1].Conversation != "c4" || len(got[1].Others) != 1 {
		t.Errorf("%+v", got)
	}
	if strings.Contains(got[1].Text, "030") || strings.Contains(got[1].Text, "joe") {
		t.Errorf("shows who it was: %q", got[1].Text)
	}
	if _, err := w.AddExample(ctx, "ann", 0, "en", "gifts", got[1].Text); err == nil {
		t.Error("a topic that the script does not have")
	}
	draft, err := w.AddExample(ctx, "ann", 0, "en", "product_question", got[1].Text)
	if err != nil || draft.Revision != 1 {
		t.Fatal(draft, err)
	}
	found, err := w.Check(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Severity == script.SeverityError {
			t.Errorf("the draft is not sound: %s", f)
		}
	}
	if got, err = w.Unanswered(ctx, noon, noon.Add(time.Hour)); err != nil || len(got) != 2 || got[1].Count != 1 {
		t.Errorf("after it became an example: %+v, %v", got, err)
	}
	sandbox, err := w.engine.Copy()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Rehearse(ctx, sandbox); err != nil {
		t.Fatal(err)
	}
	w.wg.Wait()
	r, err := w.Rehearse(ctx, sandbox)
	if err != nil || r.Stage != Ready || r.Before["en"].All != 8 || r.After["en"].All != 9 || sandbox.ScriptVersion() != DraftVersion {
		t.Errorf("%+v, %v, sandbox at %d", r, err, sandbox.ScriptVersion())
	}
	if w.engine.ScriptVersion() != 0 {
		t.Error("a rehearsal changed the live bot")
	}
}

func TestChangesThatNoScriptMayHave(t *testing.T) {
	w := newWorld(t)
	text, nul := "x", "a\x00"
	for path, body := range map[string]*string{"../secret": &text, "texts/en.txt": &text, "texts/en.yaml": &nul, "examples/A.yaml": &text} {
		var invalid *chat.InvalidError
		if _, err := w.Edit(t.Context(), "ann", 0, 0, Changes{path: body}); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", path, err)
		}
	}
	large := strings.Repeat("x", maxScript+1)
	if _, err := w.Check(t.Context(), Changes{"texts/en.yaml": &large}); err == nil {
		t.Error("too large, and taken")
	}
	out, err := w.Outline(t.Context(), nil)
	if err != nil || len(out.Topics) != 19 || out.Topics[0].Examples["en"] != 4 || len(out.Texts) < 100 || out.Texts[0].Lines["hu"] == 0 {
		t.Errorf("outline of %d topics, %d texts, %v", len(out.Topics), len(out.Texts), err)
	}
	if _, err := w.Outline(t.Context(), Changes{"script.yaml": &text}); err == nil {
		t.Error("an outline of nothing")
	}
}
