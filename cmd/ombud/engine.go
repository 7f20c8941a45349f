package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"ombud/bot"
	"ombud/bot/knowledge"
	"ombud/bot/llm"
	"ombud/bot/nlu"
	"ombud/bot/script"
)

// loadScript reads the script in dir, or the one that is built in.
func (u understanding) loadScript() (*script.Script, error) {
	if u.Script == "" {
		return script.Default()
	}
	s, err := script.Load(os.DirFS(u.Script))
	if err != nil {
		return nil, fmt.Errorf("load script %s: %w", u.Script, err)
	}
	return s, nil
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

// newEngine loads the script and learns from its examples, or takes what was learnt before.
func newEngine(ctx context.Context, c config, logger *slog.Logger) (*bot.Engine, error) {
	s, err := c.loadScript()
	if err != nil {
		return nil, err
	}
	m, err := c.learn(s, logger)
	if err != nil {
		return nil, err
	}
	o := bot.Options{Script: s, Understanding: m, Policy: bot.DefaultPolicy(), ModelBudget: c.ModelTime, Logger: logger}
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
	if c.Knowledge != "" {
		articles, err := knowledge.Import(os.DirFS(c.Knowledge), s.Fallback)
		if err != nil {
			return nil, err
		}
		o.Articles = knowledge.NewIndex(articles)
		logger.Info("approved articles", "count", len(articles), "folder", c.Knowledge)
	}
	return bot.New(o)
}

// learn trains on the script's examples, or takes what was learnt from the same examples before.
func (u understanding) learn(s *script.Script, logger *slog.Logger) (*nlu.Model, error) {
	begun := time.Now()
	dir := u.cacheDir()
	if dir == "" {
		m, err := nlu.Train(s.Examples, nlu.Options{})
		if err != nil {
			return nil, fmt.Errorf("learn from the script's examples: %w", err)
		}
		return m, nil
	}
	m, trained, err := nlu.TrainCached(dir, s.Examples, nlu.Options{})
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
