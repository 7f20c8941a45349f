package eval

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
)

// printer writes until the first error, and keeps that.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func named(topic string) string {
	if topic == "" {
		return "no topic"
	}
	return topic
}

func byCount(a, b Confusion) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Is, b.Is), cmp.Compare(a.Said, b.Said))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// WriteSVG draws a calibration plot: for each bin the share of right predictions over the mean confidence; the
// area of a dot grows with the bin's count, and the diagonal is perfect calibration. The colours follow the
// page's text colour, so that it reads on light and dark alike.
func WriteSVG(w io.Writer, title string, plot []Bin) error {
	const side, edge = 320, 40
	most := 1
	for _, b := range plot {
		most = max(most, b.Count)
	}
	p := printer{w: w}
	p.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" font-family="sans-serif" font-size="11" fill="currentColor">`+"\n",
		side+2*edge, side+2*edge)
	p.printf("<title>%s</title>\n", escape(title))
	p.printf(`<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="currentColor"/>`+"\n", edge, edge, side, side)
	p.printf(`<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="currentColor" stroke-dasharray="4 4" opacity="0.6"/>`+"\n",
		edge, edge+side, edge+side, edge)
	for _, b := range plot {
		if b.Count > 0 {
			p.printf(`<circle cx="%.1f" cy="%.1f" r="%.1f" opacity="0.75"><title>%d: %.2f said, %.2f right</title></circle>`+"\n",
				edge+side*b.Confidence, edge+side*(1-b.Right), 3+9*float64(b.Count)/float64(most), b.Count, b.Confidence, b.Right)
		}
	}
	for i := range 6 {
		v := float64(i) / 5
		p.printf(`<text x="%.0f" y="%d" text-anchor="middle">%.1f</text>`+"\n", edge+side*v, edge+side+16, v)
		p.printf(`<text x="%d" y="%.0f" text-anchor="end">%.1f</text>`+"\n", edge-6, edge+side*(1-v)+4, v)
	}
	p.printf(`<text x="%d" y="%d" text-anchor="middle">confidence</text>`+"\n", edge+side/2, side+2*edge-8)
	p.printf(`<text x="%d" y="%d">share right</text>`+"\n</svg>\n", 4, edge-12)
	return p.err
}

// escape makes a text safe inside an SVG element.
func escape(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		switch r {
		case '<':
			out = append(out, []rune("&lt;")...)
		case '>':
			out = append(out, []rune("&gt;")...)
		case '&':
			out = append(out, []rune("&amp;")...)
		default:
			out = append(out, r)
		}
	}
	return string(out)
}
