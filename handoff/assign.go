package handoff

import (
	"fmt"
	"slices"

	"ombud/chat"
)

// Misfit says what keeps the agent from a conversation, as a hint for people: level, skill or language. It is nil where
// the agent fits.
func (a Agent) Misfit(c chat.Conversation) *chat.InvalidError {
	no := func(field, hint string, args ...any) *chat.InvalidError {
		return &chat.InvalidError{Field: field, Code: "unfit", Hint: fmt.Sprintf(hint, args...)}
	}
	switch {
	case c.Level > a.Level:
		return no("level", "This chat is at level %d; %s settles up to level %d.", c.Level, a.called(), a.Level)
	case c.Skill != "" && len(a.Skills) > 0 && !slices.Contains(a.Skills, c.Skill) && !a.Expert(c):
		return no("skill", "This chat asks for the skill %s, which %s does not have.", c.Skill, a.called())
	case c.Language != "" && len(a.Languages) > 0 && !slices.Contains(a.Languages, c.Language):
		return no("language", "This chat is in the language %s, which %s does not speak.", c.Language, a.called())
	}
	return nil
}

func (a Agent) called() string {
	if a.Name == "" {
		return "the agent"
	}
	return a.Name
}

// Assignment gives a waiting conversation to an agent.
type Assignment struct {
	Conversation chat.Conversation
	Agent        Agent
}

// Assign pushes a line, in its order, to the agents: each conversation whose skill is pushed goes to the least busy who
// is ready, fits, has room and has not dropped it before; where it asks for an expert, to one in its product if there is any.
// Tickets are not pushed. It changes neither input.
func Assign(line []chat.Conversation, agents []Agent, r Rules, dropped func(conversation, agent string) bool) []Assignment {
	free := slices.Clone(agents)
	var out []Assignment
	for _, c := range line {
		if c.Owner != chat.OwnerQueue || r.Skill(c.Skill).Mode != Push {
			continue
		}
		best := -1
		for i, a := range free {
			if a.Free(1) == 0 || a.Misfit(c) != nil || (best >= 0 && !rather(c, a, free[best])) || dropped(c.ID, a.ID) {
				continue
			}
			best = i
		}
		if best >= 0 {
			out = append(out, Assignment{Conversation: c, Agent: free[best]})
			free[best].Held++
		}
	}
	return out
}

// rather reports whether the conversation goes to a and not to b.
func rather(c chat.Conversation, a, b Agent) bool {
	if x, y := a.Expert(c), b.Expert(c); x != y {
		return x
	}
	return lessBusy(a, b)
}

func lessBusy(a, b Agent) bool {
	if a.Held != b.Held {
		return a.Held < b.Held
	}
	return a.ID < b.ID
}

// Attended reports whether any of those present could take the conversation at a level, other than one agent.
func Attended(present []Agent, c chat.Conversation, level int, except string) bool {
	c.Level = level
	return slices.ContainsFunc(present, func(a Agent) bool { return a.ID != except && a.Misfit(c) == nil })
}
