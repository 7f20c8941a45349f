package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
	"ombud/storage"
)

// eraseAtOnce is how many visitors are erased before something else has its turn.
const eraseAtOnce = 20

type eraseCmd struct {
	database
	logging

	List     bool     `help:"Print the ids of all visitors who were erased. Keep the list beside the backups: after one is put back, give it to this command."`
	Visitors []string `arg:"" optional:"" help:"Ids of the visitors."`
}

func (c *eraseCmd) Run(ctx context.Context, s streams) error {
	if !c.List && len(c.Visitors) == 0 {
		return errors.New("say whom to erase, or --list")
	}
	db, err := storage.Open(ctx, storage.Options{URL: c.Database, Logger: c.logger(s.err)})
	if err != nil {
		return err
	}
	defer db.Close()
	if c.List {
		all, err := db.Erasures(ctx)
		for _, id := range all {
			fmt.Fprintln(s.out, id)
		}
		return err
	}
	for _, id := range c.Visitors {
		n, err := db.EraseVisitor(ctx, id, chat.Erasure{Why: chat.ErasedAsked}, now())
		if errors.Is(err, chat.ErrNotFound) {
			fmt.Fprintf(s.out, "%s: there is no such visitor\n", id)
			continue
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s: %d conversations hold no words any more\n", id, n)
	}
	return db.Scrub(ctx)
}

// eraseDue erases a few of those whose time is over, and of those who were erased and came back with an old backup.
func (a *app) eraseDue(ctx context.Context, at time.Time) (more bool, err error) {
	returned, err := a.db.Returned(ctx, eraseAtOnce)
	var outdated []string
	if err == nil && a.c.Retention > 0 {
		outdated, err = a.db.Outdated(ctx, at.Add(-a.c.Retention), eraseAtOnce)
	}
	if err != nil {
		return false, err
	}
	for _, id := range append(returned, outdated...) {
		n, err := a.db.EraseVisitor(ctx, id, chat.Erasure{Why: chat.ErasedRetention}, at)
		if errors.Is(err, chat.ErrNotFound) {
			continue // another node was faster
		}
		if err != nil {
			return false, err
		}
		a.server.Erased(id)
		a.logger.Info("erased a visitor whose time is over", "visitor", id, "conversations", n)
	}
	return len(returned) == eraseAtOnce || len(outdated) == eraseAtOnce, nil
}
