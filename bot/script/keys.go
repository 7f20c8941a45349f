package script

import (
	"maps"
	"regexp"
)

// keys are the texts that every language must have, each with the placeholders it may use.
var keys = map[string][]string{
	"greeting": nil, "greeting_named": {"name"},
	"acknowledge.mild": nil, "acknowledge.angry": nil, "acknowledge.again": nil,
	"apology": nil, "thanks_for_fact": nil, "thanks_named": {"name"}, "say_back": {"points"}, "corrected": nil,
	"clarify.between": {"a", "b"}, "clarify.open": nil, "clarify.language": nil, "clarify.detail": nil,
	"rephrase": nil, "try_other": nil, "redirect": nil, "offer.person": nil, "stay": nil,
	"handoff.next": nil, "handoff.next_closed": nil, "handoff.executive": nil, "emergency": nil,
	"waiting.reassure": nil, "waiting.ask": {"fact"}, "resolved": nil,
}

// ofCompany are the texts that the company says beside the bot, which every language must have too. They came later than the others: a
// script without one is sound and says the words that are built in, so that nobody has to write them all before changing something else;
// only for a language that is not built in they have to be there.
var ofCompany = map[string][]string{
	"promise.call": {"time"}, "promise.complaint": {"number"}, // what is promised
	"promise.near": {"promise"}, "promise.missed": {"promise"}, "promise.broken": {"promise"},
	"complaint.registered": {"number", "time"}, "left.later": {"told", "time"},
	"mail.left.subject": nil, "mail.left.body": nil, "mail.left.by": {"time"}, "mail.left.call": {"time"}, "mail.later.subject": nil,
	"mail.reply.subject": nil, "mail.reply.body": {"name", "text"},
	"mail.complaint.subject": nil, "mail.complaint.body": {"number", "time"},
	"mail.survey.subject": nil, "mail.survey.body": nil, "mail.page": {"link"},
}

// retired are texts that scripts had to have and that nobody says: the widget tells what they told, in forty languages. A script
// that still has them is sound.
var retired = map[string]bool{
	"followup": true, "waiting.place": true, "waiting.still": true, "waiting.choices": true, "out_of_hours": true, "leave_message": true,
	"leave_message.thanks": true, "callback.offer": true, "callback.booked": true, "agent.joined": true, "agent.left": true,
	"agent.released": true, "agent.vanished": true, "agent.to_bot": true, "transferred": true, "transferred.queue": true, "escalated": true,
	"closed": true, "thanks": true, "survey": true, "survey.thanks": true, "survey.reopened": true, "reopened": true, "known_issue": true,
}

// Reasons lists the codes under which a conversation is handed over; each has a text handoff.<code>.
var Reasons = []string{
	"danger", "asked_for_supervisor", "asked_for_human", "legal_threat", "company_fault",
	"formal_complaint", "public_threat", "anger", "dissatisfied", "callback", "language",
	"repeated_failure", "low_confidence", "too_long", "out_of_scope", "model_failed",
}

// parts of the texts of each topic, fact and tap; answers come on top.
var (
	topicParts = []string{"name", "next", "question"}
	factParts  = []string{"name", "ask", "invalid"}
	quickParts = []string{"label", "say"}
)

// wanted lists every text key of a script with its placeholders.
func (s *Script) wanted() map[string][]string {
	all := make(map[string][]string, len(keys)+len(ofCompany)+8*len(s.Topics))
	maps.Copy(all, keys)
	maps.Copy(all, ofCompany)
	for _, r := range Reasons {
		all["handoff."+r] = nil
	}
	for _, t := range s.Topics {
		for _, p := range topicParts {
			all["topic."+t.ID+"."+p] = nil
		}
		for _, a := range t.Answers {
			all["topic."+t.ID+"."+a.Text] = nil
		}
	}
	for _, f := range s.Facts {
		for _, p := range factParts {
			all["fact."+f.ID+"."+p] = nil
		}
	}
	for _, q := range s.Quick {
		for _, p := range quickParts {
			all["quick."+q+"."+p] = nil
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// Keys lists the text keys that every language of this script has.
func (s *Script) Keys() []string {
	all := s.wanted()
	out := make([]string, 0, len(all))
	for k := range all {
		out = append(out, k)
	}
	return sortedStrings(out)
}
