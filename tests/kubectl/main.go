// Reads manifests as kubectl does, and says what it makes of them.
//
// Standard input is a list of file paths, one a line; or, with the argument "stream", documents,
// each behind its length (four bytes, the greatest first). Standard output has one line of JSON for
// each: the documents' values, or the error. kubectl reads a file with the same decoder, takes
// one document after the other, and passes over those that are empty or null
// (k8s.io/cli-runtime, pkg/resource/visitor.go, StreamVisitor).
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
	sigs "sigs.k8s.io/yaml"
)

// How far kubectl looks for the `{` that tells JSON from YAML.
const lookahead = 4096

type view struct {
	File      string            `json:"file"`
	Documents []json.RawMessage `json:"documents"`
	Error     string            `json:"error,omitempty"`
}

func read(path string) view {
	seen := view{File: path, Documents: []json.RawMessage{}}
	content, err := os.ReadFile(path)
	if err != nil {
		seen.Error = err.Error()
		return seen
	}
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), lookahead)
	for {
		var document json.RawMessage
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return seen
		}
		if err != nil {
			seen.Documents = nil
			seen.Error = err.Error()
			return seen
		}
		document = bytes.TrimSpace(document)
		if len(document) > 0 && !bytes.Equal(document, []byte("null")) {
			seen.Documents = append(seen.Documents, document)
		}
	}
}

// One document, without what kubectl does to divide a stream.
func one(document []byte) (seen view) {
	defer func() {
		if problem := recover(); problem != nil {
			seen = view{Error: fmt.Sprint("panic: ", problem)}
		}
	}()
	value, err := sigs.YAMLToJSON(document)
	if err != nil {
		return view{Error: err.Error()}
	}
	return view{Documents: []json.RawMessage{value}}
}

func runStream(input io.Reader, output io.Writer) error {
	reader := bufio.NewReader(input)
	buffered := bufio.NewWriter(output)
	encoder := json.NewEncoder(buffered)
	for {
		var length uint32
		err := binary.Read(reader, binary.BigEndian, &length)
		if errors.Is(err, io.EOF) {
			return buffered.Flush()
		}
		if err != nil {
			return err
		}
		document := make([]byte, length)
		if _, err := io.ReadFull(reader, document); err != nil {
			return err
		}
		if err := encoder.Encode(one(document)); err != nil {
			return err
		}
	}
}

func run(input io.Reader, output io.Writer) error {
	lines := bufio.NewScanner(input)
	buffered := bufio.NewWriter(output)
	encoder := json.NewEncoder(buffered)
	for lines.Scan() {
		if err := encoder.Encode(read(lines.Text())); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return buffered.Flush()
}

func main() {
	reader := run
	if len(os.Args) > 1 && os.Args[1] == "stream" {
		reader = runStream
	}
	if err := reader(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
