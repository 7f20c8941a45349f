// Package demo is the shop page that carries the widget, for trying Ombud out.
package demo
