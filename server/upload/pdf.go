package upload

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"

	"ombud/chat"
)

const (
	// tail is how far before the end of a file its last %%EOF must stand: whatever follows it is not part of the PDF.
	tail = 16
	// maxUnpacked bounds what the packed objects of a PDF may unpack to.
	maxUnpacked = 16 << 20
)

var (
	hexInName = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
	// active are the names that make a PDF do something by itself or carry other files.
	active = regexp.MustCompile(`/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)([^A-Za-z]|$)`)
)

// checkPDF looks for what a plain document does not have: scripts, programs to start, other files, and bytes behind its end. A PDF
// is stored as it came, and only ever given out as a download.
func checkPDF(data []byte) (chat.File, error) {
	last := bytes.LastIndex(data, []byte("%%EOF"))
	if last < 0 || !bytes.Contains(data, []byte("startxref")) {
		return chat.File{}, refused("broken", "The PDF is not complete. Save it again, then send it.")
	}
	if rest := data[last+len("%%EOF"):]; len(rest) > tail || len(bytes.Trim(rest, " \t\r\n\x00")) > 0 {
		return chat.File{}, refused("type", "Something else is hidden behind the PDF. Print it to a new PDF, then send that.")
	}
	objects, ok := objectsOf(data)
	if !ok {
		return chat.File{}, refused("too_large", "The PDF is too large once it is unpacked. Print it to a new PDF, then send that.")
	}
	objects = hexInName.ReplaceAllFunc(objects, func(name []byte) []byte {
		b, _ := hex.DecodeString(string(name[1:])) // two hex digits, by the expression
		return b
	})
	if active.Match(objects) {
		return chat.File{}, refused("active", "The PDF holds scripts or other files. Print it to a new PDF, then send that.")
	}
	if bytes.Contains(objects, []byte("/Encrypt")) {
		return chat.File{}, refused("locked", "The PDF is locked with a password. Send it without.")
	}
	return chat.File{Type: "application/pdf", Data: data}, nil
}

// objectsOf gives the objects of a PDF without the streams of pages, fonts and pictures, whose bytes mean nothing here; packed
// objects (PDF 1.5, object streams) come unpacked. False: they unpack to too much.
func objectsOf(data []byte) ([]byte, bool) {
	var out bytes.Buffer
	for {
		begin := bytes.Index(data, []byte("stream"))
		if begin < 0 {
			out.Write(data)
			return out.Bytes(), true
		}
		head := data[:begin]
		out.Write(head)
		data = data[begin+len("stream"):]
		end := bytes.Index(data, []byte("endstream"))
		if end < 0 {
			out.Write(data) // no stream at all, or a broken one: look at all of it
			return out.Bytes(), true
		}
		if dict := head[max(0, bytes.LastIndex(head, []byte("obj"))):]; bytes.Contains(dict, []byte("/ObjStm")) {
			body := bytes.TrimLeft(data[:end], "\r\n")
			if r, err := zlib.NewReader(bytes.NewReader(body)); err != nil {
				out.Write(body)
			} else if n, _ := io.Copy(&out, io.LimitReader(r, int64(maxUnpacked-out.Len()+1))); n > 0 && out.Len() > maxUnpacked {
				return nil, false
			}
		}
		out.WriteByte('\n')
		data = data[end+len("endstream"):]
	}
}
