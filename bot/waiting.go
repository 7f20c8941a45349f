package bot

// Wait is the mean waiting time before an agent answers, in minutes. It is +Inf in words only: where the
// staff cannot keep up, Overloaded is set and the time left at 0.
type Wait struct {
	Recorded   float64 `json:"recorded"`
	Low        float64 `json:"low"`  // if none of the unknown is handed over
	High       float64 `json:"high"` // if all of them are
	Overloaded bool    `json:"overloaded"`
}

// waiting reckons with the Erlang C formula: calls that come at random, and wait until one of the agents
// is free. Source: A. K. Erlang, 1917; e.g. Gross and Harris, Fundamentals of Queueing Theory, 2.3.
func waiting(res *ReplayResult, minutes float64, o ReplayOptions) *Wait {
	if o.Agents <= 0 || o.Hours <= 0 || minutes <= 0 {
		return nil
	}
	w := &Wait{}
	open := res.Replayed.LaterOrNever + res.Replayed.Unknown
	for _, x := range []struct {
		handed int
		out    *float64
	}{
		{res.Recorded.HandedOver, &w.Recorded}, {res.Replayed.HandedOver, &w.Low}, {res.Replayed.HandedOver + open, &w.High},
	} {
		load := float64(x.handed) / (o.Hours * 60) * minutes
		if load >= float64(o.Agents) {
			w.Overloaded = true
			continue
		}
		*x.out = erlangC(o.Agents, load) * minutes / (float64(o.Agents) - load)
	}
	return w
}

// erlangC is the probability of having to wait, for a load in erlangs below the number of agents.
func erlangC(agents int, load float64) float64 {
	// The blocking probability of Erlang B by its recurrence, which does not overflow.
	b := 1.0
	for n := 1; n <= agents; n++ {
		b = load * b / (float64(n) + load*b)
	}
	return b / (1 - load/float64(agents)*(1-b))
}
