package nlu

// Signal is something a message shows about its writer, whatever the message is about.
type Signal string

// The signals that the classifier knows, and three that the conversation shows.
const (
	WantsHuman      Signal = "wants_human"
	WantsSupervisor Signal = "wants_supervisor"
	Angry           Signal = "angry"
	Dissatisfied    Signal = "dissatisfied"
	LegalThreat     Signal = "legal_threat"
	PublicThreat    Signal = "public_threat"
	Danger          Signal = "danger"
	CompanyFault    Signal = "company_fault"
	FormalComplaint Signal = "formal_complaint"
	WantsCallback   Signal = "wants_callback"
	Resolved        Signal = "resolved"

	Repeated        Signal = "repeated"         // the same question again
	TooLong         Signal = "too_long"         // too many questions or too many turns
	UnknownLanguage Signal = "unknown_language" // none of the script's languages
)

// Signals lists the signals that the classifier is trained on.
var Signals = []Signal{
	WantsHuman, WantsSupervisor, Angry, Dissatisfied, LegalThreat, PublicThreat, Danger,
	CompanyFault, FormalComplaint, WantsCallback, Resolved,
}

// Assessment is what one turn's words show.
type Assessment struct {
	Language     string  `json:"language"`      // "en", "hu", "sl", "fr", "zh", another ISO 639-1 code, or "" if unknown
	LanguageSure float64 `json:"language_sure"` // 0 to 1
	// Topics are in order of confidence, best first, at most five.
	Topics []TopicScore `json:"topics"`
	// OutOfScope is the calibrated probability that no topic of the script fits.
	OutOfScope float64 `json:"out_of_scope"`
	// Signals holds the signals found, in the order of Signals.
	Signals []SignalScore `json:"signals,omitempty"`
	Facts   []Fact        `json:"facts,omitempty"`
}

// TopicScore is a topic with its calibrated probability.
type TopicScore struct {
	Topic      string  `json:"topic"`
	Confidence float64 `json:"confidence"`
}

// SignalScore is a signal with its calibrated probability and the words that show it.
type SignalScore struct {
	Signal   Signal  `json:"signal"`
	Strength float64 `json:"strength"` // calibrated probability, 0 to 1
	// Found is set if Strength reaches the signal's own trained threshold. The policy may ask for more
	// or less than that, except for wants_human and wants_supervisor.
	Found    bool   `json:"found"`
	Evidence string `json:"evidence,omitempty"` // the words that weigh most, as written
}

// Fact is something the visitor told us.
type Fact struct {
	Name  string `json:"name"`  // order_number, product, since_when, outcome_wanted …
	Value string `json:"value"` // normalised
	Quote string `json:"quote,omitempty"`
	// Inferred is set where the words suggest it but do not say it.
	Inferred bool `json:"inferred,omitempty"`
}

// Strength gives the strength of a signal, 0 if it was not seen.
func (a Assessment) Strength(s Signal) float64 {
	for _, x := range a.Signals {
		if x.Signal == s {
			return x.Strength
		}
	}
	return 0
}

// Found reports whether a signal reached its trained threshold.
func (a Assessment) Found(s Signal) bool {
	for _, x := range a.Signals {
		if x.Signal == s {
			return x.Found
		}
	}
	return false
}

// Example is one labelled message of the script.
type Example struct {
	Language string   `json:"lang"`
	Text     string   `json:"text"`
	Topic    string   `json:"topic,omitempty"` // "" if about no topic of the script
	Signals  []Signal `json:"signals,omitempty"`
}

// Context is what is known before a message is read.
type Context struct {
	Language string   // the conversation's language so far, or the site's; "" if unknown
	Earlier  []string // the visitor's earlier messages, oldest first
}
