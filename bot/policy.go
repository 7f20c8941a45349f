package bot

import (
	"maps"

	"ombud/bot/nlu"
)

// Policy is all that an administrator tunes. PolicyFields tells unit, range and meaning of each field;
// Validate holds the ranges. A request for a person is handed over under every policy that validates.
type Policy struct {
	AnswerAt     float64 `yaml:"answer_at" json:"answer_at"`
	ClarifyAt    float64 `yaml:"clarify_at" json:"clarify_at"`
	OutOfScopeAt float64 `yaml:"out_of_scope_at" json:"out_of_scope_at"`

	Misses            int `yaml:"misses" json:"misses"`
	MaxClarifications int `yaml:"max_clarifications" json:"max_clarifications"`
	MaxTurns          int `yaml:"max_turns" json:"max_turns"`
	MaxQuestions      int `yaml:"max_questions" json:"max_questions"`
	RepeatedLimit     int `yaml:"repeated_limit" json:"repeated_limit"`
	Rejections        int `yaml:"rejections" json:"rejections"`
	MaxFacts          int `yaml:"max_facts" json:"max_facts"`
	AskTries          int `yaml:"ask_tries" json:"ask_tries"`

	AngerOutbursts   int     `yaml:"anger_outbursts" json:"anger_outbursts"`
	AngerLevelAt     float64 `yaml:"anger_level_at" json:"anger_level_at"`
	AngerRise        float64 `yaml:"anger_rise" json:"anger_rise"`
	AngerRisingTurns int     `yaml:"anger_rising_turns" json:"anger_rising_turns"`
	AngerMemory      float64 `yaml:"anger_memory" json:"anger_memory"`
	ForgetAfter      int     `yaml:"forget_after" json:"forget_after"`

	FaultGrace        int     `yaml:"fault_grace" json:"fault_grace"`
	LanguageGrace     int     `yaml:"language_grace" json:"language_grace"`
	UnknownLanguageAt float64 `yaml:"unknown_language_at" json:"unknown_language_at"`
	SwitchLanguageAt  float64 `yaml:"switch_language_at" json:"switch_language_at"`
	CoolDownTurns     int     `yaml:"cool_down_turns" json:"cool_down_turns"`
	CloseOnThanks     bool    `yaml:"close_on_thanks" json:"close_on_thanks"`

	Signals   map[nlu.Signal]SignalRule `yaml:"signals" json:"signals"`
	Reasons   map[string]Route          `yaml:"reasons" json:"reasons"`
	Languages map[string]Override       `yaml:"languages" json:"languages,omitempty"`
	Topics    map[string]Override       `yaml:"topics" json:"topics,omitempty"`
}

// SignalRule switches one signal and sets its threshold.
type SignalRule struct {
	// Off takes the signal out of the rules. Requests for a person and danger cannot be switched off.
	Off bool `yaml:"off" json:"off,omitempty"`
	// At is the probability from which the signal counts; 0 leaves it to the threshold it was trained with.
	// For a request for a person it can only add to what the understanding found.
	At float64 `yaml:"at" json:"at,omitempty"`
}

// Route says where a handoff for one reason goes.
type Route struct {
	Severity string `yaml:"severity" json:"severity"` // low, medium, high or critical
	Level    int    `yaml:"level" json:"level"`       // 1 agent, 2 expert, 3 supervisor, 4 executive
	Skill    string `yaml:"skill" json:"skill,omitempty"`
	// AnySkill sends it to whoever is free, whatever the topic.
	AnySkill bool `yaml:"any_skill" json:"any_skill,omitempty"`
}

// Override changes a few fields for one language or one topic; zero leaves the general value. Where both
// apply, the topic wins.
type Override struct {
	AnswerAt  float64 `yaml:"answer_at" json:"answer_at,omitempty"`
	ClarifyAt float64 `yaml:"clarify_at" json:"clarify_at,omitempty"`
	Misses    int     `yaml:"misses" json:"misses,omitempty"`
	MaxTurns  int     `yaml:"max_turns" json:"max_turns,omitempty"`
	Skill     string  `yaml:"skill" json:"skill,omitempty"`
	Level     int     `yaml:"level" json:"level,omitempty"`
}

// The reason codes of a handoff.
const (
	ReasonDanger          = "danger"
	ReasonSupervisor      = "asked_for_supervisor"
	ReasonHuman           = "asked_for_human"
	ReasonLegal           = "legal_threat"
	ReasonFault           = "company_fault"
	ReasonFormalComplaint = "formal_complaint"
	ReasonPublic          = "public_threat"
	ReasonAnger           = "anger"
	ReasonDissatisfied    = "dissatisfied"
	ReasonCallback        = "callback"
	ReasonLanguage        = "language"
	ReasonRepeated        = "repeated_failure"
	ReasonLowConfidence   = "low_confidence"
	ReasonTooLong         = "too_long"
	ReasonOutOfScope      = "out_of_scope"
	ReasonModelFailed     = "model_failed"
)

// DefaultPolicy is the policy before anybody has tuned it.
func DefaultPolicy() Policy {
	p := Policy{
		AnswerAt: 0.5, ClarifyAt: 0.25, OutOfScopeAt: 0.6,
		Misses: 2, MaxClarifications: 3, MaxTurns: 5, MaxQuestions: 8, RepeatedLimit: 2, Rejections: 2,
		MaxFacts: 3, AskTries: 2,
		AngerOutbursts: 2, AngerLevelAt: 0.8, AngerRise: 0.12, AngerRisingTurns: 3, AngerMemory: 0.5, ForgetAfter: 4,
		FaultGrace: 1, LanguageGrace: 1, UnknownLanguageAt: 0.7, SwitchLanguageAt: 0.8,
		CoolDownTurns: 2, CloseOnThanks: true,
		Signals: map[nlu.Signal]SignalRule{},
		Reasons: maps.Clone(defaultRoutes),
	}
	for _, s := range nlu.Signals {
		p.Signals[s] = SignalRule{At: defaultAt[s]}
	}
	return p
}

// defaultAt holds the thresholds of signals that hand over at once. Trained thresholds balance precision
// and recall of one signal in one message; with eleven signals in each turn of a conversation that raises
// too many alarms, so that half is asked for here. What is missing keeps its trained threshold.
var defaultAt = map[nlu.Signal]float64{
	nlu.Danger: 0.5, nlu.LegalThreat: 0.45, nlu.PublicThreat: 0.7, nlu.CompanyFault: 0.75,
	nlu.FormalComplaint: 0.7, nlu.WantsCallback: 0.6, nlu.Angry: 0.6, nlu.Dissatisfied: 0.5,
}

// maxDangerAt is the highest threshold that danger may have: it can be tuned, and not tuned away.
const maxDangerAt = 0.7

var defaultRoutes = map[string]Route{
	// Danger goes to whoever is free first: the level says who may settle it, and that is everybody.
	ReasonDanger:          {Severity: "critical", Level: 1, AnySkill: true},
	ReasonSupervisor:      {Severity: "medium", Level: 3},
	ReasonHuman:           {Severity: "low", Level: 1},
	ReasonLegal:           {Severity: "high", Level: 3},
	ReasonFault:           {Severity: "high", Level: 2},
	ReasonFormalComplaint: {Severity: "medium", Level: 3},
	ReasonPublic:          {Severity: "high", Level: 3},
	ReasonAnger:           {Severity: "medium", Level: 1},
	ReasonDissatisfied:    {Severity: "medium", Level: 1},
	ReasonCallback:        {Severity: "low", Level: 1},
	ReasonLanguage:        {Severity: "low", Level: 1},
	ReasonRepeated:        {Severity: "medium", Level: 1},
	ReasonLowConfidence:   {Severity: "low", Level: 1},
	ReasonTooLong:         {Severity: "low", Level: 1},
	ReasonOutOfScope:      {Severity: "low", Level: 1},
	ReasonModelFailed:     {Severity: "low", Level: 1},
}

// undeniable are the signals that no setting can turn off.
var undeniable = []nlu.Signal{nlu.WantsHuman, nlu.WantsSupervisor, nlu.Danger}

func severityRank(s string) int {
	for i, x := range severities {
		if x == s {
			return i + 1
		}
	}
	return 0
}

var severities = []string{"low", "medium", "high", "critical"}
