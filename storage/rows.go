package storage

import (
	"encoding/json"
	"reflect"
	"strings"

	"ombud/chat"
)

// conversationRow is chat.Conversation as stored: strings and 64-bit integers only, so that both databases
// and both ways of writing (arrays, single rows) treat every column alike.
type conversationRow struct {
	ID          string `db:"id"`
	Site        string `db:"site"`
	Visitor     string `db:"visitor"`
	Language    string `db:"language"`
	Owner       string `db:"owner"`
	Epoch       int64  `db:"epoch"`
	Agent       string `db:"agent"`
	AgentName   string `db:"agent_name"`
	Level       int64  `db:"level"`
	Skill       string `db:"skill"`
	Severity    string `db:"severity"`
	Reason      string `db:"reason"`
	Handoff     string `db:"handoff"`
	Topic       string `db:"topic"`
	Handovers   int64  `db:"handovers"`
	LastSeq     int64  `db:"last_seq"`
	VisitorSeq  int64  `db:"visitor_seq"`
	Answered    int64  `db:"answered"`
	State       string `db:"state"`
	LastText    string `db:"last_text"`
	LastRole    string `db:"last_role"`
	CreatedAt   int64  `db:"created_at"`
	UpdatedAt   int64  `db:"updated_at"`
	TurnDue     int64  `db:"turn_due"`
	RequestedAt int64  `db:"requested_at"`
	DueAt       int64  `db:"due_at"`
	ClockAt     int64  `db:"clock_at"`
	ClaimedAt   int64  `db:"claimed_at"`
	CallbackAt  int64  `db:"callback_at"`
	ClosedAt    int64  `db:"closed_at"`
	Cause       string `db:"cause"`
	Outcome     string `db:"outcome"`
	Product     string `db:"product"`
	Label       string `db:"label"`
	Rating      int64  `db:"rating"`
	RepliedAt   int64  `db:"replied_at"`
}

// handoffRow is chat.HandoffRecord as stored.
type handoffRow struct {
	ID           string `db:"id"`
	Conversation string `db:"conversation"`
	Site         string `db:"site"`
	Visitor      string `db:"visitor"`
	Reason       string `db:"reason"`
	Severity     string `db:"severity"`
	Level        int64  `db:"level"`
	Skill        string `db:"skill"`
	Language     string `db:"language"`
	Topic        string `db:"topic"`
	RequestedAt  int64  `db:"requested_at"`
	DueAt        int64  `db:"due_at"`
	ClaimedAt    int64  `db:"claimed_at"`
	Agent        string `db:"agent"`
	Claims       int64  `db:"claims"`
	Escalations  int64  `db:"escalations"`
	EndedAt      int64  `db:"ended_at"`
	Ended        string `db:"ended"`
	Outcome      string `db:"outcome"`
	Label        string `db:"label"`
}

// eventRow is chat.Event as stored, without stored_at, which the database sets.
type eventRow struct {
	Conversation string `db:"conversation"`
	Seq          int64  `db:"seq"`
	Kind         string `db:"kind"`
	Role         string `db:"role"`
	Sender       string `db:"sender"`
	ClientID     string `db:"client_id"`
	At           int64  `db:"at"`
	Body         string `db:"body"`
}

var (
	conversationColumns = columnsOf[conversationRow]()
	handoffColumns      = columnsOf[handoffRow]()
	eventColumns        = columnsOf[eventRow]()
)

func columnsOf[Row any]() []string {
	t := reflect.TypeFor[Row]()
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("db")
	}
	return names
}

// valuesOf gives a row's fields in the order of its columns.
func valuesOf[Row any](row Row) []any {
	v := reflect.ValueOf(row)
	values := make([]any, v.NumField())
	for i := range values {
		values[i] = v.Field(i).Interface()
	}
	return values
}

// targetsOf gives pointers to a row's fields in the order of its columns, for Scan.
func targetsOf[Row any](row *Row) []any {
	v := reflect.ValueOf(row).Elem()
	targets := make([]any, v.NumField())
	for i := range targets {
		targets[i] = v.Field(i).Addr().Interface()
	}
	return targets
}

func list(columns []string) string { return strings.Join(columns, ", ") }

// qualified is list with a table's name before each column.
func qualified(table string, columns []string) string {
	return table + "." + strings.Join(columns, ", "+table+".")
}

func conversationToRow(c chat.Conversation) conversationRow {
	return conversationRow{
		ID: c.ID, Site: c.Site, Visitor: c.Visitor, Language: c.Language,
		Owner: string(c.Owner), Epoch: c.Epoch, Agent: c.Agent, AgentName: c.AgentName, Level: int64(c.Level), Skill: c.Skill,
		Severity: string(c.Severity), Reason: c.Reason, Handoff: c.Handoff, Topic: c.Topic,
		Handovers: int64(c.Handovers), LastSeq: c.LastSeq, VisitorSeq: c.VisitorSeq, Answered: c.Answered,
		State: string(c.State), LastText: c.LastText, LastRole: string(c.LastRole),
		CreatedAt: toMicros(c.CreatedAt), UpdatedAt: toMicros(c.UpdatedAt), TurnDue: toMicros(c.TurnDue),
		RequestedAt: toMicros(c.RequestedAt), DueAt: toMicros(c.DueAt), ClockAt: toMicros(c.ClockAt), ClaimedAt: toMicros(c.ClaimedAt),
		CallbackAt: toMicros(c.CallbackAt),
		ClosedAt:   toMicros(c.ClosedAt), Cause: c.Cause, Outcome: c.Outcome, Product: c.Product, Label: c.Label,
		Rating: int64(c.Rating), RepliedAt: toMicros(c.RepliedAt),
	}
}

func (r conversationRow) conversation() chat.Conversation {
	return chat.Conversation{
		ID: r.ID, Site: r.Site, Visitor: r.Visitor, Language: r.Language,
		Owner: chat.Owner(r.Owner), Epoch: r.Epoch, Agent: r.Agent, AgentName: r.AgentName, Level: int(r.Level), Skill: r.Skill,
		Severity: chat.Severity(r.Severity), Reason: r.Reason, Handoff: r.Handoff, Topic: r.Topic,
		Handovers: int(r.Handovers), LastSeq: r.LastSeq, VisitorSeq: r.VisitorSeq, Answered: r.Answered,
		State: rawJSON(r.State), LastText: r.LastText, LastRole: chat.Role(r.LastRole),
		CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt), TurnDue: fromMicros(r.TurnDue),
		RequestedAt: fromMicros(r.RequestedAt), DueAt: fromMicros(r.DueAt), ClockAt: fromMicros(r.ClockAt), ClaimedAt: fromMicros(r.ClaimedAt),
		CallbackAt: fromMicros(r.CallbackAt),
		ClosedAt:   fromMicros(r.ClosedAt), Cause: r.Cause, Outcome: r.Outcome, Product: r.Product, Label: r.Label,
		Rating: int(r.Rating), RepliedAt: fromMicros(r.RepliedAt),
	}
}

func rawJSON(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

func conversationsOf(rows []conversationRow) []chat.Conversation {
	cs := make([]chat.Conversation, len(rows))
	for i, r := range rows {
		cs[i] = r.conversation()
	}
	return cs
}

func handoffToRow(h chat.HandoffRecord) handoffRow {
	return handoffRow{
		ID: h.ID, Conversation: h.Conversation, Site: h.Site, Visitor: h.Visitor, Reason: h.Reason,
		Severity: string(h.Severity), Level: int64(h.Level), Skill: h.Skill, Language: h.Language, Topic: h.Topic,
		RequestedAt: toMicros(h.RequestedAt), DueAt: toMicros(h.DueAt), ClaimedAt: toMicros(h.ClaimedAt),
		Agent: h.Agent, Claims: int64(h.Claims), Escalations: int64(h.Escalations),
		EndedAt: toMicros(h.EndedAt), Ended: h.Ended, Outcome: h.Outcome, Label: h.Label,
	}
}

func (r handoffRow) record() chat.HandoffRecord {
	return chat.HandoffRecord{
		ID: r.ID, Conversation: r.Conversation, Site: r.Site, Visitor: r.Visitor, Reason: r.Reason,
		Severity: chat.Severity(r.Severity), Level: int(r.Level), Skill: r.Skill, Language: r.Language, Topic: r.Topic,
		RequestedAt: fromMicros(r.RequestedAt), DueAt: fromMicros(r.DueAt), ClaimedAt: fromMicros(r.ClaimedAt),
		Agent: r.Agent, Claims: int(r.Claims), Escalations: int(r.Escalations),
		EndedAt: fromMicros(r.EndedAt), Ended: r.Ended, Outcome: r.Outcome, Label: r.Label,
	}
}

func eventToRow(e chat.Event) eventRow {
	return eventRow{
		Conversation: e.Conversation, Seq: e.Seq, Kind: string(e.Kind), Role: string(e.Role),
		Sender: e.Sender, ClientID: e.ClientID, At: toMicros(e.At), Body: string(e.Body),
	}
}

func (r eventRow) event() chat.Event {
	return chat.Event{
		Conversation: r.Conversation, Seq: r.Seq, Kind: chat.Kind(r.Kind), Role: chat.Role(r.Role),
		Sender: r.Sender, ClientID: r.ClientID, At: fromMicros(r.At), Body: json.RawMessage(r.Body),
	}
}

func eventsOf(rows []eventRow) []chat.Event {
	es := make([]chat.Event, len(rows))
	for i, r := range rows {
		es[i] = r.event()
	}
	return es
}
