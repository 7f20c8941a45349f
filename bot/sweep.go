package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// SweepPoint is what one value of a field would have done.
type SweepPoint struct {
	Value float64 `json:"value"`
	Valid bool    `json:"valid"` // whether the policy validates with it
	Tally
}

// Sweep replays a recording at so many values of one field, evenly spread over its range from least to
// greatest. Between two values that a conversation's own numbers do not separate nothing can change, so
// that each conversation is run only at the few values where it can come out differently.
func Sweep(ctx context.Context, r *Recording, p Policy, field string, points int) ([]SweepPoint, error) {
	f, ok := fieldByKey(field)
	if !ok || !f.Sweep {
		return nil, fmt.Errorf("sweep %q: there is no field of this name to sweep", field)
	}
	if points < 2 {
		return nil, fmt.Errorf("sweep %s: %d points are too few", field, points)
	}
	out, plans := make([]SweepPoint, points), make([]*plan, points)
	for i := range out {
		q := p
		v := f.Min + (f.Max-f.Min)*float64(i)/float64(points-1)
		f.set(&q, v)
		out[i].Value, out[i].Valid = f.value(&q), q.Validate() == nil
		plans[i] = newPlan(q, r.script)
	}
	var mu sync.Mutex
	var sums [][]Tally
	parallel(len(r.spans), func(from, to int) {
		part := r.sweep(ctx, f, out, plans, from, to)
		mu.Lock()
		defer mu.Unlock()
		sums = append(sums, part)
	})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("sweep %s: %w", field, ctx.Err())
	}
	var running Tally
	for i := range out {
		for _, s := range sums {
			running.add(s[i], 1)
		}
		out[i].Tally = running
	}
	return out, nil
}

// sweep gives, for the conversations from to to, what is added to the tally at each point.
func (r *Recording) sweep(ctx context.Context, f Field, at []SweepPoint, plans []*plan, from, to int) []Tally {
	delta := make([]Tally, len(at))
	var critical []float64
	for i := from; i < to; i++ {
		if i%1024 == 0 && ctx.Err() != nil {
			return delta
		}
		sp := &r.spans[i]
		var every bool
		critical, every = r.critical(f, plans[0], sp, critical[:0])
		slices.Sort(critical)
		var last Tally
		next, felt, moved := 0, mood{}, -1
		for j := range at {
			before := felt
			if every {
				if felt = r.mood(plans[j], sp); j > 0 && felt.same(before) {
					continue
				}
			} else if j > 0 {
				// Bars from at[j-1] to at[j] differ for a value v only if at[j-1] <= v < at[j].
				for next < len(critical) && critical[next] < at[j-1].Value {
					next++
				}
				if next == len(critical) {
					break
				}
				if critical[next] >= at[j].Value {
					continue
				}
			}
			e := r.run(plans[j], sp)
			// The same handoff goes the same way whatever the field is, but for the signals' own thresholds.
			if e.same && e.rule >= 0 && (moved < 0 || f.of == ofSignal) {
				moved = b2i(r.elsewhere(plans[j], sp, e))
			}
			t := r.tally(sp, e, moved == 1 && e.rule >= 0)
			if j > 0 && t == last {
				continue
			}
			delta[j].add(t, 1)
			delta[j].add(last, -1)
			last = t
		}
	}
	return delta
}

// mood is all that the rules see of the level of anger over a conversation: two bits a turn.
type mood struct {
	bits    uint64
	overrun bool // there are more turns than bits
}

func (m mood) same(o mood) bool { return m.bits == o.bits && !m.overrun && !o.overrun }

// mood tells in which turns a conversation's anger would be at its bar, and in which it would rise.
func (r *Recording) mood(pl *plan, sp *span) (m mood) {
	turns := r.turns[sp.from:sp.to]
	level := 0.0
	for i := range turns {
		t := &turns[i]
		if t.returned {
			level = 0
		}
		before := level
		level = pl.AngerMemory*level + (1-pl.AngerMemory)*float64(t.strength[sigAngry])
		m.bits <<= 2
		if level >= pl.AngerLevelAt {
			m.bits |= 1
		}
		if level-before >= pl.AngerRise {
			m.bits |= 2
		}
	}
	m.overrun = len(turns) > 32
	return m
}

// critical lists the values that a conversation holds against the field; every is set for a field that
// enters the numbers themselves, so that each of its values may matter.
func (r *Recording) critical(f Field, pl *plan, sp *span, out []float64) (values []float64, every bool) {
	turns := r.turns[sp.from:sp.to]
	level := 0.0
	for i := range turns {
		t := &turns[i]
		if t.returned {
			level = 0
		}
		before := level
		level = pl.AngerMemory*level + (1-pl.AngerMemory)*float64(t.strength[sigAngry])
		switch or(f.of, f.Key) {
		case "answer_at", "clarify_at":
			out = append(out, float64(t.conf[0]))
		case "out_of_scope_at":
			out = append(out, float64(t.outOfScope))
		case "unknown_language_at":
			out = append(out, float64(t.languageSure))
		case "anger_level_at":
			out = append(out, level, 0)
		case "anger_rise":
			out = append(out, level-before)
		case "max_questions":
			out = append(out, float64(t.questions))
		case "anger_memory":
			// Without anger there is nothing to remember.
			every = every || t.strength[sigAngry] > 0
		case ofSignal:
			// Two values a strength: thresholds are compared as the shorter kind of number.
			s := float64(t.strength[f.signal])
			out = append(out, s, s+1e-6)
		default: // counts of turns
			out = append(out, float64(i))
		}
	}
	if f.get != nil {
		out = append(out, 0) // 0 stands for another value, which may lie anywhere
	}
	if f.Kind == "count" && f.Key != "max_questions" {
		n := float64(len(turns))
		out = append(out, n, n+1, n+2)
	}
	return out, every
}
