package upload

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"ombud/chat"
)

// picture is red on its left half and blue on its right.
func picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 200, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 200, A: 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func packed(t *testing.T, format string, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	var err error
	switch format {
	case "jpeg":
		err = jpeg.Encode(&out, m, nil)
	case "png":
		err = png.Encode(&out, m)
	case "gif":
		err = gif.Encode(&out, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// exif puts a note of the orientation, and a place, into a JPEG.
func exif(jpg []byte, orientation byte) []byte {
	tiff := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00GPS 47.4979 N 19.0402 E")
	tiff[18] = orientation
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(append(append([]byte{}, jpg[:2]...), append(segment, body...)...), jpg[2:]...)
}

// pdf is a document with one more object.
func pdf(object string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n3 0 obj\n" + object +
		"\nendobj\nxref\n0 4\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 4>>\nstartxref\n9\n%%EOF\n")
}

// stream is an object with bytes behind it.
func stream(keys, body string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", keys, len(body), body)
}

// objectStream packs objects, numbered from 20.
func objectStream(objects ...string) string {
	head, body := "", ""
	for i, o := range objects {
		head += fmt.Sprintf("%d %d ", 20+i, len(body))
		body += o + " "
	}
	return stream(fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode", len(objects), len(head)), deflated(head+body))
}

const script = "<</S/JavaScript/JS(app.alert(1))>>"

func deflated(text string) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write([]byte(text)) // a bytes.Buffer does not fail
	_ = w.Close()
	return out.String()
}

// hugePNG says that it has many pixels, and has none.
func hugePNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	head = append(head, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestPicturesAndDocumentsAreTakenIn(t *testing.T) {
	m := picture(40, 20)
	printed, err := os.ReadFile("testdata/printed.pdf")
	if err != nil {
		t.Fatal(err)
	}
	webp := "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
	for _, c := range []struct {
		name, send, want, kind string
		data                   []byte
		w, h                   int
	}{
		{"a JPEG", "photo.JPG", "photo.jpg", "image/jpeg", packed(t, "jpeg", m), 40, 20},
		{"a PNG", "shot.png", "shot.png", "image/png", packed(t, "png", m), 40, 20},
		{"a GIF becomes a PNG", "x.gif", "x.png", "image/png", packed(t, "gif", m), 40, 20},
		{"a WebP becomes a PNG", "x.webp", "x.png", "image/png", []byte(webp), 1, 1},
		{"a wide one is made smaller", "wide.png", "wide.png", "image/png", packed(t, "png", image.NewGray(image.Rect(0, 0, 5120, 100))), 2560, 50},
		{"a PDF", "bill.pdf", "bill.pdf", "application/pdf", pdf("<</Type/Page>>"), 0, 0},
		{"a PDF whose stream has suspicious bytes", "b.pdf", "b.pdf", "application/pdf", pdf("<</Length 9>>stream\n/JS /JS /\nendstream"), 0, 0},
		{"a PDF of packed objects", "b.pdf", "b.pdf", "application/pdf", pdf(objectStream("<</Type/Page/Parent 2 0 R>>", "[1 0 R (a\\)(b))]", "7")), 0, 0},
		{"a PDF that opens at a page", "b.pdf", "b.pdf", "application/pdf", pdf("<</OpenAction[3 0 R/Fit]>>"), 0, 0},
		{"a PDF that goes to a page", "b.pdf", "b.pdf", "application/pdf", pdf("<</OpenAction 4 0 R>>\nendobj\n4 0 obj\n<</S/GoTo/D[1 0 R/Fit]>>"), 0, 0},
		{"a PDF whose stream's length stands elsewhere", "b.pdf", "b.pdf", "application/pdf", pdf("<</Length 4 0 R>>stream\r\nabc\r\nendstream\nendobj\n4 0 obj\n3"), 0, 0},
		{"a page that a browser printed", "b.pdf", "b.pdf", "application/pdf", printed, 0, 0},
		{"a PDF that was changed", "b.pdf", "b.pdf", "application/pdf", append(pdf("<</Type/Page>>"), pdf("<</Type/Page/Rotate 90>>")[len("%PDF-1.7\n"):]...), 0, 0},
	} {
		f, err := NewChecker(1).File(t.Context(), c.send, c.data)
		if err != nil || f.Name != c.want || f.Type != c.kind || f.Width != c.w || f.Height != c.h || f.Size != len(f.Data) || f.Size == 0 {
			t.Errorf("%s: %q %s %d x %d, %d bytes: %v", c.name, f.Name, f.Type, f.Width, f.Height, f.Size, err)
		}
	}
}

func TestPicturesLoseTheirMetadataAndStandUpright(t *testing.T) {
	for orientation := byte(1); orientation <= 8; orientation++ {
		f, err := NewChecker(1).File(t.Context(), "p.jpg", exif(packed(t, "jpeg", picture(40, 20)), orientation))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(f.Data, []byte("GPS")) || bytes.Contains(f.Data, []byte("Exif")) {
			t.Error("the place is still in it")
		}
		m, err := jpeg.Decode(bytes.NewReader(f.Data))
		if err != nil {
			t.Fatal(err)
		}
		b := m.Bounds()
		// Where the red half is: left, right, left, right for 1 to 4; top or bottom once it lies on its side.
		x, y := [9]int{0, 5, 35, 35, 5, 10, 10, 10, 10}[orientation], [9]int{0, 10, 10, 10, 10, 5, 5, 35, 35}[orientation]
		r, _, blue, _ := m.At(x, y).RGBA()
		if (b.Dx() < b.Dy()) != (orientation >= 5) || r < blue {
			t.Errorf("orientation %d: %v, red %d and blue %d at %d,%d", orientation, b, r, blue, x, y)
		}
	}
	polyglot := append(packed(t, "png", picture(4, 4)), []byte("PK\x03\x04 <script>alert(1)</script>")...)
	f, err := NewChecker(1).File(t.Context(), "p.png", polyglot)
	if err != nil || bytes.Contains(f.Data, []byte("script")) {
		t.Errorf("what hung behind the pixels is still there (%v)", err)
	}
}

// hostile files, each with why it is refused.
func hostile(t *testing.T) map[string]struct {
	code string
	data []byte
} {
	type bad = struct {
		code string
		data []byte
	}
	jpg, pic := packed(t, "jpeg", picture(8, 8)), packed(t, "png", picture(8, 8))
	return map[string]bad{
		"nothing":                    {"empty", nil},
		"one byte":                   {"type", []byte("x")},
		"one byte too many":          {"too_large", append([]byte("%PDF-"), make([]byte, MaxBytes-4)...)},
		"SVG":                        {"type", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		"SVG after an XML head":      {"type", []byte(`<?xml version="1.0"?><svg onload="alert(1)"/>`)},
		"HTML":                       {"type", []byte(`<!doctype html><script>alert(1)</script>`)},
		"HTML that ends like a PDF":  {"type", []byte("<script>alert(1)</script>%PDF-1.7 startxref %%EOF")},
		"a program for Windows":      {"type", []byte("MZ\x90\x00\x03")},
		"a program for Linux":        {"type", []byte("\x7fELF\x02\x01\x01")},
		"a shell script":             {"type", []byte("#!/bin/sh\nrm -rf /\n")},
		"a zip":                      {"type", []byte("PK\x03\x04\x14\x00")},
		"a zip of gzip":              {"type", []byte("\x1f\x8b\x08\x00")},
		"a Word file of old":         {"type", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
		"a film":                     {"type", []byte("\x00\x00\x00\x18ftypmp42")},
		"HEIC":                       {"type", []byte("\x00\x00\x00\x18ftypheic")},
		"a bitmap":                   {"type", []byte("BM\x8a\x00\x00\x00")},
		"an icon":                    {"type", []byte("\x00\x00\x01\x00\x01\x00")},
		"PostScript":                 {"type", []byte("%!PS-Adobe-3.0")},
		"a PNG bomb":                 {"too_large", hugePNG(50_000, 50_000)},
		"a PNG with no end of sides": {"broken", hugePNG(1<<31-1, 1<<31-1)},
		"a PNG without pixels":       {"broken", hugePNG(10, 10)},
		"a PNG cut short":            {"broken", pic[:len(pic)/2]},
		"a PNG of no width":          {"broken", hugePNG(0, 10)},
		"only the head of a JPEG":    {"broken", []byte("\xff\xd8\xff\xe0")},
		"a JPEG cut short":           {"broken", jpg[:len(jpg)/2]},
		"a JPEG head before HTML":    {"broken", []byte("\xff\xd8\xff<script>alert(1)</script>")},
		"a GIF head before script":   {"too_large", []byte("GIF89a=1;alert(1)//")},
		"RIFF that is no WebP":       {"type", []byte("RIFF\x24\x00\x00\x00WAVEfmt ")},
		"WebP without pixels":        {"broken", []byte("RIFF\x24\x00\x00\x00WEBPVP8 ")},
		"a PDF without an end":       {"broken", []byte("%PDF-1.7\n1 0 obj")},
		"a PDF with a zip behind":    {"type", append(pdf("<<>>"), []byte("PK\x03\x04 and much more of it PK\x05\x06")...)},
		"a PDF with a word behind":   {"type", append(pdf("<<>>"), 'x')},
		"a PDF with a script":        {"active", pdf("<</S/JavaScript/JS(app.alert(1))>>")},
		"the same, spelt otherwise":  {"active", pdf("<</S/J#61vaScript>>")},
		"the same, packed":           {"active", pdf(objectStream("<</JS 4 0 R>>"))},
		"a PDF that starts programs": {"active", pdf("<</S/Launch/F(cmd.exe)>>")},
		"a PDF with a file in it":    {"active", pdf("<</Type/EmbeddedFile>>")},
		"a PDF with an XFA form":     {"active", pdf("<</XFA 5 0 R>>")},
		"a PDF bomb":                 {"too_large", pdf("<</Type/ObjStm/Filter/FlateDecode>>stream\n" + deflated(strings.Repeat(" ", maxUnpacked+1)) + "\nendstream")},
		"a locked PDF":               {"locked", pdf("<</Encrypt 6 0 R>>")},
	}
}

// hiding are PDFs with a script where one reader finds it and another does not look.
func hiding() map[string]string {
	packed := func(keys, body string) string { return stream(keys, body) }
	return map[string]string{
		"between the words stream and endstream":     "<</K(stream)>>\nendobj\n7 0 obj\n" + script + "\nendobj\n8 0 obj\n(endstream)",
		"behind a stream that says it is shorter":    "<</Length 2>>stream\nab\nendobj\n7 0 obj\n" + script + "\nendobj\nendstream",
		"in a stream, as an object":                  stream("", "7 0 obj\n"+script+"\nendobj"),
		"in a text, as an object":                    "(7 0 obj " + script + ")",
		"in a comment, as an object":                 "% 7 0 obj " + script + "\n<<>>",
		"in a text, as a trailer":                    "(trailer <</Root " + script + ">>)",
		"with a comment in the head":                 "(7 % \n 0 obj " + script + ")",
		"in an object stream spelt otherwise":        packed("/Type/Obj#53tm/N 1/First 5/Filter/FlateDecode", deflated("20 0 "+script)),
		"in an object stream without its type":       packed("/N 1/First 5/Filter/FlateDecode", deflated("20 0 "+script)),
		"in an object stream that is not packed":     packed("/Type/ObjStm/N 1/First 5", "20 0 "+script),
		"in an object stream packed otherwise":       packed("/Type/ObjStm/N 1/First 5/Filter/ASCIIHexDecode", "3230203020>"),
		"in an object stream packed twice":           packed("/Type/ObjStm/N 1/First 5/Filter[/FlateDecode/FlateDecode]", deflated(deflated("20 0 "+script))),
		"in an object stream with a predictor":       packed("/Type/ObjStm/N 1/First 5/Filter/FlateDecode/DecodeParms<</Predictor 12>>", deflated("20 0 7")),
		"in an object stream, inside a text":         packed("/Type/ObjStm/N 1/First 5/Filter/FlateDecode", deflated("20 1 ("+script+")")),
		"in an object stream, past the last":         packed("/Type/ObjStm/N 1/First 5/Filter/FlateDecode", deflated("20 0 7 "+script)),
		"in an object of a later generation":         "<<>>\nendobj\n3 2 obj\n" + script,
		"under a key that stands there twice":        packed("/Type/XObject/Type/ObjStm/N 1/First 5/Filter/FlateDecode", deflated("20 0 "+script)),
		"at opening, by an action":                   "<</OpenAction 4 0 R>>\nendobj\n4 0 obj\n<</S/URI/URI(https://example.com)>>",
		"at opening, by an action after another":     "<</OpenAction<</S/GoTo/D[1 0 R]/Next 4 0 R>>>>",
		"at opening, by an object that is not there": "<</OpenAction 99 0 R>>",
		"when a page is shown":                       "<</AA<</O 4 0 R>>>>",
		"in another file":                            "<</Length 0/F(other.bin)>>stream\n\nendstream",
		"in a name with a broken escape":             "<</S/J#6>>",
		"in a nest without an end":                   strings.Repeat("[", 100_000),
		"in a dictionary without an end":             "<</A<</B[",
		"in a word that is none":                     "<</A obj>>",
	}
}

func TestNothingHidesInAPDF(t *testing.T) {
	for where, object := range hiding() {
		_, err := NewChecker(1).File(t.Context(), "b.pdf", pdf(object))
		var invalid *chat.InvalidError
		if !errors.As(err, &invalid) || invalid.Code != "active" && invalid.Code != "broken" {
			t.Errorf("%s: %v", where, err)
		}
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	all := hostile(t)
	if len(all) < 30 {
		t.Errorf("%d hostile files", len(all))
	}
	for name, c := range all {
		_, err := NewChecker(1).File(t.Context(), "photo.jpg", c.data)
		var invalid *chat.InvalidError
		if !errors.As(err, &invalid) || invalid.Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestNamesHaveNoTricks(t *testing.T) {
	for send, want := range map[string]string{
		"": "file.png", "..": "file.png", "/": "file.png", "a/b/../c.png": "c.png", `C:\Users\ann\d.exe`: "d.png", ".htaccess": "file.png",
		"bill.pdf.exe": "bill.pdf.png", "photo\u202egnp.exe": "photognp.png", "x\r\nSet-Cookie: a=b.png": "xSet-Cookie a=b.png",
		"\xff\xfe.png": "file.png", "számla 2.png": "számla 2.png", `"><img src=x>.png`: "img src=x.png", "发票.jpeg": "发票.png",
		strings.Repeat("ű", 300) + ".png": strings.Repeat("ű", nameRunes) + ".png",
	} {
		if got := cleanName(send, "image/png"); got != want || !utf8.ValidString(got) {
			t.Errorf("%q became %q, want %q", send, got, want)
		}
	}
}

func TestWaitingForATurnEndsWithTheContext(t *testing.T) {
	c := NewChecker(1)
	c.turns <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.File(ctx, "x.png", packed(t, "png", picture(2, 2))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte("%PDF-1.7 startxref %%EOF"))
	f.Add(pdf(objectStream(script, "[1 0 R]")))
	f.Add([]byte("GIF89a\x01\x00\x01\x00"))
	f.Add(exif([]byte("\xff\xd8\xff\xd9"), 6))
	f.Add(hugePNG(3, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := NewChecker(1).File(t.Context(), fmt.Sprintf("%q", data[:min(len(data), 20)]), data)
		if err == nil && (out.Size == 0 || out.Size > MaxBytes) {
			t.Errorf("%d bytes became %d", len(data), out.Size)
		}
	})
}
