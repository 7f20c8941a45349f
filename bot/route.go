package bot

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

// route fills in where a handoff goes: how grave it is and how high, and to the topic's skill.
func (w *writer) route(d *Decision) {
	r := w.pl.Reasons[d.Reason]
	d.Severity, d.Level = w.pl.grade(w.fr.f, d.Reason)
	d.Skill = r.Skill
	// A request for a supervisor goes to the level that was asked for: the head of the company is above them.
	if w.in.Executive && w.pl.shows(w.fr.f, sigSupervisor) && d.Reason != ReasonDanger {
		d.Level = executiveLevel
	}
	if r.AnySkill {
		return
	}
	o := w.pl.Languages[d.Language].under(w.pl.Topics[d.Topic])
	d.Level = max(d.Level, o.Level)
	t, _ := w.in.Script.Topic(d.Topic)
	d.Skill = or(r.Skill, or(o.Skill, t.Skill))
}
