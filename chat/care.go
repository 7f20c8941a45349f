package chat

import "time"

// Mail is one message by e-mail, plain text.
type Mail struct {
	ID      string // becomes the Message-ID, so that a second delivery shows as the first
	To      string
	Subject string
	Text    string
}

// DeadJob is a timer or delivery that was given up after many tries.
type DeadJob struct {
	ID        int64     `json:"id"`
	Kind      string    `json:"kind"`
	Attempts  int       `json:"attempts"`
	Error     string    `json:"error,omitempty"` // of the last try
	CreatedAt time.Time `json:"created_at"`
}
