package bot

import (
	"strings"

	"ombud/bot/script"
)

// Parts of what the bot says in a turn.
const (
	PartAnswer    = "answer"
	PartQuestion  = "question"
	PartCalm      = "calm"
	PartHandoff   = "handoff"
	PartEmergency = "emergency"
	PartGreeting  = "greeting"
	PartClose     = "close"
	PartWaiting   = "waiting"
)

// writer puts together what is said: the feeling first, then the matter, at most one question.
type writer struct {
	pl *plan
	in *Turn
	fr *frame
	v  verdict
	s  *State // after the rules
	d  *Decision
}

func (w *writer) say(part, key string, args map[string]string) {
	w.d.Say = append(w.d.Say, Say{Key: key, N: w.s.Used[key], Args: args, Part: part})
}

func (w *writer) compose(d *Decision) {
	w.d = d
	switch {
	case d.Action == Handoff:
		w.handoff()
	case d.Action == Close:
		w.say(PartClose, "resolved", nil)
	case w.v.kind == momentWaiting:
		w.say(PartWaiting, "waiting.reassure", nil)
	case d.Action == Calm:
		w.calm()
	case w.v.kind == momentSmall:
		w.small()
	case w.v.kind == momentAnswer:
		w.answer()
	case w.v.kind == momentDeclined:
		w.say(PartAnswer, "stay", nil)
	case w.v.kind == momentFollow:
		w.follow()
	default:
		w.clarify()
	}
	w.offer()
}

// offer adds the offer of a person where a request for one was seen, but not plainly.
func (w *writer) offer() {
	const asks = 1<<sigHuman | 1<<sigSupervisor
	answers := w.d.Action == Answer || w.d.Action == Clarify
	if !answers || w.fr.s.HandedOff || w.fr.f.declines || w.fr.f.found&asks == 0 {
		return
	}
	w.d.Say = append([]Say{{Key: "offer.person", N: w.s.Used["offer.person"], Part: PartAnswer}}, w.d.Say...)
}

// handoff says why, to whom and what happens next. It asks nothing.
func (w *writer) handoff() {
	if w.d.Reason == ReasonDanger {
		w.say(PartEmergency, "emergency", nil)
	} else {
		w.thankByName(PartHandoff)
	}
	key := "handoff." + w.d.Reason
	if w.d.Reason == ReasonSupervisor && w.in.Executive {
		key = "handoff.executive"
	}
	w.say(PartHandoff, key, nil)
	if w.in.Open {
		w.say(PartHandoff, "handoff.next", nil)
	} else {
		w.say(PartHandoff, "handoff.next_closed", nil)
	}
}

// thankByName uses the name, once.
func (w *writer) thankByName(part string) {
	name := w.name()
	if name == "" || w.s.NameUsed {
		return
	}
	w.say(part, "thanks_named", map[string]string{"name": name})
}

func (w *writer) name() string {
	if n := w.s.fact("name"); n != "" {
		return n
	}
	return w.in.Name
}

// mild acknowledges without anger in sight. After a thank-you by name it does not thank again.
func (w *writer) mild(part string) {
	w.say(part, "acknowledge.mild", nil)
	if n := len(w.d.Say); n > 1 && w.d.Say[n-2].Key == "thanks_named" {
		w.d.Say[n-1].N++
	}
}

// thanks reports whether an answer begins with thanks: those that build on a fact do.
func thanks(key string) bool {
	return strings.HasSuffix(key, "_known") || strings.HasSuffix(key, "_tried")
}

func (w *writer) apologise(part string) {
	if !w.s.Apologised {
		w.say(part, "apology", nil)
	}
}

// calm takes up the feeling and then asks the one question that matters, or offers a way on.
func (w *writer) calm() {
	w.thankByName(PartCalm)
	if w.v.kind == momentRejected {
		w.say(PartCalm, "acknowledge.again", nil)
		w.say(PartCalm, "offer.person", nil)
		if !w.ask() {
			w.say(PartQuestion, "try_other", nil)
		}
		return
	}
	if w.v.kind == momentAngry {
		w.say(PartCalm, "acknowledge.angry", nil)
	} else {
		w.mild(PartCalm)
	}
	w.apologise(PartCalm)
	if w.ask() {
		return
	}
	if t, ok := w.in.Script.Topic(w.s.Topic); ok && !t.SmallTalk {
		w.say(PartCalm, "topic."+t.ID+".next", nil)
		return
	}
	w.say(PartQuestion, "clarify.open", nil)
}

func (w *writer) small() {
	id := w.in.Script.Topics[w.fr.topic].ID
	if id == "greeting" && w.s.Turns == 0 && w.name() != "" && !w.s.NameUsed {
		w.say(PartGreeting, "greeting_named", map[string]string{"name": w.name()})
		return
	}
	w.say(PartAnswer, w.answerKey(w.in.Script.Topics[w.fr.topic]), nil)
}

func (w *writer) answerKey(t script.Topic) string {
	if key := t.Answer(w.known, w.in.Open); key != "" {
		return key
	}
	return "topic." + t.ID + ".next"
}

// answer answers the topic, once; the same topic again goes a step on.
func (w *writer) answer() {
	t := w.in.Script.Topics[w.fr.topic]
	w.thankByName(PartAnswer)
	key := w.answerKey(t)
	switch {
	case w.fr.f.repeats:
		w.say(PartAnswer, "rephrase", nil)
	case w.s.Used[key] > 0:
		// The same words a second time would be no answer: go on to the next step.
		w.say(PartAnswer, "thanks_for_fact", nil)
		w.say(PartAnswer, "topic."+t.ID+".next", nil)
		w.ask()
		return
	case t.Trouble && !thanks(key):
		w.mild(PartAnswer)
	}
	w.say(PartAnswer, key, nil)
	if !w.ask() {
		w.say(PartQuestion, "topic."+t.ID+".next", nil)
	}
}

// follow goes on after a fact, a yes or a no.
func (w *writer) follow() {
	t, ok := w.in.Script.Topic(w.s.Topic)
	switch {
	case w.s.Confirming && w.fr.f.no:
		w.say(PartQuestion, "corrected", nil)
		return
	case w.s.Confirming && ok:
		w.say(PartAnswer, "thanks_for_fact", nil)
		w.say(PartAnswer, "topic."+t.ID+".next", nil)
		w.say(PartAnswer, "offer.person", nil)
		return
	case !ok:
		w.say(PartAnswer, "thanks_for_fact", nil)
		w.say(PartQuestion, "clarify.open", nil)
		return
	}
	w.thankByName(PartAnswer)
	key := w.answerKey(t)
	fresh := w.s.Used[key] == 0
	if w.fr.f.facts > 0 && !(fresh && thanks(key)) {
		w.say(PartAnswer, "thanks_for_fact", nil)
	}
	if fresh {
		w.say(PartAnswer, key, nil)
	}
	if w.ask() {
		return
	}
	if points := w.points(); points != "" && !w.s.SaidBack {
		w.say(PartQuestion, "say_back", map[string]string{"points": points})
		return
	}
	w.say(PartAnswer, "topic."+t.ID+".next", nil)
}

// clarify asks one question to understand.
func (w *writer) clarify() {
	switch {
	case w.fr.f.language == langOther:
		w.say(PartQuestion, "clarify.language", nil)
	case w.d.Action == Offer:
		w.say(PartAnswer, "offer.person", nil)
	case w.v.kind == momentDetail:
		w.detail()
	case w.v.kind == momentBetween:
		w.between()
	case float64(w.fr.f.outOfScope) >= w.pl.OutOfScopeAt && w.s.Used["redirect"] == 0:
		w.say(PartQuestion, "redirect", nil)
	default:
		w.say(PartQuestion, "clarify.open", nil)
	}
}

func (w *writer) detail() {
	if w.s.Pending != "" && w.s.Asked[w.s.Pending] < w.pl.AskTries {
		w.d.Ask = w.s.Pending
		w.say(PartQuestion, "fact."+w.s.Pending+".invalid", nil)
		return
	}
	w.say(PartQuestion, "clarify.detail", nil)
}

func (w *writer) between() {
	first := w.in.Script.Topics[w.fr.topic]
	second := int(w.fr.f.topic[1])
	if second < 0 || first.SmallTalk || w.in.Script.Topics[second].SmallTalk || w.s.Used["clarify.between"] > 0 {
		if first.SmallTalk {
			w.say(PartQuestion, "clarify.open", nil)
			return
		}
		w.say(PartQuestion, "topic."+first.ID+".question", nil)
		return
	}
	w.say(PartQuestion, "clarify.between", map[string]string{
		"a": w.text("topic." + first.ID + ".name"), "b": w.text("topic." + w.in.Script.Topics[second].ID + ".name"),
	})
}

func (w *writer) text(key string) string { return w.in.Script.Text(key, w.s.Language, 0, nil) }

func (w *writer) known(fact string) bool { return w.s.fact(fact) != "" }

// ask asks for the topic's next missing fact, and reports whether there was one to ask for.
func (w *writer) ask() bool {
	t, ok := w.in.Script.Topic(w.s.Topic)
	if !ok {
		return false
	}
	asked := 0
	for _, n := range w.s.Asked {
		asked += n
	}
	if asked >= w.pl.MaxFacts {
		return false
	}
	fact := t.NextAsk(w.known, func(f string) bool { return w.s.Asked[f] > 0 })
	if fact == "" {
		return false
	}
	w.d.Ask = fact
	w.say(PartQuestion, "fact."+fact+".ask", nil)
	return true
}

// points lists what was told, in the visitor's own words where they are known; "" below two.
func (w *writer) points() string {
	var out []string
	for _, f := range w.s.Facts {
		if f.Name == "name" || w.in.Script.FactKind(f.Name) == "" {
			continue
		}
		value := f.Value
		if w.in.Script.FactKind(f.Name) == "outcome" {
			value = or(w.text("quick."+f.Value+".label"), or(f.Quote, f.Value))
		}
		out = append(out, w.text("fact."+f.Name+".name")+": "+value)
	}
	if len(out) < 2 {
		return ""
	}
	return strings.Join(out, "; ")
}
