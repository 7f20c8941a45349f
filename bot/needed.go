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
