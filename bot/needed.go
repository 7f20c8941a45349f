package bot

// Needed lists the facts that a topic of the script asks for, in the script's order; nil for none.
func (e *Engine) Needed(topic string) []string {
	t, ok := e.parts.Load().script.Topic(topic)
	if !ok {
		return nil
	}
	var names []string
	for _, a := range t.Ask {
		names = append(names, a.Fact)
	}
	return names
}

// Skill gives the skill that a handoff for a reason needs by the policy and the script, where nothing that was said decides it;
// "" for whoever is free.
func (e *Engine) Skill(reason, language, topic string) string {
	p := e.parts.Load()
	return p.plan.skill(p.script, matter{reason: reason, language: language, topic: topic})
}
