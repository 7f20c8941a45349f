package bot

import (
	"ombud/bot/nlu"
	"ombud/bot/script"
)

// signalCount is the number of signals that the understanding knows; their order is nlu.Signals.
const signalCount = 11

// The place of each signal in nlu.Signals.
const (
	sigHuman = iota
	sigSupervisor
	sigAngry
	sigDissatisfied
	sigLegal
	sigPublic
	sigDanger
	sigFault
	sigFormal
	sigCallback
	sigResolved
)

// Languages that are no index into the script's.
const (
	langUnsure = -1 // not recognised
	langOther  = -2 // recognised, and none of the script's
)

// features is a turn as numbers: what the rules read. It has a fixed size and no pointers.
type features struct {
	strength     [signalCount]float32
	found        uint16 // bit i: signal i reached its trained threshold
	topic        [2]int16
	conf         [2]float32
	outOfScope   float32
	languageSure float32 // certainty of the language
	language     int8    // index in the script's languages, langUnsure or langOther
	spoken       int8    // index of the language that the conversation is in
	questions    uint8
	facts        uint8 // facts that were told
	words        uint8 // different words
	repeats      bool
	asksWho      bool
	corrects     bool
	vague        bool
	saysAgain    bool
	declines     bool
	yes, no      bool
	refused      bool
	offered      bool
	modelFailed  bool
}

// plan is a policy made ready for one script: overrides resolved into tables, routes by rule.
type plan struct {
	Policy
	answerAt, clarifyAt [][]float32 // by language, then topic+1
	misses, maxTurns    [][]int
	at                  [signalCount]float32 // threshold of a signal, 0 for the trained one
	off                 [signalCount]bool
	small, atOnce       []bool // by topic
	thanks              int16  // index of the topic thanks_goodbye, -1 if there is none
}

func newPlan(p Policy, s *script.Script) *plan {
	pl := &plan{Policy: p, thanks: int16(s.TopicIndex("thanks_goodbye"))}
	for i, sig := range nlu.Signals {
		r := p.Signals[sig]
		pl.at[i], pl.off[i] = float32(r.At), r.Off
	}
	for _, sig := range []int{sigHuman, sigSupervisor, sigDanger} {
		pl.off[sig] = false
	}
	for _, t := range s.Topics {
		pl.small = append(pl.small, t.SmallTalk)
		pl.atOnce = append(pl.atOnce, t.FaultAtOnce)
	}
	n := len(s.Topics) + 1
	for _, lang := range s.Languages {
		answer, clarify := make([]float32, n), make([]float32, n)
		misses, turns := make([]int, n), make([]int, n)
		for i := range n {
			o := p.Languages[lang]
			if i > 0 {
				o = o.under(p.Topics[s.Topics[i-1].ID])
			}
			answer[i], clarify[i] = float32(or(o.AnswerAt, p.AnswerAt)), float32(or(o.ClarifyAt, p.ClarifyAt))
			misses[i], turns[i] = or(o.Misses, p.Misses), or(o.MaxTurns, p.MaxTurns)
		}
		pl.answerAt, pl.clarifyAt = append(pl.answerAt, answer), append(pl.clarifyAt, clarify)
		pl.misses, pl.maxTurns = append(pl.misses, misses), append(pl.maxTurns, turns)
	}
	return pl
}

// under lays the fields that t sets over those of o.
func (o Override) under(t Override) Override {
	return Override{
		AnswerAt: or(t.AnswerAt, o.AnswerAt), ClarifyAt: or(t.ClarifyAt, o.ClarifyAt), Misses: or(t.Misses, o.Misses),
		MaxTurns: or(t.MaxTurns, o.MaxTurns), Skill: or(t.Skill, o.Skill), Level: or(t.Level, o.Level),
	}
}

func or[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}

// read turns a turn into features.
func (t *Turn) features(spoken string) features {
	a := &t.Assessment
	f := features{
		topic: [2]int16{-1, -1}, outOfScope: float32(a.OutOfScope), languageSure: float32(a.LanguageSure),
		language: languageIndex(t.Script, a.Language), spoken: max(languageIndex(t.Script, spoken), 0),
		questions: uint8(min(t.Questions, 255)), facts: plainFacts(a.Facts), repeats: t.Repeats, words: uint8(len(t.Words)),
		asksWho: t.AsksWho, corrects: t.Corrects, vague: t.Vague, saysAgain: t.SaysAgain, declines: t.Declines, yes: t.Reply == "yes", no: t.Reply == "no", refused: t.Refused, offered: t.Offered, modelFailed: t.ModelFailed,
	}
	for i, sig := range nlu.Signals {
		for _, x := range a.Signals {
			if x.Signal != sig {
				continue
			}
			f.strength[i] = float32(x.Strength)
			if x.Found {
				f.found |= 1 << i
			}
		}
	}
	n := 0
	for _, ts := range a.Topics {
		if i := t.Script.TopicIndex(ts.Topic); i >= 0 && n < 2 {
			f.topic[n], f.conf[n] = int16(i), float32(ts.Confidence)
			n++
		}
	}
	return f
}

func languageIndex(s *script.Script, lang string) int8 {
	if lang == "" {
		return langUnsure
	}
	for i, l := range s.Languages {
		if l == lang {
			return int8(i)
		}
	}
	return langOther
}

// explicitAt is the probability from which a request for a person that the understanding found is explicit.
// It stands here and not in the policy, because no policy may raise it.
const explicitAt = 0.6

// shows reports whether a signal counts under the policy. A request for a person that the understanding
// found counts whatever the policy says; its threshold there can only add to that.
func (p *plan) shows(f *features, sig int) bool {
	found, strength := f.found&(1<<sig) != 0, f.strength[sig]
	switch {
	case (sig == sigHuman || sig == sigSupervisor) && found && strength >= explicitAt:
		return true
	case p.off[sig]:
		return false
	case p.at[sig] > 0:
		return strength >= p.at[sig]
	case sig == sigHuman || sig == sigSupervisor:
		return false
	}
	return found
}

// plainFacts counts the facts that were said and not inferred.
func plainFacts(facts []nlu.Fact) uint8 {
	n := uint8(0)
	for _, x := range facts {
		if !x.Inferred && n < 255 {
			n++
		}
	}
	return n
}
