package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"ombud/bot"
	"ombud/bot/llm"
	"ombud/bot/nlu"
	"ombud/bot/script"
)

// loadScript reads the script in dir, or the one that is built in.
func (u understanding) loadScript() (*script.Script, error) { return u.loadFrom(os.DirFS(u.Script)) }

// loadFrom is loadScript where the folder's files were read already.
func (u understanding) loadFrom(folder fs.FS) (*script.Script, error) {
	if u.Script == "" {
		return script.Default()
	}
	s, err := script.Load(folder)
	if err != nil {
		return nil, fmt.Errorf("load script %s: %w", u.Script, err)
	}
	return s, nil
}

// files gives the files of the script that is built in or given as a folder: version 0.
func (u understanding) files() (script.Files, error) {
	if u.Script == "" {
		return script.ReadFiles(script.Embedded())
	}
	return script.ReadFiles(os.DirFS(u.Script))
}

// cacheDir is where trained models are kept; "" where the system names no place.
func (u understanding) cacheDir() string {
	if u.Cache != "" {
		return u.Cache
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "ombud")
}

// newEngine makes the bot of a script, and of what was learnt from its examples. Articles are what a model may draft from
// besides the script's answers.
func newEngine(ctx context.Context, c config, articles bot.Source, s *script.Script, edition int64, m *nlu.Model, logger *slog.Logger) (*bot.Engine, error) {
	o := bot.Options{Script: s, ScriptVersion: edition, Understanding: m, Policy: bot.DefaultPolicy(), Articles: articles, ModelBudget: c.ModelTime, Logger: logger}
	if c.ModelURL == "" {
		return bot.New(o)
	}
	client, err := llm.New(llm.Options{
		URL: c.ModelURL, Name: c.ModelName, Key: c.ModelKey, Budget: llm.Budget{Day: c.ModelTokens}, Logger: logger,
	})
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, client.Close)
	o.Model = client
	return bot.New(o)
}

// learn trains on the script's examples, or takes what was learnt from the same examples before.
// It tells progress, if not nil, the share that is done.
func (u understanding) learn(s *script.Script, logger *slog.Logger, progress func(share float64)) (*nlu.Model, error) {
	begun := time.Now()
	dir := u.cacheDir()
	o := nlu.Options{Progress: progress}
	if dir == "" {
		m, err := nlu.Train(s.Examples, o)
		if err != nil {
			return nil, fmt.Errorf("learn from the script's examples: %w", err)
		}
		return m, nil
	}
	m, trained, err := nlu.TrainCached(dir, s.Examples, o)
	if m == nil {
		return nil, fmt.Errorf("learn from the script's examples: %w", err)
	}
	if err != nil {
		logger.Warn("the trained model could not be kept; the next start learns again", "error", err)
	}
	if trained {
		logger.Info("learnt from the script", "examples", len(s.Examples), "took", time.Since(begun).Round(time.Millisecond))
	}
	return m, nil
}
