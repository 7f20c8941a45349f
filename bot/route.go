package bot

// companions raise severity and level of a handoff that another rule decided, where they show too.
var companions = []struct {
	signal int
	reason string
}{
	{sigLegal, ReasonLegal}, {sigPublic, ReasonPublic}, {sigFault, ReasonFault},
	{sigFormal, ReasonFormalComplaint}, {sigAngry, ReasonAnger}, {sigSupervisor, ReasonSupervisor},
}

// route fills in where a handoff goes: by its reason, raised by what else shows, to the topic's skill.
// Danger is never raised to a level with fewer people on it.
func (w *writer) route(d *Decision) {
	r := w.pl.Reasons[d.Reason]
	d.Severity, d.Level, d.Skill = r.Severity, r.Level, r.Skill
	if d.Reason != ReasonDanger {
		for _, c := range companions {
			if !w.pl.shows(w.fr.f, c.signal) {
				continue
			}
			other := w.pl.Reasons[c.reason]
			if severityRank(other.Severity) > severityRank(d.Severity) {
				d.Severity = other.Severity
			}
			d.Level = max(d.Level, other.Level)
		}
	}
	if r.AnySkill {
		return
	}
	o := w.pl.Languages[d.Language].under(w.pl.Topics[d.Topic])
	d.Level = max(d.Level, o.Level)
	t, _ := w.in.Script.Topic(d.Topic)
	d.Skill = or(r.Skill, or(o.Skill, t.Skill))
}
