// Package llm asks a language model that speaks the OpenAI protocol, and believes nothing of what it says.
//
// The answer is streamed and read to its end before anything is done with it: it counts only if the stream
// ended with finish_reason "stop" and what came is one JSON object of the schema. A visitor is never shown a
// draft while it grows. What makes a draft unfit to be said (a promise, a false claim, another language, the
// prompt itself) often stands in its last words, and what a visitor has read cannot be taken back; the
// checks need the whole. A typing indicator bridges the wait, which the turn's budget bounds. Streaming still
// earns its keep: a model that stalls is seen by the gap between two pieces and not only at the deadline.
//
// Personal data is masked before it leaves and put back into the answer. Names and street addresses are not
// recognised and do leave. Budgets of tokens are kept in memory: they start anew with the process and each
// day (UTC), and each node counts its own.
package llm
