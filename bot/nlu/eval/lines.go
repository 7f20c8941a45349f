package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"ombud/bot/nlu"
)

// OutOfScope is the label of a message that none of the intents fits.
const OutOfScope = "oos"

// Message is one labelled message of an intent data set.
type Message struct {
	Text  string `json:"text"`
	Label string `json:"label"` // an intent, or OutOfScope
}

// ErrNoMessages is returned for input without a single message.
var ErrNoMessages = errors.New("no messages")

// ReadIntents reads JSON lines {"text","label"}. name is the input's, for errors, which also name the line.
func ReadIntents(name string, r io.Reader) ([]Message, error) {
	return readLines(name, r, func(m Message) error {
		if m.Label == "" {
			return errors.New(`"label" is missing or empty`)
		}
		return nil
	})
}

// utterance is one line of a file of labelled customer messages.
type utterance struct {
	Lang    string       `json:"lang"`
	Text    string       `json:"text"`
	Signals []nlu.Signal `json:"signals"`
	Topic   *string      `json:"topic"`
}

// ReadUtterances reads JSON lines {"lang","text","signals":[…],"topic"}, where topic is null if no topic fits. name is
// the input's, for errors, which also name the line.
func ReadUtterances(name string, r io.Reader) ([]nlu.Example, error) {
	lines, err := readLines(name, r, func(u utterance) error {
		if u.Lang == "" {
			return errors.New(`"lang" is missing or empty`)
		}
		for _, s := range u.Signals {
			if !slices.Contains(nlu.Signals, s) {
				return fmt.Errorf("unknown signal %q", s)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	examples := make([]nlu.Example, len(lines))
	for i, u := range lines {
		examples[i] = nlu.Example{Language: u.Lang, Text: u.Text, Signals: u.Signals}
		if u.Topic != nil {
			examples[i].Topic = *u.Topic
		}
	}
	return examples, nil
}

// longestLine is the longest line that is read, in bytes.
const longestLine = 1 << 20

func readLines[T any](name string, r io.Reader, check func(T) error) ([]T, error) {
	var all []T
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var x T
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&x); err != nil {
			return nil, fmt.Errorf("read %s, line %d: %w", name, n, err)
		}
		if d.More() {
			return nil, fmt.Errorf("read %s, line %d: more than one value on the line", name, n)
		}
		if err := check(x); err != nil {
			return nil, fmt.Errorf("read %s, line %d: %w", name, n, err)
		}
		all = append(all, x)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s, line %d: %w", name, n+1, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("read %s: %w", name, ErrNoMessages)
	}
	return all, nil
}
