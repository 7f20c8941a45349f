package knowledge

import (
	"html"
	"regexp"
	"strings"
)

// The marks of Markdown that plain text has no use for. A link keeps its words and loses its target: what
// the bot says carries no links.
var (
	comment   = regexp.MustCompile(`(?s)<!--.*?-->`)
	element   = regexp.MustCompile(`</?[a-zA-Z][^<>\n]*>`)
	image     = regexp.MustCompile(`!\[([^\]\n]*)\]\([^)\n]*\)`)
	link      = regexp.MustCompile(`\[([^\]\n]+)\](?:\([^)\n]*\)|\[[^\]\n]*\])`)
	reference = regexp.MustCompile(`(?m)^ {0,3}\[[^\]\n]+\]:.*$`)
	strong    = regexp.MustCompile(`(\*\*|__)(\S(?:[^\n]*?\S)?)(\*\*|__)`)
	emphasis  = regexp.MustCompile(`(^|[\s(])[*_]([^\s*_](?:[^*_\n]*[^\s*_])?)[*_]`)
	code      = regexp.MustCompile("`([^`\n]+)`")
	atx       = regexp.MustCompile(`^ {0,3}#{1,6}\s+(.*?)\s*#*$`)
	rule      = regexp.MustCompile(`^ {0,3}(?:[-*_]\s*){3,}$`)
	under     = regexp.MustCompile(`^ {0,3}(?:=+|-+)\s*$`)
	bullet    = regexp.MustCompile(`^\s*(?:[-*+])\s+`)
	quote     = regexp.MustCompile(`^\s*(?:>\s?)+`)
	tableRule = regexp.MustCompile(`^\s*\|?(?:\s*:?-{3,}:?\s*\|?)+\s*$`)
)

// plain makes plain text of Markdown: paragraphs between empty lines, lists as lines that begin with "- ",
// every heading a line of its own after "# ".
func plain(md string) string {
	md = comment.ReplaceAllString(md, "")
	md = reference.ReplaceAllString(md, "")
	var out []string
	fenced := false
	for _, line := range strings.Split(md, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if fenced {
			out = append(out, "  "+strings.TrimSpace(line))
			continue
		}
		out = block(out, line)
	}
	text := strings.Join(out, "\n")
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(text)
}

// block adds one line outside a fence.
func block(out []string, line string) []string {
	n := len(out)
	switch {
	case n > 0 && under.MatchString(line) && isBody(out[n-1]) && !strings.HasPrefix(out[n-1], "- "):
		out[n-1] = "# " + out[n-1] // a heading that is underlined
		return append(out, "")
	case rule.MatchString(line), tableRule.MatchString(line):
		return append(out, "")
	}
	if m := atx.FindStringSubmatch(line); m != nil {
		return append(out, "", "# "+inline(m[1]), "")
	}
	line = quote.ReplaceAllString(line, "")
	if bullet.MatchString(line) {
		return append(out, "- "+inline(bullet.ReplaceAllString(line, "")))
	}
	if strings.HasPrefix(strings.TrimSpace(line), "|") {
		line = strings.ReplaceAll(strings.Trim(strings.TrimSpace(line), "|"), "|", ",")
	}
	return append(out, inline(line))
}

// inline drops the marks within a line.
func inline(s string) string {
	s = image.ReplaceAllString(s, "$1")
	s = link.ReplaceAllString(s, "$1")
	s = element.ReplaceAllString(s, "")
	s = strong.ReplaceAllString(s, "$2")
	s = emphasis.ReplaceAllString(s, "$1$2")
	s = code.ReplaceAllString(s, "$1")
	return strings.Join(strings.Fields(html.UnescapeString(s)), " ")
}
