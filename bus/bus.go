package bus

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"ombud/chat"
)

const (
	subject    = "ombud.hint"
	startLimit = 5 * time.Second
	// pendingHints bounds what a slow node keeps: the poll makes good what is dropped.
	pendingHints = 65_536
)

// Bus is a connection to the other nodes.
type Bus struct {
	conn   *nats.Conn
	server *server.Server // nil where a cluster is used
	logger *slog.Logger
	once   sync.Once
}

// Open connects to the NATS cluster at url, or starts a server inside this process where url is empty.
func Open(url string, logger *slog.Logger) (*Bus, error) {
	b := &Bus{logger: logger}
	options := []nats.Option{
		nats.Name("ombud"), nats.NoEcho(), nats.MaxReconnects(-1), nats.ReconnectJitter(100*time.Millisecond, time.Second),
		nats.RetryOnFailedConnect(true),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { logger.Warn("bus", "error", err) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				logger.Warn("bus is away; the poll carries on", "error", err)
			}
		}),
	}
	if url == "" {
		if err := b.embed(); err != nil {
			return nil, err
		}
		options = append(options, nats.InProcessServer(b.server))
	}
	conn, err := nats.Connect(url, options...)
	if err != nil {
		b.Close()
		return nil, fmt.Errorf("connect to the bus: %w", err)
	}
	b.conn = conn
	return b, nil
}

// embed starts a NATS server that no socket leads to.
func (b *Bus) embed() error {
	s, err := server.NewServer(&server.Options{ServerName: "ombud", DontListen: true, NoSigs: true, NoLog: true})
	if err != nil {
		return fmt.Errorf("make the embedded bus: %w", err)
	}
	s.Start()
	b.server = s
	if !s.ReadyForConnections(startLimit) {
		b.Close()
		return errors.New("start the embedded bus: not ready in time")
	}
	return nil
}

// Publish sends a hint to every other node. An error means that it may be lost, never more.
func (b *Bus) Publish(h chat.Hint) error {
	data, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("encode hint: %w", err)
	}
	if err := b.conn.Publish(subject, data); err != nil {
		return fmt.Errorf("publish hint: %w", err)
	}
	return nil
}

// Subscribe calls on for every hint of other nodes, one at a time.
func (b *Bus) Subscribe(on func(chat.Hint)) (cancel func(), err error) {
	sub, err := b.conn.Subscribe(subject, func(m *nats.Msg) {
		var h chat.Hint
		if err := json.Unmarshal(m.Data, &h); err != nil {
			b.logger.Warn("decode hint", "error", err)
			return
		}
		on(h)
	})
	if err != nil {
		return nil, fmt.Errorf("subscribe to hints: %w", err)
	}
	if err := sub.SetPendingLimits(pendingHints, -1); err != nil {
		return nil, fmt.Errorf("bound hints: %w", err)
	}
	return func() {
		if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
			b.logger.Warn("unsubscribe from hints", "error", err)
		}
	}, nil
}

// Close ends the connection, and the embedded server if there is one. It may be called twice.
func (b *Bus) Close() error {
	b.once.Do(func() {
		if b.conn != nil {
			b.conn.Close()
		}
		if b.server != nil {
			b.server.Shutdown()
			b.server.WaitForShutdown()
		}
	})
	return nil
}

// Addr gives the address that the embedded server listens on; nil, since it has none.
func (b *Bus) Addr() net.Addr {
	if b.server == nil {
		return nil
	}
	return b.server.Addr()
}
