package upload

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"regexp"

	"ombud/chat"
)

const (
	// tail is how far before the end of a file its last %%EOF must stand: whatever follows it is not part of the PDF.
	tail = 16
	// maxUnpacked bounds what the packed objects of a PDF may unpack to together.
	maxUnpacked = 16 << 20
	// maxObjects is how many objects a PDF may have.
	maxObjects = 200_000
)

var (
	// active are the names that make a PDF do something by itself, ask other programs or files, or carry other files.
	active = names("JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "Filespec", "Collection", "RichMedia",
		"RichMediaContent", "RichMediaExecute", "XFA", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition", "Movie", "Sound", "3D", "GoTo3DView")
	// activeKeys are so where they are the key of a dictionary.
	activeKeys = names("AA", "EF", "AF")

	// objectHead and trailerHead are what readers look for that do not find their way by the table of contents. Each of them is to be
	// where this check reads one as well: none inside a text, a comment or a stream.
	objectHead  = regexp.MustCompile(`[0-9](?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])+[0-9]+(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])*obj`)
	trailerHead = regexp.MustCompile(`trailer(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])*<<`)
)

func names(all ...string) map[string]bool {
	out := map[string]bool{}
	for _, name := range all {
		out[name] = true
	}
	return out
}

// checkPDF takes in a PDF of which every byte is accounted for: objects, tables of contents and trailers, one after the other, and
// nothing that is active in any of them, be it in use or not. So it does not matter by which way whoever opens it finds its objects.
// A PDF is stored as it came, and only ever given out as a download.
func checkPDF(data []byte) (chat.File, error) {
	last := bytes.LastIndex(data, []byte("%%EOF"))
	if last < 0 {
		return chat.File{}, refused("broken", "The PDF is not complete. Save it again, then send it.")
	}
	if rest := data[last+len("%%EOF"):]; len(rest) > tail || len(bytes.Trim(rest, " \t\r\n\x00")) > 0 {
		return chat.File{}, refused("type", "Something else is hidden behind the PDF. Print it to a new PDF, then send that.")
	}
	d := document{reader: reader{data: data}, objects: map[int64][]value{}}
	switch err := d.read(); {
	case errors.Is(err, errActive):
		return chat.File{}, refused("active", "The PDF holds scripts or other files, or acts by itself. Print it to a new PDF, then send that.")
	case errors.Is(err, errLocked):
		return chat.File{}, refused("locked", "The PDF is locked with a password. Send it without.")
	case errors.Is(err, chat.ErrTooLarge):
		return chat.File{}, refused("too_large", "The PDF is too large once it is unpacked. Print it to a new PDF, then send that.")
	case err != nil:
		return chat.File{}, refused("broken", "The PDF cannot be checked. Print it to a new PDF, then send that.")
	}
	return chat.File{Type: "application/pdf", Data: data}, nil
}

// document is a PDF while it is checked.
type document struct {
	reader
	objects  map[int64][]value // by number: an update writes another one by the same
	count    int               // of the objects that are not packed
	trailers int
	unpacked int
	lengths  []length
	ended    bool // there was a startxref
}

// length is how long a stream says that it is, and how much lies before the word endstream.
type length struct {
	said  value
	bytes []byte
}

// read goes over the file once, and then over what could not be known before all of it was read.
func (d *document) read() error {
	for d.err == nil {
		d.space()
		if d.at >= len(d.data) {
			break
		}
		switch word := d.next(); word {
		case "xref":
			d.table()
		case "trailer":
			d.word()
			d.trailers++
			if d.value(0).kind != kindDict {
				d.fail(errBroken)
			}
		case "startxref":
			d.word()
			d.space()
			if _, ok := whole(d.word()); !ok {
				d.fail(errBroken)
			}
			d.ended = true
		default:
			d.object()
		}
	}
	switch {
	case d.err != nil:
		return d.err
	case !d.ended || d.count == 0,
		len(objectHead.FindAllIndex(d.data, d.count+1)) != d.count, len(trailerHead.FindAllIndex(d.data, d.trailers+1)) != d.trailers:
		return errBroken
	}
	for _, l := range d.lengths {
		if !d.fits(l) {
			return errBroken
		}
	}
	for _, open := range d.opens {
		if !d.showsPage(open) {
			return errActive
		}
	}
	return nil
}

// table goes over a table of contents: lines of numbers and the letters n and f.
func (d *document) table() {
	d.word()
	for d.err == nil {
		d.space()
		at := d.at
		word := d.word()
		if _, ok := whole(word); !ok && word != "n" && word != "f" {
			d.at = at
			return
		}
	}
}

// object reads one that is not packed.
func (d *document) object() {
	number, ok := whole(d.word())
	d.space()
	_, ok2 := whole(d.word())
	if d.space(); !ok || !ok2 || d.word() != "obj" {
		d.fail(errBroken)
		return
	}
	if d.count++; d.count > maxObjects {
		d.fail(chat.ErrTooLarge)
		return
	}
	v := d.value(0)
	d.space()
	if d.next() == "stream" && d.err == nil {
		d.stream(v)
	}
	if d.space(); d.word() != "endobj" {
		d.fail(errBroken)
	}
	d.keep(number, v)
}

// keep remembers of an object what is asked for later.
func (d *document) keep(number int64, v value) {
	switch {
	case v.kind == kindInt, v.kind == kindArray:
		v.one = nil
		d.objects[number] = append(d.objects[number], v)
	case v.kind == kindDict && v.keys["S"].kind == kindName:
		d.objects[number] = append(d.objects[number], v)
	default:
		d.objects[number] = append(d.objects[number], value{kind: v.kind})
	}
}

// stream goes over the bytes of a stream, and reads the objects that are packed in it.
func (d *document) stream(head value) {
	d.word()
	switch rest := d.data[d.at:]; {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		d.at += 2
	case bytes.HasPrefix(rest, []byte("\n")), bytes.HasPrefix(rest, []byte("\r")):
		d.at++
	default:
		d.fail(errBroken)
		return
	}
	size := bytes.Index(d.data[d.at:], []byte("endstream"))
	if size < 0 || head.kind != kindDict {
		d.fail(errBroken)
		return
	}
	body := d.data[d.at : d.at+size]
	d.at += size + len("endstream")
	d.lengths = append(d.lengths, length{head.keys["Length"], body})
	if head.keys["F"].kind != kindOther || head.keys["FFilter"].kind != kindOther {
		d.fail(errActive) // its bytes lie in another file
		return
	}
	_, n := head.keys["N"]
	_, first := head.keys["First"]
	if head.keys["Type"].name == "ObjStm" || head.keys["Type"].kind == kindRef || n && first {
		d.packed(head, body)
	}
}

// fits says whether a stream is as long as it says, line end aside.
func (d *document) fits(l length) bool {
	said := []value{l.said}
	if l.said.kind == kindRef {
		said = d.objects[l.said.num]
	}
	for _, v := range said {
		if v.kind != kindInt || v.num > int64(len(l.bytes)) || len(l.bytes)-int(v.num) > 2 || len(bytes.Trim(l.bytes[v.num:], "\r\n")) > 0 {
			return false
		}
	}
	return len(said) > 0
}

// packed reads the objects in an object stream (ISO 32000-1, 7.5.7): a table of numbers and places, then the objects, each to
// begin where the table says and where the one before ends.
func (d *document) packed(head value, body []byte) {
	n, first := head.keys["N"], head.keys["First"]
	data, err := d.unpack(head, body)
	if err == nil && (n.kind != kindInt || first.kind != kindInt || first.num > int64(len(data)) || n.num > maxObjects) {
		err = errBroken
	}
	if err != nil {
		d.fail(err)
		return
	}
	table, in := reader{data: data[:first.num]}, reader{data: data}
	numbers, places := make([]int64, n.num), make([]int64, n.num)
	for i := range numbers {
		var ok, ok2 bool
		table.space()
		numbers[i], ok = whole(table.word())
		table.space()
		if places[i], ok2 = whole(table.word()); !ok || !ok2 {
			table.fail(errBroken)
			break
		}
	}
	if table.space(); table.err != nil || table.at < len(table.data) {
		d.fail(errBroken)
		return
	}
	in.at = int(first.num)
	for i, place := range places {
		if in.space(); int64(in.at) != first.num+place {
			in.fail(errBroken)
			break
		}
		d.keep(numbers[i], in.value(0))
	}
	if in.space(); in.err == nil && in.at < len(in.data) {
		in.err = errBroken
	}
	d.opens = append(d.opens, in.opens...)
	if in.err != nil {
		d.fail(in.err)
	}
}

// unpack gives the bytes of an object stream, which may be packed by deflating and by nothing else.
func (d *document) unpack(head value, body []byte) ([]byte, error) {
	filter := head.keys["Filter"]
	if filter.kind == kindArray && filter.one != nil {
		filter = *filter.one
	}
	for _, key := range []string{"DecodeParms", "DP"} {
		if head.keys[key].kind != kindOther {
			return nil, errBroken
		}
	}
	switch {
	case filter.kind == kindOther:
		return bytes.TrimRight(body, "\r\n"), nil
	case filter.name != "FlateDecode":
		return nil, errBroken
	}
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, errBroken
	}
	data, err := io.ReadAll(io.LimitReader(z, int64(maxUnpacked-d.unpacked+1)))
	if d.unpacked += len(data); d.unpacked > maxUnpacked {
		return nil, chat.ErrTooLarge
	}
	if err != nil {
		return nil, errBroken
	}
	return data, nil
}

// showsPage says whether what happens at opening is only that a page is shown.
func (d *document) showsPage(v value) bool {
	all := []value{v}
	if v.kind == kindRef {
		all = d.objects[v.num]
	}
	for _, v := range all {
		_, more := v.keys["Next"]
		if v.kind != kindArray && (v.kind != kindDict || v.keys["S"].name != "GoTo" || more) {
			return false
		}
	}
	return len(all) > 0
}
