// Package nlu understands one message: language, topic, signals, confidence. No network, no clock.
package nlu
