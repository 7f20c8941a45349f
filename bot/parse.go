package bot

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// ParsePolicy reads a policy from YAML or JSON over the default one: what it leaves out keeps its default.
// An unknown key, a doubled key and a value out of range are errors; the error is script.Findings.
func ParsePolicy(data []byte) (Policy, error) { return ParsePolicyFile("policy", data) }

// ParsePolicyFile is ParsePolicy with the name of the file, for messages.
func ParsePolicyFile(file string, data []byte) (Policy, error) {
	base := DefaultPolicy()
	p := base
	p.Signals, p.Reasons = nil, nil
	if err := script.DecodeStrict(file, data, &p); err != nil {
		return Policy{}, err
	}
	p.fillFrom(base)
	if err := p.Validate(); err != nil {
		var list script.Findings
		if errors.As(err, &list) {
			for i := range list {
				list[i].File = file
			}
		}
		return Policy{}, err
	}
	return p, nil
}

// fillFrom takes over what the tables of p leave out.
func (p *Policy) fillFrom(base Policy) {
	signals := maps.Clone(base.Signals)
	maps.Copy(signals, p.Signals)
	p.Signals = signals
	reasons := maps.Clone(base.Reasons)
	for code, r := range p.Reasons {
		d := reasons[code]
		if r.Severity == "" {
			r.Severity = d.Severity
		}
		if r.Level == 0 {
			r.Level = d.Level
		}
		reasons[code] = r
	}
	p.Reasons = reasons
}

// Validate tells every value that is out of its range, as script.Findings; nil if there is none.
func (p Policy) Validate() error {
	var found script.Findings
	fail := func(field, code, hint, format string, args ...any) {
		found = append(found, script.Finding{File: "policy", Severity: script.SeverityError, Code: code, Field: field, Message: fmt.Sprintf(format, args...), Hint: hint})
	}
	for _, f := range fields {
		// The negated form also catches NaN.
		if v := f.value(&p); !(v >= f.Min && v <= f.Max) {
			fail(f.Key, "range", f.Help, "%s is %v, and must be between %v and %v %s", f.Key, v, f.Min, f.Max, f.Unit)
		}
	}
	if p.ClarifyAt > p.AnswerAt {
		fail("clarify_at", "order", "the bot asks below answer_at and above clarify_at", "clarify_at %v is above answer_at %v", p.ClarifyAt, p.AnswerAt)
	}
	p.validateSignals(fail)
	p.validateRoutes(fail)
	p.validateOverrides("languages", p.Languages, fail)
	p.validateOverrides("topics", p.Topics, fail)
	if len(found) == 0 {
		return nil
	}
	return found
}

// fail notes what is wrong with the value at a path, with a stable code and what to do about it.
type fail func(field, code, hint, format string, args ...any)

func (p Policy) validateSignals(fail fail) {
	for _, s := range slices.Sorted(maps.Keys(p.Signals)) {
		r, at := p.Signals[s], "signals."+string(s)
		if !slices.Contains(nlu.Signals, s) {
			fail(at, "unknown_signal", "", "there is no signal %s", s)
		}
		if !(r.At >= 0 && r.At <= 1) {
			fail(at+".at", "range", "a probability", "%s.at is %v, and must be between 0 and 1", at, r.At)
		}
		if s == nlu.Danger && r.At > maxDangerAt {
			fail(at+".at", "range", "danger must not be tuned away", "%s.at is %v, and must be at most %v", at, r.At, maxDangerAt)
		}
		if r.Off && slices.Contains(undeniable, s) {
			fail(at+".off", "cannot_be_off", "a person must always be within reach", "%s cannot be switched off", at)
		}
	}
}

func (p Policy) validateRoutes(fail fail) {
	for _, code := range slices.Sorted(maps.Keys(p.Reasons)) {
		r := p.Reasons[code]
		if !slices.Contains(script.Reasons, code) {
			fail("reasons."+code, "unknown_reason", "", "there is no reason %s", code)
		}
		if severityRank(r.Severity) == 0 {
			fail("reasons."+code+".severity", "severity", "low, medium, high or critical", "reasons.%s.severity is %q", code, r.Severity)
		}
		if r.Level < 1 || r.Level > 4 {
			fail("reasons."+code+".level", "range", "1 agent, 2 expert, 3 supervisor, 4 executive", "reasons.%s.level is %d", code, r.Level)
		}
	}
	for _, code := range script.Reasons {
		if _, ok := p.Reasons[code]; !ok {
			fail("reasons."+code, "missing_reason", "every reason needs severity and level", "reasons.%s is missing", code)
		}
	}
}

func (p Policy) validateOverrides(table string, m map[string]Override, fail fail) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		o := m[k]
		for _, f := range overrideFields {
			if v := o.number(f.Key); !(v >= f.Min && v <= f.Max) {
				at := table + "." + k + "." + f.Key
				fail(at, "range", "0 leaves the general value", "%s is %v, and must be between %v and %v", at, v, f.Min, f.Max)
			}
		}
	}
}

// Change is one difference between two policies.
type Change struct {
	Key string `json:"key"` // as in the YAML, with dots: reasons.anger
	Old string `json:"old"`
	New string `json:"new"`
}

// Diff lists what changes from p to other, in the order of PolicyFields and then by name.
func (p Policy) Diff(other Policy) []Change {
	var out []Change
	for _, f := range fields {
		if a, b := f.value(&p), f.value(&other); a != b {
			out = append(out, Change{f.Key, fmt.Sprint(a), fmt.Sprint(b)})
		}
	}
	out = append(out, diffTable("signals", p.Signals, other.Signals)...)
	out = append(out, diffTable("reasons", p.Reasons, other.Reasons)...)
	out = append(out, diffTable("languages", p.Languages, other.Languages)...)
	return append(out, diffTable("topics", p.Topics, other.Topics)...)
}

func diffTable[K ~string, V comparable](table string, a, b map[K]V) []Change {
	all := maps.Clone(a)
	if all == nil {
		all = map[K]V{}
	}
	maps.Copy(all, b)
	var out []Change
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if x, y := a[k], b[k]; x != y {
			out = append(out, Change{table + "." + string(k), show(x), show(y)})
		}
	}
	return out
}

// show writes the fields of a value that are not zero.
func show[V comparable](v V) string {
	var zero V
	if v == zero {
		return "default"
	}
	s := ""
	r := reflect.ValueOf(v)
	for i := range r.NumField() {
		if r.Field(i).IsZero() {
			continue
		}
		if s != "" {
			s += ", "
		}
		s += fmt.Sprintf("%s %v", r.Type().Field(i).Tag.Get("yaml"), r.Field(i).Interface())
	}
	return s
}
