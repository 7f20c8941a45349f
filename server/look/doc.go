// Package look writes how a site's widget looks before the widget's own script: its side, its theme, its colours.
package look
