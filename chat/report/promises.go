package report

import "time"

// Promised is one promise as it stands.
type Promised struct {
	Conversation string
	ID           string
	State        string // of chat.Promise
	At           time.Time
}

// Promises counts what became of promises, with the conversations in which they were made.
type Promises struct {
	Made   int      `json:"made"`
	Kept   []string `json:"kept" doc:"conversations, one entry a promise"`
	Broken []string `json:"broken"`
	Open   []string `json:"open" doc:"neither yet, those that were renewed or warned of included"`
}

// Count sums promises up.
func Count(all []Promised) Promises {
	p := Promises{Made: len(all), Kept: []string{}, Broken: []string{}, Open: []string{}}
	for _, x := range all {
		switch x.State {
		case "kept":
			p.Kept = append(p.Kept, x.Conversation)
		case "broken":
			p.Broken = append(p.Broken, x.Conversation)
		default:
			p.Open = append(p.Open, x.Conversation)
		}
	}
	return p
}
