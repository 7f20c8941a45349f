package handoff

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"ombud/chat"
)

// SettingRules names the setting that holds the admin's Rules.
const SettingRules = "handoff_rules"

// Rules are what an admin sets about the handoff. DefaultRules are in force until others are.
type Rules struct {
	// Levels are the levels 1 to 4, in order.
	Levels []LevelRules `json:"levels"`
	// Skills holds each skill's own rules; those under "" are for conversations without a skill, and for skills that are
	// not named.
	Skills map[string]SkillRules `json:"skills"`
	// Handovers is how often a customer may be passed on before the next transfer goes up instead of sideways; 0: no limit.
	Handovers int `json:"handovers"`
	// WarnShare is the share of a clock after which it is warned of, from 0 (never) to below 1.
	WarnShare float64 `json:"warn_share"`
	// Grace is the time for a reload after an agent's lease ran out.
	Grace Span `json:"grace"`
	// Recent is how long an answer keeps a clock from taking the chat away.
	Recent Span `json:"recent"`
	// Retry is when a clock that could not take effect is looked at again.
	Retry Span `json:"retry"`
	// OfferAfter is the wait, so far or expected, from which the customer is offered to leave a message or be called.
	OfferAfter Span `json:"offer_after"`
	// Ticket is how long a message that was left may stay without anybody who takes it, in business hours; 0: as DefaultTicket says.
	Ticket Span `json:"ticket"`
	// Estimate says how waits are estimated, Callback when customers can be called back.
	Estimate EstimateRules `json:"estimate"`
	Callback CallbackRules `json:"callback"`
	// Asking says whether people who wait are asked for what is missing.
	Asking AskingRules `json:"asking"`
	// Bot is what the bot may offer by itself.
	Bot BotRules `json:"bot,omitzero"`
}

// LevelRules are the clocks and the mandate of one level.
type LevelRules struct {
	Level int `json:"level"`
	// Answer and Settle are the clocks by severity; "" stands for severities that are not named. Without either there
	// is no clock. They run in the business hours of the conversation's skill.
	Answer map[chat.Severity]Span `json:"answer,omitempty"`
	Settle map[chat.Severity]Span `json:"settle,omitempty"`
	// Remedies and UpTo are the level's mandate: see Mandate.
	Remedies []string `json:"remedies"`
	UpTo     int64    `json:"up_to"`
}

// SkillRules are the rules of one skill.
type SkillRules struct {
	Mode  Mode  `json:"mode"`
	Hours Hours `json:"hours,omitzero"`
}

// Mode says how chats find their agent.
type Mode string

// The modes.
const (
	Pull Mode = "pull" // agents pick from the queue
	Push Mode = "push" // the least busy gets the next
)

// Span is a time.Duration that JSON spells as text: "90s", "15m", "4h".
type Span time.Duration

// MarshalText implements encoding.TextMarshaler.
func (s Span) MarshalText() ([]byte, error) { return []byte(time.Duration(s).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it fails with *chat.InvalidError.
func (s *Span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d < 0 {
		return invalid("span", "Give times such as 90s, 15m or 4h, not %q.", text)
	}
	*s = Span(d)
	return nil
}

// DefaultTicket is in force before an admin sets otherwise.
const DefaultTicket = Span(24 * time.Hour)

func spans(low, medium, high, critical time.Duration) map[chat.Severity]Span {
	return map[chat.Severity]Span{
		"": Span(low), chat.SeverityLow: Span(low), chat.SeverityMedium: Span(medium),
		chat.SeverityHigh: Span(high), chat.SeverityCritical: Span(critical),
	}
}

// DefaultRules are the rules before an admin sets others: pull, always open, the mandates of DefaultMandates.
func DefaultRules() Rules {
	const m, h = time.Minute, time.Hour
	answer := [4]map[chat.Severity]Span{
		spans(10*m, 5*m, 3*m, m), spans(15*m, 10*m, 5*m, 2*m), spans(30*m, 15*m, 10*m, 5*m), spans(4*h, 2*h, h, 30*m),
	}
	settle := [4]map[chat.Severity]Span{
		spans(4*h, 2*h, h, 30*m), spans(8*h, 4*h, 2*h, h), spans(24*h, 8*h, 4*h, 2*h), spans(72*h, 48*h, 24*h, 8*h),
	}
	r := Rules{
		Skills: map[string]SkillRules{"": {Mode: Pull}}, Handovers: 3, WarnShare: 0.75,
		Grace: Span(2 * time.Second), Recent: Span(2 * m), Retry: Span(5 * m), OfferAfter: Span(3 * m), Ticket: DefaultTicket,
		Estimate: DefaultEstimate, Callback: DefaultCallback, Asking: DefaultAsking,
	}
	for i, d := range DefaultMandates {
		r.Levels = append(r.Levels, LevelRules{
			Level: d.Level, Answer: answer[i], Settle: settle[i], Remedies: d.Remedies, UpTo: d.UpTo,
		})
	}
	return r
}

// ParseRules reads rules as an admin wrote them. It refuses what it does not know; errors are *chat.InvalidError.
func ParseRules(data []byte) (Rules, error) {
	var r Rules
	if err := strict(data, &r); err != nil {
		return Rules{}, err
	}
	r.Ticket = cmp.Or(r.Ticket, DefaultTicket)
	r.Estimate.fill()
	r.Callback.fill()
	r.Asking.fill()
	if err := r.check(); err != nil {
		return Rules{}, err
	}
	return r, nil
}

func (r Rules) check() error {
	if len(r.Levels) != chat.LevelExecutive {
		return invalid("levels", "Give the levels 1 to 4.")
	}
	for i, l := range r.Levels {
		if l.Level != i+1 {
			return invalid("levels", "Give the levels 1 to 4, in order.")
		}
		if err := l.check(); err != nil {
			return err
		}
	}
	if _, ok := r.Skills[""]; !ok {
		return invalid("skills", `Give rules under "", for conversations without a skill of their own.`)
	}
	for name, s := range r.Skills {
		if s.Mode != Pull && s.Mode != Push {
			return invalid("skills."+name+".mode", "Give %q the mode pull or push, not %q.", name, s.Mode)
		}
	}
	switch {
	case r.Handovers < 0:
		return invalid("handovers", "Give a number from 0.")
	case !(r.WarnShare >= 0 && r.WarnShare < 1): // also refuses what is no number
		return invalid("warn_share", "Give a share from 0 to below 1.")
	case time.Duration(r.Retry) < time.Second:
		return invalid("retry", "Give at least 1s.")
	case time.Duration(r.Grace) > time.Hour:
		return invalid("grace", "Give at most 1h.")
	case time.Duration(r.Recent) > time.Hour:
		return invalid("recent", "Give at most 1h.")
	case time.Duration(r.Ticket) > 30*24*time.Hour:
		return invalid("ticket", "Give at most 720h.")
	}
	if err := r.Estimate.check(); err != nil {
		return err
	}
	if err := r.Callback.check(); err != nil {
		return err
	}
	if err := r.Asking.check(); err != nil {
		return err
	}
	return r.Bot.check()
}

// check names the field that is wrong as a path: levels[1].up_to.
func (l LevelRules) check() error {
	at := func(field string) string { return fmt.Sprintf("levels[%d].%s", l.Level-1, field) }
	if l.UpTo < 0 {
		return invalid(at("up_to"), "Give an amount from 0.")
	}
	for _, remedy := range l.Remedies {
		if !slices.Contains(Remedies, remedy) {
			return invalid(at("remedies"), "There is no remedy %q.", remedy)
		}
	}
	for name, clocks := range map[string]map[chat.Severity]Span{"answer": l.Answer, "settle": l.Settle} {
		for severity := range clocks {
			if severity != "" && severity.Rank() == 0 {
				return invalid(at(name), "There is no severity %q.", severity)
			}
		}
	}
	return nil
}

// Skill gives the rules of a skill.
func (r Rules) Skill(name string) SkillRules {
	if s, ok := r.Skills[name]; ok {
		return s
	}
	return r.Skills[""]
}

// Pushes reports whether any skill is pushed.
func (r Rules) Pushes() bool {
	for _, s := range r.Skills {
		if s.Mode == Push {
			return true
		}
	}
	return false
}

// Mandates gives what each level may offer.
func (r Rules) Mandates() []Mandate {
	var out []Mandate
	for _, l := range r.Levels {
		out = append(out, Mandate{Level: l.Level, Remedies: l.Remedies, UpTo: l.UpTo})
	}
	return out
}

// AnswerBy gives when a conversation that is queued now is to be answered, and when that is warned of; zero times where
// no clock runs.
func (r Rules) AnswerBy(c chat.Conversation, now time.Time) (due, warn time.Time) {
	return r.clock(c, now, func(l LevelRules) map[chat.Severity]Span { return l.Answer })
}

// SettleBy is AnswerBy for a conversation that an agent takes now.
func (r Rules) SettleBy(c chat.Conversation, now time.Time) (due, warn time.Time) {
	return r.clock(c, now, func(l LevelRules) map[chat.Severity]Span { return l.Settle })
}

// TicketBy is AnswerBy for a conversation whose visitor leaves a message now.
func (r Rules) TicketBy(c chat.Conversation, now time.Time) (due, warn time.Time) {
	return r.within(c, now, time.Duration(cmp.Or(r.Ticket, DefaultTicket)))
}

func (r Rules) clock(c chat.Conversation, now time.Time, which func(LevelRules) map[chat.Severity]Span) (due, warn time.Time) {
	level := max(c.Level, chat.LevelAgent)
	if level > len(r.Levels) {
		return due, warn
	}
	clocks := which(r.Levels[level-1])
	within, ok := clocks[c.Severity]
	if !ok {
		within = clocks[""]
	}
	if within <= 0 {
		return due, warn
	}
	return r.within(c, now, time.Duration(within))
}

// within gives the end of so much time of the skill's business hours, and when that is warned of.
func (r Rules) within(c chat.Conversation, now time.Time, within time.Duration) (due, warn time.Time) {
	hours := r.Skill(c.Skill).Hours
	due = hours.Add(now, within).Truncate(time.Microsecond)
	if r.WarnShare > 0 && !due.IsZero() {
		warn = hours.Add(now, time.Duration(float64(within)*r.WarnShare)).Truncate(time.Microsecond)
	}
	return due, warn
}

// asInvalid makes a decoder's complaint one of ours.
func asInvalid(err error) error {
	var already *chat.InvalidError
	if errors.As(err, &already) {
		return err
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return invalid(wrong.Field, "Give %s a %s.", wrong.Field, wrong.Type)
	}
	return &chat.InvalidError{Field: "rules", Code: "bad_json", Hint: err.Error()}
}
