package handoff

import (
	"slices"

	"ombud/chat"
)

// Mandate is what a level may offer by itself.
type Mandate struct {
	Level    int      `json:"level"`
	Remedies []string `json:"remedies"`
	UpTo     int64    `json:"up_to"` // most a remedy may be worth, in minor units of the shop's currency
}

// The remedies a customer may want or be offered.
var Remedies = []string{
	"replacement", "refund", "exchange", "store_credit", "discount", "repair", "callback", "apology", "other",
}

// DefaultMandates are the mandates before an admin sets others.
var DefaultMandates = []Mandate{
	{chat.LevelAgent, []string{"apology", "callback", "exchange", "replacement", "repair", "discount"}, 2_000},
	{chat.LevelExpert, []string{"apology", "callback", "exchange", "replacement", "repair", "discount", "store_credit", "refund"}, 10_000},
	{chat.LevelSupervisor, Remedies, 50_000},
	{chat.LevelExecutive, Remedies, 500_000},
}

// Allows reports whether the mandate covers a remedy of this worth.
func (m Mandate) Allows(remedy string, worth int64) bool {
	return worth <= m.UpTo && slices.Contains(m.Remedies, remedy)
}

// MandateOf gives the mandate of a level; the zero Mandate allows nothing.
func MandateOf(level int, all []Mandate) Mandate {
	for _, m := range all {
		if m.Level == level {
			return m
		}
	}
	return Mandate{Level: level}
}

// usual are the remedies that settle a topic most often, best first.
var usual = map[string][]string{
	"wrong_or_damaged_item": {"replacement", "refund", "discount"},
	"delivery_problem":      {"replacement", "refund", "callback"},
	"return_refund":         {"refund", "exchange", "store_credit"},
	"billing_problem":       {"refund", "store_credit", "callback"},
	"warranty_repair":       {"repair", "replacement", "refund"},
	"technical_problem":     {"repair", "callback", "replacement"},
	"price_or_discount":     {"discount", "store_credit", "callback"},
	"cancel_order":          {"refund", "store_credit", "callback"},
	"cancel_subscription":   {"refund", "discount", "callback"},
	"staff_complaint":       {"apology", "callback", "discount"},
}

// propose gives up to three remedies within the level's mandate: what the customer asked for first.
func propose(wanted string, h chat.Handoff, mandates []Mandate) []Proposal {
	if mandates == nil {
		mandates = DefaultMandates
	}
	m := MandateOf(h.Level, mandates)
	out := []Proposal{}
	add := func(remedy string) {
		known := slices.ContainsFunc(out, func(p Proposal) bool { return p.Remedy == remedy })
		if len(out) < 3 && !known && slices.Contains(m.Remedies, remedy) {
			out = append(out, Proposal{Remedy: remedy, Wanted: remedy == wanted, UpTo: worth(remedy, m.UpTo)})
		}
	}
	add(wanted)
	for _, r := range usual[h.Topic] {
		add(r)
	}
	if len(out) == 0 {
		add("callback")
		add("apology")
	}
	return out
}

// worth is the most that a remedy may cost under a mandate; 0 for those that cost nothing.
func worth(remedy string, upTo int64) int64 {
	switch remedy {
	case "apology", "callback":
		return 0
	}
	return upTo
}
