package hub

import (
	"sync"
	"time"

	"ombud/chat"
)

// BoardItem is one conversation as the console lists it.
type BoardItem struct {
	Conversation string        `json:"conversation"`
	Site         string        `json:"site"`
	Visitor      BoardPerson   `json:"visitor"`
	Agent        *BoardPerson  `json:"agent,omitempty"`
	Language     string        `json:"language"`
	Owner        chat.Owner    `json:"owner"` // queue, ticket or agent
	Reason       string        `json:"reason"`
	Severity     chat.Severity `json:"severity"`
	Level        int           `json:"level"`
	Skill        string        `json:"skill,omitempty"`
	Topic        string        `json:"topic,omitempty"`
	Product      string        `json:"product,omitempty"`
	Label        string        `json:"label,omitempty"`
	RequestedAt  time.Time     `json:"requested_at,omitzero"`
	DueAt        time.Time     `json:"due_at,omitzero"`
	Warned       bool          `json:"warned,omitempty"` // the clock that ends at DueAt runs out soon, or has run out
	CallbackAt   time.Time     `json:"callback_at,omitzero"`
	Handovers    int           `json:"handovers"`
	LastText     string        `json:"last_text"`
	LastRole     chat.Role     `json:"last_role"`
	LastSeq      int64         `json:"last_seq"`
	UpdatedAt    time.Time     `json:"updated_at"`
	Rank         int           `json:"rank"` // 1 is next; 0 for chats that an agent holds
	conv         chat.Conversation
	memo         *memo
}

// memo keeps what an item looks like to those who list it.
type memo struct {
	once sync.Once
	form []byte
}

// Form gives the item as encode writes it. It is written once for all who list it: always give the same function, and do not change what comes.
func (it BoardItem) Form(encode func(BoardItem) []byte) []byte {
	if it.memo == nil {
		return encode(it)
	}
	it.memo.once.Do(func() { it.memo.form = encode(it) })
	return it.memo.form
}

// move gives the item a place in line, and reports whether it had another.
func (it *BoardItem) move(rank int) bool {
	if it.Rank == rank {
		return false
	}
	it.Rank, it.memo = rank, new(memo)
	return true
}

// BoardPerson is a name with its id.
type BoardPerson struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
