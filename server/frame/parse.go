package frame

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Parse reads one frame from that side. Even where it fails, In.Type and In.ID hold what was read of them, so that
// the answer can name the request. It never fails with anything but *Problem, and never keeps a reference to b.
//
// It is stricter than encoding/json: duplicate keys, unknown keys, half surrogate pairs, invalid UTF-8, integers with
// fractions or beyond 2^53 and nesting deeper than 16 are all refused.
func Parse(b []byte, from Who) (In, *Problem) {
	in := In{On: true}
	if !utf8.Valid(b) {
		return in, problem(CodeUTF8, "", "Send UTF-8.")
	}
	p := parser{b: b}
	data, prob := p.envelope(&in)
	if prob != nil {
		return in, prob
	}
	shape := shapes[shapeKey{in.Type, from}]
	if shape == nil {
		return in, problem(CodeUnknownType, "type", unknownType(from))
	}
	if shape.Seq && in.Seq < 1 {
		return in, problem(CodeInvalid, "seq", "Send the seq that was seen, 1 or more.")
	}
	if data == nil {
		data = []byte("{}")
	}
	p = parser{b: data}
	return in, p.data(shape, &in)
}

func unknownType(from Who) string {
	if from == Nobody {
		return "Say hello first."
	}
	return "See docs/protocol.md for the types of frame."
}

var envelopeKeys = [...]string{"type", "seq", "data"}

// envelope reads {"type":…, "seq":…, "data":{…}} and returns the bytes of data, nil if there are none.
func (p *parser) envelope(in *In) (data []byte, prob *Problem) {
	var seen [3]bool
	if p.blanks(); p.peek() != '{' {
		if prob = p.skip(0); prob == nil {
			prob = problem(CodeBadFrame, "", `Send an object: {"type":…,"data":{…}}.`)
		}
		return nil, prob
	}
	prob = p.object(func(key []byte) *Problem {
		which := slices.Index(envelopeKeys[:], string(key))
		if which < 0 {
			return problem(CodeUnknownField, cut(key), "A frame has type, seq and data.")
		}
		if seen[which] {
			return duplicate(key)
		}
		seen[which] = true
		switch which {
		case 0:
			return p.intoString(&in.Type, "type")
		case 1:
			return p.intoInt(&in.Seq, "seq", 0, MaxInt)
		}
		from := p.i
		if p.peek() != '{' {
			if err := p.skip(1); err != nil {
				return err
			}
			return problem(CodeBadFrame, "data", "data is an object.")
		}
		err := p.skip(1)
		data = p.b[from:p.i]
		return err
	})
	if prob == nil {
		prob = p.end()
	}
	if prob == nil && !seen[0] {
		prob = problem(CodeBadFrame, "type", "Name the frame's type.")
	}
	return data, prob
}

// data reads the object of fields into in. The id is read even where another field is refused.
func (p *parser) data(shape *Shape, in *In) *Problem {
	var seen uint32 // one bit a field; no shape has more than 32
	var first *Problem
	keep := func(prob *Problem) {
		if first == nil {
			first = prob
		}
	}
	err := p.object(func(key []byte) *Problem {
		i, ok := shape.field(key)
		if !ok {
			keep(problem(CodeUnknownField, cut(key), "Leave it out: "+shape.Type+" has no such field."))
			return p.skip(1)
		}
		if seen&(1<<i) != 0 {
			return duplicate(key)
		}
		seen |= 1 << i
		from := p.i
		if prob := p.value(&shape.Fields[i], in); prob != nil {
			keep(prob)
			p.i = from
			return p.skip(1)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if first != nil {
		return first
	}
	for i := range shape.Fields {
		if f := &shape.Fields[i]; f.Required && seen&(1<<i) == 0 {
			return problem(CodeInvalid, f.Name, "It is missing.")
		}
	}
	return nil
}

func (p *parser) value(f *Field, in *In) *Problem {
	switch at := f.at(in).(type) {
	case *string:
		if prob := p.intoString(at, f.Name); prob != nil {
			return prob
		}
		prob := f.check(*at)
		if prob != nil && f.Kind != KindText {
			*at = ""
		}
		return prob
	case *int64:
		return p.intoInt(at, f.Name, f.Min, f.Max)
	case *bool:
		return p.intoBool(at, f.Name)
	case *time.Time:
		return p.intoTime(at, f.Name)
	case *map[string]string:
		return p.intoMap(at, f.Name, int(f.Max))
	}
	panic("field " + f.Name + " has no place")
}

func (f *Field) check(s string) *Problem {
	switch {
	case f.Kind == KindID:
		if s == "" && !f.Required || isID(s) {
			return nil
		}
		return problem(CodeInvalid, f.Name, "1 to 64 letters, digits, dots, colons, hyphens or underscores.")
	case f.Kind == KindText:
		if s == "" && !f.Required {
			return nil
		}
		return CheckText(f.Name, s, int(f.Max))
	}
	if prob := CheckLine(f.Name, s, int(f.Max)); prob != nil {
		return prob
	}
	if f.Enum == nil || s == "" && !f.Required {
		return nil
	}
	for _, allowed := range f.Enum {
		if s == allowed {
			return nil
		}
	}
	return problem(CodeInvalid, f.Name, "See docs/protocol.md for its values.")
}

func (p *parser) intoString(to *string, field string) *Problem {
	if p.peek() != '"' {
		return p.wrong(field, "It is a string.")
	}
	s, prob := p.text()
	if prob != nil {
		prob.Field = field
		return prob
	}
	*to = string(s)
	return nil
}

func (p *parser) intoInt(to *int64, field string, least, most int64) *Problem {
	if c := p.peek(); c != '-' && (c < '0' || c > '9') {
		return p.wrong(field, "It is an integer.")
	}
	from := p.i
	if prob := p.number(); prob != nil {
		return prob
	}
	n, err := strconv.ParseInt(string(p.b[from:p.i]), 10, 64)
	if err != nil || n < least || n > most || p.b[from] == '-' && n == 0 {
		return problem(CodeInvalid, field, "It is an integer from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10)+".")
	}
	*to = n
	return nil
}

func (p *parser) intoBool(to *bool, field string) *Problem {
	c := p.peek()
	if c != 't' && c != 'f' {
		return p.wrong(field, "It is true or false.")
	}
	if prob := p.skip(1); prob != nil {
		return prob
	}
	*to = c == 't'
	return nil
}

func (p *parser) intoTime(to *time.Time, field string) *Problem {
	var s string
	if prob := p.intoString(&s, field); prob != nil {
		return prob
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 2000 || t.Year() > 9999 {
		return problem(CodeInvalid, field, "It is a time such as 2026-05-04T10:00:00Z.")
	}
	*to = t.UTC().Truncate(time.Microsecond)
	return nil
}

func (p *parser) intoMap(to *map[string]string, field string, most int) *Problem {
	if p.peek() != '{' {
		return p.wrong(field, "It is an object of strings.")
	}
	all := map[string]string{}
	prob := p.object(func(key []byte) *Problem {
		name, value := string(key), ""
		if _, twice := all[name]; twice {
			return duplicate(key)
		}
		if prob := CheckLine(field, name, MaxKey); prob != nil || name == "" {
			return problem(CodeInvalid, field, "A name has 1 to "+strconv.Itoa(MaxKey)+" characters.")
		}
		if prob := p.intoString(&value, field); prob != nil {
			return prob
		}
		if prob := CheckLine(field, value, MaxValue); prob != nil {
			return prob
		}
		all[name] = value
		return nil
	})
	if prob == nil && len(all) > most {
		prob = problem(CodeTooLarge, field, "Send at most "+strconv.Itoa(most)+".")
	}
	if prob == nil {
		*to = all
	}
	return prob
}

// wrong is a value of another type than the field has; what is not JSON at all is said to be so.
func (p *parser) wrong(field, message string) *Problem {
	if prob := p.skip(1); prob != nil {
		return prob
	}
	return problem(CodeInvalid, field, message)
}

func duplicate(key []byte) *Problem {
	return problem(CodeBadJSON, cut(key), "Each key once.")
}

// cut keeps a foreign key from filling the answer.
func cut(key []byte) string {
	if len(key) > 40 {
		return string(key[:40])
	}
	return string(key)
}
