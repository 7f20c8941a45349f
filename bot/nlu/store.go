package nlu

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// format is the version of stored models. It is raised whenever features, learning or the layout of the file change, so that
// a model of another program is never used.
const format = 10

// ErrDamaged is returned for a stored model that is cut short, altered or of another version.
var ErrDamaged = errors.New("damaged model")

// TrainCached gives the model that Train would, from the file in directory dir that an earlier call with the same examples,
// options and program version left there, or by training and leaving one. trained tells which. A damaged or
// unreadable file is replaced. Where the directory cannot be written the model is returned all the same, with the
// error.
func TrainCached(dir string, examples []Example, o Options) (m *Model, trained bool, err error) {
	name := filepath.Join(dir, "nlu-"+fingerprint(examples)+".model")
	if raw, err := os.ReadFile(name); err == nil {
		if m, err := decode(raw); err == nil {
			return m, false, nil
		}
	}
	if m, err = Train(examples, o); err != nil {
		return nil, false, err
	}
	if err := m.save(name); err != nil {
		return m, true, fmt.Errorf("keep trained model: %w", err)
	}
	return m, true, nil
}

// fingerprint names a set of examples, learnt from by this version of the program.
func fingerprint(examples []Example) string {
	h := sha256.New()
	e := json.NewEncoder(h)
	// Writing to a hash does not fail, and neither does encoding of plain strings.
	_ = e.Encode(format)
	_ = e.Encode(Signals)
	_ = e.Encode(conceptLines) // they are features too, and change more often than the program around them
	_ = e.Encode(vectorSum())
	_ = e.Encode(examples)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// save writes the model to a new file and then gives it its name, so that nobody ever reads half of one.
func (m *Model) save(name string) error {
	raw, err := m.encode()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".nlu-*")
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// small is the part of a stored model that gob writes; the large arrays follow it as they are.
type small struct {
	Header  header
	Tongues storedTongues
	Slots   int
	Known   int
	Single  int32
	Rarest  float32
	Room    float32
	Weights int
}

// storedTongues is a tongues with its maps laid flat, which reads ten times faster.
type storedTongues struct {
	Languages []string
	Hashes    []uint64
	Shares    []float32
	Rare      []float32
	Words     []uint64
	In        []uint32
}

// encode gives a SHA-256 of the rest, and the rest: the length of the small part, the small part, the arrays.
func (m *Model) encode() ([]byte, error) {
	v := m.vocabulary
	var head bytes.Buffer
	s := small{Header: m.head, Tongues: m.tongues.flat(), Slots: len(v.Keys), Known: len(v.IDF), Single: v.Single, Rarest: v.Rarest, Room: v.Room, Weights: len(m.weights)}
	if err := gob.NewEncoder(&head).Encode(s); err != nil {
		return nil, err
	}
	out := make([]byte, sha256.Size, sha256.Size+8+head.Len()+12*s.Slots+4*s.Known+4*s.Weights)
	out = binary.LittleEndian.AppendUint64(out, uint64(head.Len()))
	out = append(out, head.Bytes()...)
	for _, k := range v.Keys {
		out = binary.LittleEndian.AppendUint64(out, k)
	}
	for _, id := range v.Ids {
		out = binary.LittleEndian.AppendUint32(out, uint32(id))
	}
	for _, floats := range [][]float32{v.IDF, m.weights} {
		for _, x := range floats {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
		}
	}
	sum := sha256.Sum256(out[sha256.Size:])
	copy(out, sum[:])
	return out, nil
}

func decode(raw []byte) (*Model, error) {
	if len(raw) < sha256.Size+8 || sha256.Sum256(raw[sha256.Size:]) != [sha256.Size]byte(raw[:sha256.Size]) {
		return nil, ErrDamaged
	}
	raw = raw[sha256.Size:]
	length := binary.LittleEndian.Uint64(raw)
	if raw = raw[8:]; length > uint64(len(raw)) {
		return nil, ErrDamaged
	}
	var s small
	if err := gob.NewDecoder(bytes.NewReader(raw[:length])).Decode(&s); err != nil && err != io.EOF {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if raw = raw[length:]; s.Slots <= 0 || len(raw) != 12*s.Slots+4*s.Known+4*s.Weights {
		return nil, ErrDamaged
	}
	v := &vocabulary{Keys: make([]uint64, s.Slots), Ids: make([]int32, s.Slots), mask: uint64(s.Slots - 1), Single: s.Single, Rarest: s.Rarest, Room: s.Room}
	for i := range v.Keys {
		v.Keys[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	raw = raw[8*s.Slots:]
	for i := range v.Ids {
		v.Ids[i] = int32(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	raw = raw[4*s.Slots:]
	v.IDF = floats(raw[:4*s.Known])
	return &Model{head: s.Header, vocabulary: v, weights: floats(raw[4*s.Known:]), tongues: s.Tongues.unflat()}, nil
}

func floats(raw []byte) []float32 {
	out := make([]float32, len(raw)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

func (t *tongues) flat() storedTongues {
	s := storedTongues{Languages: t.Languages, Rare: t.Rare}
	for _, h := range slices.Sorted(maps.Keys(t.Grams)) {
		s.Hashes = append(s.Hashes, h)
		s.Shares = append(s.Shares, t.Grams[h]...)
	}
	for _, h := range slices.Sorted(maps.Keys(t.Words)) {
		s.Words = append(s.Words, h)
		s.In = append(s.In, t.Words[h])
	}
	return s
}

func (s storedTongues) unflat() *tongues {
	n := len(s.Languages)
	t := &tongues{Languages: s.Languages, Rare: s.Rare,
		Grams: make(map[uint64][]float32, len(s.Hashes)), Words: make(map[uint64]uint32, len(s.Words))}
	for i, h := range s.Hashes {
		t.Grams[h] = s.Shares[i*n : i*n+n : i*n+n]
	}
	for i, h := range s.Words {
		t.Words[h] = s.In[i]
	}
	return t
}
