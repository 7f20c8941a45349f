// Package knowledge holds the approved articles that the bot may draft from: it imports them from Markdown and finds the passages that fit a question.
//
// An article is approved by being in the folder: nothing else ever gets in. The search is BM25 over parts of
// words, in memory, without a network and without a model; docs/adr/0007 says why.
package knowledge
