// Package upload takes in what people send along: it tells a file by its content, draws pictures anew, and refuses the rest.
package upload
