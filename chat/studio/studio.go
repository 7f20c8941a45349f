package studio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/bot/script"
	"ombud/chat"
)

// Store keeps drafts and versions; *storage.DB is one.
type Store interface {
	ScriptVersions(ctx context.Context, limit int) ([]chat.ScriptVersion, error)
	Script(ctx context.Context, version int64) (chat.ScriptVersion, map[string]string, error)
	SaveScript(ctx context.Context, v chat.ScriptVersion, files map[string]string) error
	ScriptDraft(ctx context.Context) (chat.ScriptVersion, map[string]string, error)
	SaveScriptDraft(ctx context.Context, v chat.ScriptVersion, files map[string]string) (chat.ScriptVersion, error)
	DropScriptDraft(ctx context.Context, revision int64) error
}

// Turns finds what the bot did not understand; *storage.DB does.
type Turns interface {
	DecidedTurns(ctx context.Context, from, to time.Time, limit int, keep func(chat.Decision) bool) ([]chat.DecidedTurn, error)
}

// Engine is the bot that talks with visitors; *bot.Engine is one.
type Engine interface {
	UseScript(s *script.Script, u bot.Understanding, version int64) error
	ScriptVersion() int64
}

// Learn makes an understanding of a script's examples. It may take seconds, and tells the share that is done.
type Learn func(s *script.Script, progress func(share float64)) (*nlu.Model, error)

// Options of a studio; all but Logger and Now are required.
type Options struct {
	Store  Store
	Turns  Turns
	Engine Engine
	Base   script.Files // version 0: built in, or a folder that the operator gave
	Learn  Learn
	Logger *slog.Logger
	Now    func() time.Time // UTC
}

// Studio is safe for many goroutines.
type Studio struct {
	o       Options
	checked chan struct{} // one check at a time: it costs a good part of a second
	wg      sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	live    Progress               // of what this node takes up
	failed  int64                  // the version that could not be taken up; it is not tried again
	model   *nlu.Model             // of the live version, nil until it is known
	read    map[int64]script.Files // versions never change
	trial   rehearsal
	current int64 // the version that model belongs to
}

// Progress is how far a script is on its way to being understood.
type Progress struct {
	Version int64   `json:"version"` // that is taken up; of a draft its revision
	Stage   string  `json:"stage"`   // "", reading, learning, ready or failed
	Share   float64 `json:"share"`   // of the learning, 0 to 1
	Error   string  `json:"error,omitempty"`
}

// The stages of a Progress.
const (
	Reading  = "reading"
	Learning = "learning"
	Ready    = "ready"
	Failed   = "failed"
)

// New makes a studio. model is what the engine understands with now.
func New(o Options, model *nlu.Model) *Studio {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	return &Studio{
		o: o, model: model, current: o.Engine.ScriptVersion(), checked: make(chan struct{}, 1), read: map[int64]script.Files{},
		live: Progress{Version: o.Engine.ScriptVersion(), Stage: Ready, Share: 1},
	}
}

// Close waits for what is being learnt. It may be called twice.
func (s *Studio) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.wg.Wait()
	return nil
}

// First gives the script that a node begins with: the newest version that can be read, else version 0, which base loads.
func First(ctx context.Context, store Store, base func() (*script.Script, error), logger *slog.Logger) (*script.Script, int64, error) {
	newest, err := store.ScriptVersions(ctx, 1)
	if err != nil {
		return nil, 0, fmt.Errorf("read script: %w", err)
	}
	if len(newest) > 0 {
		_, files, err := store.Script(ctx, newest[0].Version)
		if err != nil {
			return nil, 0, fmt.Errorf("read script: %w", err)
		}
		loaded, err := script.LoadStored(script.Files(files))
		if err == nil {
			return loaded, newest[0].Version, nil
		}
		logger.Error("the published script is not sound; the one that is built in is used", "version", newest[0].Version, "error", err)
	}
	loaded, err := base()
	return loaded, 0, err
}

// Refresh takes up the newest published version beside the running bot: it learns in a goroutine of its own, and the
// turns that come meanwhile are decided by the script before. It returns at once; a version that another call is taking
// up, or that cannot be used, is left alone.
func (s *Studio) Refresh(ctx context.Context) error {
	newest, err := s.o.Store.ScriptVersions(ctx, 1)
	if err != nil {
		return fmt.Errorf("read the newest script: %w", err)
	}
	if len(newest) == 0 {
		return nil
	}
	v := newest[0].Version
	s.mu.Lock()
	defer s.mu.Unlock()
	busy := s.live.Stage == Reading || s.live.Stage == Learning
	if s.closed || busy || v == s.failed || v == s.o.Engine.ScriptVersion() {
		return nil
	}
	s.live = Progress{Version: v, Stage: Reading}
	s.wg.Go(func() { s.takeUp(v) })
	return nil
}

// takeUp reads, learns and uses one version.
func (s *Studio) takeUp(v int64) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	files, err := s.Files(ctx, v)
	if err != nil { // the database is away: the next refresh tries again
		s.tell(func() { s.live = Progress{Version: v, Error: err.Error()} })
		return
	}
	loaded, err := script.LoadStored(files)
	var model *nlu.Model
	if err == nil {
		s.tell(func() { s.live.Stage = Learning })
		model, err = s.o.Learn(loaded, func(share float64) { s.tell(func() { s.live.Share = max(s.live.Share, share) }) })
	}
	if err == nil {
		err = s.o.Engine.UseScript(loaded, model, v)
	}
	if err != nil {
		s.o.Logger.Error("the published script cannot be used; the one before stays live", "version", v, "error", err)
		s.tell(func() { s.live, s.failed = Progress{Version: v, Stage: Failed, Error: err.Error()}, v })
		return
	}
	s.o.Logger.Info("script is live", "version", v)
	s.tell(func() {
		s.live, s.model, s.current = Progress{Version: v, Stage: Ready, Share: 1}, model, v
	})
}

func (s *Studio) tell(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// keptVersions is how many versions are kept in memory.
const keptVersions = 4

// Files gives the files of a version; chat.ErrNotFound if there is none of this number. They are not to be changed.
func (s *Studio) Files(ctx context.Context, version int64) (script.Files, error) {
	if version == 0 {
		return s.o.Base, nil
	}
	s.mu.Lock()
	files, ok := s.read[version]
	s.mu.Unlock()
	if ok {
		return files, nil
	}
	_, stored, err := s.o.Store.Script(ctx, version)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.read) >= keptVersions {
		clear(s.read)
	}
	s.read[version] = stored
	return stored, nil
}

// newest gives the number of the newest published version, 0 if none was ever published.
func (s *Studio) newest(ctx context.Context) (int64, error) {
	list, err := s.o.Store.ScriptVersions(ctx, 1)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0].Version, nil
}

// Draft gives the draft and its files. Where there is none it is the newest version as it stands, with revision 0.
func (s *Studio) Draft(ctx context.Context) (chat.ScriptVersion, script.Files, error) {
	d, files, err := s.o.Store.ScriptDraft(ctx)
	if !errors.Is(err, chat.ErrNotFound) {
		return d, files, err
	}
	base, err := s.newest(ctx)
	if err != nil {
		return d, nil, err
	}
	kept, err := s.Files(ctx, base)
	return chat.ScriptVersion{Base: base}, maps.Clone(kept), err
}

// TrialSite is the site of the conversations in which drafts are tried.
const TrialSite = "trial"
