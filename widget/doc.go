// Package widget embeds the visitor's chat widget.
package widget
