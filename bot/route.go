package bot

import "ombud/bot/script"

// companions raise severity and level of a handoff that another rule decided, where they show too.
var companions = []struct {
	signal int
	reason string
}{
	{sigLegal, ReasonLegal}, {sigPublic, ReasonPublic}, {sigFault, ReasonFault},
	{sigFormal, ReasonFormalComplaint}, {sigAngry, ReasonAnger}, {sigSupervisor, ReasonSupervisor},
}

// executiveLevel is that of the head of the company and of the complaints office.
const executiveLevel = 4

// grade gives the severity and the level of a handoff by its reason, raised by what else shows. Danger is
// never raised to a level with fewer people on it.
func (p *plan) grade(f *features, reason string) (severity string, level int) {
	r := p.Reasons[reason]
	severity, level = r.Severity, r.Level
	if reason == ReasonDanger {
		return severity, level
	}
	for _, c := range companions {
		if !p.shows(f, c.signal) {
			continue
		}
		other := p.Reasons[c.reason]
		if severityRank(other.Severity) > severityRank(severity) {
			severity = other.Severity
		}
		level = max(level, other.Level)
	}
	return severity, level
}

// Destination is where a handoff goes.
type Destination struct {
	Severity string `json:"severity"`        // low, medium, high or critical
	Level    int    `json:"level"`           // 1 to 4
	Skill    string `json:"skill,omitempty"` // "" for whoever is free
}

// matter is what else than a turn's features the way of its handoff depends on.
type matter struct {
	reason, language, topic string
	executive               bool // the visitor names the head of the company
}

// destination tells how grave a handoff is, how high it goes, and to which skill.
func (p *plan) destination(s *script.Script, f *features, m matter) Destination {
	r := p.Reasons[m.reason]
	d := Destination{Skill: p.skill(s, m)}
	d.Severity, d.Level = p.grade(f, m.reason)
	// A request for a supervisor goes to the level that was asked for: the head of the company is above them.
	if m.executive && p.shows(f, sigSupervisor) && m.reason != ReasonDanger {
		d.Level = executiveLevel
	}
	if r.AnySkill {
		return d
	}
	o := p.Languages[m.language].under(p.Topics[m.topic])
	d.Level = max(d.Level, o.Level)
	return d
}

// skill gives the one that a matter needs.
func (p *plan) skill(s *script.Script, m matter) string {
	r := p.Reasons[m.reason]
	if r.AnySkill {
		return r.Skill
	}
	t, _ := s.Topic(m.topic)
	return or(r.Skill, or(p.Languages[m.language].under(p.Topics[m.topic]).Skill, t.Skill))
}

// route fills in where a handoff goes.
func (w *writer) route(d *Decision) {
	to := w.pl.destination(w.in.Script, w.fr.f, matter{d.Reason, d.Language, d.Topic, w.in.Executive})
	d.Severity, d.Level, d.Skill = to.Severity, to.Level, to.Skill
}

// handOver makes a handoff for a reason of a decision, unless it is one already. It says nothing.
func (p *parts) handOver(d Decision, in Turn, offered bool, reason string) Decision {
	d.Say, d.Ask = nil, ""
	if d.Action == Handoff {
		return d
	}
	in.Offered = offered
	f := in.features(d.Language)
	to := p.plan.destination(p.script, &f, matter{reason, d.Language, d.Topic, in.Executive})
	d.Action, d.Reason, d.Rule = Handoff, reason, ""
	d.Severity, d.Level, d.Skill = to.Severity, to.Level, to.Skill
	return d
}
