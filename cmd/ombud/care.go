package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/chat/care"
	"ombud/jobs"
	"ombud/notify"
	"ombud/storage"
)

// alertsEvery is how often subjects are compared with their own history.
const alertsEvery = 5 * time.Minute

// outward says how words leave the house.
type outward struct {
	SMTPURL        string `name:"smtp-url" env:"OMBUD_SMTP_URL" placeholder:"URL" help:"Mail server, smtp://[user:password@]host[:port] or smtps://… Without it e-mail is off."`
	MailFrom       string `env:"OMBUD_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of e-mail, e.g. \"Shop <help@shop.example>\"."`
	WebhooksInside bool   `env:"OMBUD_WEBHOOKS_INSIDE" help:"Let webhooks reach loopback and private addresses."`
}

// mailer gives what sends e-mail, or nil where that is off.
func (o outward) mailer(now func() time.Time) (care.Mailer, error) {
	if o.SMTPURL == "" {
		return nil, nil
	}
	if o.MailFrom == "" {
		return nil, errors.New("--smtp-url needs --mail-from: say in whose name mail is sent")
	}
	return notify.NewMailer(notify.MailOptions{URL: o.SMTPURL, From: o.MailFrom, Now: now})
}

// following is the database with what follows from every append.
type following struct {
	*storage.DB
	follow *care.Follow
}

// Append stores the events and what must follow from them.
func (f following) Append(ctx context.Context, a chat.Append) (chat.Appended, error) {
	return f.follow.Append(ctx, a)
}

// announcing is the bot that gives known issues first.
type announcing struct {
	*bot.Engine
	announcer *care.Announcer
}

// Turn decides one turn.
func (b announcing) Turn(ctx context.Context, in bot.TurnInput) (bot.TurnOutput, error) {
	return b.announcer.Turn(ctx, b.Engine, in)
}

// openJobs connects the queue to the database, so that appends may carry jobs; nothing is done before startCare.
func (a *app) openJobs(ctx context.Context) error {
	q, err := jobs.Open(ctx, jobs.Options{
		DB: a.db.Pool(), Dialect: a.db.Dialect(), Logger: a.logger, Leases: a.db,
		Every: []jobs.Periodic{{Kind: care.JobAlerts, Every: alertsEvery}}, Apart: care.Outside,
	})
	if err != nil {
		return err
	}
	a.jobs = q
	a.db.EnqueueWith(q.EnqueueTx)
	return nil
}

// startCare makes what keeps the company's word, and begins to do jobs.
func (a *app) startCare(ctx context.Context) error {
	mail, err := a.c.mailer(a.now)
	if err != nil {
		return err
	}
	if a.pages, err = care.NewPages(ctx, a.db, a.url); err != nil {
		return err
	}
	a.care = care.New(care.Options{
		Reader: a.db, Registry: a.db, Hub: a.hub, Trends: a.db, Voice: a.engine, Mail: mail, Post: notify.NewPoster(a.c.WebhooksInside), Pages: a.pages, Writer: a.engine,
		Rules: a.rules, Logger: a.logger, Now: a.now, NewID: newID,
	})
	handlers := map[string]jobs.Handler{}
	for kind, do := range a.care.Handlers() {
		handlers[kind] = func(ctx context.Context, args []byte) error {
			err := do(ctx, args)
			if errors.Is(err, chat.ErrInvalid) || errors.Is(err, chat.ErrNotFound) {
				return jobs.Refuse(err)
			}
			var later *care.Later
			if errors.As(err, &later) {
				return jobs.Snooze(later.At.Sub(a.now()))
			}
			return err
		}
	}
	a.jobs.Handle(handlers)
	if err := a.jobs.Start(); err != nil {
		return fmt.Errorf("start care: %w", err)
	}
	return nil
}
