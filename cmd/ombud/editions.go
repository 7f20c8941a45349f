package main

import (
	"context"
	"fmt"

	"ombud/bot/nlu"
	"ombud/bot/script"
	"ombud/chat/studio"
)

// openScript makes the bot by the newest script, and what is needed to change the script while it runs.
func (a *app) openScript(ctx context.Context) error {
	base, err := a.c.files()
	if err != nil {
		return fmt.Errorf("read the script's files: %w", err)
	}
	loaded, edition, err := studio.First(ctx, a.db, func() (*script.Script, error) { return a.c.loadFrom(base) }, a.logger)
	if err != nil {
		return err
	}
	m, err := a.c.learn(loaded, a.logger, nil)
	if err != nil {
		return err
	}
	if a.engine, err = newEngine(ctx, a.c, a.library.Index, loaded, edition, m, a.logger); err != nil {
		return err
	}
	a.studio = studio.New(studio.Options{
		Store: a.db, Turns: a.db, Engine: a.engine, Base: base, Logger: a.logger, Now: a.now,
		Learn: func(s *script.Script, progress func(share float64)) (*nlu.Model, error) {
			return a.c.learn(s, a.logger, progress)
		},
	}, m)
	a.trial = &sandbox{studio: a.studio, live: a.engine, c: a.c, logger: a.logger}
	return nil
}
