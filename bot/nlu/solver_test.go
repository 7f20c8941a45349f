package nlu

import (
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
)

// randomRows gives messages of shared features below the number shared, and of some that no other message has.
func randomRows(n, shared int) (rows [][]cell, known int) {
	r := rand.New(rand.NewPCG(1, 2))
	known = shared
	for range n {
		var row []cell
		for f := range shared {
			if r.IntN(3) == 0 {
				row = append(row, cell{id: int32(f), value: 0.5 * r.Float32()})
			}
		}
		for range r.IntN(6) {
			row = append(row, cell{id: int32(known), value: 0.5 * r.Float32()})
			known++
		}
		rows = append(rows, row)
	}
	return rows, known
}

func TestWhatOneExampleAloneHoldsNeedsNoPlace(t *testing.T) {
	const n, shared = 200, 30
	rows, known := randomRows(n, shared)
	solve := func(single int) *learner {
		parts := make([]matrix, 2)
		for i, row := range rows {
			parts[2*i/n].appendRow(row, false, int32(single), int32(known))
		}
		signs, costs := [][]int8{make([]int8, n)}, [][]float32{{1, 2}}
		for i := range n {
			signs[0][i] = int8(i%2*2 - 1)
		}
		l := newLearner(join(parts, single), signs, costs, 5)
		l.learn()
		return l
	}
	with, without := solve(shared), solve(known)
	if len(with.m.lone) == 0 || len(with.m.ids)+len(with.m.lone) != len(without.m.ids) {
		t.Fatalf("%d cells and %d alone, want %d in all", len(with.m.ids), len(with.m.lone), len(without.m.ids))
	}
	for i := range n {
		if a, b := with.alpha[0][i], without.alpha[0][i]; math.Abs(float64(a-b)) > 1e-3 {
			t.Errorf("example %d counts %v, want %v", i, a, b)
		}
	}
	for _, x := range with.m.lone {
		weight := with.alpha[0][x.row] * float32(with.signs[0][x.row]) * x.value
		if want := without.weights[int(x.id)*lanes]; math.Abs(float64(weight-want)) > 1e-3 {
			t.Errorf("feature %d of example %d weighs %v, want %v", x.id, x.row, weight, want)
		}
	}
}

func TestTasksOfTasksAreDone(t *testing.T) {
	for workers := 1; workers <= 4; workers++ {
		var done atomic.Int64
		var grow func(deep int) task
		grow = func(deep int) task {
			return func() (more []task) {
				done.Add(1)
				for range deep {
					more = append(more, grow(deep-1))
				}
				return more
			}
		}
		perform(workers, []task{grow(4), grow(0), grow(4)})
		if done.Load() != 131 { // 1+4+4·3+4·3·2+4·3·2·1 for each of the two, and one
			t.Errorf("with %d workers %d tasks were done, want 131", workers, done.Load())
		}
	}
}

// A panic ends the program, so it happens in another one: this test, run again.
func TestAPanicInATaskSaysWhatItWas(t *testing.T) {
	const inside = "OMBUD_TEST_PANIC"
	if os.Getenv(inside) != "" {
		perform(2, []task{func() []task { panic("a feature without a weight") }})
		return
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAPanicInATaskSaysWhatItWas$")
	again.Env = append(os.Environ(), inside+"=1")
	out, err := again.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: a feature without a weight") || strings.Contains(string(out), "unlocked mutex") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestEachLanguageSaysItselfWhetherNoTopicFits(t *testing.T) {
	tr := training{model: &Model{}}
	tr.model.head.Topics, tr.model.head.Languages = []string{"", "order"}, []string{"en", "zh"}
	tr.margins = make([][]float32, 2)
	// In Chinese all margins lie higher by one.
	for i := range 400 {
		e, topic, by := Example{Language: "en", Topic: "order"}, 1, float32(1)
		if i%2 == 1 {
			e.Topic, topic, by = "", 0, -1
		}
		if i%4 > 1 {
			e.Language, by = "zh", by+1
		}
		tr.examples, tr.topic, tr.known = append(tr.examples, e), append(tr.topic, topic), append(tr.known, 0.5)
		tr.margins[0], tr.margins[1] = append(tr.margins[0], 0), append(tr.margins[1], by+float32(i%7)/10)
	}
	tr.calibrateScope(0)
	s := tr.model.head.Scope
	middle := 0.3 + 2*0.5 // of the English margins, with the share of known words
	if en, zh := s.probability("en", middle+0.3), s.probability("zh", middle+0.3); en > 0.5 || zh < 0.5 {
		t.Errorf("no topic at %.2f in English and %.2f in Chinese, want less and more than half", en, zh)
	}
	if other := s.probability("hu", middle+5); other > 0.1 {
		t.Errorf("no topic at %.2f where the margin is high, in a language without examples", other)
	}
}
