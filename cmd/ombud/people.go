package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"ombud/chat"
	"ombud/server"
	"ombud/storage"
)

const (
	setupFor  = 15 * time.Minute
	signInFor = 15 * time.Minute
	// demoSignInFor is longer: the demo is looked at for a while, on one's own machine.
	demoSignInFor = 24 * time.Hour
)

// newSecret makes a 256-bit secret and the hash that is stored in its place.
func newSecret() (secret, hash string) {
	secret = server.NewToken()
	return secret, server.HashToken(secret)
}

// firstSteps makes the demo's people and shop, or the set-up link of an empty database.
func (a *app) firstSteps(ctx context.Context) error {
	if a.c.Demo {
		return a.demo(ctx)
	}
	n, err := a.db.CountUsers(ctx)
	if err != nil || n > 0 {
		return err
	}
	secret, hash := newSecret()
	if err := a.db.CreateLink(ctx, chat.Link{Hash: hash, Kind: chat.LinkSetup, ExpiresAt: now().Add(setupFor)}); err != nil {
		return fmt.Errorf("make the set-up link: %w", err)
	}
	a.links = append(a.links, link{"set up (once, 15 minutes)", a.url + "/console/#/setup/" + secret})
	return nil
}

// demoPeople are the people of the demo shop.
var demoPeople = []chat.User{
	{Email: "anna@shop.example", Name: "Anna", Grade: chat.GradeAgent, Level: chat.LevelAgent, Capacity: 5},
	{Email: "marko@shop.example", Name: "Marko", Grade: chat.GradeAgent, Level: chat.LevelExpert, Products: []string{"kettle"}, Capacity: 5},
	{Email: "claire@shop.example", Name: "Claire", Grade: chat.GradeSupervisor, Level: chat.LevelSupervisor, Capacity: 5},
	{Email: "admin@shop.example", Name: "Admin", Grade: chat.GradeAdmin, Level: chat.LevelExecutive},
}

// demo fills an empty database with a shop and its people, and makes a fresh sign-in link for each.
func (a *app) demo(ctx context.Context) error {
	if err := a.demoSite(ctx); err != nil {
		return err
	}
	a.links = append(a.links, link{"shop with the widget", a.url + "/demo/"})
	for _, u := range demoPeople {
		id, err := ensureUser(ctx, a.db, u)
		if err != nil {
			return err
		}
		secret, hash := newSecret()
		l := chat.Link{Hash: hash, Kind: chat.LinkSignin, User: id, ExpiresAt: now().Add(demoSignInFor)}
		if err := a.db.CreateLink(ctx, l); err != nil {
			return fmt.Errorf("make the sign-in link of %s: %w", u.Email, err)
		}
		a.links = append(a.links, link{fmt.Sprintf("%s (%s)", u.Name, u.Grade), a.url + "/console/#/link/" + secret})
	}
	return nil
}

// demoSite lets the shop page talk to the server under every name that this machine has for itself. Other nodes may do so at the
// same moment.
func (a *app) demoSite(ctx context.Context) error {
	for {
		if err := a.saveDemoSite(ctx); !errors.Is(err, chat.ErrConflict) {
			return err
		}
	}
}

func (a *app) saveDemoSite(ctx context.Context) error {
	site, err := a.db.Site(ctx, "demo")
	if errors.Is(err, chat.ErrNotFound) {
		site, err = chat.Site{ID: "demo", Name: "Demo shop"}, nil
	}
	if err != nil {
		return fmt.Errorf("read the demo site: %w", err)
	}
	u, err := url.Parse(a.url)
	if err != nil {
		return fmt.Errorf("read the server's address: %w", err)
	}
	origins := []string{u.Scheme + "://" + u.Host}
	if a.c.PublicURL == "" {
		origins = append(origins, "http://127.0.0.1:"+u.Port(), "http://[::1]:"+u.Port())
	}
	for _, o := range origins {
		if !slices.Contains(site.Origins, o) {
			site.Origins = append(site.Origins, o)
		}
	}
	if err := a.db.SaveSite(ctx, site); err != nil {
		return fmt.Errorf("save the demo site: %w", err)
	}
	return nil
}

// ensureUser adds a user unless their address is taken, and gives the id.
func ensureUser(ctx context.Context, db *storage.DB, u chat.User) (string, error) {
	old, err := db.UserByEmail(ctx, u.Email)
	if err == nil {
		return old.ID, nil
	}
	if !errors.Is(err, chat.ErrNotFound) {
		return "", fmt.Errorf("look for %s: %w", u.Email, err)
	}
	u.ID, u.CreatedAt = newID(), now()
	if err := db.CreateUser(ctx, u); err != nil {
		return "", fmt.Errorf("add %s: %w", u.Email, err)
	}
	return u.ID, nil
}

type migrateCmd struct {
	database
	logging
}

func (c *migrateCmd) Run(ctx context.Context, s streams) error {
	db, err := storage.Open(ctx, storage.Options{URL: c.Database, Logger: c.logger(s.err)})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "the database is up to date")
	return err
}

type userCmd struct {
	Add  userAddCmd  `cmd:"" help:"Add somebody and print a one-time sign-in link."`
	List userListCmd `cmd:"" help:"List who works here."`
}

type userAddCmd struct {
	database
	logging
	Email     string   `arg:"" help:"Address to sign in with."`
	Name      string   `required:"" help:"Name that visitors see."`
	Grade     string   `enum:"agent,supervisor,admin" default:"agent" help:"agent, supervisor or admin."`
	Level     int      `default:"1" help:"Highest level they settle: 1 agent, 2 expert, 3 supervisor, 4 executive."`
	Skills    []string `help:"Skills (default: every skill)."`
	Languages []string `help:"Languages (default: every language)."`
	Products  []string `help:"Ids of the products that they are an expert in."`
	Capacity  int      `default:"5" help:"Most chats held at once; 0: no limit."`
	URL       string   `default:"http://localhost:8080" help:"Where the server is reached, for the link."`
}

func (c *userAddCmd) Run(ctx context.Context, s streams) error {
	if c.Level < chat.LevelAgent || c.Level > chat.LevelExecutive {
		return fmt.Errorf("--level %d: give a level from 1 to 4", c.Level)
	}
	for flag, list := range map[string][]string{"--skills": c.Skills, "--languages": c.Languages, "--products": c.Products} {
		if err := checkList(flag, list); err != nil {
			return err
		}
	}
	db, err := storage.Open(ctx, storage.Options{URL: c.Database, Logger: c.logger(s.err)})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := checkProducts(ctx, db, c.Products); err != nil {
		return err
	}
	u := chat.User{
		ID: newID(), Email: c.Email, Name: c.Name, Grade: chat.Grade(c.Grade), Level: c.Level, Skills: c.Skills,
		Languages: c.Languages, Products: c.Products, Capacity: c.Capacity, CreatedAt: now(),
	}
	if err := db.CreateUser(ctx, u); err != nil {
		return fmt.Errorf("add %s: %w", c.Email, err)
	}
	secret, hash := newSecret()
	l := chat.Link{Hash: hash, Kind: chat.LinkSignin, User: u.ID, ExpiresAt: now().Add(signInFor)}
	if err := db.CreateLink(ctx, l); err != nil {
		return fmt.Errorf("make the sign-in link: %w", err)
	}
	_, err = fmt.Fprintf(s.out, "%s can sign in once, within 15 minutes, at\n%s/console/#/link/%s\n", c.Name, c.URL, secret)
	return err
}

// checkList takes the spaces off what a flag names, and refuses one that names nothing: it would not mean what it looks like.
func checkList(flag string, list []string) error {
	for i, word := range list {
		list[i] = strings.TrimSpace(word)
	}
	if list != nil && (len(list) == 0 || slices.Contains(list, "")) {
		return &chat.InvalidError{Field: flag, Code: "empty", Hint: "Name at least one, with commas between several, or leave " + flag + " out."}
	}
	return nil
}

// checkProducts refuses what is not on the list of products: nothing would ever go to an expert in it.
func checkProducts(ctx context.Context, db *storage.DB, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	all, err := productList(ctx, db)
	if err != nil {
		return err
	}
	known := make([]string, 0, len(all))
	for _, p := range all {
		known = append(known, p.ID)
	}
	for _, id := range ids {
		if slices.Contains(known, id) {
			continue
		}
		hint := "Use ids of the list: " + strings.Join(known, ", ") + "."
		if len(known) == 0 {
			hint = "None is listed yet: add it in the console first."
		}
		return &chat.InvalidError{Field: "--products", Code: "unknown", Hint: fmt.Sprintf("There is no product %q. %s", id, hint)}
	}
	return nil
}

type userListCmd struct {
	database
	logging
}

func (c *userListCmd) Run(ctx context.Context, s streams) error {
	db, err := storage.Open(ctx, storage.Options{URL: c.Database, Logger: c.logger(s.err)})
	if err != nil {
		return err
	}
	defer db.Close()
	users, err := db.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		state := ""
		if u.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(s.out, "%s\t%s\t%s\tlevel %d\t%s\n", u.Email, u.Name, u.Grade, u.Level, state)
	}
	return nil
}

type tokenCmd struct {
	database
	logging
	Email string `arg:"" help:"Whose name the program acts in."`
	Name  string `required:"" help:"What the token is for."`
}

func (c *tokenCmd) Run(ctx context.Context, s streams) error {
	db, err := storage.Open(ctx, storage.Options{URL: c.Database, Logger: c.logger(s.err)})
	if err != nil {
		return err
	}
	defer db.Close()
	u, err := db.UserByEmail(ctx, c.Email)
	if err != nil {
		return fmt.Errorf("find %s: %w", c.Email, err)
	}
	secret, hash := newSecret()
	t := chat.APIToken{ID: newID(), Hash: hash, User: u.ID, Name: c.Name, CreatedAt: now()}
	if err := db.CreateAPIToken(ctx, t); err != nil {
		return fmt.Errorf("make a token for %s: %w", c.Email, err)
	}
	_, err = fmt.Fprintln(s.out, secret)
	return err
}

// tone gives the phrases that the running script forbids, for the console's warning while typing.
func (a *app) tone() map[string][]string {
	s := a.engine.Script()
	phrases := map[string][]string{}
	for _, language := range s.Languages {
		phrases[language] = s.ForbiddenPhrases(language)
	}
	return phrases
}
