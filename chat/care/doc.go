// Package care keeps what the company owes after the words: offers, promises, complaints, surveys, answers by e-mail, alerts and webhooks.
package care
