package chat

import "time"

// Identity is who acts. It is passed as an argument, never hidden in a context.
type Identity struct {
	Role  Role   // visitor, agent, bot or system
	ID    string // Visitor.ID or User.ID; "" for bot and system
	Name  string // display name
	Site  string // a visitor's site
	Grade Grade  // an agent's grade; "" for everybody else
}

// Grade says what a user may do; each grade includes those before it.
type Grade string

// The grades of a user.
const (
	GradeAgent      Grade = "agent"
	GradeSupervisor Grade = "supervisor"
	GradeAdmin      Grade = "admin"
)

// Includes reports whether g may do what other may do.
func (g Grade) Includes(other Grade) bool { return g.rank() >= other.rank() && g.rank() > 0 }

func (g Grade) rank() int {
	switch g {
	case GradeAgent:
		return 1
	case GradeSupervisor:
		return 2
	case GradeAdmin:
		return 3
	}
	return 0
}

// User is somebody who works here.
type User struct {
	ID           string   `json:"id"`
	Email        string   `json:"email"`
	Name         string   `json:"name"`
	Grade        Grade    `json:"grade"`
	Level        int      `json:"level"`     // highest level of the escalation path they settle
	Skills       []string `json:"skills"`    // empty: every skill
	Languages    []string `json:"languages"` // empty: every language
	Products     []string `json:"products"`  // that they are an expert in: see handoff.Agent
	Capacity     int      `json:"capacity"`  // most chats held at once; 0: no limit
	PasswordHash string   `json:"-"`         // argon2id in PHC form; "" if none is set
	Disabled     bool     `json:"disabled"`
	// SessionEpoch is raised by a password change, a sign-out everywhere and disabling: older sessions end.
	SessionEpoch int64     `json:"-"`
	CreatedAt    time.Time `json:"created_at"`
	// Version is raised by every change that an admin makes.
	Version int64 `json:"version"`
}

// Visitor is somebody who writes to a site.
type Visitor struct {
	ID        string `json:"id"`
	Site      string `json:"site"`
	TokenHash string `json:"-"` // SHA-256 of the 256-bit token, hex
	Name      string `json:"name,omitempty"`
	Email     string `json:"email,omitempty"`
	Subject   string `json:"subject,omitempty"` // the site's own user id, once verified
	Verified  bool   `json:"verified"`
	// Attrs is what the site's server signed; Unverified is what the page said, which anybody can make it say.
	Attrs      map[string]string `json:"attrs,omitempty"`
	Unverified map[string]string `json:"unverified,omitempty"`
	CreatedAt  time.Time         `json:"created_at"`
}

// VisitorChange is what became known of a visitor. What is nil stays as it is.
type VisitorChange struct {
	Name, Email       *string
	Attrs, Unverified *map[string]string
}

// Site is a website that carries the widget.
type Site struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Origins  []string  `json:"origins"` // exact origins: scheme://host[:port]
	Settings SiteRules `json:"settings"`
	Version  int64     `json:"version"` // raised by every change; 0: not stored yet
}

// SiteRules are a site's own switches.
type SiteRules struct {
	Locale       string   `json:"locale,omitempty"` // default interface language
	IdentityKeys []string `json:"-"`                // HS256 keys, newest first; at most two
	// Enforce turns away who comes without a token of IdentityKeys.
	Enforce bool `json:"enforce,omitempty"`
	// Ask names what visitors are asked for before the first message, as far as it is not known: name, email.
	Ask []string `json:"ask,omitempty"`
	// Files lets visitors and agents send pictures and PDFs.
	Files bool `json:"files,omitempty"`
	// Look is how the widget looks on the site, as far as the page itself does not say; nil: as it comes.
	Look *Look `json:"look,omitempty"`
}

// Look is how a site's widget looks. What is empty is as the widget comes.
type Look struct {
	Position string   `json:"position,omitempty"` // right or left
	Theme    string   `json:"theme,omitempty"`    // auto, light or dark
	Bubble   string   `json:"bubble,omitempty"`   // show or hide
	Light    *Palette `json:"light,omitempty"`
	Dark     *Palette `json:"dark,omitempty"`
}

// Palette is the widget's colours by day or by night, each #rrggbb in small letters.
type Palette struct {
	Accent   string `json:"accent"`    // of what can be pressed
	Hover    string `json:"hover"`     // the same under the pointer
	OnAccent string `json:"on_accent"` // of text on it
	Soft     string `json:"soft"`      // under the head and the place in line
	OnSoft   string `json:"on_soft"`   // of text on that
}
