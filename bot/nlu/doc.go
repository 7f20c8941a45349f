// Package nlu understands one message: language, topic, signals, confidence. No network, no clock.
//
// A Model is trained from the script's own examples and from nothing else. It is linear over concepts (concepts.txt), word and
// character n-grams, with calibrated probabilities and rejection of what no topic covers; it is
// deterministic: the same examples give the same model, bit for bit, whatever the number of cores.
package nlu
