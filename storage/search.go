package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ombud/chat"
	"ombud/storage/words"
)

const (
	// A search looks at firstStep candidates, and at three times as many in each further step, up to largestStep: most
	// pages are full after the first. searchBudget is how long a page may take: what is rare among very many is found
	// over several pages, and nobody waits long for any of them.
	firstStep    = 120
	largestStep  = 3240
	searchBudget = 100 * time.Millisecond
	// mostCustomers bounds how many customers of one name are looked through, newest first.
	mostCustomers = 500
	// searchSlack is how far apart the order of storing and the order of the clocks may be.
	searchSlack = time.Hour
	snippet     = 160 // characters of a hit's text
)

// Search finds conversations by what was said in them, by customer, cause, language, agent and time, newest first. A
// page ends when it is full, at the end, or after a tenth of a second; see chat.Found.
func (db *DB) Search(ctx context.Context, q chat.Search) (chat.Found, error) {
	q.Limit = max(1, min(q.Limit, 100))
	out := chat.Found{Hits: []chat.Hit{}}
	terms := words.Query(q.Words)
	if q.Words != "" && len(terms) == 0 {
		return out, nil
	}
	w := &walk{db: db, q: q, terms: terms, size: firstStep}
	ok, err := w.narrow(ctx)
	if err != nil || !ok {
		return out, err
	}
	begun, longest := time.Now(), time.Duration(0)
	seen := map[string]bool{}
	for {
		stepped := time.Now()
		page, err := w.step(ctx)
		if err != nil {
			return chat.Found{}, err
		}
		for i, r := range page.rows {
			if seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			out.Hits = append(out.Hits, w.hit(r))
			if len(out.Hits) == q.Limit {
				if i < len(page.rows)-1 || !page.last {
					out.Next = r.place.String()
				}
				return out, nil
			}
		}
		if page.last {
			return out, nil
		}
		out.Next = page.next
		w.q.After = page.next
		// The next step will take about as long as the longest one did.
		w.size = min(3*w.size, largestStep)
		if longest = max(longest, time.Since(stepped)); time.Since(begun)+longest > searchBudget {
			return out, nil
		}
	}
}

// walk goes through the candidates from the newest to the oldest.
type walk struct {
	db      *DB
	q       chat.Search
	terms   []words.Term
	where   []string // conditions on the conversation c
	args    []any
	size    int   // how many candidates the next step looks at
	idFrom  int64 // of search_texts: no candidate is older
	idBelow int64 // and none as new; 0: any
}

// foundRow is a conversation that fits, with the event that has the words where words were asked for.
type foundRow struct {
	conversationRow
	place
	Seq      int64  `db:"event_seq"`
	Kind     string `db:"event_kind"`
	Role     string `db:"event_role"`
	Body     string `db:"event_body"`
	Customer string `db:"customer"`
	// Many is how many candidates the step had, and the rest the last of them: where the next step begins.
	Many      int64  `db:"many"`
	LeastText int64  `db:"least_text"`
	LeastAt   int64  `db:"least_at"`
	Least     string `db:"least"`
}

// place is where a candidate stands in the walk.
type place struct {
	TextID int64  `db:"text_id"` // 0 where no words were asked for
	At     int64  `db:"text_at"` // then when the conversation began
	In     string `db:"text_in"`
}

// String writes it as a page's cursor.
func (p place) String() string { return fmt.Sprintf("%d.%d.%s", p.TextID, p.At, p.In) }

func readPlace(cursor string) (place, bool) {
	parts := strings.SplitN(cursor, ".", 3)
	if len(parts) < 3 {
		return place{}, false
	}
	id, err1 := strconv.ParseInt(parts[0], 10, 64)
	at, err2 := strconv.ParseInt(parts[1], 10, 64)
	return place{id, at, parts[2]}, err1 == nil && err2 == nil
}

type walkPage struct {
	rows []foundRow
	next string // where to go on
	last bool
}

// narrow works out the conditions; false means that nothing can be found.
func (w *walk) narrow(ctx context.Context) (bool, error) {
	add := func(condition string, args ...any) {
		w.where, w.args = append(w.where, condition), append(w.args, args...)
	}
	if w.q.Customer != "" {
		visitors, err := w.db.customers(ctx, w.q.Customer)
		if err != nil || len(visitors) == 0 {
			return false, err
		}
		add(`c.visitor`+w.db.dialect.inList, w.db.dialect.listOf(visitors))
	}
	if w.q.Cause != "" {
		add(`c.cause = ?`, w.q.Cause)
	}
	if w.q.Language != "" {
		add(`c.language = ?`, w.q.Language)
	}
	if w.q.Agent != "" {
		add(`EXISTS (SELECT 1 FROM took_part p WHERE p.conversation = c.id AND p.user_id = ?)`, w.q.Agent)
	}
	if w.q.Viewer != nil {
		condition, args := w.db.visibleTo(*w.q.Viewer)
		add(condition, args...)
	}
	if len(w.terms) == 0 {
		return true, nil
	}
	return true, w.period(ctx)
}

// period turns the times into numbers of texts, which are nearly in order of time.
func (w *walk) period(ctx context.Context) error {
	bound := func(condition string, t time.Time) (int64, error) {
		ids, err := selectAll[int64](ctx, w.db.read, "search: find a time", `SELECT id FROM search_texts WHERE `+condition+` LIMIT 1`, toMicros(t))
		if err != nil || len(ids) == 0 {
			return -1, err
		}
		return ids[0], nil
	}
	if !w.q.From.IsZero() {
		id, err := bound(`at >= ? ORDER BY at, id`, w.q.From.Add(-searchSlack))
		if err != nil {
			return err
		}
		if w.idFrom = id; id < 0 {
			w.idFrom = 1 << 62
		}
	}
	if !w.q.To.IsZero() {
		id, err := bound(`at >= ? ORDER BY at, id`, w.q.To.Add(searchSlack))
		if err != nil {
			return err
		}
		w.idBelow = max(id, 0)
	}
	return nil
}

// match is the condition that all terms stand in a text, and its one parameter.
func (d dialect) match(terms []words.Term, mark string) (from, condition, query string) {
	parts := make([]string, len(terms))
	for i, t := range terms {
		switch {
		case d.isPostgres() && t.Prefix:
			parts[i] = `'` + mark + t.Text + `':*`
		case d.isPostgres():
			parts[i] = `'` + mark + t.Text + `'`
		case t.Prefix:
			parts[i] = `"` + mark + t.Text + `" *`
		default:
			parts[i] = `"` + mark + t.Text + `"`
		}
	}
	if d.isPostgres() {
		return `search_texts t`, `t.words @@ CAST(? AS tsquery)`, strings.Join(parts, " & ")
	}
	return `search_words s JOIN search_texts t ON t.id = s.rowid`, `search_words MATCH ?`, strings.Join(parts, " AND ")
}

// idOf names the number of a text where the walk is to go along it.
func (d dialect) idOf() string {
	if d.isPostgres() {
		return `t.id`
	}
	return `s.rowid`
}

// customers gives the visitors whose name or address has the words.
func (db *DB) customers(ctx context.Context, typed string) ([]string, error) {
	terms := words.Query(typed)
	if len(terms) == 0 {
		return nil, nil
	}
	from, condition, query := db.dialect.match(terms, customerMark)
	return selectAll[string](ctx, db.read, "search customers", `SELECT DISTINCT c.visitor FROM (SELECT t.conversation AS conversation FROM `+from+`
		WHERE `+condition+` ORDER BY `+db.dialect.idOf()+` DESC LIMIT `+strconv.Itoa(mostCustomers)+`) x JOIN conversations c ON c.id = x.conversation`, query)
}

// visibleTo is what an agent may see, as the server judges it: what they hold, what waits and fits their level and
// skills or products, what they took part in, and all of a visitor whose latest conversation is one of the former two.
func (db *DB) visibleTo(u chat.User) (string, []any) {
	sees := func(c string) (string, []any) {
		condition, args := `(`+c+`.owner = 'agent' AND `+c+`.agent = ?) OR (`+c+`.owner IN ('queue', 'ticket') AND `+c+`.level <= ?`, []any{u.ID, max(u.Level, chat.LevelAgent)}
		if len(u.Skills) > 0 {
			condition += ` AND (` + c + `.skill = '' OR ` + c + `.skill` + db.dialect.inList + ` OR (` + c + `.level >= ? AND ` + c + `.product` + db.dialect.inList + `))`
			args = append(args, db.dialect.listOf(u.Skills), chat.LevelExpert, db.dialect.listOf(u.Products))
		}
		return condition + `)`, args
	}
	own, ownArgs := sees("c")
	latest, latestArgs := sees("l")
	condition := `(` + own + ` OR EXISTS (SELECT 1 FROM took_part p WHERE p.conversation = c.id AND p.user_id = ?)
		OR EXISTS (SELECT 1 FROM conversations l WHERE l.id = (SELECT n.id FROM conversations n WHERE n.visitor = c.visitor
			ORDER BY n.created_at DESC, n.id DESC LIMIT 1) AND (` + latest + `)))`
	return condition, append(append(ownArgs, u.ID), latestArgs...)
}

// customerName is what a visitor is called.
const customerName = `coalesce((SELECT CASE WHEN v.name <> '' THEN v.name ELSE v.email END FROM visitors v WHERE v.id = c.visitor), '')`

// step looks at the next candidates. They are few enough for any condition; what fits comes with them in one statement.
func (w *walk) step(ctx context.Context) (walkPage, error) {
	inner, args := w.candidates()
	most := 5 * w.q.Limit
	rows, err := selectAll[foundRow](ctx, w.db.read, "search", `WITH x AS MATERIALIZED (`+inner+`)
		SELECT `+qualified("c", conversationColumns)+`, f.*, coalesce(e.kind, '') AS event_kind, coalesce(e.role, '') AS event_role,
			coalesce(e.body, '') AS event_body, `+customerName+` AS customer
		FROM (SELECT x.*, count(*) OVER () AS many, first_value(x.text_id) OVER w AS least_text, first_value(x.text_at) OVER w AS least_at,
			first_value(x.text_in) OVER w AS least FROM x WINDOW w AS (ORDER BY x.text_id, x.text_at, x.text_in)) f
		JOIN conversations c ON c.id = f.text_in LEFT JOIN events e ON e.conversation = f.text_in AND e.seq = f.event_seq
		WHERE `+strings.Join(append([]string{`true`}, w.where...), ` AND `)+`
		ORDER BY f.text_id DESC, f.text_at DESC, f.text_in DESC LIMIT `+strconv.Itoa(most), append(args, w.args...)...)
	switch {
	case err != nil:
		return walkPage{}, err
	case len(rows) == most:
		return walkPage{rows: rows, next: rows[most-1].place.String()}, nil
	case len(rows) > 0:
		r := rows[0]
		return walkPage{rows: rows, next: place{r.LeastText, r.LeastAt, r.Least}.String(), last: r.Many < int64(w.size)}, nil
	}
	// None of them fits: ask where the next step begins.
	type lastRow struct {
		place
		Many int64 `db:"many"`
		Seq  int64 `db:"event_seq"`
	}
	ends, err := selectAll[lastRow](ctx, w.db.read, "search", `SELECT x.*, count(*) OVER () AS many FROM (`+inner+`) x
		ORDER BY x.text_id, x.text_at, x.text_in LIMIT 1`, args...)
	if err != nil || len(ends) == 0 || ends[0].Many < int64(w.size) {
		return walkPage{last: true}, err
	}
	return walkPage{next: ends[0].place.String()}, nil
}

// candidates is the statement that gives the next texts with the words, or the next conversations.
func (w *walk) candidates() (string, []any) {
	after, again := readPlace(w.q.After)
	where, args := []string{`true`}, []any{}
	add := func(condition string, more ...any) { where, args = append(where, condition), append(args, more...) }
	period := func(column string) {
		if !w.q.From.IsZero() {
			add(column+` >= ?`, toMicros(w.q.From))
		}
		if !w.q.To.IsZero() {
			add(column+` < ?`, toMicros(w.q.To))
		}
	}
	limit := ` LIMIT ` + strconv.Itoa(w.size)
	if len(w.terms) == 0 {
		period(`c.created_at`)
		if again {
			add(`(c.created_at, c.id) < (?, ?)`, after.At, after.In)
		}
		if w.q.Customer != "" { // few of them, by their own index
			add(w.where[0], w.args[0])
		}
		return `SELECT 0 AS text_id, c.created_at AS text_at, c.id AS text_in, 0 AS event_seq FROM conversations c
			WHERE ` + strings.Join(where, ` AND `) + ` ORDER BY c.created_at DESC, c.id DESC` + limit, args
	}
	from, condition, query := w.db.dialect.match(w.terms, "")
	id := w.db.dialect.idOf()
	add(condition, query)
	if again {
		add(id+` < ?`, after.TextID)
	}
	if w.idBelow > 0 {
		add(id+` < ?`, w.idBelow)
	}
	if w.idFrom > 0 {
		add(id+` >= ?`, w.idFrom)
	}
	period(`t.at`)
	return `SELECT t.id AS text_id, t.at AS text_at, t.conversation AS text_in, t.seq AS event_seq FROM ` + from + `
		WHERE ` + strings.Join(where, ` AND `) + ` ORDER BY ` + id + ` DESC` + limit, args
}

func (w *walk) hit(r foundRow) chat.Hit {
	h := chat.Hit{Conversation: r.conversation(), Customer: r.Customer}
	if len(w.terms) == 0 {
		return h
	}
	h.Seq, h.At, h.Role, h.Kind = r.Seq, fromMicros(r.place.At), chat.Role(r.Role), chat.Kind(r.Kind)
	said, customer := searchText(h.Kind, []byte(r.Body))
	h.Text, h.Marks = cut(strings.TrimSpace(said+" "+customer), w.terms)
	return h
}

// cut gives the piece of a text around its first marks, with the marks counted from the piece's beginning.
func cut(text string, terms []words.Term) (string, [][2]int) {
	all := []rune(strings.Join(strings.Fields(text), " "))
	marks := words.Find(string(all), terms)
	from := 0
	if len(marks) > 0 && len(all) > snippet {
		for from = max(0, min(marks[0][0]-snippet/4, len(all)-snippet)); from > 0 && all[from-1] != ' ' && from < marks[0][0]; {
			from++
		}
	}
	to := min(len(all), from+snippet)
	kept := [][2]int{}
	for _, m := range marks {
		if m[0] >= from && m[1] <= to {
			kept = append(kept, [2]int{m[0] - from, m[1] - from})
		}
	}
	piece := string(all[from:to])
	if from > 0 {
		piece = "…" + piece
		for i := range kept {
			kept[i][0]++
			kept[i][1]++
		}
	}
	if to < len(all) {
		piece += "…"
	}
	return piece, kept
}
