package llm

import (
	"fmt"
	"sync"
	"time"
)

// Budget bounds the tokens that are spent in a day (UTC), prompts and answers together. 0 means the
// default, a negative figure no bound.
type Budget struct {
	Conversation int // of one conversation; 30,000
	Visitor      int // of all conversations of one visitor; 90,000
	Day          int // of all; 5,000,000
}

// ledger keeps what was spent today. Its size is bounded by the day's budget: a call costs hundreds.
type ledger struct {
	limit Budget
	now   func() time.Time

	mu    sync.Mutex
	day   string
	all   int
	spent map[string]int
}

func newLedger(b Budget, now func() time.Time) *ledger {
	b.Conversation, b.Visitor, b.Day = or(b.Conversation, 30_000), or(b.Visitor, 90_000), or(b.Day, 5_000_000)
	return &ledger{limit: b, now: now, spent: map[string]int{}}
}

// reserve books the most that a call may cost before it is made, so that calls at the same time cannot
// overspend together. settle replaces it by what the call did cost; it must be called once. The error is
// ErrBudget with the budget that is spent.
func (l *ledger) reserve(conversation, visitor string, tokens int) (settle func(used int), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	day, c, v := l.day, "c "+conversation, "v "+visitor
	over := func(spent, limit int) bool { return limit > 0 && spent+tokens > limit }
	switch {
	case over(l.all, l.limit.Day):
		return nil, fmt.Errorf("%w: the day's", ErrBudget)
	case over(l.spent[c], l.limit.Conversation):
		return nil, fmt.Errorf("%w: the conversation's", ErrBudget)
	case visitor != "" && over(l.spent[v], l.limit.Visitor):
		return nil, fmt.Errorf("%w: the visitor's", ErrBudget)
	}
	book := func(n int) {
		l.all += n
		l.spent[c] += n
		if visitor != "" {
			l.spent[v] += n
		}
	}
	book(tokens)
	return func(used int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.turn(); l.day == day {
			book(used - tokens)
		}
	}, nil
}

// turn begins a new day.
func (l *ledger) turn() {
	if day := l.now().UTC().Format(time.DateOnly); day != l.day {
		l.day, l.all = day, 0
		clear(l.spent)
	}
}

// today gives the tokens spent and reserved today.
func (l *ledger) today() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	return l.all
}
