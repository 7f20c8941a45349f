package chat

import "time"

// TranscriptCode confirms that a conversation may be sent to an address: whoever owns the address can tell it.
type TranscriptCode struct {
	ID           string
	Visitor      string
	Conversation string
	Email        string // in lower case
	Hash         string // SHA-256 over ID and the code, hex
	CreatedAt    time.Time
}

// The bounds of transcripts by e-mail.
const (
	TranscriptCodeLife  = 15 * time.Minute
	TranscriptTries     = 5              // wrong codes, after which a code is void
	TranscriptPerHour   = 3              // codes of one visitor
	TranscriptPerEmail  = 5              // codes to one address a day, whoever asks
	TranscriptRemembers = 24 * time.Hour // so long a code is counted
)
