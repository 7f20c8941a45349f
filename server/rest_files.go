package server

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/upload"
)

// fileQuota is what one conversation may hold.
var fileQuota = chat.Quota{Files: 20, Bytes: 40 << 20}

// slowUpload is how long the largest file may take to come in: 8 MB at 1.6 Mbit/s.
const slowUpload = 50 * time.Second

// FileIn is a file on its way in.
type FileIn struct {
	ClientID string `query:"id" required:"true" maxLength:"64" pattern:"^[A-Za-z0-9._:-]+$" doc:"the client's own id of this request: sent again with the same, it is stored once"`
	Name     string `query:"name" maxLength:"300" doc:"as the sender calls it"`
	RawBody  []byte `contentType:"application/octet-stream"`
}

type visitorFileIn struct {
	ID string `path:"id" maxLength:"64"`
	FileIn
}

type agentFileIn struct {
	ConversationIn
	FileIn
}

type visitorFileOf struct {
	ID           string `path:"id" maxLength:"64"`
	File         string `path:"file" maxLength:"64"`
	Conversation string `query:"conversation" required:"true" maxLength:"64"`
}

type agentFileOf struct {
	ConversationIn
	File string `path:"file" maxLength:"64"`
}

type attachedOut struct {
	Body struct {
		Seq int64 `json:"seq" doc:"of the event that tells both sides"`
		chat.Attached
	}
}

// fileOut gives the bytes in a way that no browser runs or shows as a page, whatever is in them.
type fileOut struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Resource    string `header:"Cross-Origin-Resource-Policy"`
	Body        []byte
}

func (s *Server) fileRoutes(api huma.API) {
	in := func(path, id, tag, summary string) huma.Operation {
		o := op(http.MethodPost, path, id, tag, summary)
		o.MaxBodyBytes, o.BodyReadTimeout = upload.MaxBytes+1, slowUpload
		o.Description = "Pictures are drawn anew, which drops their metadata. At most 8 MB each; 20 files and 40 MB in a conversation. Only where the site's setting allows it."
		return o
	}
	register(s, api, in("/sites/{id}/files", "visitor-send-file", tagVisitors, "Send a picture or a PDF; the visitor's token goes into Authorization: Bearer"), anonymous, s.visitorSendsFile)
	register(s, api, op(http.MethodGet, "/sites/{id}/files/{file}", "visitor-file", tagVisitors, "A file of the visitor's own conversation"), anonymous, s.visitorFile)
	register(s, api, in("/conversations/{id}/files", "send-file", tagWork, "Send a picture or a PDF to the visitor"), chat.GradeAgent, s.agentSendsFile)
	register(s, api, op(http.MethodGet, "/conversations/{id}/files/{file}", "file", tagWork, "A file of a conversation"), chat.GradeAgent, s.agentFile)
}

// visitorOf gives whom the token in the Authorization header stands for, if they are of that site.
func (s *Server) visitorOf(ctx context.Context, site string) (chat.Visitor, chat.Site, error) {
	hash, _ := ctx.Value(bearerKey{}).(string)
	if hash == "" {
		return chat.Visitor{}, chat.Site{}, chat.ErrUnauthentic
	}
	of, err := s.sites.site(ctx, site)
	if err != nil {
		return chat.Visitor{}, of, err
	}
	v, err := s.o.Store.VisitorByToken(ctx, hash)
	if errors.Is(err, chat.ErrNotFound) || err == nil && v.Site != site {
		return chat.Visitor{}, of, chat.ErrUnauthentic
	}
	return v, of, err
}

func (s *Server) visitorSendsFile(ctx context.Context, _ chat.User, in *visitorFileIn) (*attachedOut, error) {
	v, site, err := s.visitorOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !s.uploads.allow(comesFrom(ctx).ip) {
		return nil, chat.ErrRateLimited
	}
	c, err := s.o.Store.LatestConversation(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	who := chat.Identity{Role: chat.RoleVisitor, ID: v.ID, Name: v.Name, Site: site.ID}
	return s.takeFile(ctx, site, c, who, in.FileIn)
}

func (s *Server) agentSendsFile(ctx context.Context, u chat.User, in *agentFileIn) (*attachedOut, error) {
	c, err := s.visible(ctx, u, in.ID)
	if err != nil {
		return nil, err
	}
	if c.Owner != chat.OwnerAgent || c.Agent != u.ID {
		return nil, fmt.Errorf("send a file to %s without holding it: %w", c.ID, chat.ErrStale)
	}
	site, err := s.sites.site(ctx, c.Site)
	if err != nil {
		return nil, err
	}
	return s.takeFile(ctx, site, c, identityOf(u), in.FileIn)
}

// takeFile checks and stores a file, and tells both sides of it. A crash between the two leaves a file that nobody hears of until
// the sender's client tries again with the same id.
func (s *Server) takeFile(ctx context.Context, site chat.Site, c chat.Conversation, who chat.Identity, in FileIn) (*attachedOut, error) {
	if s.o.Files == nil {
		return nil, chat.ErrUnavailable
	}
	if !site.Settings.Files {
		return nil, &chat.InvalidError{Field: "file", Code: "off", Hint: "This site takes no files."}
	}
	f, err := s.checker.File(ctx, in.Name, in.RawBody)
	if err != nil {
		return nil, err
	}
	f.ID, f.Conversation, f.Role, f.Sender, f.ClientID, f.CreatedAt = s.o.NewID(), c.ID, who.Role, who.ID, in.ClientID, s.now()
	stored, err := s.o.Files.AddFile(ctx, f, fileQuota)
	if errors.Is(err, chat.ErrTooLarge) {
		return nil, &chat.InvalidError{Field: "file", Code: "quota", Hint: "There are as many files in this conversation as there may be."}
	}
	if err != nil {
		return nil, err
	}
	out := &attachedOut{}
	out.Body.Attached = chat.Attached{File: stored.ID, FileName: stored.Name, Type: stored.Type, Size: stored.Size, Width: stored.Width, Height: stored.Height}
	e, _, err := s.o.Hub.Attach(ctx, who, c.ID, in.ClientID, out.Body.Attached)
	if err != nil {
		if stored.ID == f.ID {
			err = errors.Join(err, s.o.Files.RemoveFile(context.WithoutCancel(ctx), f.ID))
		}
		return nil, fmt.Errorf("tell of file %s in %s: %w", f.ID, c.ID, err)
	}
	out.Body.Seq = e.Seq
	return out, nil
}

func (s *Server) visitorFile(ctx context.Context, _ chat.User, in *visitorFileOf) (*fileOut, error) {
	v, _, err := s.visitorOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := s.o.Store.Conversation(ctx, in.Conversation)
	if err == nil && c.Visitor != v.ID {
		err = chat.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.giveFile(ctx, c.ID, in.File)
}

func (s *Server) agentFile(ctx context.Context, u chat.User, in *agentFileOf) (*fileOut, error) {
	if _, err := s.visible(ctx, u, in.ID); err != nil {
		return nil, err
	}
	return s.giveFile(ctx, in.ID, in.File)
}

func (s *Server) giveFile(ctx context.Context, conversation, id string) (*fileOut, error) {
	if s.o.Files == nil {
		return nil, chat.ErrUnavailable
	}
	f, err := s.o.Files.File(ctx, conversation, id)
	if err != nil {
		return nil, err
	}
	return &fileOut{
		ContentType: f.Type, Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}),
		Policy: "default-src 'none'; sandbox", Resource: "cross-origin", Body: f.Data,
	}, nil
}
