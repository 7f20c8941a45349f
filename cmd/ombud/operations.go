package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"

	"ombud/chat"
	"ombud/server"
)

// A node tells every few seconds that it is there; one that has not for a while is gone.
const (
	nodeEvery = 10 * time.Second
	nodeGone  = 35 * time.Second
)

// operations tells how this installation runs, and the other nodes that this one is there.
type operations struct {
	a    *app
	node chat.Node
}

func newOperations(a *app) *operations {
	name, err := os.Hostname()
	if err != nil {
		name = "?"
	}
	return &operations{a: a, node: chat.Node{ID: newID(), Name: name, Version: version, StartedAt: a.now()}}
}

// tell notes that this node is there, if that was not told a moment ago.
func (o *operations) tell(ctx context.Context) error {
	at := o.a.now()
	if at.Sub(o.node.SeenAt) < nodeEvery {
		return nil
	}
	n := o.node
	n.SeenAt = at
	if err := o.a.db.SaveNode(ctx, n); err != nil {
		return err
	}
	o.node.SeenAt = at
	return nil
}

// leave notes that this node stops.
func (o *operations) leave() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return o.a.db.RemoveNode(ctx, o.node.ID)
}

// Operations implements server.Operations.
func (o *operations) Operations(ctx context.Context) (server.Running, error) {
	c := o.a.c
	nodes, err := o.a.db.Nodes(ctx, o.a.now().Add(-nodeGone))
	if err != nil {
		return server.Running{}, fmt.Errorf("tell how it runs: %w", err)
	}
	r := server.Running{
		Version: version, StartedAt: o.node.StartedAt, Database: o.a.db.Dialect(), PublicURL: o.a.url, Bus: "inside", Nodes: nodes, Demo: c.Demo,
	}
	if c.NATS != "" {
		r.Bus = "cluster"
	}
	if c.SMTPURL != "" {
		r.Mail = c.MailFrom
	}
	if c.ModelURL != "" {
		r.Model = c.ModelName
		if u, err := url.Parse(c.ModelURL); err == nil {
			r.ModelHost = u.Host // user and password of the address stay out
		}
	}
	return r, nil
}
