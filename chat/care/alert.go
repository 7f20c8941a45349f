package care

import (
	"context"
	"fmt"
	"math"
	"time"

	"ombud/chat"
)

// The rule for alerts. A subject stands out when a Poisson variable with the mean of its own history would reach so high
// a count with a probability below alertBelow, and the count is at least alertLeast and alertTimes that mean.
const (
	alertWindow = 6 * time.Hour
	alertDays   = 28
	alertYoung  = 7 // days of history without which nobody can say what is usual
	alertBelow  = 1e-4
	alertOver   = 0.05 // an alert ends once so many are nothing special
	alertLeast  = 5
	alertTimes  = 2
	alertShown  = 50 // conversations listed with an alert
)

// Trends counts subjects, and keeps alerts.
type Trends interface {
	Growth(ctx context.Context, now time.Time, window time.Duration, days int) ([]chat.Growth, error)
	Oldest(ctx context.Context) (time.Time, error)
	Behind(ctx context.Context, subject string, since time.Time, limit int) ([]string, error)
	RaiseAlert(ctx context.Context, a chat.Alert) (raised bool, err error)
	EndAlert(ctx context.Context, subject string, at time.Time) error
	Alerts(ctx context.Context, limit int) ([]chat.Alert, error)
}

// PoissonTail is the probability of count or more events where mean are expected:
// P(X >= k) = 1 - sum over i < k of e^-m m^i / i! (F. A. Haight, Handbook of the Poisson Distribution, 1967, section 1).
func PoissonTail(count int, mean float64) float64 {
	if count <= 0 {
		return 1
	}
	// The upper terms are summed, not the lower ones taken from 1: a small tail keeps its digits.
	logTerm := -mean + float64(count)*math.Log(mean)
	lg, _ := math.Lgamma(float64(count) + 1)
	term := math.Exp(logTerm - lg)
	sum := 0.0
	for i := count; term > 0 && (i < count+10 || term > sum*1e-12); i++ {
		sum += term
		term *= mean / float64(i+1)
	}
	return min(1, sum)
}

// mean is what the history of n days with this sum lets one expect: (sum + 1) / n, the posterior mean of a Poisson rate
// after n days under a flat prior, so that a subject never seen before has no mean of zero.
func mean(sum, n int) float64 { return float64(sum+1) / float64(n) }

// Watch looks at every subject once. The same hours of the days before are the history, so that the daily rhythm
// raises nothing.
func (c *Care) Watch(ctx context.Context) error {
	now := c.now()
	oldest, err := c.o.Trends.Oldest(ctx)
	if err != nil {
		return fmt.Errorf("look for trends: %w", err)
	}
	days := min(alertDays, int(now.Sub(oldest)/(24*time.Hour)))
	if oldest.IsZero() || days < alertYoung {
		return nil
	}
	rows, err := c.o.Trends.Growth(ctx, now, alertWindow, days)
	if err != nil {
		return fmt.Errorf("look for trends: %w", err)
	}
	current, history := map[string]int{}, map[string]int{}
	for _, r := range rows {
		if r.Day == 0 {
			current[r.Subject] += r.Count
		} else {
			history[r.Subject] += r.Count
		}
	}
	for subject, n := range current {
		m := mean(history[subject], days)
		if p := PoissonTail(n, m); p < alertBelow && n >= alertLeast && float64(n) >= alertTimes*m {
			if err := c.raise(ctx, chat.Alert{ID: c.o.NewID(), Subject: subject, Count: n, Expected: m, Chance: p, RaisedAt: now}); err != nil {
				return err
			}
		}
	}
	return c.settleAlerts(ctx, now, func(subject string) float64 { return PoissonTail(current[subject], mean(history[subject], days)) })
}

func (c *Care) raise(ctx context.Context, a chat.Alert) error {
	var err error
	if a.Conversations, err = c.o.Trends.Behind(ctx, a.Subject, a.RaisedAt.Add(-alertWindow), alertShown); err != nil {
		return fmt.Errorf("raise alert %s: %w", a.Subject, err)
	}
	raised, err := c.o.Trends.RaiseAlert(ctx, a)
	if err != nil {
		return fmt.Errorf("raise alert %s: %w", a.Subject, err)
	}
	if raised {
		c.o.Logger.Warn("a subject grows", "subject", a.Subject, "count", a.Count, "expected", a.Expected)
	}
	return nil
}

func (c *Care) settleAlerts(ctx context.Context, now time.Time, chance func(subject string) float64) error {
	alerts, err := c.o.Trends.Alerts(ctx, 200)
	if err != nil {
		return fmt.Errorf("settle alerts: %w", err)
	}
	for _, a := range alerts {
		if a.EndedAt.IsZero() && chance(a.Subject) > alertOver {
			if err := c.o.Trends.EndAlert(ctx, a.Subject, now); err != nil {
				return fmt.Errorf("settle alerts: %w", err)
			}
		}
	}
	return nil
}
