package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
)

type usersOut struct {
	Body struct {
		Users []chat.User `json:"users"`
	}
}

type userOut struct{ Body chat.User }

// UserFields is exported because huma leaves out embedded structs that are not. They are what an admin sets of a user.
type UserFields struct {
	Name      string     `json:"name" minLength:"1" maxLength:"100"`
	Email     string     `json:"email" minLength:"3" maxLength:"254"`
	Grade     chat.Grade `json:"grade" enum:"agent,supervisor,admin"`
	Level     int        `json:"level" minimum:"1" maximum:"4"`
	Skills    []string   `json:"skills,omitempty" maxItems:"50"`
	Languages []string   `json:"languages,omitempty" maxItems:"50"`
	Products  []string   `json:"products,omitempty" maxItems:"500" doc:"ids of the products that they are an expert in: from level 2 on they take chats about them whatever skill is asked for"`
	Capacity  int        `json:"capacity,omitempty" minimum:"0" maximum:"1000"`
}

type newUserIn struct {
	Body struct {
		UserFields
		Password string `json:"password,omitempty" maxLength:"1024" doc:"empty: by a one-time link"`
	}
}

type changeUserIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		UserFields
		Disabled bool  `json:"disabled,omitempty"`
		Version  int64 `json:"version,omitempty" minimum:"0" doc:"the version that the change was made from: if there is a newer one, the answer is 409; 0: whatever it is"`
	}
}

type userIn struct {
	ID string `path:"id" maxLength:"64"`
}

type linkOut struct {
	Body struct {
		Path string `json:"path" doc:"to be opened once, within 15 minutes, behind the server's address"`
	}
}

func (s *Server) userRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/users", "users", tagAdmin, "Everybody who works here"), chat.GradeSupervisor, s.listUsers)
	register(s, api, op(http.MethodPost, "/users", "create-user", tagAdmin, "Add somebody"), chat.GradeAdmin, s.createUser)
	register(s, api, op(http.MethodPut, "/users/{id}", "change-user", tagAdmin, "Change or disable somebody; ends their sessions where it must"), chat.GradeAdmin, s.changeUser)
	register(s, api, op(http.MethodPost, "/users/{id}/link", "create-link", tagAdmin, "A one-time link to sign in"), chat.GradeAdmin, s.createLink)
}

func (s *Server) listUsers(ctx context.Context, _ chat.User, _ *struct{}) (*usersOut, error) {
	users, err := s.o.Store.Users(ctx)
	out := &usersOut{}
	out.Body.Users = append([]chat.User{}, users...)
	return out, err
}

func (s *Server) createUser(ctx context.Context, by chat.User, in *newUserIn) (*userOut, error) {
	u := chat.User{ID: s.o.NewID(), CreatedAt: s.now()}
	in.Body.onto(&u)
	err := checkUser(u)
	if err == nil && in.Body.Password != "" {
		u.PasswordHash, err = s.hash(ctx, "password", in.Body.Password)
	}
	if err != nil {
		return nil, err
	}
	if err := s.o.Store.CreateUser(ctx, u); err != nil {
		return nil, fmt.Errorf("create user: %w", err)
	}
	s.audit(ctx, by, "user.create", u.ID, u)
	return &userOut{u}, nil
}

func (s *Server) changeUser(ctx context.Context, by chat.User, in *changeUserIn) (*userOut, error) {
	u, err := s.o.Store.User(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Body.Version != 0 {
		u.Version = in.Body.Version
	}
	in.Body.onto(&u)
	u.Disabled = in.Body.Disabled
	if err := checkUser(u); err != nil {
		return nil, err
	}
	if u.ID == by.ID && (u.Disabled || u.Grade != by.Grade) {
		return nil, &chat.InvalidError{Field: "grade", Code: "self", Hint: "Another admin has to do that to you."}
	}
	if u, err = s.o.Store.UpdateUser(ctx, u); err != nil {
		return nil, fmt.Errorf("change user %s: %w", in.ID, changedMeanwhile(err))
	}
	s.audit(ctx, by, "user.change", u.ID, u)
	s.usersChanged(u.ID)
	return &userOut{u}, nil
}

// changedMeanwhile words the refusal of a change that was made from an older version.
func changedMeanwhile(err error) error {
	if !errors.Is(err, chat.ErrConflict) {
		return err
	}
	return &apiError{status: http.StatusConflict, Code: frame.CodeStale, Message: "Somebody else has changed this in the meantime.",
		Hint: "Look at it as it is now, then make the change again."}
}

func (s *Server) createLink(ctx context.Context, by chat.User, in *userIn) (*linkOut, error) {
	u, err := s.o.Store.User(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	path, err := NewLink(ctx, s.o.Store, chat.LinkSignin, u.ID, s.now())
	if err != nil {
		return nil, err
	}
	s.audit(ctx, by, "user.link", u.ID, nil)
	out := &linkOut{}
	out.Body.Path = path
	return out, nil
}

func (f UserFields) onto(u *chat.User) {
	u.Name, u.Email, u.Grade, u.Level = strings.TrimSpace(f.Name), normal(f.Email), f.Grade, f.Level
	u.Skills, u.Languages, u.Products, u.Capacity = f.Skills, f.Languages, f.Products, f.Capacity
}

// checkUser checks what people typed: one-line names, and an address that can be one.
func checkUser(u chat.User) error {
	for _, f := range []struct {
		name, value string
		most        int
	}{{"name", u.Name, 100}, {"email", u.Email, 254}} {
		if p := frame.CheckText(f.name, f.value, f.most); p != nil {
			return p
		}
		if p := frame.CheckLine(f.name, f.value, f.most); p != nil {
			return p
		}
	}
	local, domain, ok := strings.Cut(u.Email, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(u.Email, " \t,;<>\"") || strings.Contains(domain, "@") {
		return &chat.InvalidError{Field: "email", Code: "email", Hint: "Give an address such as name@example.com."}
	}
	for _, list := range [][]string{u.Skills, u.Languages, u.Products} {
		for _, word := range list {
			if err := frame.CheckText("skills", word, 64); err != nil {
				return err
			}
		}
	}
	return nil
}
