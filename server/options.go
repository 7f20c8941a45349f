package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"ombud/bot"
	"ombud/chat"
)

// Options configures a server. Hub, Store, Sessions and Bus are required; zero values take the defaults.
type Options struct {
	Hub      Hub
	Store    Store
	Sessions SessionStore
	Bus      Bus
	Duty     Duty   // nil: presence is not kept
	Policy   Policy // nil: no policies over REST
	// Care, Upkeep, Dead and Pages are what comes after the words. Nil: what needs them is unavailable.
	Care   Care
	Upkeep Upkeep
	// Reports reads what reports are made of. Nil: there are none.
	Reports Reports
	Dead    DeadLetters
	Pages   Pages
	// Desk is what agents work with: ready replies, search, the wall. Nil: they are unavailable.
	Desk DeskStore
	// Tone gives the phrases that the running script forbids, by language. Nil: unavailable.
	Tone func() map[string][]string
	// Suggest has a language model draft a reply for an agent. Nil: none is configured.
	Suggest func(ctx context.Context, in bot.SuggestInput) (bot.Suggestion, error)
	// Files keeps what is sent along. Nil: it is unavailable.
	Files Files
	// Eraser erases visitors. Nil: it is unavailable.
	Eraser Eraser
	// Studio is where the script is written, Sandbox where a draft of it is tried. Nil: they are unavailable.
	Studio  Studio
	Sandbox Sandbox
	// Admin is what administrators look at. Nil: it is unavailable.
	Admin AdminStore
	// Mail sends invitations and transcripts. Nil: e-mail is off.
	Mail Mailer
	// Transcripts keeps the codes by which an address is confirmed. Nil: transcripts do not go by e-mail.
	Transcripts Transcripts
	// Operations tells how the installation runs. Nil: it is unavailable.
	Operations Operations
	// Articles keeps the knowledge articles, Library finds in those that are live. Nil: they are unavailable. Other nodes
	// get the hint "articles".
	Articles Articles
	Library  Library
	// OnPolicy is told of a policy that was saved here, so that the bot can take it up; other nodes get the hint "policy".
	OnPolicy func(chat.PolicyVersion)
	Logger   *slog.Logger
	Now      func() time.Time // UTC
	NewID    func() string    // UUIDv7

	// PublicURL is where people reach the server, e.g. https://chat.example.com. Empty: whatever Host the request names,
	// which is right for a laptop. With https cookies are Secure and named __Host-ombud.
	PublicURL string
	// TrustedProxies may set X-Forwarded-For. None: the header is ignored.
	TrustedProxies []netip.Prefix
	// MetricsFrom may read /metrics; this machine always may.
	MetricsFrom []netip.Prefix
	// RemoteSetup lets the first set-up be done from another machine; by default only from this one.
	RemoteSetup bool
	// Demo serves the shop page at /demo/, which carries the widget of the site with the id demo.
	Demo bool
	// WidgetFS is served under /w/, ConsoleFS under /console/. Nil: not there.
	WidgetFS, ConsoleFS fs.FS
	// Pinned is the widget's file that never changes, for sites that check its hash.
	Pinned  Pinned
	Version string

	Limits Limits
}

// Pinned names one release of the widget.
type Pinned struct {
	Path      string // below the public URL, e.g. /w/1.2.3/widget.js
	Integrity string // e.g. sha384-…
}

// Limits bounds what one client, one address and one site can ask for.
type Limits struct {
	VisitorSays    float64       // messages a minute of one visitor's socket; default 100
	VisitorBurst   int           // default 20
	AgentSays      float64       // requests a minute of one agent's socket; default 600
	AgentBurst     int           // default 100
	Frames         float64       // frames of any type a second of one socket; default 50
	FramesBurst    int           // default 200
	SocketsPerIP   int           // default 256; loopback and trusted proxies are not counted
	SocketsPerSite int           // default 100,000
	Sockets        int           // in all; default 200,000
	Hello          time.Duration // time for the first frame; default 10 s
	Ping           time.Duration // between pings; default 25 s
	Idle           time.Duration // without any frame or pong; default 60 s
	Write          time.Duration // longest one write may take; default 8 s
	OutboxFrames   int           // frames waiting for one socket; default 512
	OutboxBytes    int           // default 1 MiB
	Recheck        time.Duration // how often agents' sessions are looked at again; default 30 s
	DrainSpread    time.Duration // over which a drain spreads its closes; default 20 s, and sooner where they are few
	Call           time.Duration // longest one request of a socket may take; default 10 s
	Hashing        int           // passwords hashed at once; default 2
	Drawing        int           // files checked at once, 100 MB of memory each; default 2
	Uploads        float64       // files a minute from one address; default 4
	UploadsBurst   int           // default 40
	Downloads      float64       // files a minute to one address or user; default 240
	DownloadsBurst int           // default 600
	Suggestions    float64       // replies that a model drafts for one agent, a minute; default 10
	SuggestBurst   int           // default 5
}

func (o *Options) defaults() error {
	if o.Hub == nil || o.Store == nil || o.Sessions == nil || o.Bus == nil {
		return errors.New("server options: Hub, Store, Sessions and Bus are required")
	}
	if o.NewID == nil {
		return errors.New("server options: NewID is required")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || (u.Path != "" && u.Path != "/") {
			return fmt.Errorf("server options: public URL %q: give http(s)://host[:port]", o.PublicURL)
		}
		o.PublicURL = u.Scheme + "://" + u.Host
	}
	o.Limits.defaults()
	return nil
}

func (l *Limits) defaults() {
	orDefault(&l.VisitorSays, 100)
	orDefault(&l.VisitorBurst, 20)
	orDefault(&l.AgentSays, 600)
	orDefault(&l.AgentBurst, 100)
	orDefault(&l.Frames, 50)
	orDefault(&l.FramesBurst, 200)
	orDefault(&l.SocketsPerIP, 256)
	orDefault(&l.SocketsPerSite, 100_000)
	orDefault(&l.Sockets, 200_000)
	orDefault(&l.Hello, 10*time.Second)
	orDefault(&l.Ping, 25*time.Second)
	orDefault(&l.Idle, 60*time.Second)
	orDefault(&l.Write, 8*time.Second)
	orDefault(&l.OutboxFrames, 512)
	orDefault(&l.OutboxBytes, 1<<20)
	orDefault(&l.Recheck, 30*time.Second)
	orDefault(&l.DrainSpread, 20*time.Second)
	orDefault(&l.Call, 10*time.Second)
	orDefault(&l.Hashing, 2)
	orDefault(&l.Drawing, 2)
	orDefault(&l.Uploads, 4)
	orDefault(&l.UploadsBurst, 40)
	orDefault(&l.Downloads, 240)
	orDefault(&l.DownloadsBurst, 600)
	orDefault(&l.Suggestions, 10)
	orDefault(&l.SuggestBurst, 5)
}

func orDefault[T comparable](v *T, fallback T) {
	var zero T
	if *v == zero {
		*v = fallback
	}
}
