// Package notify sends e-mail over SMTP and signed webhooks, one at a time and without retries: those are the job queue's.
package notify
