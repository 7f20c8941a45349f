package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/sheet"
)

const (
	auditPage   = 100
	auditExport = 50_000 // lines of one export
)

// AuditFilter is exported because huma leaves out embedded structs that are not. It picks entries.
type AuditFilter struct {
	By     string    `query:"by" maxLength:"64" doc:"who did it, by id"`
	What   string    `query:"what" maxLength:"64" doc:"the whole verb, such as user.change, or with a dot at the end all that begin so: user."`
	Object string    `query:"object" maxLength:"200" doc:"id of what was changed"`
	From   time.Time `query:"from" doc:"from then on"`
	To     time.Time `query:"to" doc:"before then"`
}

type auditIn struct {
	AuditFilter
	Before string `query:"before" maxLength:"64" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type auditOut struct {
	Body struct {
		Entries []chat.AuditEntry `json:"entries" doc:"newest first"`
		Next    string            `json:"next,omitempty" doc:"give it as before for the page after this one; left out on the last"`
		Kinds   []string          `json:"kinds,omitempty" doc:"the verbs that the log holds; on the first page alone"`
	}
}

func (s *Server) auditRoutes(api huma.API) {
	export := op(http.MethodGet, "/audit/export", "export-audit", tagAdmin, "The audit log as CSV, at most 50,000 lines; the export is itself noted in it")
	export.Responses = map[string]*huma.Response{"200": {Description: "CSV with a heading, in UTF-8", Content: map[string]*huma.MediaType{"text/csv": {}}}}
	register(s, api, op(http.MethodGet, "/audit", "audit", tagAdmin, "Who changed what, newest first"), chat.GradeAdmin, s.listAudit)
	register(s, api, export, chat.GradeAdmin, s.exportAudit)
}

func (f AuditFilter) query() chat.AuditQuery {
	return chat.AuditQuery{By: f.By, What: f.What, Object: f.Object, From: f.From.UTC(), To: f.To.UTC()}
}

func (s *Server) listAudit(ctx context.Context, _ chat.User, in *auditIn) (*auditOut, error) {
	a, err := s.admin()
	if err != nil {
		return nil, err
	}
	q := in.query()
	q.Limit = in.Limit + 1
	if in.Before != "" {
		if q.Before.At, q.Before.ID, err = fromCursor("before", in.Before); err != nil {
			return nil, err
		}
	}
	entries, err := a.AuditPage(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &auditOut{}
	if len(entries) > in.Limit {
		entries = entries[:in.Limit]
		last := entries[in.Limit-1]
		out.Body.Next = cursor(last.At, last.ID)
	}
	out.Body.Entries = append([]chat.AuditEntry{}, entries...)
	if in.Before == "" {
		out.Body.Kinds, err = a.AuditKinds(ctx)
	}
	return out, err
}

// exportAudit writes what the filter picks, oldest last. That somebody took it away is noted first.
func (s *Server) exportAudit(ctx context.Context, by chat.User, in *AuditFilter) (*sheetOut, error) {
	a, err := s.admin()
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	s.audit(ctx, by, "audit.export", "", in)
	rows := [][]string{{"at", "by", "name", "what", "object", "detail"}}
	q := in.query()
	q.Limit = 1000
	for len(rows) <= auditExport {
		page, err := a.AuditPage(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			rows = append(rows, []string{e.At.UTC().Format(time.RFC3339Nano), e.By, names[e.By], e.What, e.Object, string(e.Detail)})
		}
		if len(page) < q.Limit {
			break
		}
		q.Before = page[len(page)-1]
	}
	name := fmt.Sprintf(`attachment; filename="audit-%s.csv"`, s.now().Format(time.DateOnly))
	data, err := sheet.CSV(rows)
	return &sheetOut{Type: "text/csv; charset=utf-8", Disposition: name, Body: data}, err
}

// names gives everybody's name by id.
func (s *Server) names(ctx context.Context) (map[string]string, error) {
	users, err := s.o.Store.Users(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, nil
}
