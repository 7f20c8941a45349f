package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/password"
)

// How long links can be used that let somebody choose a password.
const (
	inviteLife = 7 * 24 * time.Hour
	resetLife  = 24 * time.Hour
)

type inviteIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Mail bool   `json:"mail,omitempty" doc:"send it by e-mail, too"`
		Base string `json:"base" minLength:"8" maxLength:"300" doc:"scheme and host of the page that asks; used where the server has no public URL"`
	}
}

type inviteOut struct {
	Body struct {
		URL       string    `json:"url" doc:"to be opened once; links of this kind made before for the user are void"`
		ExpiresAt time.Time `json:"expires_at"`
		Mailed    bool      `json:"mailed"`
		Why       string    `json:"why,omitempty" doc:"why the e-mail that was asked for did not go out"`
	}
}

type choosePasswordIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"128" minLength:"1" doc:"what stands behind /join/ in the address"`
		Password string `json:"password" maxLength:"1024"`
	}
}

func (s *Server) inviteRoutes(api huma.API) {
	register(s, api, op(http.MethodPost, "/users/{id}/invite", "invite", tagAdmin, "A link by which somebody chooses a password: seven days for a first one, a day for a new one"), chat.GradeAdmin, s.invite)
	register(s, api, op(http.MethodPost, "/session/password", "choose-password", tagSession, "Choose a password by a link, and sign in"), anonymous, s.choosePassword)
}

// invite makes the link. It stands in the answer even where the mail goes out: mail gets lost.
func (s *Server) invite(ctx context.Context, by chat.User, in *inviteIn) (*inviteOut, error) {
	a, err := s.admin()
	if err != nil {
		return nil, err
	}
	u, err := s.o.Store.User(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if u.Disabled {
		return nil, &chat.InvalidError{Field: "id", Code: "disabled", Hint: "Enable the account first."}
	}
	base, err := s.baseURL(in.Body.Base)
	if err != nil {
		return nil, err
	}
	if err := a.VoidLinks(ctx, u.ID, s.now()); err != nil {
		return nil, err
	}
	life, words := resetLife, "reset"
	if u.PasswordHash == "" {
		life, words = inviteLife, "invite"
	}
	token := NewToken()
	out := &inviteOut{}
	out.Body.URL, out.Body.ExpiresAt = base+"/console/#/join/"+token, s.now().Add(life)
	link := chat.Link{Hash: HashToken(token), Kind: chat.LinkPassword, User: u.ID, ExpiresAt: out.Body.ExpiresAt}
	if err := s.o.Store.CreateLink(ctx, link); err != nil {
		return nil, fmt.Errorf("create link for %s: %w", u.ID, err)
	}
	if in.Body.Mail {
		out.Body.Mailed, out.Body.Why = s.mailLink(ctx, by, u, words, out.Body.URL)
	}
	s.audit(ctx, by, "user."+words, u.ID, map[string]any{"expires_at": out.Body.ExpiresAt, "mailed": out.Body.Mailed})
	return out, nil
}

// baseURL gives scheme and host for a link. Only an admin says where the page is, and only where the server does not know.
func (s *Server) baseURL(asked string) (string, error) {
	if s.o.PublicURL != "" {
		return s.o.PublicURL, nil
	}
	base, err := exactOrigin(asked)
	if err != nil {
		return "", &chat.InvalidError{Field: "base", Code: "origin", Hint: "Give scheme and host of the console's page."}
	}
	return base, nil
}

// mailLink sends the link at once, and not as a job: jobs are stored, and a link's secret is not.
func (s *Server) mailLink(ctx context.Context, by, to chat.User, words, url string) (bool, string) {
	if s.o.Mail == nil {
		return false, "E-mail is off on this server."
	}
	subject, text := inviteWords(to, by, words, url)
	err := s.o.Mail.Send(ctx, chat.Mail{ID: s.o.NewID() + "@ombud", To: to.Email, Subject: subject, Text: text})
	if err != nil {
		s.o.Logger.Warn("send invitation", "user", to.ID, "error", err)
		return false, "The mail server did not take it."
	}
	return true, ""
}

// choosePassword sets the password and signs in. Everything is checked before the link is used up, so that a password
// that is too short does not cost it; all older sessions of the user end.
func (s *Server) choosePassword(ctx context.Context, _ chat.User, in *choosePasswordIn) (*meOut, error) {
	ip := comesFrom(ctx).ip
	if err := s.guesses.allowed("link", ip); err != nil {
		return nil, err
	}
	if err := badPassword("password", password.Check(in.Body.Password)); err != nil {
		return nil, err
	}
	l, err := s.o.Store.UseLink(ctx, HashToken(in.Body.Token), chat.LinkPassword, s.now())
	if errors.Is(err, chat.ErrNotFound) || errors.Is(err, chat.ErrUnauthentic) {
		return nil, usedUp()
	}
	if err != nil {
		return nil, err
	}
	kept := context.WithoutCancel(ctx) // the link is used: whoever hangs up now still gets the password
	u, err := s.o.Store.User(kept, l.User)
	if errors.Is(err, chat.ErrNotFound) || err == nil && u.Disabled {
		return nil, usedUp()
	}
	if err != nil {
		return nil, err
	}
	hash, err := s.hash(kept, "password", in.Body.Password)
	if err != nil {
		return nil, err
	}
	u, err = s.o.Store.SetPassword(kept, l.User, hash)
	if errors.Is(err, chat.ErrNotFound) { // disabled at this very moment
		return nil, usedUp()
	}
	if err != nil {
		return nil, err
	}
	s.guesses.right("link", ip)
	s.audit(kept, u, "user.password", u.ID, nil)
	s.usersChanged(u.ID)
	if err := s.begin(ctx, u); err != nil {
		return nil, err
	}
	return &meOut{me(u)}, nil
}

// inviteWords words the e-mail in the first language of the person that we speak, else in English.
func inviteWords(to, by chat.User, kind, url string) (subject, text string) {
	words := inviteTexts["en"]
	for _, language := range to.Languages {
		if w, ok := inviteTexts[strings.ToLower(language)]; ok {
			words = w
			break
		}
	}
	fill := strings.NewReplacer("{name}", to.Name, "{by}", by.Name, "{url}", url)
	return fill.Replace(words[kind+".subject"]), fill.Replace(words[kind+".text"])
}

var inviteTexts = map[string]map[string]string{
	"en": {
		"invite.subject": "Your account for answering customers",
		"invite.text":    "Hello {name},\n\n{by} has made an account for you. Choose a password here, within seven days:\n\n{url}\n\nThe link works once. Do not pass it on.",
		"reset.subject":  "Choose a new password",
		"reset.text":     "Hello {name},\n\n{by} lets you choose a new password. Do it here, within a day:\n\n{url}\n\nThe link works once. If you did not ask for it, tell {by}.",
	},
	"hu": {
		"invite.subject": "Fiókja az ügyfélszolgálathoz",
		"invite.text":    "Kedves {name}!\n\n{by} fiókot hozott létre Önnek. Hét napon belül itt választhat jelszót:\n\n{url}\n\nA hivatkozás egyszer használható. Ne adja tovább.",
		"reset.subject":  "Válasszon új jelszót",
		"reset.text":     "Kedves {name}!\n\n{by} jóvoltából új jelszót választhat. Egy napon belül itt teheti meg:\n\n{url}\n\nA hivatkozás egyszer használható. Ha nem Ön kérte, szóljon neki: {by}.",
	},
	"sl": {
		"invite.subject": "Vaš račun za delo s strankami",
		"invite.text":    "Pozdravljeni, {name},\n\n{by} vam je ustvaril(a) račun. Geslo izberite tukaj v sedmih dneh:\n\n{url}\n\nPovezava deluje enkrat. Ne posredujte je naprej.",
		"reset.subject":  "Izberite novo geslo",
		"reset.text":     "Pozdravljeni, {name},\n\n{by} vam omogoča izbiro novega gesla. Izberite ga tukaj v enem dnevu:\n\n{url}\n\nPovezava deluje enkrat. Če tega niste zahtevali, to sporočite: {by}.",
	},
	"fr": {
		"invite.subject": "Votre compte du service client",
		"invite.text":    "Bonjour {name},\n\n{by} vous a créé un compte. Choisissez votre mot de passe ici, dans les sept jours :\n\n{url}\n\nLe lien ne sert qu’une fois. Ne le transmettez à personne.",
		"reset.subject":  "Choisissez un nouveau mot de passe",
		"reset.text":     "Bonjour {name},\n\n{by} vous permet de choisir un nouveau mot de passe. Faites-le ici, dans les 24 heures :\n\n{url}\n\nLe lien ne sert qu’une fois. Si vous n’avez rien demandé, prévenez {by}.",
	},
	"zh": {
		"invite.subject": "您的客服账号",
		"invite.text":    "{name}，您好：\n\n{by}已为您创建账号。请在七天内通过以下链接设置密码：\n\n{url}\n\n链接仅可使用一次，请勿转发。",
		"reset.subject":  "请设置新密码",
		"reset.text":     "{name}，您好：\n\n{by}已为您开通密码重置。请在一天内通过以下链接设置新密码：\n\n{url}\n\n链接仅可使用一次。如非您本人要求，请告知{by}。",
	},
}
