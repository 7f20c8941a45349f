package bot

// Field describes one field of a policy for the page that edits it.
type Field struct {
	Key  string  `json:"key"`  // as in the YAML
	Kind string  `json:"kind"` // probability, count or switch
	Unit string  `json:"unit"`
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	Help string  `json:"help"`
	// Sweep says that a replay over the field's whole range makes sense.
	Sweep bool `json:"sweep"`

	number func(*Policy) *float64
	count  func(*Policy) *int

	// Of a value in a table: how it is read and set, the general field that it stands in for, or ofSignal, and the place
	// of its signal.
	get    func(*Policy) float64
	put    func(*Policy, float64)
	of     string
	signal int
}

// value gives the field of a policy as a number.
func (f Field) value(p *Policy) float64 {
	switch {
	case f.get != nil:
		return f.get(p)
	case f.number != nil:
		return *f.number(p)
	case f.count != nil:
		return float64(*f.count(p))
	case p.CloseOnThanks:
		return 1
	}
	return 0
}

// set puts a number into the field, rounded where the field counts things.
func (f Field) set(p *Policy, v float64) {
	switch {
	case f.put != nil:
		f.put(p, v)
	case f.number != nil:
		*f.number(p) = v
	case f.count != nil:
		*f.count(p) = int(v + 0.5)
	default:
		p.CloseOnThanks = v >= 0.5
	}
}

func probability(key, help string, at func(*Policy) *float64) Field {
	return Field{Key: key, Kind: "probability", Unit: "probability", Max: 1, Help: help, Sweep: true, number: at}
}

func count(key, unit string, lo, hi float64, help string, at func(*Policy) *int) Field {
	return Field{Key: key, Kind: "count", Unit: unit, Min: lo, Max: hi, Help: help, Sweep: true, count: at}
}

// still marks a field that changes words and not decisions, so that a replay cannot tell its effect.
func (f Field) still() Field {
	f.Sweep = false
	return f
}

// PolicyFields lists the single-valued fields of a policy with unit, range and one line of help, in the
// order in which they are best shown. Signals, reasons, languages and topics are tables beside them.
func PolicyFields() []Field { return fields }

var fields = []Field{
	probability("answer_at", "At or above this confidence in its topic the bot answers.", func(p *Policy) *float64 { return &p.AnswerAt }),
	probability("clarify_at", "Between this confidence and answer_at the bot asks once; below it the turn is a miss.", func(p *Policy) *float64 { return &p.ClarifyAt }),
	probability("out_of_scope_at", "From this probability a miss counts as outside the script, and is handed over under that reason.", func(p *Policy) *float64 { return &p.OutOfScopeAt }),
	count("misses", "turns", 1, 10, "So many misses in a row hand over.", func(p *Policy) *int { return &p.Misses }),
	count("max_clarifications", "questions", 0, 10, "So many clarifying questions in a row at most; after them a person is offered.", func(p *Policy) *int { return &p.MaxClarifications }),
	count("max_turns", "turns", 1, 50, "So many turns the bot takes; the next one hands over.", func(p *Policy) *int { return &p.MaxTurns }),
	count("max_questions", "questions", 1, 50, "So many question marks in one turn hand over.", func(p *Policy) *int { return &p.MaxQuestions }),
	count("repeated_limit", "turns", 1, 10, "So many repetitions of a question already asked hand over.", func(p *Policy) *int { return &p.RepeatedLimit }),
	count("rejections", "turns", 1, 10, "At so many turns of rejection or anger, rejecting again hands over.", func(p *Policy) *int { return &p.Rejections }),
	count("max_facts", "questions", 0, 10, "So many facts the bot asks for in one conversation at most.", func(p *Policy) *int { return &p.MaxFacts }).still(),
	count("ask_tries", "questions", 1, 5, "So often the bot asks for the same fact at most.", func(p *Policy) *int { return &p.AskTries }).still(),
	count("anger_outbursts", "turns", 1, 10, "At so many turns of anger or rejection, anger hands over; before that it is calmed.", func(p *Policy) *int { return &p.AngerOutbursts }),
	probability("anger_level_at", "From this level of anger over the turns the bot hands over.", func(p *Policy) *float64 { return &p.AngerLevelAt }),
	probability("anger_rise", "By so much the level must rise in a turn to count as rising.", func(p *Policy) *float64 { return &p.AngerRise }),
	count("anger_rising_turns", "turns", 2, 10, "So many rising turns in a row hand over.", func(p *Policy) *int { return &p.AngerRisingTurns }),
	probability("anger_memory", "How much of the level of anger is kept from turn to turn.", func(p *Policy) *float64 { return &p.AngerMemory }),
	count("forget_after", "turns", 1, 50, "After so many calm turns earlier anger and rejections are forgotten.", func(p *Policy) *int { return &p.ForgetAfter }),
	count("fault_grace", "turns", 0, 5, "In the first so many turns a plain fault of the company gets one question first; the next turn hands over.", func(p *Policy) *int { return &p.FaultGrace }),
	count("language_grace", "turns", 0, 3, "In the first so many turns the bot asks for a language it speaks before it hands over.", func(p *Policy) *int { return &p.LanguageGrace }),
	probability("unknown_language_at", "From this certainty a language that the script lacks hands over.", func(p *Policy) *float64 { return &p.UnknownLanguageAt }),
	probability("switch_language_at", "From this certainty the bot changes to another language of the script.", func(p *Policy) *float64 { return &p.SwitchLanguageAt }).still(),
	count("cool_down_turns", "turns", 0, 10, "For so many turns after a person gave the conversation back, only what cannot wait hands over.", func(p *Policy) *int { return &p.CoolDownTurns }),
	{Key: "close_on_thanks", Kind: "switch", Unit: "on or off", Max: 1, Help: "A thank-you or goodbye after an answer closes the conversation.", Sweep: false},
}

// fieldByKey finds a field, or that of a value in a table; false if there is none.
func fieldByKey(key string) (Field, bool) {
	for _, f := range fields {
		if f.Key == key {
			return f, true
		}
	}
	return tableField(key)
}
