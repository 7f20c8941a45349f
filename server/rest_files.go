package server

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

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
	out := func(path, id, tag, summary string) huma.Operation { return op(http.MethodGet, path, id, tag, summary) }
	fileRoute(s, api, in("/sites/{id}/files", "visitor-send-file", tagVisitors, "Send a picture or a PDF; the visitor's token goes into Authorization: Bearer"), anonymous, s.mayVisitorSend, s.visitorSendsFile)
	fileRoute(s, api, out("/sites/{id}/files/{file}", "visitor-file", tagVisitors, "A file of the visitor's own conversation"), anonymous, s.mayVisitorLook, s.visitorFile)
	fileRoute(s, api, in("/conversations/{id}/files", "send-file", tagWork, "Send a picture or a PDF to the visitor"), chat.GradeAgent, s.mayAgentSend, s.agentSendsFile)
	fileRoute(s, api, out("/conversations/{id}/files/{file}", "file", tagWork, "A file of a conversation"), chat.GradeAgent, s.mayAgentLook, s.agentFile)
}

// fileSide is who sends or asks for a file, and where, once it is known that they may.
type fileSide struct {
	who          chat.Identity
	site         chat.Site
	conversation chat.Conversation
}

type fileSideKey struct{}

// fileRoute adds a route that is asked may before its body, which may have megabytes, is read. The id is the one in the path.
func fileRoute[I, O any](s *Server, api huma.API, o huma.Operation, need chat.Grade, may func(ctx context.Context, u chat.User, id string) (fileSide, error),
	do func(context.Context, fileSide, *I) (*O, error),
) {
	register(s, api, o, need, func(ctx context.Context, _ chat.User, in *I) (*O, error) {
		side, _ := ctx.Value(fileSideKey{}).(fileSide)
		return do(ctx, side, in)
	}, func(c huma.Context, next func(huma.Context)) {
		u, _ := c.Context().Value(whoKey{}).(chat.User)
		side, err := may(c.Context(), u, c.Param("id"))
		if err != nil {
			_, w := humago.Unwrap(c)
			writeError(w, s.told(err))
			return
		}
		next(huma.WithValue(c, fileSideKey{}, side))
	})
}

// fileVisitor gives whom the token in the Authorization header stands for, if they are of that site. A site that asks for identities
// asks here as well: the token alone may lie in a browser that somebody else sits at by now.
func (s *Server) fileVisitor(ctx context.Context, id string) (chat.Visitor, chat.Site, error) {
	hash, _ := ctx.Value(bearerKey{}).(string)
	if hash == "" {
		return chat.Visitor{}, chat.Site{}, chat.ErrUnauthentic
	}
	site, err := s.sites.site(ctx, id)
	if err != nil {
		return chat.Visitor{}, site, err
	}
	v, err := s.o.Store.VisitorByToken(ctx, hash)
	if errors.Is(err, chat.ErrNotFound) || err == nil && v.Site != id {
		return chat.Visitor{}, site, chat.ErrUnauthentic
	}
	if err != nil || !site.Settings.Enforce {
		return v, site, err
	}
	text, _ := ctx.Value(vouchedKey{}).(string)
	claims, err := s.vouched(site, text)
	if err != nil {
		return chat.Visitor{}, site, err
	}
	if !v.Verified || v.Subject != claims.Subject {
		return chat.Visitor{}, site, fmt.Errorf("files of visitor %s, asked for by another: %w", v.ID, chat.ErrUnauthentic)
	}
	return v, site, nil
}

func (s *Server) mayVisitorSend(ctx context.Context, _ chat.User, id string) (fileSide, error) {
	v, site, err := s.fileVisitor(ctx, id)
	if err == nil {
		err = s.takesFiles(site, comesFrom(ctx).ip)
	}
	if err != nil {
		return fileSide{}, err
	}
	c, err := s.o.Store.LatestConversation(ctx, v.ID)
	return fileSide{chat.Identity{Role: chat.RoleVisitor, ID: v.ID, Name: v.Name, Site: site.ID}, site, c}, err
}

func (s *Server) mayVisitorLook(ctx context.Context, _ chat.User, id string) (fileSide, error) {
	v, site, err := s.fileVisitor(ctx, id)
	if err == nil && !s.downloads.allow(comesFrom(ctx).ip) {
		err = chat.ErrRateLimited
	}
	return fileSide{who: chat.Identity{Role: chat.RoleVisitor, ID: v.ID}, site: site}, err
}

func (s *Server) mayAgentSend(ctx context.Context, u chat.User, id string) (fileSide, error) {
	c, err := s.visible(ctx, u, id)
	if err != nil {
		return fileSide{}, err
	}
	if c.Owner != chat.OwnerAgent || c.Agent != u.ID {
		return fileSide{}, fmt.Errorf("send a file to %s without holding it: %w", c.ID, chat.ErrStale)
	}
	site, err := s.sites.site(ctx, c.Site)
	if err == nil {
		err = s.takesFiles(site, "user "+u.ID)
	}
	return fileSide{identityOf(u), site, c}, err
}

func (s *Server) mayAgentLook(ctx context.Context, u chat.User, id string) (fileSide, error) {
	c, err := s.visible(ctx, u, id)
	if err == nil && !s.downloads.allow("user "+u.ID) {
		err = chat.ErrRateLimited
	}
	return fileSide{who: identityOf(u), conversation: c}, err
}

// takesFiles says whether the site takes a file now from an address or a user.
func (s *Server) takesFiles(site chat.Site, from string) error {
	switch {
	case s.o.Files == nil:
		return chat.ErrUnavailable
	case !site.Settings.Files:
		return &chat.InvalidError{Field: "file", Code: "off", Hint: "This site takes no files."}
	case !s.uploads.allow(from):
		return chat.ErrRateLimited
	}
	return nil
}

func (s *Server) visitorSendsFile(ctx context.Context, side fileSide, in *visitorFileIn) (*attachedOut, error) {
	return s.takeFile(ctx, side, in.FileIn)
}

func (s *Server) agentSendsFile(ctx context.Context, side fileSide, in *agentFileIn) (*attachedOut, error) {
	return s.takeFile(ctx, side, in.FileIn)
}

// takeFile checks and stores a file, and tells both sides of it. Where the second fails, nobody knows for certain whether the event
// is stored; so the file stays. The sender's client tries again with the same id, or the housekeeping finds that nobody was told.
func (s *Server) takeFile(ctx context.Context, side fileSide, in FileIn) (*attachedOut, error) {
	f, err := s.checker.File(ctx, in.Name, in.RawBody)
	if err != nil {
		return nil, err
	}
	who, c := side.who, side.conversation
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
		return nil, fmt.Errorf("tell of file %s in %s: %w", stored.ID, c.ID, err)
	}
	out.Body.Seq = e.Seq
	return out, nil
}

func (s *Server) visitorFile(ctx context.Context, side fileSide, in *visitorFileOf) (*fileOut, error) {
	c, err := s.o.Store.Conversation(ctx, in.Conversation)
	if err == nil && c.Visitor != side.who.ID {
		err = chat.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.giveFile(ctx, c.ID, in.File)
}

func (s *Server) agentFile(ctx context.Context, side fileSide, in *agentFileOf) (*fileOut, error) {
	return s.giveFile(ctx, side.conversation.ID, in.File)
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
