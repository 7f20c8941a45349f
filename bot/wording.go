package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Wording is what a model is to put into a few sentences for the staff: lines of which each stands for itself.
type Wording struct {
	Conversation string
	Visitor      string // id, "" if unknown
	Language     string // to write in
	Lines        []string
}

// Worded is what a model made of it.
type Worded struct {
	Text  string
	Model string // its name
}

// Writer is a model that can word what is known; *llm.Client is one. It is trusted with as little as [Model].
type Writer interface {
	Word(ctx context.Context, w Wording) (Worded, error)
}

// ErrNoWriter says that no model is configured that words anything.
var ErrNoWriter = errors.New("no model words anything")

// wordingTime is how long a model may take to word something: nobody waits for it.
const wordingTime = 15 * time.Second

// Words reports whether a model is there that words what is known.
func (e *Engine) Words() bool {
	_, ok := e.model.(Writer)
	return ok
}

// Word has a model put into words what is known, and checks that it says no more than that: see [CheckWording]. Any error
// means that the facts have to speak for themselves; ErrNoWriter: no model is configured.
func (e *Engine) Word(ctx context.Context, w Wording) (Worded, error) {
	writer, ok := e.model.(Writer)
	if !ok {
		return Worded{}, ErrNoWriter
	}
	ctx, cancel := context.WithTimeout(ctx, wordingTime)
	defer cancel()
	out, err := writer.Word(ctx, w)
	if err == nil {
		err = CheckWording(out.Text, w.Language, w.Lines)
	}
	if err != nil {
		return Worded{}, fmt.Errorf("word what is known of %s: %w", w.Conversation, err)
	}
	return out, nil
}
