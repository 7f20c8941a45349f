package chat

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// PreviewRunes is the length to which Conversation.LastText is cut.
const PreviewRunes = 160

// Apply gives the conversation after one more event of its log. Events must come in order of seq.
// It fails on a gap in seq and on a body that does not fit the kind; unknown kinds only move LastSeq.
func Apply(c Conversation, e Event) (Conversation, error) {
	if e.Seq != c.LastSeq+1 {
		return c, fmt.Errorf("apply event %d to %s at %d: gap in the log", e.Seq, c.ID, c.LastSeq)
	}
	step, ok := applies[e.Kind]
	if ok {
		if err := step(&c, e); err != nil {
			return c, fmt.Errorf("apply %s %d to %s: %w", e.Kind, e.Seq, c.ID, err)
		}
	}
	c.LastSeq, c.UpdatedAt = e.Seq, e.At
	return c, nil
}

var zeroTime time.Time

var applies = map[Kind]func(*Conversation, Event) error{
	KindOpened:              with(applyOpened),
	KindMessage:             with(applyMessage),
	KindDecision:            with(applyDecision),
	KindFile:                with(applyFile),
	KindHandoffRequested:    with(applyHandoff),
	KindHandoffClaimed:      with(applyClaimed),
	KindHandoffTransferred:  with(applyTransferred),
	KindHandoffEscalated:    with(applyEscalated),
	KindHandoffReleased:     with(applyReleased),
	KindHandoffLabelled:     with(func(c *Conversation, _ Event, b Labelled) { c.Label = b.Label }),
	KindHandoffReclassified: with(applyReclassified),
	KindReturnedToBot:       with(applyReturned),
	KindLeftMessage:         with(applyLeftMessage),
	KindSurvey:              with(applySurvey),
	KindClosed:              with(applyClosed),
	KindReopened:            with(applyReopened),
	KindClock:               with(func(c *Conversation, _ Event, b Clock) { c.ClockAt = b.Next }),
	KindLanguageChanged:     with(func(c *Conversation, _ Event, b LanguageChanged) { c.Language = b.Language }),
}

// with decodes the body for a step.
func with[B any](step func(*Conversation, Event, B)) func(*Conversation, Event) error {
	return func(c *Conversation, e Event) error {
		var body B
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return fmt.Errorf("decode body: %w", err)
		}
		step(c, e, body)
		return nil
	}
}

func (c *Conversation) give(o Owner) {
	c.Owner = o
	c.Epoch++
	c.TurnDue = zeroTime // also on the way back to the bot: only what is said from now on is its to answer
	if o != OwnerAgent {
		c.Agent, c.AgentName = "", ""
	}
}

// waits reports whether somebody waits for a person, live or for an answer to the message they left.
func (c *Conversation) waits() bool { return c.Owner == OwnerQueue || c.Owner == OwnerTicket }

// clock starts a clock, or stops the one that ran where due is zero. It is looked at first at warn, if that is earlier.
func (c *Conversation) clock(due, warn time.Time) {
	c.DueAt, c.ClockAt = due, due
	if !warn.IsZero() && warn.Before(due) {
		c.ClockAt = warn
	}
}

func applyOpened(c *Conversation, e Event, b Opened) {
	*c = Conversation{
		ID: e.Conversation, Site: b.Site, Visitor: b.Visitor, Owner: OwnerBot, Epoch: 1, CreatedAt: e.At,
	}
}

func applyMessage(c *Conversation, e Event, b Message) {
	if !announces(e.Role, b.Part) {
		c.LastText, c.LastRole = preview(b.Text), e.Role
	}
	if e.Role == RoleAgent && c.RepliedAt.IsZero() {
		c.RepliedAt = e.At
	}
	if e.Role != RoleVisitor {
		return
	}
	c.VisitorSeq = e.Seq
	if c.Owner == OwnerBot {
		c.TurnDue = b.Due
		if c.TurnDue.IsZero() {
			c.TurnDue = e.At
		}
	}
}

// announces reports whether a message only tells how things go on. It is no preview: in the line, the customer's own words tell more.
func announces(by Role, part string) bool {
	switch part {
	case PartAsk, PartHandoff, PartEmergency, PartKnownIssue:
		return true
	}
	return by == RoleSystem // what became of a complaint or a promise
}

// applyFile leaves the bot alone: it cannot look at files, and answers words only.
func applyFile(c *Conversation, e Event, b Attached) {
	c.LastText, c.LastRole = preview("📎 "+b.FileName), e.Role
}

func applyDecision(c *Conversation, e Event, b Decision) {
	c.Answered, c.State = b.UpTo, b.State
	if b.Language != "" {
		c.Language = b.Language
	}
	if b.Topic != "" {
		c.Topic = b.Topic
	}
	if c.Answered >= c.VisitorSeq {
		c.TurnDue = zeroTime
	}
}

func applyHandoff(c *Conversation, e Event, b Handoff) {
	c.give(OwnerQueue)
	c.Handoff, c.Reason, c.Severity, c.Level, c.Skill = b.ID, b.Reason, b.Severity, b.Level, b.Skill
	if b.Topic != "" {
		c.Topic = b.Topic
	}
	if b.Language != "" {
		c.Language = b.Language
	}
	c.Cause, c.Product = "", b.Product // of this matter: one that was closed before had its own
	c.RequestedAt, c.ClaimedAt, c.RepliedAt, c.Label = e.At, zeroTime, zeroTime, ""
	c.clock(b.DueAt, b.WarnAt)
}

func applyClaimed(c *Conversation, e Event, b Claimed) {
	if c.Owner == OwnerBot { // taken over, without a handoff that would begin the matter
		c.Cause, c.Product = "", ""
	}
	c.give(OwnerAgent)
	c.Agent, c.AgentName, c.ClaimedAt = b.Agent, b.Name, e.At
	c.clock(b.DueAt, b.WarnAt)
	c.Handovers++
}

func applyTransferred(c *Conversation, e Event, b Transferred) {
	c.clock(b.DueAt, b.WarnAt)
	if b.Skill != "" {
		c.Skill = b.Skill
	}
	if b.Level > 0 {
		c.Level = b.Level
	}
	if b.To == "" {
		if !c.waits() { // who is sent on keeps their place
			c.RequestedAt = e.At
		}
		c.give(cmp.Or(b.Owner, OwnerQueue))
		return
	}
	c.give(OwnerAgent)
	c.Agent, c.AgentName, c.ClaimedAt = b.To, b.ToName, e.At
	c.Handovers++
}

func applyEscalated(c *Conversation, e Event, b Escalated) {
	// Who waits already keeps their place in line; from an agent it queues anew.
	if !c.waits() {
		c.RequestedAt = e.At
	}
	c.give(cmp.Or(b.Owner, OwnerQueue))
	c.Level = b.Level
	c.clock(b.DueAt, b.WarnAt)
	if b.Skill != "" {
		c.Skill = b.Skill
	}
	if b.Severity != "" {
		c.Severity = b.Severity
	}
}

func applyReleased(c *Conversation, _ Event, b Released) {
	c.give(cmp.Or(b.Owner, OwnerQueue))
	c.clock(b.DueAt, b.WarnAt)
}

func applyReclassified(c *Conversation, _ Event, b Reclassified) {
	if b.Severity != "" {
		c.Severity = b.Severity
	}
	if b.Skill != "" {
		c.Skill = b.Skill
	}
	if b.Topic != "" {
		c.Topic = b.Topic
	}
	if b.Product != "" {
		c.Product = b.Product
	}
}

func applyReturned(c *Conversation, _ Event, b Returned) {
	c.give(OwnerBot)
	// What was said to people is not the bot's to answer.
	c.Answered, c.State = c.VisitorSeq, b.State
	c.Reason, c.RequestedAt, c.ClaimedAt = "", zeroTime, zeroTime
	c.clock(zeroTime, zeroTime)
}

func applyLeftMessage(c *Conversation, e Event, b LeftMessage) {
	c.give(OwnerTicket)
	c.clock(b.DueAt, b.WarnAt) // nobody waits live any more: what was due for that is over
	if !b.Callback.IsZero() {
		c.CallbackAt = b.Callback
	}
	if c.RequestedAt.IsZero() {
		c.RequestedAt = e.At
	}
	if b.Text != "" {
		c.LastText, c.LastRole = preview(b.Text), RoleVisitor
		c.VisitorSeq = e.Seq
	}
}

func applyClosed(c *Conversation, e Event, b Closed) {
	c.give(OwnerClosed)
	c.CallbackAt = zeroTime
	c.ClosedAt, c.Outcome = e.At, b.Outcome
	// The bot and the customer name neither when they close: what an agent said of the matter stays.
	c.Cause, c.Product = cmp.Or(b.Cause, c.Cause), cmp.Or(b.Product, c.Product)
	c.clock(zeroTime, zeroTime)
	if b.Label != "" {
		c.Label = b.Label
	}
}

func applySurvey(c *Conversation, _ Event, b Survey) {
	if b.Rating > 0 {
		c.Rating = b.Rating
	}
}

func applyReopened(c *Conversation, e Event, b Reopened) {
	c.give(b.Owner)
	c.ClosedAt, c.Outcome = zeroTime, ""
	c.clock(b.DueAt, b.WarnAt)
	if b.Owner != OwnerQueue && b.Owner != OwnerAgent {
		c.ClockAt = zeroTime // nobody waits live
	}
	switch b.Owner {
	case OwnerBot:
		c.Answered, c.RequestedAt = c.VisitorSeq, zeroTime
	default:
		c.RequestedAt = e.At
	}
	if b.Level > 0 {
		c.Level = b.Level
	}
}

func preview(s string) string {
	if utf8.RuneCountInString(s) <= PreviewRunes {
		return s
	}
	return string([]rune(s)[:PreviewRunes-1]) + "…"
}
