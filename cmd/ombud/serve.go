package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"

	"ombud/server"
)

// database says where everything is kept.
type database struct {
	Database string `default:"" env:"OMBUD_DATABASE" placeholder:"URL" help:"SQLite file, or postgres://… (default: ./ombud.db)."`
}

// understanding says what the bot reads and where it keeps what it has learnt.
type understanding struct {
	Script string `type:"existingdir" env:"OMBUD_SCRIPT" placeholder:"DIR" help:"Folder with the script (default: the one built in)."`
	Cache  string `env:"OMBUD_CACHE" placeholder:"DIR" help:"Folder for trained models (default: the user's cache folder)."`
}

// model is the optional language model.
type model struct {
	ModelURL  string        `env:"OMBUD_MODEL_URL" placeholder:"URL" help:"Base URL of an OpenAI-compatible server, e.g. http://localhost:11434/v1. Without it the bot works from the script alone."`
	ModelName string        `env:"OMBUD_MODEL_NAME" placeholder:"NAME" help:"Model to ask for."`
	ModelKey  string        `env:"OMBUD_MODEL_KEY" placeholder:"KEY" help:"API key of that server. Prefer the environment: flags show in process lists."`
	ModelTime time.Duration `default:"4s" env:"OMBUD_MODEL_TIME" help:"Longest one turn waits for the model before the script answers."`

	ModelTokens int    `default:"5000000" env:"OMBUD_MODEL_TOKENS" help:"Tokens a day (UTC) for the model; above it the script answers alone. Negative: no bound."`
	Knowledge   string `type:"existingdir" env:"OMBUD_KNOWLEDGE" placeholder:"DIR" help:"Folder of Markdown articles, imported at the start as approved ones that the model may draft from. Edits made in the console stand."`
}

// config is everything that serve can be told.
type config struct {
	database
	understanding
	model
	outward
	logging

	Listen         string        `default:":8080" env:"OMBUD_LISTEN" placeholder:"ADDR" help:"Address to listen on; port 0 lets the system choose."`
	PublicURL      string        `env:"OMBUD_PUBLIC_URL" placeholder:"URL" help:"Where people reach the server, e.g. https://chat.example.com (default: http://localhost and the port)."`
	NATS           string        `name:"nats" env:"OMBUD_NATS" placeholder:"URL" help:"NATS cluster that joins several nodes (default: one inside the process)."`
	Demo           bool          `env:"OMBUD_DEMO" help:"Add a shop page with the widget, two agents, a supervisor and an admin, and print one-time sign-in links."`
	DemoHistory    int           `default:"600" env:"OMBUD_DEMO_HISTORY" placeholder:"N" help:"Conversations of the last two months that --demo writes into an empty database; 0 for none."`
	RemoteSetup    bool          `env:"OMBUD_REMOTE_SETUP" help:"Let the first set-up be done from another machine."`
	TrustedProxies []string      `env:"OMBUD_TRUSTED_PROXIES" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is believed."`
	MetricsFrom    []string      `env:"OMBUD_METRICS_FROM" placeholder:"CIDR" help:"Who else may read /metrics; this machine always may."`
	TurnPause      time.Duration `default:"700ms" env:"OMBUD_TURN_PAUSE" help:"Silence after which a visitor's burst counts as finished."`
	VisitorSays    float64       `default:"100" env:"OMBUD_VISITOR_SAYS" help:"Messages a minute that one visitor's socket may send."`
	Retention      time.Duration `default:"0" env:"OMBUD_RETENTION" help:"How long visitors are kept in whose conversations, all of them closed, nothing happens any more, e.g. 8760h for a year; then they are erased. 0: for ever."`
	DrainLimit     time.Duration `default:"25s" env:"OMBUD_DRAIN_LIMIT" help:"Longest that a stop waits for sockets to leave."`

	refreshEvery time.Duration // tests set it, and the next; 0 means the usual
	lease        time.Duration // how long an agent who is not heard of counts as present
}

// validate is the one place where the configuration is checked.
func (c config) validate() error {
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("--public-url %q: give http(s)://host[:port]", c.PublicURL)
		}
	}
	if c.ModelURL != "" && c.ModelName == "" {
		return errors.New("--model-url needs --model-name: say which model to ask for")
	}
	if _, err := c.mailer(now); err != nil {
		return fmt.Errorf("--smtp-url: %w", err)
	}
	if c.Retention != 0 && c.Retention < 24*time.Hour {
		return fmt.Errorf("--retention %s: give a day (24h) at least, or 0 to keep all", c.Retention)
	}
	if c.TurnPause < 0 || c.TurnPause > time.Minute {
		return fmt.Errorf("--turn-pause %s: give a time from 0s to 1m", c.TurnPause)
	}
	if _, err := c.metricsFrom(); err != nil {
		return err
	}
	_, err := c.proxies()
	return err
}

func (c config) proxies() ([]netip.Prefix, error) {
	return prefixes("--trusted-proxies", c.TrustedProxies)
}

func (c config) metricsFrom() ([]netip.Prefix, error) {
	return prefixes("--metrics-from", c.MetricsFrom)
}

// prefixes reads addresses and prefixes; a bare address stands for itself alone.
func prefixes(flag string, texts []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, p := range texts {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			addr, addrErr := netip.ParseAddr(p)
			if addrErr != nil {
				return nil, fmt.Errorf("%s %q: give an address or a prefix such as 10.0.0.0/8", flag, p)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		out = append(out, prefix)
	}
	return out, nil
}

// limits follows the one figure that an operator sets: frames of all types are allowed a multiple of messages.
func (c config) limits() server.Limits {
	perSecond := c.VisitorSays / 60
	return server.Limits{
		VisitorSays: c.VisitorSays, VisitorBurst: int(max(20, min(1e6, perSecond*10))),
		Frames: max(50, perSecond*4), FramesBurst: int(max(200, min(1e6, perSecond*20))),
	}
}

type serveCmd struct {
	config
}

// Run serves until the context ends, then drains.
func (c *serveCmd) Run(ctx context.Context, s streams) error {
	if err := c.validate(); err != nil {
		return err
	}
	thrift()
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	a, err := start(ctx, c.config, l, s)
	if err != nil {
		l.Close()
		return err
	}
	return a.serve(ctx)
}
