package chat

import "time"

// HourCount counts the conversations that began in one hour.
type HourCount struct {
	At            time.Time `json:"at"` // when the hour began
	Conversations int       `json:"conversations"`
	HandedOver    int       `json:"handed_over"` // of them, those that asked for a person at least once
}
