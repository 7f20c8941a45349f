// Package server answers every route: sessions and guards, the REST interface, the pages and the websocket protocol.
//
// It is the only importer of gorilla/websocket, huma and scs. One idle visitor costs one goroutine that reads and no
// buffers beyond a small one; a second goroutine lives only while there is something to write, and is the only one that
// writes to the socket.
package server
