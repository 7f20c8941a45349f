package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"ombud/chat"
)

const mailTimeout = 20 * time.Second

// MailOptions say how e-mail leaves.
type MailOptions struct {
	// URL is smtp://[user:password@]host[:port] or smtps://… (TLS from the first byte, port 465). With smtp the
	// connection is encrypted where the server offers it, and always where there is a password.
	URL  string
	From string // sender, as "Shop <help@shop.example>"
	Now  func() time.Time
}

// Mailer sends e-mail.
type Mailer struct {
	host    string
	options []mail.Option
	from    string
	domain  string
	now     func() time.Time
}

// NewMailer checks the settings; it does not connect.
func NewMailer(o MailOptions) (*Mailer, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("mail address: give smtp://[user:password@]host[:port] or smtps://…") // never the URL: it holds a password
	}
	m := &Mailer{host: u.Hostname(), from: o.From, now: o.Now}
	if m.now == nil {
		m.now = time.Now
	}
	probe := mail.NewMsg()
	if err := probe.From(o.From); err != nil {
		return nil, fmt.Errorf("mail sender %q: %w", o.From, err)
	}
	m.domain = domainOf(probe.GetFromString()[0])
	m.options = []mail.Option{mail.WithTimeout(mailTimeout)}
	secret := u.User != nil
	switch {
	case u.Scheme == "smtps":
		m.options = append(m.options, mail.WithSSLPort(false))
	case secret && !isLoopback(u.Hostname()):
		m.options = append(m.options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	default:
		m.options = append(m.options, mail.WithTLSPortPolicy(mail.TLSOpportunistic))
	}
	if p := u.Port(); p != "" {
		port, err := strconv.Atoi(p)
		if err != nil {
			return nil, fmt.Errorf("mail port %q: %w", p, err)
		}
		m.options = append(m.options, mail.WithPort(port))
	}
	if secret {
		password, _ := u.User.Password()
		m.options = append(m.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	return m, nil
}

func domainOf(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			d := address[i+1:]
			if n := len(d); n > 0 && d[n-1] == '>' {
				d = d[:n-1]
			}
			return d
		}
	}
	return "localhost"
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands one message to the SMTP server. chat.ErrInvalid says that it will never be taken: the address is
// wrong, or the server refused it for good (RFC 5321, section 4.2.1: replies 5yz).
func (m *Mailer) Send(ctx context.Context, x chat.Mail) error {
	msg := mail.NewMsg()
	if err := errors.Join(msg.From(m.from), msg.To(x.To)); err != nil {
		return fmt.Errorf("mail %s: %w: %w", x.ID, chat.ErrInvalid, err)
	}
	msg.Subject(x.Subject)
	msg.SetDateWithValue(m.now())
	msg.SetMessageIDWithValue(x.ID + "@" + m.domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers from vacation programs
	msg.SetBodyString(mail.TypeTextPlain, x.Text)
	client, err := mail.NewClient(m.host, m.options...)
	if err != nil {
		return fmt.Errorf("mail %s: %w", x.ID, err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		var refused *mail.SendError
		if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
			return fmt.Errorf("mail %s: %w: %w", x.ID, chat.ErrInvalid, err)
		}
		return fmt.Errorf("mail %s: %w", x.ID, err)
	}
	return nil
}
