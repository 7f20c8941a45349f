package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ombud/chat"
	"ombud/chat/care"
	"ombud/server/frame"
	"ombud/server/page"
)

const (
	pageConversations = 20
	pageEvents        = 2000 // of one conversation that are looked through
	pageForm          = 64 << 10
	pageText          = 1000 // characters of what is said beside the rating
)

// ownPageRoutes serves the customers' own pages. Whoever has the signed link is the customer.
func (s *Server) ownPageRoutes(pages *http.ServeMux, cross *http.CrossOriginProtection) {
	pages.HandleFunc("GET /my/page.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=300")
		_, _ = w.Write(page.Style)
	})
	pages.Handle("GET /my/{token}", private(http.HandlerFunc(s.ownPage)))
	pages.Handle("POST /my/{token}/rating", private(cross.Handler(http.HandlerFunc(s.ratePage))))
}

// private keeps the address of the page, which is a key, out of caches and of other sites' logs.
func private(next http.Handler) http.Handler {
	return noStore(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("X-Robots-Tag", "noindex")
		next.ServeHTTP(w, r)
	}))
}

func (s *Server) pageVisitor(r *http.Request) (chat.Visitor, error) {
	if s.o.Pages == nil {
		return chat.Visitor{}, chat.ErrNotFound
	}
	id, err := s.o.Pages.Visitor(r.PathValue("token"), s.now())
	if err != nil {
		return chat.Visitor{}, err
	}
	return s.o.Store.Visitor(r.Context(), id)
}

func (s *Server) ownPage(w http.ResponseWriter, r *http.Request) {
	v, err := s.pageVisitor(r)
	if err != nil {
		s.pageError(w, err)
		return
	}
	all, err := s.pageOf(r.Context(), v.ID)
	if err != nil {
		s.pageError(w, err)
		return
	}
	wanted := []string{r.URL.Query().Get("lang")}
	if len(all) > 0 {
		wanted = append(wanted, all[0].Language)
	}
	lang := page.Language(append(wanted, r.Header.Get("Accept-Language"))...)
	var b bytes.Buffer
	if err := page.Write(&b, lang, r.PathValue("token"), all); err != nil {
		s.pageError(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

func (s *Server) pageError(w http.ResponseWriter, err error) {
	var e *apiError
	if errors.As(s.told(err), &e) {
		plain(w, e.status, e.Message)
	}
}

// pageOf reads the visitor's conversations, newest first, with what they may see of them.
func (s *Server) pageOf(ctx context.Context, visitor string) ([]page.Conversation, error) {
	convs, err := s.o.Store.VisitorConversations(ctx, visitor, pageConversations)
	if err != nil {
		return nil, fmt.Errorf("read page of %s: %w", visitor, err)
	}
	set, err := s.survey(ctx, chat.User{}, nil)
	if err != nil {
		return nil, fmt.Errorf("read page of %s: %w", visitor, err)
	}
	var out []page.Conversation
	for _, c := range convs {
		p := page.Conversation{Conversation: c, Questions: pageQuestions(set.Body.Asked(c.Language))}
		if err := s.walk(ctx, c.ID, 0, func(events []chat.Event) bool {
			for _, e := range events {
				addToPage(&p, e)
			}
			return events[len(events)-1].Seq < pageEvents
		}); err != nil {
			return nil, fmt.Errorf("read page of %s: %w", visitor, err)
		}
		out = append(out, p)
	}
	return out, nil
}

func pageQuestions(asked []care.AskedQuestion) []page.Question {
	var out []page.Question
	for _, q := range asked {
		p := page.Question{ID: q.ID, Kind: q.Kind, Text: q.Text}
		for _, c := range q.Choices {
			p.Choices = append(p.Choices, page.Choice(c))
		}
		out = append(out, p)
	}
	return out
}

func addToPage(p *page.Conversation, e chat.Event) {
	switch e.Kind {
	case chat.KindMessage, chat.KindLeftMessage:
		var m struct { // a left message has a text too, and may tell where its writer is
			chat.Message
			Zone string `json:"zone"`
		}
		if json.Unmarshal(e.Body, &m) != nil {
			return
		}
		if m.Zone != "" {
			p.Zone = m.Zone
		}
		if m.Text != "" {
			p.Lines = append(p.Lines, page.Line{Role: e.Role, Name: m.Name, Text: m.Text, At: e.At})
		}
	case chat.KindClosed:
		p.Rated = false
	case chat.KindSurvey:
		var v chat.Survey
		if json.Unmarshal(e.Body, &v) == nil {
			p.Rated = p.Rated || v.State == "answered"
		}
	}
}

// ratePage takes the answer to the question how it went. An answer that is there already is not taken again.
func (s *Server) ratePage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, pageForm)
	v, err := s.pageVisitor(r)
	if err != nil {
		s.pageError(w, err)
		return
	}
	all, err := s.pageOf(r.Context(), v.ID)
	if err != nil {
		s.pageError(w, err)
		return
	}
	id := r.PostFormValue("conversation")
	i := slices.IndexFunc(all, func(c page.Conversation) bool { return c.ID == id })
	if i < 0 {
		s.pageError(w, chat.ErrNotFound)
		return
	}
	if rating, _ := strconv.Atoi(r.PostFormValue("rating")); !all[i].Rated { // no number is no rating from 1 to 5
		who := chat.Identity{Role: chat.RoleVisitor, ID: v.ID, Name: v.Name, Site: v.Site}
		answers, err := s.surveyAnswered(r.Context(), pageAnswers(r.PostForm))
		if err != nil {
			s.pageError(w, err)
			return
		}
		said := chat.Survey{Rating: rating, Text: strings.TrimSpace(r.PostForm.Get("text")), Answers: answers}
		if p := frame.CheckText("text", said.Text, pageText); said.Text != "" && p != nil {
			s.pageError(w, p)
			return
		}
		if err := s.o.Hub.Rate(r.Context(), who, id, said); err != nil {
			s.pageError(w, err)
			return
		}
	}
	http.Redirect(w, r, "/my/"+r.PathValue("token")+"?lang="+url.QueryEscape(r.URL.Query().Get("lang")), http.StatusSeeOther)
}
