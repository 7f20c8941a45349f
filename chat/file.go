package chat

import "time"

// File is something that a visitor or an agent sent along: a picture or a PDF, checked, and drawn anew where it is a picture.
type File struct {
	ID           string    `json:"id"`
	Conversation string    `json:"conversation"`
	Role         Role      `json:"role"`
	Sender       string    `json:"sender"` // Visitor.ID or User.ID
	ClientID     string    `json:"client_id"`
	Name         string    `json:"name"` // as the sender calls it, with the ending that its content deserves
	Type         string    `json:"type"` // image/jpeg, image/png or application/pdf
	Size         int       `json:"size"` // bytes of Data
	Width        int       `json:"width,omitempty"`
	Height       int       `json:"height,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
	Data         []byte    `json:"-"`
}

// Attached is the body of KindFile: what both sides see of a file. Its bytes are asked for by its id.
type Attached struct {
	File     string `json:"file"`
	FileName string `json:"file_name"`
	Type     string `json:"type"`
	Size     int    `json:"size"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Name     string `json:"name,omitempty"` // the agent's display name
}

// Quota bounds the files of one conversation.
type Quota struct {
	Files int   // how many
	Bytes int64 // of all together
}
