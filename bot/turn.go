package bot

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// Turn is all that Step may know of one turn: a burst of the visitor's messages, read as one. It holds
// none of the words, so that it can be stored beside the decision and replayed.
type Turn struct {
	At         time.Time      `json:"at"`
	Assessment nlu.Assessment `json:"-"`                    // stored as an event of its own
	Reply      string         `json:"reply,omitempty"`      // "yes" or "no" if it is no more than that
	Refused    bool           `json:"refused,omitempty"`    // says that the fact asked for is not known
	AsksWho    bool           `json:"asks_who,omitempty"`   // asks who is responsible
	Corrects   bool           `json:"corrects,omitempty"`   // says that it is not about what it was taken for
	Vague      bool           `json:"vague,omitempty"`      // names its matter by words for anything
	Declines   bool           `json:"declines,omitempty"`   // says that no person is needed
	SaysAgain  bool           `json:"says_again,omitempty"` // says that it was told the same before
	Executive  bool           `json:"executive,omitempty"`  // names the head of the company
	Questions  int            `json:"questions,omitempty"`  // question marks
	Messages   int            `json:"messages,omitempty"`   // in the burst
	Words      []uint32       `json:"words,omitempty"`      // hashes of the words, sorted: to see repetitions
	Repeats    bool           `json:"repeats,omitempty"`    // the same question as in an earlier turn
	Name       string         `json:"name,omitempty"`       // the visitor's name, "" if not known
	Site       string         `json:"site,omitempty"`       // the site's language
	Open       bool           `json:"open,omitempty"`       // somebody is on duty
	Offered    bool           `json:"offered,omitempty"`    // the message before it offered a person
	// ModelFailed says that a model was asked and gave nothing that could be used.
	ModelFailed bool `json:"model_failed,omitempty"`

	Script *script.Script `json:"-"`
}

// State is what the bot remembers of a conversation between turns. It is stored as JSON with each decision.
type State struct {
	Counters
	Topic    string         `json:"topic,omitempty"`
	Language string         `json:"language,omitempty"`
	Facts    []nlu.Fact     `json:"facts,omitempty"`
	Pending  string         `json:"pending,omitempty"` // the fact that was asked for last
	Asked    map[string]int `json:"asked,omitempty"`   // how often each fact was asked for
	Used     map[string]int `json:"used,omitempty"`    // how often each text was said: picks the next wording
	// Earlier holds the word hashes of the last turns, newest last.
	Earlier    [][]uint32 `json:"earlier,omitempty"`
	Apologised bool       `json:"apologised,omitempty"`
	NameUsed   bool       `json:"name_used,omitempty"`
	SaidBack   bool       `json:"said_back,omitempty"`
	Offered    bool       `json:"offered,omitempty"`    // the last message offered a person
	Confirming bool       `json:"confirming,omitempty"` // the last message asked whether the main points are right
}

// Counters is the part of State that the rules read and write. It has a fixed size, so that a replay can
// run it millions of times a second.
type Counters struct {
	Seen        int     `json:"seen"`       // turns so far, all of them
	Turns       int     `json:"turns"`      // counted turns so far: small talk does not count
	Misses      int     `json:"misses"`     // in a row
	Clarified   int     `json:"clarified"`  // clarifying questions in a row
	Repeated    int     `json:"repeated"`   // questions asked again
	Friction    int     `json:"friction"`   // turns of anger or rejection that are not forgotten
	Calm        int     `json:"calm"`       // turns since the last of them
	Answers     int     `json:"answers"`    // answers given
	Anger       float64 `json:"anger"`      // level over the turns, 0 to 1
	Trend       float64 `json:"trend"`      // last change of the level
	Rising      int     `json:"rising"`     // turns in a row in which it rose
	Between     bool    `json:"between"`    // the last message asked which of the likely topics it is
	FaultSeen   bool    `json:"fault_seen"` // a plain fault of the company was told, and one question asked
	HandedOff   bool    `json:"handed_off"` // a handoff was decided
	CoolDown    int     `json:"cool_down"`  // turns left after a person gave the conversation back
	TopicKnown  bool    `json:"topic_known"`
	ModelFailed bool    `json:"model_failed,omitempty"` // in the last turn
	Spoke       int     `json:"spoke"`                  // turns in a language of the script

	topic int // index of the topic in the script while a step runs; -1 for none
}

// Returned gives the state in which the bot takes a conversation back from a person: a fresh budget of
// turns and no memory of anger, with what is known kept.
func (s State) Returned(p Policy) State {
	s.Counters = s.Counters.returned(&p)
	s.Pending, s.Asked, s.Earlier, s.Confirming, s.SaidBack, s.Offered = "", nil, nil, false, false, false
	return s
}

// keepTurns is how many earlier turns are kept to see repetitions, keepWords how many words of each.
const (
	keepTurns = 6
	keepWords = 24
)

// wordHashes gives the sorted hashes of the words of a text; of a text without spaces, of pairs of characters.
func wordHashes(text string) []uint32 {
	folded := script.Fold(text)
	words := strings.Fields(folded)
	if strings.ContainsFunc(folded, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }) {
		words = words[:0]
		runes := []rune(strings.ReplaceAll(folded, " ", ""))
		for i := 0; i+1 < len(runes); i++ {
			words = append(words, string(runes[i:i+2]))
		}
	}
	out := make([]uint32, 0, len(words))
	for _, w := range words {
		h := fnv.New32a()
		h.Write([]byte(w)) // never fails
		out = append(out, h.Sum32())
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > keepWords {
		out = out[:keepWords]
	}
	return out
}

// repeats reports whether a turn says again what an earlier one said: three words or more, four fifths of
// them the same.
func repeats(words []uint32, earlier [][]uint32) bool {
	if len(words) < 3 {
		return false
	}
	for _, e := range earlier {
		both, i, j := 0, 0, 0
		for i < len(words) && j < len(e) {
			switch {
			case words[i] == e[j]:
				both++
				i++
				j++
			case words[i] < e[j]:
				i++
			default:
				j++
			}
		}
		if union := len(words) + len(e) - both; both*5 >= union*4 {
			return true
		}
	}
	return false
}
