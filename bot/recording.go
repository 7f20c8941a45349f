package bot

import (
	"encoding/json"
	"fmt"
	"slices"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// RecordedTurn is one turn as it was decided at the time.
type RecordedTurn struct {
	Assessment nlu.Assessment
	Decision   Decision // with Turn set, as it was stored
	// Returned is set on the first turn after a person gave the conversation back to the bot.
	Returned bool
}

// RecordedConversation is one conversation's turns with the bot, and what became of it.
type RecordedConversation struct {
	ID      string
	Turns   []RecordedTurn
	Outcome Outcome
}

// Outcome is what is known of a conversation after it ended. The zero value means that nothing is known.
type Outcome struct {
	Label        string  `json:"label,omitempty"`     // right_time, too_late or not_needed
	Rating       int     `json:"rating,omitempty"`    // 1 to 5
	CameBack     bool    `json:"came_back,omitempty"` // within seven days
	AgentMinutes float64 `json:"agent_minutes,omitempty"`
}

// badRating is the highest rating that counts as bad.
const badRating = 2

// ReadTurn reads a recorded turn from the bodies of its two events: the assessment, and the record of the
// decision (a Decision as JSON).
func ReadTurn(assessment, record json.RawMessage) (RecordedTurn, error) {
	var t RecordedTurn
	if err := json.Unmarshal(assessment, &t.Assessment); err != nil {
		return t, fmt.Errorf("read recorded assessment: %w", err)
	}
	if err := json.Unmarshal(record, &t.Decision); err != nil {
		return t, fmt.Errorf("read recorded decision: %w", err)
	}
	if t.Decision.Turn == nil {
		return t, fmt.Errorf("read recorded decision: it holds no turn to replay")
	}
	return t, nil
}

// Recording is what a replay runs on: conversations as numbers, without their words. It is read-only once
// made, and safe for many goroutines.
type Recording struct {
	script *script.Script
	turns  []recordedTurn
	spans  []span
	ids    []string
	handed []handedOver // the recorded handoffs, as span.handed names them
	// minutes is the mean of agent minutes over the recorded handoffs, by reason; "" over all.
	minutes map[string]float64
}

type recordedTurn struct {
	features
	rule     int16 // index into rules, -1 if none fired
	action   uint8 // index into actions
	returned bool
	at       int64 // microseconds, Unix
}

// handedOver is where a recorded handoff went, and what that depended on.
type handedOver struct {
	to Destination
	matter
}

// span is one conversation within Recording.turns.
type span struct {
	from, to int32
	handedAt int32 // turn of the recorded handoff within the conversation, -1 if there was none
	handed   int32 // its place in Recording.handed, -1 if it is not known where it went
	missed   bool  // a person would have been wanted earlier than one came
	needless bool  // the agent said that the handoff was not needed
	well     bool  // it ended without a person, and nothing says that this was wrong
	minutes  float32
}

var actions = []Action{Answer, Clarify, Calm, Offer, Handoff, Close, Silent}

// Conversations counts the recorded conversations.
func (r *Recording) Conversations() int { return len(r.spans) }

// Record makes a recording. Topics and languages that the script no longer has are taken as unknown.
func Record(s *script.Script, list []RecordedConversation) *Recording {
	r := &Recording{script: s, minutes: map[string]float64{}}
	sums, counts := map[string]float64{}, map[string]float64{}
	for _, c := range list {
		sp := span{from: int32(len(r.turns)), handedAt: -1, handed: -1, minutes: float32(c.Outcome.AgentMinutes)}
		reason := ""
		for i, t := range c.Turns {
			in := Turn{}
			if t.Decision.Turn != nil {
				in = *t.Decision.Turn
			}
			in.Assessment, in.Script = t.Assessment, s
			rt := recordedTurn{features: in.features(t.Decision.Language), rule: ruleIndex(t.Decision.Rule),
				action: uint8(max(slices.Index(actions, t.Decision.Action), 0)), returned: t.Returned, at: in.At.UnixMicro()}
			r.turns = append(r.turns, rt)
			if t.Decision.Action == Handoff && sp.handedAt < 0 {
				sp.handedAt, reason = int32(i), t.Decision.Reason
				sp.handed = r.keep(t.Decision)
			}
		}
		sp.to = int32(len(r.turns))
		sp.judge(c.Outcome, reason)
		if sp.handedAt >= 0 && sp.minutes > 0 {
			for _, k := range []string{reason, ""} {
				sums[k] += float64(sp.minutes)
				counts[k]++
			}
		}
		r.spans, r.ids = append(r.spans, sp), append(r.ids, c.ID)
	}
	for k, n := range counts {
		r.minutes[k] = sums[k] / n
	}
	return r
}

// keep notes where a recorded handoff went, and gives its place; -1 where that was not recorded.
func (r *Recording) keep(d Decision) int32 {
	if d.Severity == "" {
		return -1
	}
	m := matter{reason: d.Reason, language: d.Language, topic: d.Topic, executive: d.Turn != nil && d.Turn.Executive}
	r.handed = append(r.handed, handedOver{Destination{d.Severity, d.Level, d.Skill}, m})
	return int32(len(r.handed) - 1)
}

// judge tells from what became of a conversation whether its handoff came too late or for nothing. That
// the customer had to ask for a person after the bot had begun counts as too late.
func (sp *span) judge(o Outcome, reason string) {
	asked := sp.handedAt > 0 && (reason == ReasonHuman || reason == ReasonSupervisor)
	bad := o.Rating > 0 && o.Rating <= badRating
	sp.missed = o.Label == "too_late" || asked || bad || o.CameBack
	sp.needless = sp.handedAt >= 0 && o.Label == "not_needed"
	sp.well = sp.handedAt < 0 && !sp.missed
}

func ruleIndex(name string) int16 {
	for i := range rules {
		if rules[i].name == name {
			return int16(i)
		}
	}
	return -1
}

// ending is how a conversation went under another policy, up to the first turn that differs.
type ending struct {
	turn   int32 // the turn that differs, or the last one
	action uint8
	rule   int16
	same   bool // every turn, up to the handoff or the end, was decided alike
}

// run decides a conversation's turns again and stops at the first that comes out differently: what the
// visitor would have said to another answer is not known.
func (r *Recording) run(pl *plan, sp *span) ending {
	var s Counters
	s.topic = -1
	for i := sp.from; i < sp.to; i++ {
		t := &r.turns[i]
		if t.returned {
			s = s.returned(&pl.Policy)
		}
		fr := newFrame(pl, &s, &t.features)
		v := decide(&fr)
		action := actionIndex(v.action)
		// The same action for another reason is another decision only where it hands over.
		same := action == t.action && (v.action != Handoff || rules[v.rule].reason == recordedReason(t))
		if !same || v.action == Handoff {
			return ending{turn: i - sp.from, action: action, rule: int16(v.rule), same: same}
		}
		s = advance(&fr, v)
	}
	return ending{turn: sp.to - sp.from - 1, rule: -1, same: true}
}

// elsewhere tells whether a conversation's handoff, which is the same under another policy, goes to another severity, level or
// skill.
func (r *Recording) elsewhere(pl *plan, sp *span, e ending) bool {
	return e.same && e.rule >= 0 && sp.handed >= 0 && r.sentTo(pl, sp, &r.turns[sp.from+e.turn].features) != r.handed[sp.handed].to
}

// sentTo tells where a recorded handoff would go under another policy.
func (r *Recording) sentTo(pl *plan, sp *span, f *features) Destination {
	return pl.destination(r.script, f, r.handed[sp.handed].matter)
}

func recordedReason(t *recordedTurn) string {
	if t.rule < 0 {
		return ""
	}
	return rules[t.rule].reason
}

func actionIndex(a Action) uint8 {
	for i, x := range actions {
		if x == a {
			return uint8(i)
		}
	}
	return 0
}

// returned is what State.Returned does to the counters.
func (s Counters) returned(p *Policy) Counters {
	return Counters{CoolDown: p.CoolDownTurns, Answers: s.Answers, TopicKnown: s.TopicKnown, topic: s.topic, Spoke: s.Spoke}
}
