package hub

import (
	"context"
	"fmt"

	"ombud/chat"
)

// Commit stores an append that was decided elsewhere, and tells everybody who follows the conversation.
func (h *Hub) Commit(ctx context.Context, a chat.Append) (chat.Appended, error) {
	out, err := h.o.Store.Append(ctx, a)
	if err != nil {
		return out, fmt.Errorf("commit to %s: %w", a.Conversation, err)
	}
	h.stored(nil, out)
	return out, nil
}
