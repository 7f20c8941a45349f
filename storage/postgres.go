package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

const (
	postgresName = "postgres"
	// slowTimeout is commitTimeout's counterpart for migrations, reports and replay.
	slowTimeout = 2 * time.Minute
)

var postgresDialect = dialect{
	name:       postgresName,
	committers: 2,
	lockRows:   ` ORDER BY id FOR UPDATE`,
	inList:     ` = ANY(?)`,
	listOf:     func(ids []string) any { return pq.Array(ids) },
	clientKeys: `unnest(?::text[], ?::text[], ?::text[]) AS k (conversation, sender, client_id)
		JOIN events e ON e.conversation = k.conversation AND e.sender = k.sender AND e.client_id = k.client_id`,
	keysOf: func(keys []clientKey) ([]any, error) {
		conversations, senders, ids := make([]string, len(keys)), make([]string, len(keys)), make([]string, len(keys))
		for i, k := range keys {
			conversations[i], senders[i], ids[i] = k.conversation, k.sender, k.clientID
		}
		return []any{pq.Array(conversations), pq.Array(senders), pq.Array(ids)}, nil
	},
	now: `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`,
}

func (db *DB) openPostgres(ctx context.Context, o Options) error {
	db.dialect = postgresDialect
	if o.Committers > 0 {
		db.dialect.committers = o.Committers
	}
	var err error
	if db.slow, err = postgresPool(o.URL, slowTimeout, 4, nil); err != nil {
		return err
	}
	if err := db.assertPostgres(ctx); err != nil {
		return err
	}
	if err := migratePostgres(ctx, db.slow.DB); err != nil {
		return err
	}
	if db.write, err = postgresPool(o.URL, commitTimeout, 16, nil); err != nil {
		return err
	}
	db.read = db.write
	// The committers look up a few rows by key in tables that grow from nothing in seconds, before any
	// statistics exist: a plan that reads a whole table is never right.
	keyed := map[string]string{"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
	db.commits, err = postgresPool(o.URL, commitTimeout, db.dialect.committers, keyed)
	return err
}

// postgresPool connects with a deadline on every read and write: lib/pq alone waits for ever for a
// server that has gone silent, whatever the context says.
func postgresPool(url string, timeout time.Duration, conns int, params map[string]string) (*sqlx.DB, error) {
	cfg, err := pq.NewConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", hideSecret(err))
	}
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	for k, v := range params {
		cfg.Runtime[k] = v
	}
	// The server gives up a little earlier than we do, which saves the connection.
	cfg.Runtime["statement_timeout"] = fmt.Sprint((timeout - timeout/8).Milliseconds())
	connector, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", hideSecret(err))
	}
	connector.Dialer(deadlineDialer{timeout: timeout})
	pool := sqlx.NewDb(sql.OpenDB(connector), postgresName)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool, nil
}

// hideSecret keeps an address with a password in it out of errors.
func hideSecret(err error) error {
	if strings.Contains(err.Error(), "@") {
		return errors.New("it is not a valid postgres:// address")
	}
	return err
}

// assertPostgres warns of settings under which an acknowledged message can be lost in a power cut. They
// may be wanted in tests, so they are not refused.
func (db *DB) assertPostgres(ctx context.Context) error {
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := db.slow.GetContext(ctx, &value, `SELECT current_setting($1)`, name); err != nil {
			return err
		}
		if value == "off" {
			db.logger.Warn("POSTGRES IS NOT DURABLE: a power cut can lose acknowledged messages",
				"setting", name, "value", value)
		}
	}
	return nil
}

// deadlineDialer makes connections whose every read and write must end within timeout.
type deadlineDialer struct{ timeout time.Duration }

// Dial connects within the timeout.
func (d deadlineDialer) Dial(network, address string) (net.Conn, error) {
	return d.DialTimeout(network, address, d.timeout)
}

// DialTimeout connects within timeout, or the dialer's own if that is shorter.
func (d deadlineDialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	conn, err := net.DialTimeout(network, address, min(timeout, d.timeout))
	if err != nil {
		return nil, err
	}
	return &deadlineConn{Conn: conn, timeout: d.timeout}, nil
}

// DialContext connects within the timeout, or when ctx ends.
func (d deadlineDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: d.timeout}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &deadlineConn{Conn: conn, timeout: d.timeout}, nil
}

// deadlineConn gives each call its own deadline.
type deadlineConn struct {
	net.Conn
	timeout time.Duration
}

// Read fails when nothing arrives within the timeout.
func (c *deadlineConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write fails when the peer takes nothing within the timeout.
func (c *deadlineConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func isPostgres(err error, codes ...pqerror.Code) bool {
	var e *pq.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code == code {
			return true
		}
	}
	return false
}
