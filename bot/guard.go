package bot

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// maxDraft is the longest draft, in characters, that a model may have said for it.
const maxDraft = 1200

// modelFoundAt is the strength from which a signal that only the model saw counts as found.
const modelFoundAt = 0.8

// raise adds the model's signals to those of the understanding: it can make one stronger, never weaker,
// and it cannot close a conversation.
func raise(own, model []nlu.SignalScore) []nlu.SignalScore {
	out := slices.Clone(own)
	for _, m := range model {
		if m.Signal == nlu.Resolved || !slices.Contains(nlu.Signals, m.Signal) || !(m.Strength > 0 && m.Strength <= 1) {
			continue
		}
		i := slices.IndexFunc(out, func(x nlu.SignalScore) bool { return x.Signal == m.Signal })
		if i < 0 {
			out = append(out, nlu.SignalScore{Signal: m.Signal})
			i = len(out) - 1
		}
		if m.Strength > out[i].Strength {
			out[i].Strength = m.Strength
			if out[i].Evidence == "" {
				out[i].Evidence = m.Evidence
			}
		}
		out[i].Found = out[i].Found || m.Strength >= modelFoundAt
	}
	return out
}

// ErrDraft is why a model's draft was not said; what was found follows it.
var ErrDraft = errors.New("draft refused")

// draftError keeps the words that were found apart: they belong in the conversation's log and not in the server's.
type draftError struct{ why, what string }

func (e *draftError) Error() string { return fmt.Sprintf("%v: %s: %q", ErrDraft, e.why, e.what) }
func (e *draftError) Unwrap() error { return ErrDraft }

// Unquoted gives an error's text without a model's or a visitor's words.
func Unquoted(err error) string {
	if d := (*draftError)(nil); errors.As(err, &d) {
		return ErrDraft.Error() + ": " + d.why
	}
	return err.Error()
}

// useDraft says the model's words in place of the script's answer, if they pass every check.
func (p *parts) useDraft(out *TurnOutput, o Opinion) error {
	i := drafted(out.Decision, out.Say)
	if i < 0 {
		return nil
	}
	draft := strings.TrimSpace(o.Draft)
	if err := CheckDraft(p.script, draft, out.Language); err != nil {
		return err
	}
	// The draft stands for the whole turn: a question of the script after it could ask again.
	taps := out.Say[len(out.Say)-1].QuickReplies
	out.Decision.Cites = o.cited()
	out.Say = append(out.Say[:i:i], Utterance{Text: draft, Part: out.Say[i].Part, Source: "model", QuickReplies: taps, Cites: out.Decision.Cites})
	return nil
}

// CheckDraft tells why a model's words must not be said, nil if they may: forbidden phrases, promises of
// money, of dates or of the law, admissions of guilt, claims to be a person or to have done something,
// requests for secrets, markup, links, and anything but plain text in the language of the conversation.
func CheckDraft(s *script.Script, draft, language string) error {
	refuse := func(why, what string) error { return &draftError{why, what} }
	n := utf8.RuneCountInString(draft)
	switch {
	case strings.TrimSpace(draft) == "":
		return refuse("empty", "")
	case !utf8.ValidString(draft):
		return refuse("not UTF-8", "")
	case n > maxDraft:
		return refuse("too long", fmt.Sprint(n))
	}
	if r := strings.IndexFunc(draft, badRune); r >= 0 {
		return refuse("control character", draft[r:min(len(draft), r+4)])
	}
	if ph := s.Forbidden(draft); ph != "" {
		return refuse("forbidden phrase", ph)
	}
	lower := strings.ToLower(draft)
	for _, c := range draftChecks {
		if m := c.re.FindString(lower); m != "" {
			return refuse(c.why, m)
		}
	}
	folded := script.Fold(draft)
	for _, c := range draftWords {
		if m := c.re.FindString(folded); m != "" {
			return refuse(c.why, m)
		}
	}
	if !inLanguage(draft, language) {
		return refuse("another script of writing", language)
	}
	return nil
}

// badRune finds what plain text has no use for: controls, direction overrides, private use.
func badRune(r rune) bool {
	if r == '\n' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cf, r) && r != '\u200d' || r == utf8.RuneError
}

// inLanguage reports whether the letters are of the kind that the language is written in.
func inLanguage(text, language string) bool {
	han, latin, other := 0, 0, 0
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.Is(unicode.Latin, r):
			latin++
		default:
			other++
		}
	}
	if other > 0 {
		return false
	}
	if language == "zh" {
		return han*2 >= latin
	}
	return han == 0
}

type draftCheck struct {
	why string
	re  *regexp.Regexp
}
