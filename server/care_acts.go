package server

import (
	"context"

	"ombud/chat"
	"ombud/server/frame"
)

// care gives what keeps offers and promises, or chat.ErrUnavailable where the server runs without it.
func (s *Server) care() (Care, error) {
	if s.o.Care == nil {
		return nil, chat.ErrUnavailable
	}
	return s.o.Care, nil
}

func (a *agent) offer(ctx context.Context, in frame.In) (bool, error) {
	c, err := a.c.s.care()
	if err != nil {
		return false, err
	}
	o := chat.Offer{Remedy: in.Remedy, Worth: in.Worth, Currency: in.Currency, Text: in.Text}
	return false, c.Offer(ctx, a.user(), in.Conversation, in.ID, o)
}

func (a *agent) promise(ctx context.Context, in frame.In) (bool, error) {
	c, err := a.c.s.care()
	if err != nil {
		return false, err
	}
	return false, c.Promise(ctx, a.user(), in.Conversation, in.ID, chat.Promise{Text: in.Text, DueAt: in.DueAt})
}

func (a *agent) settlePromise(ctx context.Context, in frame.In) (bool, error) {
	c, err := a.c.s.care()
	if err != nil {
		return false, err
	}
	return false, c.SettlePromise(ctx, a.user(), in.Conversation, in.ID, in.Promise, in.State, in.DueAt)
}

func (a *agent) complaint(ctx context.Context, in frame.In) (bool, error) {
	c, err := a.c.s.care()
	if err != nil {
		return false, err
	}
	_, err = c.Complain(ctx, a.user().ID, in.Conversation)
	return false, err
}

func (v *visitor) answerOffer(ctx context.Context, in frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	c, err := v.c.s.care()
	if err != nil {
		return false, err
	}
	return false, c.AnswerOffer(ctx, v.who(), v.conversation, in.ID, in.Offer, in.Accept)
}
