// Package studio keeps the script as a draft and published versions, checks and rehearses drafts, and has the bot take up what was published.
package studio
