package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
	"ombud/server/transcript"
)

// transcriptEvents is how many events of a conversation go into a letter at most: the newest.
const transcriptEvents = 4000

type transcriptIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Conversation string `json:"conversation" minLength:"1" maxLength:"64"`
		Email        string `json:"email" minLength:"3" maxLength:"254" doc:"where it is to go"`
		Code         string `json:"code,omitempty" maxLength:"16" doc:"what came to that address; left out at first"`
		Locale       string `json:"locale,omitempty" maxLength:"35" doc:"of the visitor's interface: used until the conversation has a language"`
		Zone         string `json:"zone,omitempty" maxLength:"64" doc:"IANA time zone in which times are written; UTC where it is none"`
	}
}

type transcriptOut struct {
	Body struct {
		State string `json:"state" enum:"code,sent" doc:"code: a code went to the address, ask for it; sent: the conversation is on its way"`
	}
}

func (s *Server) transcriptRoutes(api huma.API) {
	o := op(http.MethodPost, "/sites/{id}/transcript", "visitor-transcript", tagVisitors, "Send the conversation by e-mail; the visitor's token goes into Authorization: Bearer")
	o.Description = "At once to the address that the site vouches for. To every other a code goes first, which its owner tells: good for 15 minutes and five tries. " +
		"At most three codes an hour for a visitor, and five a day to an address."
	register(s, api, o, anonymous, s.mailTranscript)
}

// mailsTranscripts reports whether conversations can be sent by e-mail.
func (s *Server) mailsTranscripts() bool { return s.o.Mail != nil && s.o.Transcripts != nil }

// mailTranscript sends a conversation to somebody who has shown that the address is theirs, so that nobody can have our server
// write to strangers what they like.
func (s *Server) mailTranscript(ctx context.Context, _ chat.User, in *transcriptIn) (*transcriptOut, error) {
	v, site, err := s.fileVisitor(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !s.mailsTranscripts() {
		return nil, &chat.InvalidError{Field: "email", Code: "off", Hint: "E-mail is off on this server: save the conversation instead."}
	}
	c, err := s.ownConversation(ctx, v, in.Body.Conversation)
	if err != nil {
		return nil, err
	}
	email := strings.ToLower(strings.TrimSpace(in.Body.Email))
	if !isEmail(email) || frame.CheckLine("email", email, 254) != nil {
		return nil, &chat.InvalidError{Field: "email", Code: frame.CodeInvalid, Hint: "Give an e-mail address such as ada@example.com."}
	}
	if !s.uploads.allow(comesFrom(ctx).ip) {
		return nil, chat.ErrRateLimited
	}
	language := c.Language
	if language == "" {
		language = in.Body.Locale
	}
	out := &transcriptOut{}
	vouched := v.Verified && strings.EqualFold(v.Email, email)
	switch {
	case in.Body.Code != "":
		out.Body.State, err = "sent", s.sendByCode(ctx, v, site, c, email, language, in)
	case vouched:
		out.Body.State, err = "sent", s.sendVouched(ctx, v, site, c, email, language, in.Body.Zone)
	default:
		out.Body.State, err = "code", s.sendCode(ctx, v, site, c, email, language)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ownConversation gives a conversation of the visitor's own, else chat.ErrNotFound.
func (s *Server) ownConversation(ctx context.Context, v chat.Visitor, id string) (chat.Conversation, error) {
	c, err := s.o.Store.Conversation(ctx, id)
	if err == nil && c.Visitor != v.ID {
		err = chat.ErrNotFound
	}
	return c, err
}

// codeHash binds a code to the request it was made for.
func codeHash(id, code string) string { return HashToken(id + ":" + code) }

// newCode makes and stores a code, which counts against how many may be asked for.
func (s *Server) newCode(ctx context.Context, v chat.Visitor, c chat.Conversation, email string) (chat.TranscriptCode, string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return chat.TranscriptCode{}, "", fmt.Errorf("make a code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	t := chat.TranscriptCode{ID: s.o.NewID(), Visitor: v.ID, Conversation: c.ID, Email: email, CreatedAt: s.now()}
	t.Hash = codeHash(t.ID, code)
	return t, code, s.o.Transcripts.AddTranscriptCode(ctx, t)
}

func (s *Server) sendCode(ctx context.Context, v chat.Visitor, site chat.Site, c chat.Conversation, email, language string) error {
	t, code, err := s.newCode(ctx, v, c, email)
	if err != nil {
		return err
	}
	return s.post(ctx, t.ID, email, transcript.Code(language, site.Name, code))
}

// sendVouched counts as a code does, so that it cannot be asked for without end.
func (s *Server) sendVouched(ctx context.Context, v chat.Visitor, site chat.Site, c chat.Conversation, email, language, zone string) error {
	t, _, err := s.newCode(ctx, v, c, email)
	if err != nil {
		return err
	}
	return s.sendTranscript(ctx, t, site, c, language, zone)
}

func (s *Server) sendByCode(ctx context.Context, v chat.Visitor, site chat.Site, c chat.Conversation, email, language string, in *transcriptIn) error {
	t, err := s.o.Transcripts.TryTranscriptCode(ctx, v.ID, c.ID, email, s.now())
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return err
	}
	told := codeHash(t.ID, strings.TrimSpace(in.Body.Code))
	if err != nil || subtle.ConstantTimeCompare([]byte(told), []byte(t.Hash)) != 1 {
		return &chat.InvalidError{Field: "code", Code: "wrong", Hint: "The code is wrong or has expired. Ask for a new one."}
	}
	return s.sendTranscript(ctx, t, site, c, language, in.Body.Zone)
}

// sendTranscript sends the letter, and voids its code only then: a mail server that is away for a moment does not cost it.
func (s *Server) sendTranscript(ctx context.Context, t chat.TranscriptCode, site chat.Site, c chat.Conversation, language, zone string) error {
	in, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		in = time.UTC
	}
	var all []chat.Event
	if err := s.walk(ctx, c.ID, max(0, c.LastSeq-transcriptEvents), func(events []chat.Event) bool {
		all = append(all, events...)
		return true
	}); err != nil {
		return fmt.Errorf("read transcript of %s: %w", c.ID, err)
	}
	if err := s.post(ctx, t.ID+".transcript", t.Email, transcript.Conversation(language, site.Name, all, in)); err != nil {
		return err
	}
	return s.o.Transcripts.VoidTranscriptCode(context.WithoutCancel(ctx), t.ID)
}

// post hands a letter to the mail server. What goes wrong there is none of the visitor's business.
func (s *Server) post(ctx context.Context, id, to string, l transcript.Letter) error {
	err := s.o.Mail.Send(ctx, chat.Mail{ID: id, To: to, Subject: l.Subject, Text: l.Text})
	switch {
	case errors.Is(err, chat.ErrInvalid):
		return &chat.InvalidError{Field: "email", Code: "refused", Hint: "The mail server does not take this address."}
	case err != nil:
		s.o.Logger.Warn("send transcript", "id", id, "error", err)
		return fmt.Errorf("send transcript %s: %w", id, chat.ErrUnavailable)
	}
	return nil
}
