package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the image has no time zones of its own

	"github.com/alecthomas/kong"

	"ombud/chat"
)

// version is set at build time with -ldflags "-X main.version=…".
var version = "dev"

// cli is every command and flag; the help that it prints is the reference.
type cli struct {
	Serve   serveCmd   `cmd:"" default:"withargs" help:"Run the server. This is also what ombud does without a command."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to date and stop."`
	User    userCmd    `cmd:"" help:"Add people and list them."`
	Script  scriptCmd  `cmd:"" help:"Check a script, or talk to it in the terminal."`
	Policy  policyCmd  `cmd:"" help:"Check a handoff policy, or replay it over recorded conversations."`
	Eval    evalCmd    `cmd:"" help:"Measure understanding and decisions on labelled data."`
	Erase   eraseCmd   `cmd:"" help:"Erase visitors: who they are, and all words, files and facts of their conversations."`
	Token   tokenCmd   `cmd:"" help:"Make an API token for a user."`
	Bench   benchCmd   `cmd:"" help:"Put load on a running server over the public protocol."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run runs one command line and gives its exit code: 0 done, 1 it went wrong, 2 it could not be understood.
func run(ctx context.Context, args []string, s streams) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("ombud"),
		kong.Description("A chat server whose bot calms, asks, and hands over to people in time."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Writers(s.out, s.err),
		kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s),
	)
	if err != nil {
		fmt.Fprintln(s.err, "ombud:", err)
		return 2
	}
	k, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintln(s.err, "ombud:", err)
		return 2
	}
	if err := k.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(s.err, "ombud:", coded(err))
		return 1
	}
	return 0
}

// coded adds the code of input that was refused, for the programs that read it.
func coded(err error) error {
	var invalid *chat.InvalidError
	if errors.As(err, &invalid) {
		return fmt.Errorf("%w [%s]", err, invalid.Code)
	}
	return err
}

type versionCmd struct{}

func (versionCmd) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "ombud", version)
	return err
}

// logging says how the log looks.
type logging struct {
	LogFormat string     `enum:"text,json" default:"text" env:"OMBUD_LOG_FORMAT" help:"Form of the log: text or json."`
	LogLevel  slog.Level `default:"info" env:"OMBUD_LOG_LEVEL" help:"Least level that is logged: debug, info, warn or error."`
}

func (l logging) logger(w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.LogLevel}
	if l.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
