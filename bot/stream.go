package bot

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// stream lets a draft be seen while it grows. Only whole sentences leave, each after all that came so far has
// passed the checks of a finished draft, and only where the model's signals, which come first, do not turn
// the turn into one that the script words. What was shown is taken back as soon as anything is wrong.
type stream struct {
	show func(text string) // all that may be seen so far; "" takes it back
	p    *parts
	s    State
	turn Turn
	stop context.CancelFunc // there is no use in the rest of the answer

	mu     sync.Mutex
	judged bool // the signals have come, and may tells whether the model words this turn
	may    bool
	lang   string // of the words
	closed bool   // nothing leaves any more
	shown  string
	early  Opinion // the signals as they came, for a draft that is refused before its end
	err    error   // why the draft was refused before its end
}

// grow takes the answer as far as it has come: signals and cites, which are whole, and the draft so far. It
// is called by the model, one call at a time; calls after close do nothing.
func (x *stream) grow(o Opinion) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return
	}
	if !x.judged {
		x.judged, x.early = true, Opinion{Signals: o.Signals}
		x.turn.Assessment.Signals = raise(x.turn.Assessment.Signals, o.Signals)
		_, d := step(x.p.plan, x.s, x.turn)
		x.may = drafted(d, x.p.render(d)) >= 0
		x.lang = d.Language
	}
	text := sentences(o.Draft)
	if !x.may || len(text) <= len(x.shown) {
		return
	}
	if x.err = CheckDraft(x.p.script, text, x.lang); x.err != nil {
		x.closed = true
		x.back()
		x.stop()
		return
	}
	x.shown = text
	x.show(text)
}

// back takes back what was shown.
func (x *stream) back() {
	if x.shown != "" {
		x.shown = ""
		x.show("")
	}
}

// close ends the showing. What was shown stays only if it is how the words that are said now begin.
func (x *stream) close(said []Utterance) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	begins := func(u Utterance) bool { return u.Source == "model" && strings.HasPrefix(u.Text, x.shown) }
	if !slices.ContainsFunc(said, begins) {
		x.back()
	}
}

// refused gives what came of an answer whose draft was refused before its end.
func (x *stream) refused() (Opinion, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.early, x.err
}

// drafted gives the place in what is said that a model's draft takes; -1 where the script alone speaks:
// handing over, closing and calming are always worded by it.
func drafted(d Decision, say []Utterance) int {
	if d.Action != Answer && d.Action != Clarify {
		return -1
	}
	return slices.IndexFunc(say, func(u Utterance) bool { return u.Part == PartAnswer || u.Part == PartQuestion })
}

// sentences gives the whole sentences that a text begins with. A sentence is whole when something follows
// its end: what comes next may still belong to it ("3.5", "example.com").
func sentences(text string) string {
	runes := []rune(strings.TrimSpace(text))
	end := 0
	for i := 0; i+1 < len(runes); i++ {
		if !ends(runes[i]) {
			continue
		}
		j := i + 1
		for j < len(runes) && strings.ContainsRune(`"')]»”’」』`, runes[j]) {
			j++
		}
		if j < len(runes) && (wide(runes[i]) && !ends(runes[j]) || unicode.IsSpace(runes[j])) {
			end = j
		}
	}
	return string(runes[:end])
}

func ends(r rune) bool { return strings.ContainsRune(".!?…", r) || wide(r) }

// wide ends a sentence of a language that writes no space after it.
func wide(r rune) bool { return strings.ContainsRune("。！？\n", r) }
