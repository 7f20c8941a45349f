package nlu

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"strings"
	"sync"
)

// vectorFile is written by tools/vectors, which says what stands in it; NOTICE says whose work it is.
//
//go:embed vectors.bin
var vectorFile []byte

// meant is the language whose words have vectors.
const meant = "en"

// dimensions is how many numbers a word's vector has.
const dimensions = 100

// meaningWeight is the length of a message's vector, beside those of groupWeight. Chosen by leaving out quarters of CLINC150's
// training part: 95.6 % right without vectors, 96.0 at .5, 96.1 at .7, 95.9 at 1.2, 95.2 at 2.
const meaningWeight = 0.7

// vectors tells what English words mean by the company they keep: words that can stand for one another have vectors that
// point the same way, also where the examples hold but one of them.
type vectors struct {
	place map[uint64]int32 // by a word's hash, its number
	scale []float32        // by word, what its numbers are to be multiplied by: common words weigh little
	data  []byte           // by word, dimensions numbers from -127 to 127
}

// englishVectors is read when the first model that knows English is. The file is part of the program and its test reads it too,
// so damage to it is a mistake of the program.
var englishVectors = sync.OnceValue(func() *vectors {
	v, err := readVectors(vectorFile)
	if err != nil {
		panic(err)
	}
	return v
})

// vectorSum tells one file of vectors from another.
var vectorSum = sync.OnceValue(func() uint32 { return crc32.ChecksumIEEE(vectorFile) })

// vectorMark begins the file and names its form.
const vectorMark = "OMBUDVEC1\n"

// readVectors reads the file: vectorMark; the number of words and the length of their list in bytes, 4 bytes each, little
// endian; each word's scale as a float32; the words, a newline after each; each word's numbers, a byte each.
func readVectors(raw []byte) (*vectors, error) {
	if !bytes.HasPrefix(raw, []byte(vectorMark)) || len(raw) < len(vectorMark)+8 {
		return nil, errors.New("word vectors: not a file of them")
	}
	head := raw[len(vectorMark):]
	words, list := int(binary.LittleEndian.Uint32(head)), int(binary.LittleEndian.Uint32(head[4:]))
	head = head[8:]
	if len(head) != 4*words+list+dimensions*words {
		return nil, fmt.Errorf("word vectors: %d bytes for %d words", len(raw), words)
	}
	v := &vectors{place: make(map[uint64]int32, words), scale: floats(head[:4*words]), data: head[4*words+list:]}
	n := int32(0)
	for w := range strings.Lines(string(head[4*words : 4*words+list])) {
		v.place[hashRunes(kWord, []rune(strings.TrimSuffix(w, "\n")))] = n
		n++
	}
	if len(v.place) != words {
		return nil, fmt.Errorf("word vectors: %d different words, want %d", len(v.place), words)
	}
	return v, nil
}

// meaning adds to sum the vectors of the message's words, and brings the sum to meaningWeight. It tells whether any word has one.
func (x *extractor) meaning(sum *[dimensions]float32) bool {
	known := englishVectors()
	*sum = [dimensions]float32{}
	for _, i := range x.words {
		n, ok := known.place[hashRunes(kWord, x.text.word(i))]
		if !ok {
			continue
		}
		s, d := known.scale[n], known.data[int(n)*dimensions:int(n)*dimensions+dimensions]
		for k := range sum {
			sum[k] += s * float32(int8(d[k]))
		}
	}
	square := 0.0
	for _, a := range sum {
		square += float64(a) * float64(a)
	}
	if square == 0 {
		return false
	}
	length := float32(meaningWeight / math.Sqrt(square))
	for k := range sum {
		sum[k] *= length
	}
	return true
}

// appendMeaning puts a message's vector behind its other features; first is the number of its first dimension. It belongs
// to no words in particular.
func appendMeaning(cells []cell, first int, sum [dimensions]float32) []cell {
	for k, v := range sum {
		cells = append(cells, cell{id: int32(first + k), value: v})
	}
	return cells
}
