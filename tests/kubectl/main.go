// Reads manifests as kubectl does, and says what it makes of them.
//
// Standard input is a list of file paths, one a line. Standard output has one line of JSON for
// each: the documents' values, or the error. kubectl reads a file with the same decoder, takes
// one document after the other, and passes over those that are empty or null
// (k8s.io/cli-runtime, pkg/resource/visitor.go, StreamVisitor).
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
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
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
