package eval

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"ombud/bot/nlu"
)

func TestBadLinesAreNamed(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"{\"text\":\"a\",\"label\":\"b\"}\n\n{\"text\":", "f, line 3"},
		{`{"text":"a"}`, `line 1: "label" is missing`},
		{`{"text":"a","label":"b","extra":1}`, `line 1: json: unknown field "extra"`},
		{`{"text":"a","label":"b"} {}`, "line 1: more than one value"},
		{"\n", "no messages"},
	} {
		if _, err := ReadIntents("f", strings.NewReader(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q in it", c.in, err, c.want)
		}
	}
	_, err := ReadUtterances("u", strings.NewReader(`{"lang":"hu","text":"a","signals":["cross"],"topic":null}`))
	if err == nil || !strings.Contains(err.Error(), `u, line 1: unknown signal "cross"`) {
		t.Errorf("error %v, want the unknown signal named", err)
	}
	if _, err := ReadIntents("f", strings.NewReader("")); !errors.Is(err, ErrNoMessages) {
		t.Errorf("error %v, want ErrNoMessages", err)
	}
}

func TestUtterancesAreRead(t *testing.T) {
	got, err := ReadUtterances("u", strings.NewReader(`{"lang":"en","text":"hi","signals":["angry"],"topic":"greeting"}
{"lang":"zh","text":"你好","signals":[],"topic":null}`))
	if err != nil || len(got) != 2 || got[0].Topic != "greeting" || got[0].Signals[0] != nlu.Angry || got[1].Topic != "" {
		t.Errorf("read %+v, error %v", got, err)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestRankArea(t *testing.T) {
	yes := []bool{false, false, true, true}
	for _, c := range []struct {
		value []float64
		want  float64
	}{
		{[]float64{1, 2, 3, 4}, 1}, {[]float64{4, 3, 2, 1}, 0}, {[]float64{1, 1, 1, 1}, 0.5}, {[]float64{1, 3, 2, 4}, 0.75},
	} {
		if got := rankArea(c.value, yes); !near(got, c.want) {
			t.Errorf("%v: area %v, want %v", c.value, got, c.want)
		}
	}
}

// The expected values were worked out by hand from Gorodkin's formula.
func TestCorrelation(t *testing.T) {
	gold := []string{"a", "a", "b", "b"}
	for _, c := range []struct {
		said []string
		want float64
	}{
		{gold, 1}, {[]string{"b", "b", "a", "a"}, -1}, {[]string{"a", "a", "a", "a"}, 0}, {[]string{"a", "b", "b", "b"}, 1 / math.Sqrt(3)},
	} {
		if got := correlation(gold, c.said); !near(got, c.want) {
			t.Errorf("%v: correlation %v, want %v", c.said, got, c.want)
		}
	}
}

func TestCalibrationError(t *testing.T) {
	got, plot := calibrate([]float64{0.9, 0.9, 0.9, 0.9, 0.1, 0.1}, []bool{true, true, false, false, false, false})
	if want := (4*0.4 + 2*0.1) / 6; !near(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
	if b := plot[13]; b.Count != 4 || !near(b.Right, 0.5) {
		t.Errorf("bin %+v, want four predictions, half of them right", b)
	}
}

func TestTheThresholdIsTheOneWithTheHighestAccuracy(t *testing.T) {
	answers := []answer{
		{label: "a", intent: "a", outside: 0.1}, {label: "a", intent: "a", outside: 0.3},
		{label: OutOfScope, intent: "a", outside: 0.6}, {label: "b", intent: "b", outside: 0.7}, {label: "b", intent: "b", outside: 0.72},
		{label: OutOfScope, intent: "b", outside: 0.9},
	}
	at := bestThreshold(answers, accuracy)
	if at < 0.72 || at >= 0.9 {
		t.Errorf("threshold %v, want one from 0.72 to 0.9", at)
	}
}

// Where one message more or less is all that tells thresholds apart, the middle of them is taken and not the one that is best by chance.
func TestAThresholdDoesNotFollowOneMessage(t *testing.T) {
	var answers []answer
	for i := range 20 {
		answers = append(answers, answer{label: "a", intent: "a", outside: 0.005 * float64(i)}, answer{label: OutOfScope, intent: "a", outside: 1 - 0.005*float64(i)})
	}
	before := steadyThreshold(answers)
	if math.Abs(before-0.5) > 0.05 {
		t.Errorf("threshold %v between messages at .1 and .9, want about .5", before)
	}
	for _, stray := range []answer{{label: OutOfScope, intent: "a", outside: 0.15}, {label: "a", intent: "a", outside: 0.85}} {
		if after := steadyThreshold(append(answers, stray)); math.Abs(after-before) > 0.05 {
			t.Errorf("a message at %v moves the threshold from %v to %v", stray.outside, before, after)
		}
	}
}

// reports makes labelled messages: each thing said in many ways that are alike.
func reports() (all []nlu.Example) {
	for topic, said := range []string{
		"where on earth is parcel number %d", "please send the invoice %d again", "refund me %d euros today",
		"my password with %d letters fails", "charger model %d gets hot", "does coupon %d still work",
		"courier %d left it outside", "which hours do you open on day %d",
	} {
		for i := range 6 {
			all = append(all, nlu.Example{Language: "en", Topic: fmt.Sprintf("topic_%d", topic), Text: fmt.Sprintf(said, i)})
		}
	}
	for _, who := range []string{"human", "person", "agent", "operator", "colleague", "advisor", "employee", "somebody"} {
		all = append(all, nlu.Example{Language: "en", Text: "give me a real " + who + " now", Signals: []nlu.Signal{nlu.WantsHuman}})
	}
	return all
}

func TestAParaphraseIsNeverInAnotherFold(t *testing.T) {
	all := reports()
	m, err := nlu.Train(all, nlu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	folds, used := Folds(m, all, 4), map[int]int{}
	for i, e := range all {
		used[folds[i]]++
		for j, o := range all[:i] {
			if e.Topic != "" && e.Topic == o.Topic && folds[i] != folds[j] {
				t.Errorf("%q and %q are in folds %d and %d", e.Text, o.Text, folds[i], folds[j])
			}
		}
	}
	if len(used) != 4 {
		t.Errorf("messages by fold %v, want some in each of four", used)
	}
}

func TestUtterancesCountsSignalsAndTopics(t *testing.T) {
	all := reports()
	m, err := nlu.Train(all, nlu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := Utterances(m, all)
	if len(r.Languages) != 1 || r.Languages[0].Messages != len(all) {
		t.Fatalf("result %+v", r)
	}
	l := r.Languages[0]
	if l.TopicInScope < 0.9 || l.Signals[0].Recall < 0.9 || l.Signals[0].Signal != nlu.WantsHuman {
		t.Errorf("on the messages learnt from: topics %.2f, %+v", l.TopicInScope, l.Signals[0])
	}
	wrong := append([]nlu.Example(nil), all...)
	for i := range wrong {
		wrong[i].Topic, wrong[i].Signals = "greeting", []nlu.Signal{nlu.Danger}
	}
	l = Utterances(m, wrong).Languages[0]
	if l.TopicAccuracy != 0 || l.SignalsF1 != 0 || len(l.Confusions) == 0 {
		t.Errorf("wrongly labelled messages are judged right: %+v", l)
	}
}

func TestResultsAreWrittenForPeopleAndMachines(t *testing.T) {
	var train []Message
	for _, e := range reports() {
		label := e.Topic
		if label == "" {
			label = OutOfScope
		}
		train = append(train, Message{Text: e.Text, Label: label})
	}
	r, err := Intents(train, train, train, nlu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.InScope < 0.9 || r.ThresholdFrom != "validation" || r.MCC < 0.9 {
		t.Errorf("on the messages learnt from: %+v", r)
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "AUROC") {
		t.Errorf("text %q, error %v", text.String(), err)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	var svg strings.Builder
	if err := WriteSVG(&svg, "a <b> & c", r.Plot); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(svg.String()))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the plot is not well-formed: %v", err)
		}
	}
	if n := strings.Count(svg.String(), "<circle"); n == 0 {
		t.Error("the plot has no dots")
	}
}

// published reads a part of CLINC150, where it is at hand.
func published(t *testing.T, name string) []Message {
	t.Helper()
	f, err := os.Open("../../../../shared/data/clinc150/" + name)
	if err != nil {
		t.Skip("the data set is not at hand")
	}
	defer f.Close()
	all, err := ReadIntents(name, f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPublishedIntents holds the figures on CLINC150 where the data set is at hand.
func TestPublishedIntents(t *testing.T) {
	if testing.Short() {
		t.Skip("the test is to be short")
	}
	var train []Message
	for i, m := range append(published(t, "train.jsonl"), published(t, "train-oos.jsonl")...) {
		if i%4 == 0 || m.Label == OutOfScope { // a quarter keeps the test short
			train = append(train, m)
		}
	}
	val := published(t, "val.jsonl")
	r, err := Intents(train, val, val, nlu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Unrejected < 0.89 || r.OutOfScope < 0.7 || r.AUROC < 0.965 || r.ECE > 0.05 {
		t.Errorf("with a quarter of the training messages: in scope %.3f, out of scope %.3f, AUROC %.3f, ECE %.3f",
			r.Unrejected, r.OutOfScope, r.AUROC, r.ECE)
	}
}
