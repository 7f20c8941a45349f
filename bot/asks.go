package bot

import "ombud/bot/script"

// Asked describes a fact that the bot asks for, in the words of a language, for a client to show the right input.
type Asked struct {
	Fact    string // id in the script
	Kind    string // name, contact, number, text, date or outcome
	Label   string // what it is called
	Invalid string // what to say of a value that does not fit
	Skip    string // what to say instead of a value, which is then not asked for again
	Pattern string // the script's own regular expression for it, "" if it has none
}

// Asks describes a fact of the script in use; nil where it knows none of that name.
func (e *Engine) Asks(fact, language string) *Asked { return e.parts.Load().asks(fact, language) }

func (p *parts) asks(fact, language string) *Asked {
	kind := p.script.FactKind(fact)
	if kind == "" {
		return nil
	}
	text := func(part string) string { return p.script.Text("fact."+fact+"."+part, language, 0, nil) }
	return &Asked{
		Fact: fact, Kind: kind, Label: text("name"), Invalid: text("invalid"), Skip: script.Skip(language), Pattern: p.script.FactPattern(fact),
	}
}
