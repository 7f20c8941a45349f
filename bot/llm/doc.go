// Package llm asks a language model that speaks the OpenAI protocol, and believes nothing of what it says.
//
// The answer is streamed and read to its end before it is believed: it counts only if the stream ended with
// finish_reason "stop" and what came is one JSON object of the schema. Who looks on may see its draft before,
// as far as it has come, once the signals and cites that stand before it have been checked: package bot shows
// whole checked sentences of it, and takes them back if the answer does not count. A stream also shows a model
// that stalls by the gap between two pieces and not only at the deadline.
//
// Personal data is masked before it leaves and put back into the answer. Names and street addresses are not
// recognised and do leave. Budgets of tokens are kept in memory: they start anew with the process and each
// day (UTC), and each node counts its own.
package llm
