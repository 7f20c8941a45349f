package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// CSV writes rows by RFC 4180, in UTF-8 with a byte order mark, which spreadsheet programs need to read it as such. A cell
// that a program could take for a formula gets an apostrophe in front, as OWASP's page on CSV injection advises.
func CSV(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Safe(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, fmt.Errorf("write a row: %w", err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// Safe gives a cell that no spreadsheet program takes for a formula.
func Safe(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
