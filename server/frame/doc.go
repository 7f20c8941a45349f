// Package frame reads and writes the JSON frames of the websocket protocol, and refuses whatever is not one.
package frame
