// Checks a log folder (see make_tree.cpp) with the code that Go's module proxies run on: golang.org/x/mod/sumdb/note
// for the signature and golang.org/x/mod/sumdb/tlog for the tree. Debian: golang-golang-x-mod-dev.
//
//	gocheck FOLDER ORIGIN   exit code 0: all that is there was checked and holds
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const width = 1 << height

// indexPath writes a tile's number the way tlog does, which is the way of C2SP tlog-tiles.
func indexPath(n int64, w int) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if w != width {
		path += fmt.Sprintf(".p/%d", w)
	}
	return path
}

// shelf is a tlog.TileReader over the folder; tlog authenticates what it returns against the tree hash.
type shelf struct{ folder string }

func (s shelf) Height() int                     { return height }
func (s shelf) SaveTiles([]tlog.Tile, [][]byte) {}
func (s shelf) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		path := fmt.Sprintf("tile/%d/%s", tile.L, indexPath(tile.N, tile.W))
		data, err := os.ReadFile(filepath.Join(s.folder, path))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func openCheckpoint(data []byte, vkey, origin string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" {
		return tlog.Tree{}, errors.New("checkpoint: of another log or form")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func splitBundle(data []byte, count int) ([][]byte, error) {
	var entries [][]byte
	for len(entries) < count {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("bundle: cut off")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(data) != 0 {
		return nil, errors.New("bundle: bytes after the last entry")
	}
	return entries, nil
}

// checkEntries reads every entry, compares its hash with the authenticated one, and proves the first of each bundle.
func checkEntries(ledger string, tree tlog.Tree) ([]tlog.Hash, error) {
	reader := tlog.TileHashReader(tree, shelf{ledger})
	var leaves []tlog.Hash
	for first := int64(0); first < tree.N; first += width {
		count := width
		if tree.N-first < width {
			count = int(tree.N - first)
		}
		data, err := os.ReadFile(filepath.Join(ledger, "tile/entries", indexPath(first/width, count)))
		if err != nil {
			return nil, err
		}
		entries, err := splitBundle(data, count)
		if err != nil {
			return nil, err
		}
		var indexes []int64
		for i := range entries {
			leaves = append(leaves, tlog.RecordHash(entries[i]))
			indexes = append(indexes, tlog.StoredHashIndex(0, first+int64(i)))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return nil, err
		}
		for i := range hashes {
			if hashes[i] != leaves[first+int64(i)] {
				return nil, fmt.Errorf("entry %d is not the one in the tree", first+int64(i))
			}
		}
		proof, err := tlog.ProveRecord(tree.N, first, reader)
		if err != nil {
			return nil, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, first, leaves[first]); err != nil {
			return nil, err
		}
	}
	fmt.Printf("entries: %d read, each is the one in the authenticated tiles\n", len(leaves))
	return leaves, nil
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, line := range lines {
		data, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(data) != tlog.HashSize {
			return nil, fmt.Errorf("not a hash: %q", line)
		}
		var hash tlog.Hash
		copy(hash[:], data)
		out = append(out, hash)
	}
	return out, nil
}

func checkProof(path, vkey, origin string, leaves []tlog.Hash) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, checkpoint, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return errors.New("not a tlog-proof of version 1 without extra data")
	}
	index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
	if err != nil || index < 0 || index >= int64(len(leaves)) {
		return errors.New("proof: no such leaf")
	}
	hashes, err := parseHashes(lines[2:])
	if err != nil {
		return err
	}
	tree, err := openCheckpoint([]byte(checkpoint), vkey, origin)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(hashes), tree.N, tree.Hash, index, leaves[index])
}

func checkConsistency(path string, tree tlog.Tree) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	size, err := strconv.ParseInt(lines[0], 10, 64)
	if err != nil {
		return err
	}
	hashes, err := parseHashes(lines[1:])
	if err != nil || len(hashes) == 0 {
		return errors.New("consistency: not a list of hashes")
	}
	return tlog.CheckTree(tlog.TreeProof(hashes[1:]), tree.N, tree.Hash, size, hashes[0])
}

func run(folder, origin string) error {
	vkey, err := os.ReadFile(filepath.Join(folder, "vkey"))
	if err != nil {
		return err
	}
	ledger := filepath.Join(folder, "ledger")
	data, err := os.ReadFile(filepath.Join(ledger, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(data, string(vkey), origin)
	if err != nil {
		return err
	}
	fmt.Printf("checkpoint: signature verified, %d leaves, root %s\n", tree.N, tree.Hash)
	leaves, err := checkEntries(ledger, tree)
	if err != nil {
		return err
	}
	proofs, _ := filepath.Glob(filepath.Join(folder, "*.tlog-proof"))
	for _, path := range proofs {
		if err := checkProof(path, string(vkey), origin, leaves); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	older, _ := filepath.Glob(filepath.Join(folder, "consistency-*"))
	for _, path := range older {
		if err := checkConsistency(path, tree); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	fmt.Printf("proofs: %d of inclusion, %d of consistency\n", len(proofs), len(older))
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gocheck FOLDER ORIGIN")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Println("FAIL", err)
		os.Exit(1)
	}
	fmt.Println("OK")
}
