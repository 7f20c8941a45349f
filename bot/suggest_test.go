package bot

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// drafter says what a test gives it, and keeps what it was asked.
type drafter struct {
	draft string
	cites []string
	err   error
	got   Question
}

func (d *drafter) Consult(_ context.Context, q Question) (Opinion, error) {
	d.got = q
	return Opinion{Draft: d.draft, Cites: d.cites}, d.err
}

func lines(roleAndText ...string) []Line {
	var out []Line
	for i := 0; i+1 < len(roleAndText); i += 2 {
		out = append(out, Line{Role: roleAndText[i], Text: roleAndText[i+1]})
	}
	return out
}

func TestASuggestionAnswersTheLastWordsFromApprovedTexts(t *testing.T) {
	m := &drafter{draft: " Your order stands under My orders. ", cites: []string{"orders#1"}}
	e := testEngine(t, m)
	e.articles = shelf{{ID: "orders#1", Key: "a1", Version: 3, Title: "Orders", Text: "It is under My orders."}, {ID: "other#1", Text: "Other."}}
	got, err := e.Suggest(t.Context(), SuggestInput{Conversation: "c", Visitor: "v", Language: "en", Topic: "order_status", Lines: lines(
		"visitor", "hello", "bot", "Hello!", "visitor", "where is it", "visitor", "order 7", "agent", "One moment.")})
	if err != nil || got.Text != "Your order stands under My orders." || got.Language != "en" || !slices.Equal(got.Cites, []Cite{{"orders#1", "a1", 3, "Orders"}}) {
		t.Errorf("%+v %v", got, err)
	}
	if m.got.Text != "where is it\norder 7" || len(m.got.Earlier) != 3 || m.got.Earlier[2].Role != "agent" || len(m.got.Knowledge) == 0 || m.got.Visitor != "v" || m.got.Grow != nil {
		t.Errorf("asked %+v", m.got)
	}
}

func TestWhatTheBotMayNotSayIsNotSuggested(t *testing.T) {
	said := lines("visitor", "#topic=order_status where is it")
	for draft, want := range map[string]error{
		"Please calm down.": ErrDraft, "I have refunded you 20 EUR.": ErrDraft, "See https://example.com.": ErrDraft, "": ErrNothing, "  ": ErrNothing,
	} {
		got, err := testEngine(t, &drafter{draft: draft}).Suggest(t.Context(), SuggestInput{Language: "en", Lines: said})
		if !errors.Is(err, want) || got.Text != "" {
			t.Errorf("%q: %+v %v", draft, got, err)
		}
	}
	if _, err := testEngine(t, nil).Suggest(t.Context(), SuggestInput{Lines: said}); !errors.Is(err, ErrNoModel) {
		t.Errorf("without a model: %v", err)
	}
	unasked := &drafter{draft: "x"}
	if _, err := testEngine(t, unasked).Suggest(t.Context(), SuggestInput{Lines: lines("bot", "Hello!")}); !errors.Is(err, ErrNothing) || unasked.got.Language != "" {
		t.Errorf("before the visitor wrote: %v, asked %+v", err, unasked.got)
	}
	if _, err := testEngine(t, &drafter{err: ErrSpent}).Suggest(t.Context(), SuggestInput{Lines: said}); !errors.Is(err, ErrSpent) {
		t.Errorf("spent: %v", err)
	}
}

func TestASuggestionDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := deaf{make(chan Question, 1), make(chan error)}
		defer close(m.answer)
		begun := time.Now()
		_, err := testEngine(t, m).Suggest(t.Context(), SuggestInput{Lines: lines("visitor", "where is it")})
		if took := time.Since(begun); !errors.Is(err, context.DeadlineExceeded) || took != patience*time.Minute {
			t.Errorf("%v after %s", err, took)
		}
	})
}
