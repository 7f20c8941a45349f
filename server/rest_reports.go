package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/chat/report"
	"ombud/server/sheet"
)

// Reports reads what reports are made of. Implemented by *storage.DB.
type Reports interface {
	ReportRows(ctx context.Context, from, to time.Time) ([]report.Row, error)
	ReportTexts(ctx context.Context, conversations []string) (map[string]string, error)
	PromisesMade(ctx context.Context, from, to time.Time) ([]report.Promised, error)
}

// ReportSpan is the period of a report, and which of its conversations count. Exported because huma reads no others.
type ReportSpan struct {
	From     time.Time `query:"from" doc:"default 30 days before to"`
	To       time.Time `query:"to" doc:"default now"`
	Zone     string    `query:"zone" maxLength:"64" default:"UTC" doc:"IANA time zone in which days and hours are told"`
	Site     string    `query:"site" maxLength:"64"`
	Language string    `query:"language" maxLength:"35"`
}

type reportIn struct {
	ReportSpan
	By string `query:"by" enum:"day,hour,language,site" default:"day"`
}

type reportOut struct {
	Body struct {
		report.Report
		Promises report.Promises `json:"promises"`
	}
}

type behindIn struct {
	ReportSpan
	Reason    string `query:"reason" maxLength:"200" doc:"in all texts - stands for none"`
	Skill     string `query:"skill" maxLength:"200"`
	Cause     string `query:"cause" maxLength:"200"`
	Product   string `query:"product" maxLength:"200"`
	Topic     string `query:"topic" maxLength:"200"`
	Label     string `query:"label" maxLength:"200"`
	Outcome   string `query:"outcome" maxLength:"200"`
	Day       string `query:"day" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"`
	Hour      int    `query:"hour" minimum:"-1" maximum:"23" default:"-1"`
	Level     int    `query:"level" minimum:"-1" maximum:"4" default:"-1"`
	Rating    int    `query:"rating" minimum:"-1" maximum:"5" default:"-1"`
	Handovers int    `query:"handovers" minimum:"-1" maximum:"3" default:"-1" doc:"of the customer in the period; 3 stands for three and more"`
	Is        string `query:"is" doc:"contained, handed_over, claimed, replied, settled or rated"`
	Offset    int    `query:"offset" minimum:"0" maximum:"1000000"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type behindOut struct {
	Body struct {
		Total         int          `json:"total"`
		Conversations []report.Row `json:"conversations" doc:"newest first"`
	}
}

type sheetOut struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *Server) reportRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/reports", "report", tagAdmin, "The figures of a period"), chat.GradeSupervisor, s.report)
	register(s, api, op(http.MethodGet, "/reports/conversations", "report-conversations", tagAdmin, "The conversations behind a figure"), chat.GradeSupervisor, s.behind)
	register(s, api, op(http.MethodGet, "/reports/sheet", "report-sheet", tagAdmin, "The figures of a period as CSV"), chat.GradeSupervisor, s.reportSheet)
	register(s, api, op(http.MethodGet, "/reports/conversations/sheet", "report-conversations-sheet", tagAdmin, "The conversations behind a figure as CSV"), chat.GradeAdmin, s.behindSheet)
}

// longestReport is the longest period: all its conversations are read for one answer.
const longestReport = 366 * 24 * time.Hour

// reportOptions reads a period; what is wrong with it is *chat.InvalidError.
func (s *Server) reportOptions(in ReportSpan) (report.Options, error) {
	var o report.Options
	var err error
	if o.From, o.To, err = s.period(in.From, in.To); err != nil {
		return o, err
	}
	if o.To.Sub(o.From) > longestReport {
		return o, &chat.InvalidError{Field: "from", Code: "range", Hint: "Ask for a year at most."}
	}
	if o.Zone, err = time.LoadLocation(in.Zone); err != nil {
		return o, &chat.InvalidError{Field: "zone", Code: "unknown", Hint: "Give an IANA time zone such as Europe/Ljubljana."}
	}
	o.Filter = report.Filter{Site: in.Site, Language: in.Language}
	return o, nil
}

func (s *Server) makeReport(ctx context.Context, in *reportIn) (report.Report, report.Options, error) {
	o, err := s.reportOptions(in.ReportSpan)
	if err != nil {
		return report.Report{}, o, err
	}
	if s.o.Reports == nil {
		return report.Report{}, o, chat.ErrUnavailable
	}
	o.By = in.By
	rows, err := s.o.Reports.ReportRows(ctx, o.From, o.To)
	if err != nil {
		return report.Report{}, o, err
	}
	r, err := report.Make(rows, o)
	if err != nil {
		return r, o, &chat.InvalidError{Field: "from", Code: "range", Hint: "Ask for a year at most."}
	}
	return r, o, nil
}

func (s *Server) report(ctx context.Context, _ chat.User, in *reportIn) (*reportOut, error) {
	r, o, err := s.makeReport(ctx, in)
	if err != nil {
		return nil, err
	}
	promises, err := s.o.Reports.PromisesMade(ctx, o.From, o.To)
	if err != nil {
		return nil, err
	}
	out := &reportOut{}
	out.Body.Report, out.Body.Promises = r, report.Count(promises)
	return out, nil
}

func (s *Server) reportSheet(ctx context.Context, by chat.User, in *reportIn) (*sheetOut, error) {
	r, _, err := s.makeReport(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.export(ctx, by, "report.export", "ombud-report.csv", report.Table(r))
}

// listed gives the rows behind a figure.
func (s *Server) listed(ctx context.Context, in *behindIn) ([]report.Row, error) {
	o, err := s.reportOptions(in.ReportSpan)
	if err != nil {
		return nil, err
	}
	f := o.Filter
	f.Reason, f.Cause, f.Product, f.Topic, f.Label, f.Outcome = in.Reason, in.Cause, in.Product, in.Topic, in.Label, in.Outcome
	f.Day, f.Is, f.Skill = in.Day, in.Is, in.Skill
	f.Hour, f.Level, f.Rating, f.Handovers = given(in.Hour), given(in.Level), given(in.Rating), given(in.Handovers)
	if !f.Known() {
		return nil, &chat.InvalidError{Field: "is", Code: "unknown", Hint: "Use contained, handed_over, claimed, replied, settled or rated."}
	}
	if s.o.Reports == nil {
		return nil, chat.ErrUnavailable
	}
	rows, err := s.o.Reports.ReportRows(ctx, o.From, o.To)
	return report.List(rows, f, o.Zone), err
}

func given(n int) *int {
	if n < 0 {
		return nil
	}
	return &n
}

func (s *Server) behind(ctx context.Context, _ chat.User, in *behindIn) (*behindOut, error) {
	rows, err := s.listed(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &behindOut{}
	out.Body.Total = len(rows)
	start := min(in.Offset, len(rows))
	out.Body.Conversations = rows[start:min(start+in.Limit, len(rows))]
	ids := make([]string, len(out.Body.Conversations))
	for i, r := range out.Body.Conversations {
		ids[i] = r.ID
	}
	texts, err := s.o.Reports.ReportTexts(ctx, ids)
	for i, id := range ids {
		out.Body.Conversations[i].LastText = texts[id]
	}
	return out, err
}

func (s *Server) behindSheet(ctx context.Context, by chat.User, in *behindIn) (*sheetOut, error) {
	rows, err := s.listed(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.export(ctx, by, "conversations.export", "ombud-conversations.csv", report.Rows(rows))
}

// export gives a table to take along, and writes down who took it.
func (s *Server) export(ctx context.Context, by chat.User, what, name string, table [][]string) (*sheetOut, error) {
	data, err := sheet.CSV(table)
	if err != nil {
		return nil, err
	}
	s.audit(ctx, by, what, name, map[string]int{"rows": len(table) - 1})
	return &sheetOut{Type: "text/csv; charset=utf-8", Disposition: `attachment; filename="` + name + `"`, Body: data}, nil
}
