package bot

// Action is what the bot does in a turn.
type Action string

// The actions.
const (
	Answer  Action = "answer"  // answers or takes a step towards it
	Clarify Action = "clarify" // asks one question to understand
	Calm    Action = "calm"    // takes up the feeling first
	Offer   Action = "offer"   // offers a person
	Handoff Action = "handoff" // hands over to a person
	Close   Action = "close"   // the matter is settled
	Silent  Action = "silent"  // says nothing
)

// frame is what the rules look at: one turn's features, the counters before it and what follows from both.
type frame struct {
	p *plan
	s *Counters
	f *features

	topic        int // best topic, -1 for none
	conf         float64
	answerAt     float64
	clarifyAt    float64
	misses       int
	maxTurns     int
	angry        bool
	dissatisfied bool
	fault        bool
	confident    bool // the best topic reaches answer_at
	unsure       bool // it reaches clarify_at only
	small        bool
	thanks       bool
	settled      bool // says that the matter is settled, with no ill feeling
	miss         bool // nothing was understood
	counted      bool // counts towards max_turns
	level, trend float64
	rising       int
}

// plainly is the confidence from which even a vague message has its topic.
const plainly = 0.8

// verdict is the outcome of the rules: the index of the one that fired, -1 if none did, and the action.
type verdict struct {
	rule   int
	action Action
	kind   moment
}

// moment says which of the bot's usual moves an action without a rule is.
type moment uint8

const (
	momentRule     moment = iota
	momentWaiting         // handed over already
	momentAngry           // first outburst
	momentFault           // a plain fault of the company, in the first turn
	momentRejected        // first rejection
	momentSmall           // small talk
	momentAnswer          // the topic is plain
	momentFollow          // goes on with what was asked
	momentDeclined        // wants no person
	momentBetween         // two topics are likely
	momentDetail          // one more detail of a known topic
	momentOpen            // nothing was understood
	momentOffer           // and nothing more is to be asked
)

func newFrame(p *plan, s *Counters, f *features) frame {
	fr := frame{p: p, s: s, f: f, topic: int(f.topic[0]), conf: float64(f.conf[0])}
	known := fr.topic + 1
	if !(fr.topic >= 0) {
		known = 0
	}
	fr.answerAt, fr.clarifyAt = float64(p.answerAt[f.spoken][known]), float64(p.clarifyAt[f.spoken][known])
	fr.misses, fr.maxTurns = p.misses[f.spoken][known], p.maxTurns[f.spoken][known]
	fr.angry, fr.dissatisfied, fr.fault = p.shows(f, sigAngry), p.shows(f, sigDissatisfied), p.shows(f, sigFault)
	fr.confident = fr.topic >= 0 && fr.conf >= fr.answerAt
	// Words for anything at all resemble many topics: they must be plain to count.
	if f.vague && fr.conf < plainly {
		fr.confident, fr.topic = false, -1
	}
	fr.unsure = fr.topic >= 0 && !fr.confident && fr.conf >= fr.clarifyAt
	fr.small = fr.confident && p.small[fr.topic]
	ill := fr.angry || fr.dissatisfied
	fr.thanks = fr.small && f.topic[0] == p.thanks && !ill
	fr.settled = p.shows(f, sigResolved) && !ill
	replied := f.yes || f.no || f.refused || f.declines || f.facts > 0 && !f.vague
	unclear := !fr.confident && (!fr.unsure || s.Between)
	fr.miss = unclear && !s.TopicKnown && !ill && !fr.fault && !replied && !fr.settled
	fr.counted = !fr.small && !fr.settled
	fr.level = p.AngerMemory*s.Anger + (1-p.AngerMemory)*float64(f.strength[sigAngry])
	fr.trend = fr.level - s.Anger
	if fr.trend >= p.AngerRise {
		fr.rising = s.Rising + 1
	}
	return fr
}

// decide runs the rules in order of priority, then the usual moves. It reads fr and changes nothing.
func decide(fr *frame) verdict {
	if fr.s.HandedOff {
		return verdict{-1, Answer, momentWaiting}
	}
	for i := range rules {
		if rules[i].soft && fr.s.CoolDown > 0 {
			continue
		}
		if _, _, fires := rules[i].test(fr); fires {
			return verdict{i, rules[i].action, momentRule}
		}
	}
	return usual(fr)
}

func usual(fr *frame) verdict {
	move := func(a Action, m moment) verdict { return verdict{-1, a, m} }
	switch {
	case fr.angry:
		return move(Calm, momentAngry)
	case fr.fault:
		return move(Calm, momentFault)
	case fr.dissatisfied:
		return move(Calm, momentRejected)
	case fr.small:
		return move(Answer, momentSmall)
	case fr.confident:
		return move(Answer, momentAnswer)
	case fr.f.declines:
		return move(Answer, momentDeclined)
	case fr.f.yes || fr.f.no || fr.f.refused || fr.f.facts > 0:
		return move(Answer, momentFollow)
	case fr.s.TopicKnown:
		return move(Clarify, momentDetail)
	case fr.s.Clarified >= fr.p.MaxClarifications:
		return move(Offer, momentOffer)
	case fr.unsure:
		return move(Clarify, momentBetween)
	}
	return move(Clarify, momentOpen)
}

// sureLanguage is the certainty from which a turn proves that the visitor speaks its language.
const sureLanguage = 0.8

// advance gives the counters after the turn.
func advance(fr *frame, v verdict) Counters {
	s := *fr.s
	s.Seen++
	s.Between = v.kind == momentBetween
	if fr.counted {
		s.Turns++
	}
	switch {
	case fr.miss:
		s.Misses++
	case fr.confident && !fr.small:
		s.Misses = 0
	}
	if v.action == Clarify {
		s.Clarified++
	} else {
		s.Clarified = 0
	}
	if fr.f.repeats && fr.counted {
		s.Repeated++
	}
	if fr.angry || fr.dissatisfied {
		s.Friction++
		s.Calm = 0
	} else if s.Calm++; s.Calm >= fr.p.ForgetAfter {
		s.Friction = 0
	}
	if (v.action == Answer || v.action == Calm) && !fr.small {
		s.Answers++
	}
	s.Anger, s.Trend, s.Rising = fr.level, fr.trend, fr.rising
	if fr.f.language >= 0 && fr.f.languageSure >= sureLanguage {
		s.Spoke++
	}
	s.ModelFailed = fr.f.modelFailed
	s.FaultSeen = s.FaultSeen || fr.fault
	s.HandedOff = s.HandedOff || v.action == Handoff
	if s.CoolDown > 0 {
		s.CoolDown--
	}
	if fr.confident && !fr.small && v.action != Handoff {
		s.TopicKnown, s.topic = true, fr.topic
	}
	return s
}
