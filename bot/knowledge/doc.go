// Package knowledge holds the approved articles that the bot may draft from: it imports them from Markdown and finds the passages that fit a question.
//
// The search is bleve's, in memory, without a network and without a model; docs/adr/0015 says why. Who may
// approve an article is not known here: whoever fills the index sees to that.
package knowledge
