package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"ombud/bot"
	"ombud/bot/script"
	"ombud/chat"
	"ombud/chat/studio"
	"ombud/handoff"
	"ombud/storage"
)

// cameBackWithin is how soon after its end a matter that comes up again counts as not settled.
const cameBackWithin = 7 * 24 * time.Hour

// gather reads what was decided, and what became of it, for a replay.
func gather(ctx context.Context, db *storage.DB, from, to time.Time) ([]bot.RecordedConversation, error) {
	var list []bot.RecordedConversation
	ended := map[string]int{} // by visitor: the last of their conversations that has ended
	closedAt := map[string]time.Time{}
	for rec, err := range db.Decisions(ctx, from, to) {
		if err != nil {
			return nil, fmt.Errorf("read recorded conversations: %w", err)
		}
		c := rec.Conversation
		if at, ok := closedAt[c.Visitor]; ok && c.CreatedAt.Sub(at) <= cameBackWithin {
			list[ended[c.Visitor]].Outcome.CameBack = true
		}
		one, err := recorded(rec)
		if err != nil {
			return nil, err
		}
		if len(one.Turns) == 0 {
			continue
		}
		list = append(list, one)
		if !c.ClosedAt.IsZero() {
			ended[c.Visitor], closedAt[c.Visitor] = len(list)-1, c.ClosedAt
		}
	}
	return list, nil
}

// recorded reads one conversation's turns and outcome from its log.
func recorded(rec chat.RecordedConversation) (bot.RecordedConversation, error) {
	out := bot.RecordedConversation{ID: rec.Conversation.ID}
	out.Outcome.Label = rec.Conversation.Label
	var assessment json.RawMessage
	var returned bool
	var claimed, closed time.Time
	for _, e := range rec.Events {
		switch e.Kind {
		case chat.KindAssessment:
			assessment = e.Body
		case chat.KindDecision:
			turn, ok, err := recordedTurn(assessment, e)
			if err != nil {
				return out, fmt.Errorf("conversation %s, event %d: %w", rec.Conversation.ID, e.Seq, err)
			}
			if ok {
				turn.Returned, returned = returned, false
				out.Turns = append(out.Turns, turn)
			}
		case chat.KindReturnedToBot:
			returned = true
		case chat.KindHandoffClaimed:
			claimed = e.At
		case chat.KindClosed:
			closed = e.At
			if !claimed.IsZero() {
				out.Outcome.AgentMinutes += e.At.Sub(claimed).Minutes()
				claimed = time.Time{}
			}
		case chat.KindReopened:
			out.Outcome.CameBack = out.Outcome.CameBack || e.At.Sub(closed) <= cameBackWithin
		case chat.KindSurvey:
			var s chat.Survey
			if json.Unmarshal(e.Body, &s) == nil && s.State == "answered" {
				out.Outcome.Rating = s.Rating
			}
		}
	}
	return out, nil
}

// recordedTurn reads one decision; false for one that the bot did not make by its rules, such as the
// handoff of a bot that failed.
func recordedTurn(assessment json.RawMessage, e chat.Event) (bot.RecordedTurn, bool, error) {
	var d chat.Decision
	if err := json.Unmarshal(e.Body, &d); err != nil {
		return bot.RecordedTurn{}, false, fmt.Errorf("read decision: %w", err)
	}
	var record bot.Decision
	if json.Unmarshal(d.Record, &record) != nil || record.Turn == nil {
		return bot.RecordedTurn{}, false, nil
	}
	turn, err := bot.ReadTurn(assessment, d.Record)
	return turn, err == nil, err
}

// keepRecording is how long a period's recording serves further replays: while somebody moves a threshold.
const keepRecording = time.Minute

// maxRecordings bounds the memory that many periods asked for at once take.
const maxRecordings = 4

// policies is the server's view of handoff policies.
type policies struct {
	engine *bot.Engine
	db     *storage.DB
	rules  func() handoff.Rules // whose clocks a forecast reckons with; nil for the default ones

	mu   sync.Mutex
	kept map[period]kept
}

// period is when the conversations of a recording began, in nanoseconds since 1970.
type period struct{ from, to int64 }

type kept struct {
	r     *bot.Recording
	until time.Time
}

func newPolicies(e *bot.Engine, db *storage.DB, rules func() handoff.Rules) *policies {
	return &policies{engine: e, db: db, rules: rules, kept: map[period]kept{}}
}

// Check says what is wrong with a policy, as *chat.InvalidError.
func (p *policies) Check(policy json.RawMessage) error {
	_, err := parsePolicy(policy)
	return err
}

func parsePolicy(policy json.RawMessage) (bot.Policy, error) {
	parsed, err := bot.ParsePolicy(policy)
	if err != nil {
		return parsed, refused(err)
	}
	return parsed, nil
}

// refused names the first value that is wrong as the client spelled it, and says all that is wrong.
func refused(err error) error {
	out := &chat.InvalidError{Field: "data", Code: "invalid", Hint: err.Error()}
	var found script.Findings
	if !errors.As(err, &found) {
		return out
	}
	var lines []string
	for _, f := range found {
		if f.Field != "" && out.Field == "data" {
			out.Field += "." + f.Field
		}
		line := f.Message
		if f.Line > 0 {
			line = fmt.Sprintf("line %d: %s", f.Line, line)
		}
		if f.Hint != "" {
			line += " (" + f.Hint + ")"
		}
		lines = append(lines, line)
	}
	out.Hint = strings.Join(lines, "\n")
	return out
}

// Live gives the policy that decides now, and the built-in one.
func (p *policies) Live() (live, builtIn json.RawMessage, version int64, err error) {
	now, version := p.engine.Policy()
	if live, err = json.Marshal(now); err != nil {
		return nil, nil, 0, err
	}
	builtIn, err = json.Marshal(bot.DefaultPolicy())
	return live, builtIn, version, err
}

// Fields describes what an admin can tune: single values, and the tables over the script in use.
func (p *policies) Fields() (fields, tables json.RawMessage, err error) {
	if fields, err = json.Marshal(bot.PolicyFields()); err != nil {
		return nil, nil, err
	}
	t := bot.PolicyTables(p.engine.Script())
	if p.rules != nil {
		for name := range p.rules().Skills {
			if name != "" && !slices.Contains(t.Skills, name) {
				t.Skills = append(t.Skills, name)
			}
		}
		slices.Sort(t.Skills)
	}
	tables, err = json.Marshal(t)
	return fields, tables, err
}

// Replay tells what the policy would have done to the conversations that began from until to.
func (p *policies) Replay(ctx context.Context, policy json.RawMessage, from, to time.Time) (json.RawMessage, error) {
	parsed, err := parsePolicy(policy)
	if err != nil {
		return nil, err
	}
	r, err := p.recording(ctx, from, to)
	if err != nil {
		return nil, err
	}
	result, err := bot.Replay(ctx, r, parsed, bot.ReplayOptions{})
	if err != nil {
		return nil, err
	}
	return json.Marshal(result)
}

// Sweep replays the same conversations at every hundredth of one field's range.
func (p *policies) Sweep(ctx context.Context, policy json.RawMessage, field string, from, to time.Time) (json.RawMessage, error) {
	parsed, err := parsePolicy(policy)
	if err != nil {
		return nil, err
	}
	r, err := p.recording(ctx, from, to)
	if err != nil {
		return nil, err
	}
	points, err := bot.Sweep(ctx, r, parsed, field, 101)
	if err != nil {
		return nil, &chat.InvalidError{Field: "field", Code: "unknown", Hint: err.Error()}
	}
	return json.Marshal(points)
}

func (p *policies) recording(ctx context.Context, from, to time.Time) (*bot.Recording, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// Exactly the period: whoever asks anew until now finds what was said a moment ago. The console asks for one period
	// as long as its page is open.
	key := period{from.UnixNano(), to.UnixNano()}
	for k, old := range p.kept {
		if now().After(old.until) {
			delete(p.kept, k)
		}
	}
	if old, ok := p.kept[key]; ok {
		return old.r, nil
	}
	p.makeRoom()
	list, err := gather(ctx, p.db, from, to)
	if err != nil {
		return nil, err
	}
	r := bot.Record(p.engine.Script(), list)
	p.kept[key] = kept{r, now().Add(keepRecording)}
	return r, nil
}

// makeRoom forgets the recording that ends soonest where there are as many as may be kept.
func (p *policies) makeRoom() {
	if len(p.kept) < maxRecordings {
		return
	}
	var oldest period
	for k, old := range p.kept {
		if first, ok := p.kept[oldest]; !ok || old.until.Before(first.until) {
			oldest = k
		}
	}
	delete(p.kept, oldest)
}

type policyReplayCmd struct {
	database
	logging
	File  string `arg:"" type:"existingfile" help:"Policy to try, as YAML or JSON."`
	Days  int    `default:"30" help:"Conversations that began in so many days."`
	Field string `help:"Sweep this field over its range instead, and print one line a value."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c *policyReplayCmd) Run(ctx context.Context, s streams) error {
	policy, err := policyFrom(c.File)
	if err != nil {
		return err
	}
	if c.Days < 1 {
		return errors.New("--days: give one or more")
	}
	db, err := storage.Open(ctx, storage.Options{URL: c.Database, Logger: c.logger(s.err)})
	if err != nil {
		return err
	}
	defer db.Close()
	loaded, _, err := studio.First(ctx, db, script.Default, c.logger(s.err))
	if err != nil {
		return err
	}
	list, err := gather(ctx, db, now().AddDate(0, 0, -c.Days), now())
	if err != nil {
		return err
	}
	r := bot.Record(loaded, list)
	if c.Field != "" {
		points, err := bot.Sweep(ctx, r, policy, c.Field, 101)
		if err != nil {
			return err
		}
		return report(s, sweepReport(points), c.JSON)
	}
	result, err := bot.Replay(ctx, r, policy, bot.ReplayOptions{})
	if err != nil {
		return err
	}
	return report(s, replayReport{result}, c.JSON)
}

type sweepReport []bot.SweepPoint

// WriteText prints a line a value.
func (r sweepReport) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%8s %8s %8s %8s %8s %8s %8s\n", "value", "handed", "earlier", "later", "missed", "needless", "unknown")
	for _, p := range r {
		if _, err := fmt.Fprintf(w, "%8.3g %8d %8d %8d %8d %8d %8d\n", p.Value, p.HandedOver, p.Earlier, p.LaterOrNever, p.Missed, p.Needless, p.Unknown); err != nil {
			return err
		}
	}
	return nil
}

type replayReport struct{ bot.ReplayResult }

// WriteText says in words what the policy would have done.
func (r replayReport) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%d conversations, %d turns\n", r.Conversations, r.Turns)
	fmt.Fprintf(w, "  handed over: %.1f%% as recorded, %.1f%% to %.1f%% under this policy\n", 100*r.RecordedRate, 100*r.RateLow, 100*r.RateHigh)
	t := r.Replayed
	fmt.Fprintf(w, "  %d as they were, %d earlier, %d new, %d later or never, %d not to be known\n", t.Same, t.Earlier, t.New, t.LaterOrNever, t.Unknown)
	if t.Elsewhere > 0 {
		fmt.Fprintf(w, "  %d of those as they were go to another severity, level or skill\n", t.Elsewhere)
	}
	fmt.Fprintf(w, "  missed: %d then, %d under this policy; needless: %d then, %d under this policy\n", r.Recorded.Missed, t.Missed, r.Recorded.Needless, t.Needless)
	fmt.Fprintf(w, "  agents' minutes: %.0f then, %.0f under this policy for what is sure\n", r.Recorded.AgentMinutes, t.AgentMinutes)
	for _, d := range r.Changes {
		if _, err := fmt.Fprintf(w, "  %s turn %d: %s, was %s, now %s (%s)\n", d.Conversation, d.Turn, d.Kind, d.Was, d.Now, d.Rule); err != nil {
			return err
		}
	}
	return nil
}
