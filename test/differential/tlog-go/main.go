// Holds a log of ours against golang.org/x/mod/sumdb, the implementation from which tiled logs and signed notes come.
// Reads a job as JSON, computes the same tree from the entries by itself, reads our tiles through its own reader, which
// authenticates them, and prints what it found as JSON.
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type job struct {
	Directory  string
	VKey       string
	Checkpoint string
	Records    []int64
	Trees      []int64
	Proofs     map[int64][]tlog.Hash
}

type answer struct {
	Signer       string
	Root         string
	Tiles        map[string][]byte
	RecordProofs map[int64]tlog.RecordProof
	TreeProofs   map[int64]tlog.TreeProof
	Accepted     []int64
	GoKey        string
	GoNote       string
}

// Our files: a tile lies at tile/<L>/<N> where this package has tile/<H>/<L>/<N>.
type files struct{ directory string }

func ourPath(tile tlog.Tile) string { return strings.Replace(tile.Path(), "tile/8/", "tile/", 1) }

func (f files) Height() int { return height }
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for at, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(f.directory, ourPath(tile)))
		if err != nil {
			return nil, err
		}
		data[at] = bytes
	}
	return data, nil
}
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	var asked job
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		must(0, err)
	}
	verifier := must(note.NewVerifier(asked.VKey))
	opened := must(note.Open([]byte(asked.Checkpoint), note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	size := must(strconv.ParseInt(lines[1], 10, 64))
	root := must(tlog.ParseHash(lines[2]))

	hashes := storedHashes(size)
	tree := tlog.Tree{N: size, Hash: must(tlog.TreeHash(size, hashes))}
	result := answer{Signer: opened.Sigs[0].Name, Root: tree.Hash.String(), Tiles: map[string][]byte{}}
	for _, tile := range tlog.NewTiles(height, 0, size) {
		result.Tiles[ourPath(tile)] = must(tlog.ReadTileData(tile, hashes))
	}

	// From here on hashes come from our tiles, each checked against the checkpoint's root.
	ours := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, files{asked.Directory})
	result.RecordProofs = map[int64]tlog.RecordProof{}
	for _, n := range asked.Records {
		result.RecordProofs[n] = must(tlog.ProveRecord(size, n, ours))
		if tlog.CheckRecord(asked.Proofs[n], size, root, n, tlog.RecordHash(entry(n))) == nil {
			result.Accepted = append(result.Accepted, n)
		}
	}
	result.TreeProofs = map[int64]tlog.TreeProof{}
	for _, n := range asked.Trees {
		result.TreeProofs[n] = must(tlog.ProveTree(size, n, ours))
	}
	result.GoKey, result.GoNote = signedNote()
	must(0, json.NewEncoder(os.Stdout).Encode(result))
}

func entry(n int64) []byte { return []byte(fmt.Sprintf("entry %d", n)) }

func storedHashes(size int64) tlog.HashReader {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		read := make([]tlog.Hash, len(indexes))
		for at, index := range indexes {
			read[at] = stored[index]
		}
		return read, nil
	})
	for n := int64(0); n < size; n++ {
		stored = append(stored, must(tlog.StoredHashes(n, entry(n), reader))...)
	}
	return reader
}

func signedNote() (string, string) {
	private, public, err := note.GenerateKey(rand.Reader, "go.example/log")
	must(0, err)
	signer := must(note.NewSigner(private))
	signed := must(note.Sign(&note.Note{Text: "ein Text\n\nmit Umlauten: äöü\n"}, signer))
	return public, string(signed)
}
